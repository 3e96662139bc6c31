"""Generated WebShops beside the official 1,000 products: what they hold, and how agents do in them.

    python benchmarks/webshop_shop.py                      # official files in $GIGPO_DATA/webshop
    python benchmarks/webshop_shop.py --official FOLDER --seeds 0 --goals 5000

It prints what shops hold (of the generated ones the mean, the least and the most), and lets agents play
`gigpo/WebShop-v0`, 15 steps at most, for as many synthetic goals of the official shop as of all generated ones:

* `random` takes any admissible action, all equally likely, and searches for the instruction. (The original's
  RandomPolicy does so too, but searches for `shoes` whatever is wanted: web_agent_site/models/models.py.)
* `first hit` searches for the instruction, opens the first product and buys it: the rule of the original's paper.
* `first hit, options` also clicks the options that the instruction names.
* `expert` is the environment's own.

Goals are drawn evenly, as `reset` does. The intervals are Wilson's of 95 %; they take goals for independent, but those
of one product are alike: single generated shops, of which the least and the most success are shown, differ by more.

It fails where a generated goal is out of reach or the expert misses it, where another agent succeeds more often in
generated shops than in the official one beyond the intervals, or where a shop takes 0.2 s of CPU time to generate.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

import gymnasium as gym
import numpy as np

from gigpo_gym.confidence import wilson_interval
from gigpo_gym.envs.webshop.catalogue import Catalogue, open_files, open_generated
from gigpo_gym.envs.webshop.generator import generate_shop
from gigpo_gym.envs.webshop.products import search_text
from gigpo_gym.envs.webshop.reward import is_reachable
from gigpo_gym.envs.webshop.words import tokenise

FILES = {
    "products": "items_shuffle_1000.json",
    "attributes": "items_ins_v2_1000.json",
    "human": "items_human_ins_subset.json",
}
AT_MOST = 0.2  # seconds

Info = dict[str, Any]
Actions = Generator[str, Info, None]
Agent = Callable[[Any, Info, np.random.Generator], Actions]  # environment and info at the start


def random_agent(env: Any, info: Info, rng: np.random.Generator) -> Actions:
    while True:
        actions = info["admissible_actions"]
        info = yield actions[int(rng.integers(len(actions)))].replace("<query>", info["task"])


def first_hit(env: Any, info: Info, rng: np.random.Generator, choose: bool = False) -> Actions:
    task = info["task"]
    info = yield f"search[{task}]"
    info = yield info["admissible_actions"][2]  # after those to go back and to turn the page
    for name in info["available_actions"]["clickables"]:
        if choose and f": {name}, and " in f"{task}, and ":
            yield f"click[{name}]"
    yield "click[buy now]"


def expert(env: Any, info: Info, rng: np.random.Generator) -> Actions:
    while action := env.unwrapped.expert_action():
        yield action


AGENTS: dict[str, Agent] = {
    "random": random_agent,
    "first hit": first_hit,
    "first hit, options": partial(first_hit, choose=True),
    "expert": expert,
}


def play(agent: Agent, goals: int, **arguments: Any) -> Iterator[tuple[float, int]]:
    """Score and steps of an episode for each of so many goals of a shop, the same for all agents."""
    env: Any = gym.make("gigpo/WebShop-v0", split="all", reward="score", **arguments)
    rng = np.random.default_rng(0)
    for goal in rng.choice(len(env.unwrapped.tasks), goals, replace=False).tolist():
        _, info = env.reset(options={"task": env.unwrapped.tasks[goal]})
        actions = agent(env, info, rng)
        action = next(actions)
        for step in count(1):
            _, reward, terminated, truncated, info = env.step(action)
            if terminated or truncated:
                yield reward, step
                break
            action = actions.send(info)


def contents(shop: Catalogue) -> dict[str, float]:
    """What a shop holds."""
    products = [shop.product(number) for number in range(len(shop))]
    table = shop.goals("synthetic", 0)
    owners, prices = table.product_of(slice(None)).tolist(), table.prices.tolist()
    goals = [
        (table.goal(number, products[owner]), products[owner], prices[owner]) for number, owner in enumerate(owners)
    ]
    said = {number: product.instruction.lower() for number, product in enumerate(products) if product.instruction}
    found = {number: shop.results(tuple(words.split(" "))) or () for number, words in said.items()}
    documents = [tokenise(search_text(product)) for product in products]
    return {
        "queries": len({product.query for product in products}),
        "products with options": sum(bool(product.options) for product in products),
        "values of options": sum(len(values) for product in products for _, values in product.options),
        "products with attributes": sum(bool(product.attributes) for product in products),
        "products with an instruction": len(said),
        **{f"found in the first {k}, share": mean(n in hits[:k] for n, hits in found.items()) for k in (1, 10, 50)},
        "goals": len(goals),
        "goals of one product, most": max(map(owners.count, set(owners))),
        "goals out of reach": sum(not is_reachable(*goal) for goal in goals),
        "human goals": len(shop.goals("human", 0)),
        "dollars, median": median(prices),
        "words of a name, median": median(len(product.name.split()) for product in products),
        "searched words of a product, mean": mean(map(len, documents)),
        "distinct searched words": len({word.lower() for words in documents for word in words}),
    }


def summary(episodes: list[tuple[float, int]]) -> tuple[str, float, float]:
    """Success, its interval, mean score and mean steps in words; and the interval."""
    scores, steps = zip(*episodes, strict=True)
    low, high = wilson_interval(scores.count(1), len(scores))
    interval = f"{scores.count(1) / len(scores):7.1%} ({100 * low:4.1f} to {100 * high:5.1f})"
    return f"{interval} {mean(scores):6.3f} {mean(steps):5.1f}", low, high


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--official", type=Path, default=Path(os.environ.get("GIGPO_DATA", "."), "webshop"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4], help="of generated shops")
    parser.add_argument("--goals", type=int, default=1000)
    options = parser.parse_args()
    start = time.process_time()
    generate_shop()
    took = time.process_time() - start
    print(f"1,000 products in {took:.3f} s of CPU time")
    faults = ["that is too long"] if took > AT_MOST else []

    with TemporaryDirectory() as folder:  # the catalogue is kept beside the products
        files = {name: Path(shutil.copy(options.official / file, folder)) for name, file in FILES.items()}
        official = contents(open_files(*files.values(), None))
        shops = [contents(open_generated(seed, 1000)) for seed in options.seeds]
        print(f"\n{'':40}{'official':>10}{'generated':>10}{'least':>10}{'most':>10}")
        for name, value in official.items():
            values = [shop[name] for shop in shops]
            print(f"{name:40}" + "".join(f"{x:10.4g}" for x in (value, mean(values), min(values), max(values))))
        faults += ["generated goals are out of reach"] if any(shop["goals out of reach"] for shop in shops) else []

        print(f"\n{'success, score, steps':21}{'official':>35}{'generated':>35}{'least':>8}{'most':>8}")
        for name, agent in AGENTS.items():
            theirs, _, most = summary([*play(agent, options.goals, **files)])
            share = options.goals // len(options.seeds)
            played = [[*play(agent, share, source="generated", shop_seed=seed)] for seed in options.seeds]
            ours, least, _ = summary([episode for shop in played for episode in shop])
            rates = [mean(score == 1 for score, _ in shop) for shop in played]
            print(f"{name:21}{theirs:>35}{ours:>35}{min(rates):8.1%}{max(rates):8.1%}")
            if agent is expert and min(rates) < 1:
                faults.append("the expert misses goals")
            if agent is not expert and least > most:
                faults.append(f"{name}: does better in generated shops")
    print("\n".join(faults) or "nothing missed")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
