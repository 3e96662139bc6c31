"""The environment against recordings of the original, and what it adds."""

import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from gigpo_gym.envs.webshop.env import WebShopEnv
from gigpo_gym.envs.webshop.reward import is_reachable
from gigpo_gym.envs.webshop.tasks import OFFICIAL_FILES
from gigpo_gym.wrappers import restore, snapshot

FILES = {
    "products": "items_shuffle_1000.json",
    "attributes": "items_ins_v2_1000.json",
    "human": "items_human_ins_subset.json",
}


@pytest.fixture(scope="module")
def files(webshop_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("shop")  # the catalogue is kept beside the products
    return {name: shutil.copyfile(webshop_data / file, folder / file).as_posix() for name, file in FILES.items()}


def recordings(webshop_data: Path) -> list[dict[str, Any]]:
    with (webshop_data / "golden_episodes.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize("mode", ["text", "text_rich"])
def test_every_recorded_episode_is_played_word_for_word(webshop_data: Path, files: dict[str, str], mode: str) -> None:
    compared = 0
    for episode in recordings(webshop_data):
        env = WebShopEnv(
            split="all",
            goals="human" if episode["human_goals"] else "synthetic",
            show_attrs=episode["show_attrs"],
            observation_mode=mode,
            reward="score",
            **files,
        )
        turn = env.reset(options={"task": env.tasks[episode["goal_index"]]})
        assert turn[0] == episode["initial"]["obs"][mode]
        assert turn[1]["available_actions"] == episode["initial"]["avail"]
        for step in episode["steps"]:
            observation, reward, terminated, _, info = env.step(step["action"])
            if "error" in step:  # the original fails there
                assert not info["is_action_valid"]
                break
            place = f"{episode['id']}: {step['action']}"
            assert observation == step["obs"][mode], place
            assert info["available_actions"] == step["avail"], place
            assert (reward, terminated) == (step["reward"], step["done"]), place
            compared += 1
    assert compared > 1400


def test_equal_keys_mean_equal_futures_and_texts_do_not(files: dict[str, str]) -> None:
    env = gym.make("gigpo/WebShop-v0", max_episode_steps=100, reward="score", split="all", **files)
    rng = np.random.default_rng(0)
    seen: dict[str, Any] = {}
    keys_of: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    compared = 0
    for walk in range(60):
        observation, info = env.reset(options={"task": env.unwrapped.tasks[walk % 3]})
        env.step("search[women's shirt]")
        for _ in range(12):
            clickables = [name for name in info["available_actions"]["clickables"] if name != "buy now"]
            action = f"click[{clickables[int(rng.integers(len(clickables)))]}]" if clickables else "search[shirt]"
            observation, _, terminated, _, info = env.step(action)
            keys_of[info["task_id"], observation].add(info["state_key"])
            here = snapshot(env)
            future = []
            for name in info["admissible_actions"][:6]:
                result = env.step(name)
                future.append((*result[:3], result[4]["state_key"], result[4]["admissible_actions"]))
                restore(env, here)
            if info["state_key"] in seen:
                assert future == seen[info["state_key"]]
                compared += 1
            seen[info["state_key"]] = future
            assert not terminated
    assert compared > 50
    assert any(len(keys) > 1 for keys in keys_of.values())  # the text hides what was chosen


def test_the_key_holds_what_was_chosen_but_not_when(files: dict[str, str]) -> None:
    env = WebShopEnv(split="all", observation_mode="text", **files)
    keys = {}
    for order in ("men", "royal blue"), ("royal blue", "men"), ("men",), ("youth", "royal blue"):
        env.reset(options={"task": env.tasks[7]})
        env.step("search[I Tackled 100 Day Of School Football Boy 100th Day School T-Shirt]")
        assert env.step("click[B09P39QN2W]")[4]["is_action_valid"]
        for value in order:
            observation, *_, info = env.step(f"click[{value}]")
            assert info["is_action_valid"]
        keys[order] = info["state_key"], observation
    assert keys["men", "royal blue"] == keys["royal blue", "men"]
    assert len({key for key, _ in keys.values()}) == 3
    assert len({text for _, text in keys.values()}) == 1


def test_environments_share_the_goals(files: dict[str, str]) -> None:
    assert WebShopEnv(split="test", **files).tasks is WebShopEnv(split="test", reward="score", **files).tasks


def test_splits_by_goal_are_the_originals(files: dict[str, str]) -> None:
    numbers = {}
    for split in ("test", "validation", "train", "verl-agent-validation", "verl-agent-train"):
        names = WebShopEnv(split=split, **files).tasks
        numbers[split] = range(int(names[0].rpartition("/")[2]), int(names[-1].rpartition("/")[2]) + 1)
        assert len(names) == len(numbers[split])
    assert numbers == {
        "test": range(500),
        "validation": range(500, 1500),
        "train": range(1500, 6910),
        "verl-agent-validation": range(500),
        "verl-agent-train": range(500, 6910),
    }


def test_splits_by_product_share_no_product(files: dict[str, str]) -> None:
    owners = {}
    for split in ("train", "validation"):
        env = WebShopEnv(split=split, split_by="product", **files)
        asins = set()
        for name in env.tasks:
            number = env._goals.find(name)
            asins.add(env._goals.goal(number)[0].asin)
        owners[split] = asins
    assert len(owners["train"]) > 5 * len(owners["validation"]) > 100
    assert not owners["train"] & owners["validation"]
    with pytest.raises(ValueError, match="split"):
        WebShopEnv(split="test", split_by="product", **files)


def test_a_split_without_goals_says_so(files: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"expected goals in the split 'train', got none of the 13"):
        WebShopEnv(goals="human", **files)


def test_the_seed_of_the_data_is_in_the_name_and_draws_the_limits(files: dict[str, str]) -> None:
    tasks = {}
    for seed in (0, 0, 1):
        env = WebShopEnv(split="test", data_seed=seed, **files)
        tasks.setdefault(seed, []).append([env.reset(options={"task": name})[1]["task"] for name in env.tasks[:50]])
    assert tasks[0][0] == tasks[0][1] != tasks[1][0]
    with pytest.raises(ValueError, match="expected the name of a task"):
        env.reset(options={"task": WebShopEnv(split="test", **files).tasks[0]})


def test_success_pays_for_a_score_of_one_alone(files: dict[str, str]) -> None:
    for kind in ("success", "score"):
        env, scores = WebShopEnv(split="all", reward=kind, **files), set()
        for number in range(60):
            _, info = env.reset(options={"task": env.tasks[number]})
            assert (info["score"], info["success"], info["score_parts"]) == (0.0, False, {})
            while (action := env.expert_action()) is not None:
                _, reward, *_, info = env.step(action)
            assert info["success"] == (info["score"] == 1)
            assert reward == (info["score"] if kind == "score" else 10.0 if info["success"] else 0.0)
            assert {"r_type", "r_att", "r_price", "base_without_r_type"} <= set(info["score_parts"])
            scores.add(info["score"])
        assert len(scores) > 1


def test_the_expert_reaches_all_goals_that_can_be_reached(files: dict[str, str]) -> None:
    for more in ({"goals": "synthetic"}, {"goals": "human"}):
        env = WebShopEnv(split="all", **more, **files)
        for number in range(0, len(env.tasks), max(len(env.tasks) // 200, 1)):
            env.reset(options={"task": env.tasks[number]})
            goal, owner = env._goals.goal(number)
            product, price = env._goals.catalogue.product(owner), float(env._goals.table.prices[owner])
            steps = 0
            while (action := env.expert_action()) is not None:
                *_, terminated, _, info = env.step(action)
                assert info["is_action_valid"]
                steps += 1
            assert terminated
            assert steps <= 15
            assert info["success"] == is_reachable(goal, product, price)


def test_the_expert_goes_on_from_wherever_one_is() -> None:
    env, rng = WebShopEnv(split="all"), np.random.default_rng(0)
    for seed in range(30):
        _, info = env.reset(seed=seed)
        for _ in range(6):
            names = [name for name in info["admissible_actions"] if name != "click[buy now]"]
            *_, info = env.step(names[int(rng.integers(len(names)))].replace("<query>", "blue shirt"))
        while (action := env.expert_action()) is not None:
            *_, info = env.step(action)
        assert info["success"], seed


def test_the_original_fails_at_these_and_here_they_are_invalid(files: dict[str, str]) -> None:
    env = WebShopEnv(**files)
    start = env.reset(seed=0)
    for action in ("search[<a> tea tree]", "search[<c>]", "search[<a>]"):
        observation, reward, terminated, _, info = env.step(action)
        assert (observation, reward, terminated, info["is_action_valid"]) == (start[0], 0.0, False, False)
    assert "Total results: 238" in env.step("search[<c> beauty]")[0]
    assert "Total results: 0" in env.step("search[<c> ]")[0]
    pumps = [number for number in range(1000) if env._goals.catalogue.product(number).query == "women's pumps"]
    assert f"Total results: {len(pumps)}" in env.step("search[<q> women's pumps]")[0]
    first, again = env.step("search[<r>]")[0], env.step("search[<r>]")[0]
    assert first == again
    assert first != env.step("search[<r> others]")[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"split": "no"}, "split"),
        ({"split_by": "no"}, "split_by"),
        ({"goals": "no"}, "goals"),
        ({"observation_mode": "html"}, "observation_mode"),
        ({"reward": "no"}, "reward"),
        ({"success_reward": float("nan")}, "success_reward"),
        ({"num_products": 0}, "num_products"),
        ({"data_seed": -1}, "data_seed"),
        ({"data_seed": None}, "data_seed"),
        ({"attributes": "x.json"}, "products"),
        ({"source": "no"}, "source"),
        ({"source": "generated", "products": "x.json"}, "source"),
        ({"render_mode": "human"}, "render_mode"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"expected.*{said}"):
        WebShopEnv(**arguments)


def test_the_files_that_were_fetched_are_found(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSHOP_DATA", str(tmp_path))
    assert WebShopEnv().tasks[0].startswith("generated-0/")
    with pytest.raises(FileNotFoundError, match="gigpo fetch webshop"):
        WebShopEnv(source="small")
    for path, name in zip(files.values(), OFFICIAL_FILES["small"], strict=True):
        shutil.copyfile(path, tmp_path / name)
    env = WebShopEnv(split="test")
    assert list(env.tasks) == list(WebShopEnv(source="small", split="test").tasks)
    assert env.tasks[0].startswith("items_shuffle_1000.json/")
    assert WebShopEnv(source="generated").tasks[0].startswith("generated-0/")


def test_the_shopper_knows_the_page_alone() -> None:
    """On equal pages of equal instructions it does the same, and often it buys the wrong thing."""
    env = gym.make("gigpo/WebShop-v0", source="generated", observation_mode="text_rich")
    done: dict[str, str | None] = {}
    bought = []
    for seed in range(60):
        text, info = env.reset(seed=seed)
        ended = False
        while not ended:
            action = env.unwrapped.imitable_action()
            assert action is not None
            if '"' not in info["task"]:  # no page marks options with a quotation mark as chosen
                assert done.setdefault(text, action) == action
            if action.startswith("search["):
                assert all(word in info["task"] for word in action[7:-1].split(" "))
            else:
                assert action in info["admissible_actions"]
            text, _, ended, truncated, info = env.step(action)
            assert not truncated
        assert env.unwrapped.imitable_action() is None
        bought.append(info["success"])
    assert 0.2 < np.mean(bought) < 0.7


def test_the_shopper_finds_its_way_from_anywhere() -> None:
    env = gym.make("gigpo/WebShop-v0", source="generated", max_episode_steps=60)
    rng = np.random.default_rng(0)
    for seed in range(20):
        _, info = env.reset(seed=seed)
        for _ in range(20):
            actions = [name for name in info["admissible_actions"] if name != "click[buy now]"]
            info = env.step(str(rng.choice(actions)))[4]
        ended = False
        while not ended:
            _, _, ended, truncated, info = env.step(env.unwrapped.imitable_action())
            assert info["is_action_valid"]
            assert not truncated
