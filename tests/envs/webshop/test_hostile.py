"""Whatever a model writes is survived: it does what the rules say, or nothing.

The rules, as parse_action and WebShopEnv document them, are written down here a second time: `parsed` and `is_valid`.
"""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gigpo_gym.envs.webshop.env import WebShopEnv
from gigpo_gym.envs.webshop.generator import generate_shop, write_shop

VALUES = (  # of the options of a product
    *("İzmir", "Straße", "ﬁg", "ΑΣ", "Search", "Buy Now", "Description", "Next >", "b]r", "a[b", "search_results", "0"),
    *("__class__", "keys", "None", '"', "'", "\\", "' OR 1=1 --", "{{7*7}}", "<script>alert(1)</script>", "\x00"),
)
FIND = "search[<q> hostile]"
OPEN = "click the last thing that is offered"
WALKS = {
    "start": (),
    "results": ("search[shoes]",),
    "more results": ("search[shoes]", "click[next >]"),
    "past the results": ("search[shoes]", *["click[next >]"] * 9),
    "no results": ("search[\ud800]",),
    "before the results": ("search[search_results shoes]", OPEN, "click[< prev]"),
    "item": (FIND, OPEN),
    "item with options": (FIND, OPEN, "click[İzmir]", "click[\\]", "click[next >]"),
    "item of an odd search": ('search[item_page <a> "0" \ud800\x00 shoes]', OPEN),
    "description": (FIND, OPEN, "click[description]"),
    "features": (FIND, OPEN, "click[features]"),
    "reviews": (FIND, OPEN, "click[reviews]"),
    "attributes": (FIND, OPEN, "click[attributes]"),
    "done": (FIND, OPEN, "click[none]", "click[buy now]"),
}
FRAMES = ("{}", "search[{}]", "click[{}]", "search[shoes {}]", "click[{}", "{}[shoes]", "search[{}]\nclick[buy now]")
WORDS = (
    *VALUES,
    *("", " ", "\n", "\r", "\t", "\x1c", "\x85", "\u2028", "\x1b[2J", "\ufeff", "\u202e", "\ud800", "\udfff\ud800"),
    *("[", "]", "[]", "[[", "]]", "[[]]", "][", "a[", "a]", "[a]", "][a][", "a]b[c]d[e", "<action>", "</action>"),
    *("search", "click", "SEARCH", "search[shoes]", "click[back to search]", "search [shoes]", "<query>", "shoes\x00"),
    *("<a>", "<A>", "<a> tea", " <a>", "<a>tea", "<c>", "<C>", "<c> ", "<c>  beauty", "<c> beauty", "<c>\t", "a <c>"),
    *("<q>", "<q> ", "<q> hostile", "<r>", "<R>", "<r> tea", "<z>", "a  b", "+", "a+b", "%20", "é", "ß", "ǅ", "½"),
    *("item_page", "item_sub_page", "done", "/done/x/B000000000/{}", "http://127.0.0.1:3000/item_page/x", "file:///"),
    *("../../etc/passwd", "..%2f..%2f", "?page=2&query=x#y", "C:\\", "a/b", "//", "~", "$HOME", "`id`", "a&b;c|d"),
    *("back to search", "Back to Search", " back to search ", "back  to search", "< prev", "<prev", "&lt; prev"),
    *("buy now", "Buy\u00a0Now", "buy now ", "next >", "reviews", "features", "description", "attributes"),
    *("__init__", "__dict__", "targets", "items", "product", "True", "nan", "-1", "1e309", "0x10", "9" * 5000),
    *("{", "}", "{}", "{0.__class__}", "%s%n", "{% raw %}", "${7*7}", '{"action": "search"}', "'; DROP TABLE x;--"),
    *("<img src=x onerror=alert(1)>", '"><b>', "&amp;", "<!--", "]]>", "</style>", "(a+)+$", "(.*)*", "\\u0000", "\\1"),
    *("a" * 300, "ab " * 300, "é\u0301" * 300, "👩\u200d" * 300, "_" * 300, "[" * 300, "[]" * 300, "İ" * 300),
)
M = 1 << 20
HUGE = {  # and whether it is valid while nothing is bought
    "x" * 4 * M: False,
    "]" * M: False,
    "[" * 100_000: False,
    "[" * 100_000 + "]" * 100_000: False,
    "search" + "[" * M + "]": False,
    "search[" * 100_000 + "shoes" + "]" * 100_000: False,
    "search[shoes]" * 100_000: False,
    "search[\n" + "x" * M + "]": False,
    "search[<a> " + "x" * M + "]": False,
    "click[" * M: False,
    "click[" + "buy now" * M + "]": False,
    '{"a":' * M: False,
    "search[" + "]" * M: True,
    "search[shoes]" + " [" * M: True,
    "search[shoes]" + "]" * M: True,
    "search[" + "shoes " * M + "]": True,
    "search[" + "x " * M + "]": True,
    "search[" + "9" * M + "]": True,
    "search[" + "(" * M + "]": True,
    "search[" + "_" * M + "]": True,
    "search[" + "\ud800" * M + "]": True,
    "search[" + "İ" * M + "]": True,
    "search[" + "a\u0301" * M + "]": True,
    "search[" + "👩\u200d" * (M // 2) + "]": True,
    "search[" + "Ⓜ'" * (M // 2) + "]": True,
    "search[<q> " + "x" * M + "]": True,
    "search[<r> " + "x" * M + "]": True,
}


def parsed(action: str) -> tuple[str, str] | None:
    match = re.match(r"(.+)\[(.+)\]", action)  # takes quadratic time
    return (match[1], match[2].lower()) if match else None


def is_valid(name: str, argument: str, clickables: list[str]) -> bool:
    if name == "search":
        first, *others = argument.split(" ")
        return first != "<a>" and (first != "<c>" or bool(others))
    return name == "click" and argument in clickables and argument != "search"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A generated shop, the first of whose products is hostile."""
    shop = generate_shop(0, 60)
    shop.items[0] |= {
        "query": "hostile",
        "name": "<script>alert(1)</script>",
        "full_description": '"><img src=x onerror=alert(1)>',
        "customization_options": {"Kind": [{"value": value} for value in VALUES]},
    }
    paths = write_shop(tmp_path_factory.mktemp("shop"), shop)
    return dict(zip(("products", "attributes", "human"), paths, strict=True))


def walk(env: WebShopEnv, name: str) -> tuple[str, dict[str, Any]]:
    """The observation and info that a walk leads to, all actions of which are valid."""
    observation, info = env.reset(seed=0)
    for action in WALKS[name]:
        observation, *_, info = env.step(info["admissible_actions"][-1] if action == OPEN else action)
        assert info["is_action_valid"], action
    return observation, info


def attempts(clickables: list[str]) -> list[str]:
    """Actions to try on a page: its own, the words above in all frames, and random mixtures of these."""
    offered = [f"click[{name}]" for name in clickables]
    framed = [frame.format(word) for frame in FRAMES for word in WORDS]
    pieces, rng = [*WORDS, *offered, *FRAMES], np.random.default_rng(0)
    mixed = ["".join(pieces[i] for i in rng.integers(len(pieces), size=3)) for _ in range(300)]
    return [*offered, *map(str.upper, offered), *(f"{action}]" for action in offered), *framed, *mixed]


@pytest.mark.parametrize("name", WALKS)
def test_any_action_does_what_the_rules_say_or_nothing(name: str, files: dict[str, Any]) -> None:
    env = WebShopEnv(split="all", observation_mode="text_rich", reward="score", show_attrs=True, **files)
    observation, info = walk(env, name)
    here, clickables, is_over = env.snapshot(), info["available_actions"]["clickables"], name == "done"
    actions, keys = attempts(clickables), dict[tuple[str, str], str]()
    assert len(actions) * len(WALKS) >= 10_000
    for action in actions:
        env.restore(here)
        said = parsed(action)
        after, reward, terminated, truncated, told = env.step(action)
        if said is None or is_over or not is_valid(*said, clickables):
            assert (after, reward, terminated, truncated) == (observation, 0.0, is_over, False), action
            assert told == info | {"is_action_valid": False}, action
            assert env.snapshot() == replace(here, is_action_valid=False), action
        else:
            is_bought = said == ("click", "buy now")
            assert told["is_action_valid"], action
            assert (reward, terminated, truncated) == (told["score"], is_bought, False), action
            assert is_bought or reward == 0, action
            assert keys.setdefault(said, told["state_key"]) == told["state_key"], action
            assert said[0] != "search" or b"Page 1 (Total results: " in after.encode(), action
        assert not re.search("<script|<img src=x|<b>", env.html()), action
    searches = [key for (verb, _), key in keys.items() if verb == "search"]
    assert len(set(searches)) == len(searches)


@pytest.mark.parametrize("name", ["start", "item with options", "done"])
def test_megabytes_are_read(name: str, files: dict[str, Any]) -> None:
    env = WebShopEnv(split="all", observation_mode="text_rich", **files)
    observation, info = walk(env, name)
    here = env.snapshot()
    for action, is_search in HUGE.items():
        env.restore(here)
        after, reward, terminated, truncated, told = env.step(action)
        assert (reward, terminated, truncated) == (0.0, name == "done", False), f"{action:.40}"
        if is_search and name != "done":
            assert told["is_action_valid"], f"{action:.40}"
            assert "Page 1 (Total results: " in after, f"{action:.40}"
        else:
            assert (after, told) == (observation, info | {"is_action_valid": False}), f"{action:.40}"
