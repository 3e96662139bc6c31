"""What a run is built from: the held-out panel, and the words of a tiny policy."""

import re
from pathlib import Path

import gymnasium as gym
import numpy as np

from gigpo_gym.build import load_policy, panel_sizes, vocabulary
from gigpo_gym.config import Config
from gigpo_gym.options import parse
from gigpo_gym.tiny import build_tokenizer

ROOMS = "\n\n".join(f"#####{'#' * width}\n#@$.{' ' * width}#\n#####{'#' * width}" for width in range(40))


def test_a_panel_is_all_tasks_of_a_split_that_has_fewer(tmp_path: Path) -> None:
    path = tmp_path / "rooms.xsb"
    path.write_text(ROOMS)
    config = Config(env=("sokoban",), env_kwargs=(f"levels={path}",), val_batch_size=30)
    [few] = panel_sizes(config)
    assert 0 < few < 30
    [all_but_few] = panel_sizes(Config(**{**vars(config), "eval_split": "train", "val_batch_size": 40}))
    assert few + all_but_few == 40
    assert panel_sizes(Config(**{**vars(config), "val_batch_size": 1})) == [1]


def test_a_panel_of_tasks_without_end_has_the_size_that_was_asked_for() -> None:
    assert panel_sizes(Config(env=("frozenlake", "alfworld"), val_batch_size=1001)) == [501, 500]


def test_the_policy_of_the_shop_starts_able_to_copy() -> None:
    policy = load_policy(parse(["--env", "webshop", "--env-kwargs", "num_products=150"]), None)
    first = policy.model.model.layers[0]
    assert not first.mlp.down_proj.weight.any()
    assert first.self_attn.o_proj.weight.any()


def test_the_vocabulary_is_closed_over_the_generated_shop() -> None:
    tokenizer = build_tokenizer(vocabulary(parse(["--env", "webshop", "--env-kwargs", "num_products=150"])))
    words = tokenizer.get_vocab()
    rng = np.random.default_rng(0)
    seen = set()
    for mode in ("text", "text_rich"):
        env = gym.make("gigpo/WebShop-v0", source="generated", num_products=150, split="eval", observation_mode=mode)
        for seed in range(40):
            text, info = env.reset(seed=seed)
            ended = False
            while not ended:
                seen |= {text, info["task"], *info["admissible_actions"]}
                action = env.unwrapped.expert_action()
                if action is None or rng.random() < 0.5:
                    action = str(rng.choice(info["admissible_actions"]))
                text, _, terminated, truncated, info = env.step(action)
                ended = terminated or truncated
    split = tokenizer.backend_tokenizer.pre_tokenizer.pre_tokenize_str
    spelled = {word for text in seen for word, _ in split(text) if word not in words}
    assert len(seen) > 500
    assert {word for word in spelled if not re.fullmatch(r"Ġ?[Bb]0\w{8}", word)} == set()
