"""The page as HTML: the texts of the page, whatever they are, and nothing else; and its picture."""

import base64
import hashlib
import os
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import DependencyNotInstalled

import gigpo_gym  # noqa: F401  # registers the ids
from gigpo_gym.envs.webshop.env import WebShopEnv
from gigpo_gym.envs.webshop.html_page import Play, document
from gigpo_gym.envs.webshop.pages import DONE, ITEM, PAGE_SIZE, RESULTS, SUB_PAGE, SUB_PAGES, Page, Place, show
from gigpo_gym.envs.webshop.products import Product
from gigpo_gym.envs.webshop.reward import Score
from gigpo_gym.envs.webshop.screenshot import HEIGHT, WIDTH, find_chromium, screenshot

HARMLESS = "a lamp"
HOSTILE = (
    "<script>document.title = 'harm'</script>",
    '"><img src=x onerror="document.title=1">',
    "' onclick='document.title=1",
    "</p></button></form></style></title><h1>harm</h1><!--",
    "javascript:document.title=1",
    "{{ 7 * 7 }}{% raw %}<%= 7 %>",
    "&lt;b&gt; &amp;amp; &#60;",
    "\x00\x1b[2J\u202e\ufeff",
    "x" * 50_000,
)
SCORE = Score(0.25, 0.5, 0.5, 0.5, 0.4, True, False, 0.125, 0.0, 0.2, True, 0.4)
WORDS = {"WebShop", "Instruction:", "no picture"}  # what a page may say of its own accord
PLACES = {
    "start": Place(),
    "results": Place(RESULTS, ("lamp",), 1),
    "last results": Place(RESULTS, ("lamp",), 2),
    "no results": Place(RESULTS, ("lamp",), 3),
    "item": Place(ITEM, ("lamp",), 1, 0),
    **{name: Place(SUB_PAGE, ("lamp",), 1, 0, sub_page=name) for name in SUB_PAGES},
    "done": Place(DONE, ("lamp",), 1, 0),
}


class Reader(HTMLParser):
    """What a document shows, without its head; its tags; and its buttons with all that is written on them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.buttons: list[tuple[dict[str, Any], list[str]]] = []
        self._inside: list[str] = []
        self.feed(html)
        self.close()
        assert not self._inside

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in ("meta", "link", "input", "img"):
            self._inside.append(tag)
        if tag == "button":
            self.buttons.append((dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag

    def handle_data(self, data: str) -> None:
        if (piece := data.strip()) and "head" not in self._inside:
            self.pieces.append(piece)
            if "button" in self._inside:
                self.buttons[-1][1].append(piece)

    def skeleton(self) -> list[tuple[str, list[str]]]:
        return [(tag, list(attributes)) for tag, attributes in self.tags]

    def texts(self, tag: str) -> list[str]:
        return [attributes["content"] for name, attributes in self.tags if name == tag and "content" in attributes]


class Shelf:
    """Every search finds all products."""

    def __init__(self, *products: Product) -> None:
        self.products = products

    def product(self, number: int) -> Product:
        return self.products[number]

    def results(self, keywords: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(range(len(self.products)))


def product(text: str, number: int = 0, image: str = "") -> Product:
    """All of whose texts end, as far as they may, with `text`."""
    return Product(
        asin=f"B{number:03}{text}"[:10],
        name=f"name {text}",
        description=f"description {text}",
        bullets=(f"bullet {text}", "another"),
        price_text=f"$9.99 {text}",
        prices=(9.99,),
        options=((f"group {text}", (f"value {text}".lower(), "other")), ("size", ("small", "large"))),
        category=f"category {text}",
        query=f"query {text}",
        product_category=f"path {text}",
        attributes=(f"attribute {text}",),
        image=image,
        instruction=None,
        instruction_attributes=(),
        human=(),
    )


def shelf_of(text: str) -> Shelf:
    return Shelf(*(product(text, number) for number in range(PAGE_SIZE + 2)))


def read(place: Place, shelf: Shelf, instruction: str = "find me a lamp", **more: Any) -> tuple[Page, Reader]:
    page = show(place, instruction, shelf, SCORE.score, show_attributes=True)
    score = SCORE if place.kind == DONE else None
    return page, Reader(document(place, page, instruction, shelf, score, **more))


@pytest.mark.parametrize("text", [HARMLESS, *HOSTILE], ids=lambda text: f"{text:.20}")
@pytest.mark.parametrize("name", [name for name in PLACES if name != "done"])
def test_a_page_shows_its_texts_and_offers_its_buttons(name: str, text: str) -> None:
    page, html = read(PLACES[name], shelf_of(text), f"find me {text}")
    shown, items = Counter(html.pieces), Counter(stripped for item in page.items if (stripped := item.text.strip()))
    own = WORDS | {"No products on this page.", "There are no reviews.", name}
    assert (shown - items).keys() <= own
    assert (items - shown).keys() == set()
    written = {int(attributes["value"]): texts for attributes, texts in html.buttons}
    assert len(html.buttons) == len(written) == len(page.targets)
    for number, target in enumerate(page.targets):
        assert target.strip() in [piece.lower() for piece in written[number]]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text:.20}")
@pytest.mark.parametrize("name", PLACES)
def test_no_text_changes_the_markup(name: str, text: str) -> None:
    play = {"play": Play("token", 3, "Step 3 of 15")}
    _, harmless = read(PLACES[name], shelf_of(HARMLESS), **play)
    _, hostile = read(PLACES[name], shelf_of(text), f"find me {text}", **play)
    assert hostile.skeleton() == harmless.skeleton()
    for tag, attributes in hostile.tags:
        assert tag != "script"
        assert not [key for key in attributes if key.startswith("on")]
        assert {attributes.get("href", "data:,"), attributes.get("action", "/")} <= {"data:,", "/", "/next"}


def test_the_policy_allows_the_style_and_nothing_from_elsewhere() -> None:
    for play, target in ((None, "'none'"), (Play("token", 0, ""), "'self'")):
        page, shelf = show(Place(), "x", shelf_of(""), 0.0, False), shelf_of("")
        html = document(Place(), page, "x", shelf, None, play=play)
        style = html.partition("<style>")[2].partition("</style>")[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        (policy,) = [text for text in Reader(html).texts("meta") if "-src" in text]
        assert dict(rule.split(" ") for rule in policy.split("; ")) == {
            "default-src": "'none'",
            "img-src": "data:",
            "style-src": f"'sha256-{digest}'",
            "base-uri": "'none'",
            "form-action": target,
        }
        assert " style=" not in html  # the policy would drop it


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ("data:image/svg+xml,%3Csvg%20xmlns%3D%27http%3A//www.w3.org/2000/svg%27/%3E", True),
        ("https://example.com/lamp.jpg", False),
        ("//example.com/lamp.jpg", False),
        ("data:text/html,<script>1</script>", False),
        ("javascript:1", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("name", ["results", "item", "done"])
def test_only_pictures_in_the_data_are_shown(name: str, image: str, shown: bool) -> None:
    _, html = read(PLACES[name], Shelf(product("", 0, image)))
    assert [attributes["src"] for tag, attributes in html.tags if tag == "img"] == [image] * shown
    assert ("no picture" in html.pieces) != shown


def test_chosen_options_are_marked_in_their_group_alone() -> None:
    lamp = product("")
    shelf = Shelf(Product.from_json(lamp.to_json().replace(b'"small"', b'"other"')))
    _, html = read(Place(ITEM, ("lamp",), 1, 0, options=(("size", "other"),)), shelf)
    values = [(texts, attributes["aria-pressed"]) for attributes, texts in html.buttons if "aria-pressed" in attributes]
    assert values == [(["value"], "false"), (["other"], "false"), (["other"], "true"), (["large"], "false")]


def test_the_receipt_has_the_purchase_and_the_parts_of_the_score() -> None:
    _, html = read(Place(DONE, ("lamp",), 1, 0, options=(("size", "small"),)), shelf_of("x"), "find me a lamp")
    assert html.buttons == []
    assert {"name x", "B000x", "size: small", "find me a lamp"} < set(html.pieces)
    cells = [piece for piece in html.pieces if piece not in WORDS]
    assert cells[cells.index("Your score (min 0.0, max 1.0)") - 1] == "0.25"
    for name, value in {**SCORE.parts(), "base_without_r_type": SCORE.base_without_r_type}.items():
        text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value:.3g}"
        if name.startswith("w_"):
            assert text == cells[cells.index(name.replace("w_", "r_")) + 2]
        else:
            assert text == cells[cells.index(name) + 1].removeprefix("\u00d7 ")


def test_an_invalid_action_is_told() -> None:
    for valid in (True, False):
        _, html = read(Place(), shelf_of(""), is_action_valid=valid)
        assert ("That action was invalid, and the page stays." in html.pieces) != valid


@pytest.mark.parametrize("outcome", ["", "Bought."])
def test_on_a_page_that_is_played_forms_carry_token_and_turn(outcome: str) -> None:
    _, html = read(PLACES["item"], shelf_of(""), play=Play("secret", 7, "Step 7", outcome))
    hidden = [(tag["name"], tag["value"]) for _, tag in html.tags if tag.get("type") == "hidden"]
    assert hidden == [("token", "secret"), ("turn", "7")] * 2
    assert any(tag == "fieldset" and "disabled" in attributes for tag, attributes in html.tags) == bool(outcome)
    assert "Step 7" in html.pieces
    assert [texts for attributes, texts in html.buttons if "name" not in attributes] == [
        ["Next task" if outcome else "Give up, next task"]
    ]


def test_the_environment_renders_each_page_of_an_episode() -> None:
    env = gym.make("gigpo/WebShop-v0", render_mode="html")
    _, info = env.reset(seed=0)
    html = env.render()
    while (action := env.unwrapped.expert_action()) is not None:
        assert info["task"] in Reader(html).pieces
        *_, info = env.step(action)
        assert env.render() != html
        html = env.render()
    assert "base_without_r_type" in Reader(html).pieces


@pytest.mark.skipif(find_chromium() is None, reason="needs Chromium: apt install chromium")
def test_a_picture_of_the_page() -> None:
    env = gym.make("gigpo/WebShop-v0", render_mode="rgb_array")
    assert env.metadata["render_modes"] == ["ansi", "html", "rgb_array"]
    env.reset(seed=0)
    picture = env.render()
    assert (picture.shape, picture.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)
    ground, button = (245, 246, 248), (29, 91, 209)
    assert tuple(picture[-1, 0]) == tuple(picture[-1, -1]) == ground  # to the edge of the window
    assert 1000 < (picture == button).all(axis=2).sum() < 10_000  # Search


def test_without_chromium_a_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DependencyNotInstalled, match="apt install chromium"):
        WebShopEnv(render_mode="rgb_array")


@pytest.mark.parametrize(
    ("script", "timeout_s", "said"), [("echo broken >&2", 60, "got: broken"), ("exec sleep 60", 0.2, r"within 0\.2 s")]
)
def test_a_chromium_that_fails_is_told(
    script: str, timeout_s: float, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chromium").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr("gigpo_gym.envs.webshop.screenshot.TIMEOUT_S", timeout_s)
    with pytest.raises(RuntimeError, match=f"expected a picture from .*{said}"):
        screenshot("")
