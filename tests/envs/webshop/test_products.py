"""Products: WebShop's files as the original reads them, what is said of bad ones, and how products are kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gigpo_gym.envs.webshop import json_stream
from gigpo_gym.envs.webshop.json_stream import DataFileError, elements, entries
from gigpo_gym.envs.webshop.products import HumanInstruction, Product, read_products, search_text

LAMP: dict[str, Any] = {
    "asin": "B000000001",
    "name": "Brass Lamp",
    "full_description": "Lights Up.",
    "small_description": ["Bright. ", "Small."],
    "pricing": "$1,019.99 - $2,027.50",
    "images": ["https://x.org/1.jpg", "https://x.org/2.jpg"],
    "customization_options": {
        "Size": [{"value": " 1/2 Foot ", "image": None}, {"value": "A"}, {"value": "a"}],
        "Color": None,
        "style": [],
    },
    "category": "garden",
    "query": " Desk Lamps ",
    "product_category": "Home \u203a Lamps",
}


def write(path: Path, content: Any) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def read_one(tmp_path: Path, **changes: Any) -> Product:
    record = {key: value for key, value in {**LAMP, **changes}.items() if value is not ...}
    (product,) = read_products(write(tmp_path / "items.json", [record]))
    return product


def refusal(path: Path, attributes: Path | None = None, human: Path | None = None) -> str:
    with pytest.raises(DataFileError) as caught:
        list(read_products(path, attributes, human))
    return str(caught.value)


# Rules --------------------------------------------------------------------------------------------------------------


def test_a_product_is_read_as_the_original_reads_it(tmp_path: Path) -> None:
    assert read_one(tmp_path) == Product(
        asin="B000000001",
        name="Brass Lamp",
        description="Lights Up.",
        bullets=("Bright. ", "Small."),
        price_text="$1019.99 to $2027.5",
        prices=(1019.99, 2027.5),
        options=(("size", ("1 | 2 foot", "a", "a")), ("style", ())),
        category="garden",
        query="desk lamps",
        product_category="Home \u203a Lamps",
        attributes=("DUMMY_ATTR",),
        image="https://x.org/1.jpg",
        instruction=None,
        instruction_attributes=(),
        human=(),
    )


@pytest.mark.parametrize(
    ("pricing", "prices", "text"),
    [
        ("$5", (5.0,), "$5.0"),
        ("from $5.50 each", (5.5,), "$5.5"),
        ("$3 $2 $1", (3.0, 2.0), "$3.0 to $2.0"),
        ("", (100.0,), "$100.0"),
        (None, (100.0,), "$100.0"),
        (..., (100.0,), "$100.0"),
    ],
)
def test_prices(tmp_path: Path, pricing: Any, prices: tuple[float, ...], text: str) -> None:
    product = read_one(tmp_path, pricing=pricing)
    assert (product.prices, product.price_text) == (prices, text)


def test_of_groups_that_differ_in_case_the_last_counts_at_the_place_of_the_first(tmp_path: Path) -> None:
    groups = {"Color": [{"value": "Red"}], "size": [{"value": "S"}], "color": [{"value": "Blue"}]}
    assert read_one(tmp_path, customization_options=groups).options == (("color", ("blue",)), ("size", ("s",)))


def test_what_the_original_fails_on_and_this_does_not(tmp_path: Path) -> None:
    product = read_one(tmp_path, small_description=[], images=[], name="a\ud800b")
    assert (product.bullets, product.image, product.name) == ((), "", "a?b")
    assert read_one(tmp_path, images=..., small_description="Only one").bullets == ("Only one",)


def test_bad_and_repeated_asins_are_left_out_and_count_to_the_limit(tmp_path: Path) -> None:
    asins = ["A", "nan", "B0000000001", "A", "B000000002", "C"]
    path = write(tmp_path / "items.json", [{**LAMP, "asin": asin, "name": str(n)} for n, asin in enumerate(asins)])
    assert [(product.asin, product.name) for product in read_products(path)] == [
        ("A", "0"),
        ("B000000002", "4"),
        ("C", "5"),
    ]
    assert [product.asin for product in read_products(path, limit=4)] == ["A"]


def test_attributes_and_instructions_are_joined_by_asin(tmp_path: Path) -> None:
    path = write(tmp_path / "items.json", [{**LAMP, "asin": asin} for asin in "ABC"])
    notes = {
        "A": {"attributes": ["bright"]},
        "B": {"attributes": [], "instruction": "Find me", "instruction_attributes": ["bright", "small"]},
        "elsewhere": {},
    }
    human = {"C": [{"instruction": "i want.", "instruction_attributes": [], "instruction_options": ["red"]}]}
    a, b, c = read_products(path, write(tmp_path / "ins.json", notes), write(tmp_path / "human.json", human))
    assert (a.attributes, a.instruction, a.human) == (("bright",), None, ())
    assert (b.attributes, b.instruction, b.instruction_attributes) == ((), "Find me", ("bright", "small"))
    assert (c.attributes, c.instruction) == (("DUMMY_ATTR",), None)
    assert c.human == (HumanInstruction("i want.", (), ("red",)),)


def test_the_search_engine_knows_the_first_bullet_and_the_options(tmp_path: Path) -> None:
    groups = {"Size": [{"value": "S/M"}, {"value": "L"}], "color": [{"value": "Red"}]}
    product = read_one(tmp_path, customization_options=groups)
    assert search_text(product) == "brass lamp lights up. bright.  size: s | m, l, and color: red"
    bare = read_one(tmp_path, customization_options="", small_description=[])
    assert search_text(bare) == "brass lamp lights up. "  # the original joins all four parts, empty or not


def test_a_product_survives_its_line(tmp_path: Path, products: list[Product]) -> None:
    odd = read_one(tmp_path, name='é "\n\u2028\x00 🛒', pricing="$0.1 $0.30000000000000004")
    for product in (odd, *products):
        line = product.to_json()
        assert b"\n" not in line
        assert Product.from_json(line) == Product.from_json(line.decode()) == product


def test_the_1000_products_are_there(products: list[Product]) -> None:
    assert len({product.asin for product in products}) == 1000
    assert sum(bool(product.options) for product in products) == 423
    assert sum(len(values) for product in products for _, values in product.options) == 3499
    assert len({product.query for product in products}) == 246
    assert sum(product.instruction is not None for product in products) == 415
    assert sum(len(product.human) for product in products) == 13


# The stream ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_pieces_of_any_size_give_the_same_elements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", chunk)
    values = [LAMP, "é🛒", 1234567, -0.5e-7, True, None, [], {}, [[{"a": [1, 2]}]], '\\"\n', ""]
    for text in (json.dumps(values), json.dumps(values, ensure_ascii=False, indent=1), "\ufeff\r\n\t [1,2 ]\n"):
        path = write(tmp_path / "values.json", text.encode())
        assert list(elements(path)) == json.loads(text.lstrip("\ufeff"))
    keyed = {"é": 1, "": [2], "a": {"b": 3}}
    assert dict(entries(write(tmp_path / "keyed.json", keyed))) == keyed
    assert list(elements(write(tmp_path / "none.json", []))) == []


def test_progress_is_told_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", 1000)
    path = write(tmp_path / "items.json", [{**LAMP, "asin": str(n)} for n in range(100)])
    notes = write(tmp_path / "ins.json", {"1": {"attributes": ["é"]}})
    told: list[int] = []
    assert len(list(read_products(path, notes, advance=told.append))) == 100
    assert sum(told) == path.stat().st_size + notes.stat().st_size
    assert len(told) > 10


def test_no_more_of_the_file_is_read_than_the_limit_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", 1000)
    content = json.dumps([{**LAMP, "asin": str(n)} for n in range(10)]).encode() + b"\xff" * 10_000
    path = write(tmp_path / "items.json", content)
    told: list[int] = []
    assert len(list(read_products(path, limit=3, advance=told.append))) == 3
    assert sum(told) < 4000


# Bad files ----------------------------------------------------------------------------------------------------------

GOOD = json.dumps(LAMP).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "items.json, byte 0: expected '[', got the end of the file"),
        (b"<html>not found</html>", "items.json, byte 0: expected '[', got '<html>not found</htm'"),
        (b'{"B000000001": 1}', "items.json, byte 0: expected '[', got '{\"B000000001\": 1}'"),
        (b"[", "items.json, element 1, byte 1: expected a JSON value, got Expecting value"),
        (b"[" + GOOD, f"items.json, element 1, byte {len(GOOD) + 1}: expected ',' or ']', got the end of the file"),
        (b"[" + GOOD[:-1], f"element 1, byte {len(GOOD)}: expected a JSON value, got Expecting ',' delimiter"),
        (b"[" + GOOD + b',{"asin": "B0', f"element 2, byte {len(GOOD) + 11}: expected a JSON value, got Unterminated"),
        (b"[" + GOOD + GOOD + b"]", "element 1, byte "),
        (b"[" + GOOD + b",]", "element 2, byte "),
        (b"[" + GOOD + b"] []", "expected the end of the file, got '[]'"),
        (b'["\xc3\xa9", "\xe9"]', "items.json, byte 8: expected UTF-8, got 0xe9"),
        (b'["a\xc3', "items.json, byte 3: expected UTF-8, got 0xc3"),
        (b"[" * 100_000, "maximum recursion depth exceeded"),
        (b"[" + b"9" * 5000 + b"]", "expected a JSON value, got Exceeds the limit"),
        (b"[0." + b"1" * 5_000_000, "element 1, byte 1: expected at most 4,194,304 characters, got more"),
        (b"[5]", "product 1: expected an object, got 5"),
        (b"[[]]", "product 1: expected an object, got []"),
    ],
)
def test_damaged_files_are_refused_with_the_place(tmp_path: Path, content: bytes, said: str) -> None:
    message = refusal(write(tmp_path / "items.json", content))
    assert said in message
    assert "\n" not in message
    assert len(message) < 500


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asin": ...}, "product 2, asin: expected a text, got none"),
        ({"asin": 7}, "product 2, asin: expected a text, got 7"),
        ({"name": None}, "product 2 (B000000002), name: expected a text, got None"),
        ({"full_description": ["x"]}, "full_description: expected a text, got ['x']"),
        ({"small_description": ...}, "small_description: expected a list of texts, got none"),
        ({"small_description": ["x", None]}, "small_description: expected a list of texts, got ['x', None]"),
        ({"category": ...}, "category: expected a text"),
        ({"query": 1}, "query: expected a text"),
        ({"product_category": {}}, "product_category: expected a text"),
        ({"pricing": "12.50"}, "pricing: expected a text such as '$19.99' or '$19.99 - $27.99', got '12.50'"),
        ({"pricing": 12.5}, "pricing: expected a text such as"),
        ({"pricing": "$free"}, "pricing: expected a text such as"),
        ({"pricing": "$1.2.3"}, "pricing: expected a text such as"),
        ({"pricing": "$" + "9" * 400}, "pricing: expected a text such as"),
        ({"customization_options": [1]}, "customization_options: expected an object of groups or '', got [1]"),
        (
            {"customization_options": {"size": "S"}},
            "customization_options, 'size': expected a list of objects, got 'S'",
        ),
        ({"customization_options": {"size": ["S"]}}, "customization_options, 'size': expected an object, got 'S'"),
        ({"customization_options": {"size": [{}]}}, "customization_options, 'size': expected a text, got none"),
    ],
)
def test_wrong_fields_are_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    record = {key: value for key, value in {**LAMP, "asin": "B000000002", **changes}.items() if value is not ...}
    message = refusal(write(tmp_path / "items.json", [LAMP, record]))
    assert said in message
    assert "gigpo fetch webshop" in message
    assert len(message) < 500


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ([], "ins.json, byte 0: expected '{', got '[]'"),
        ({"A": []}, "ins.json, 'A': expected an object, got []"),
        ({"A": {"attributes": "soft"}}, "ins.json, 'A', attributes: expected a list of texts, got 'soft'"),
        (
            {"A": {"attributes": [], "instruction": "x"}},
            "'A', instruction_attributes: expected a list of texts, got none",
        ),
        ({"A": {"instruction": "x", "instruction_attributes": []}}, "instruction_attributes: expected at least one"),
        (b'{"A": {}, 5: {}}', "ins.json, element 2, byte 10: expected a key in \", got '5: {}}'"),
        (b'{"A" {}}', "ins.json, element 1, byte 5: expected ':', got '{}}'"),
    ],
)
def test_wrong_attributes_are_named(tmp_path: Path, notes: Any, said: str) -> None:
    path = write(tmp_path / "items.json", [LAMP])
    assert said in refusal(path, attributes=write(tmp_path / "ins.json", notes))


@pytest.mark.parametrize(
    ("human", "said"),
    [
        ({"A": {}}, "human.json, 'A': expected a list of instructions, got {}"),
        ({"A": [{"instruction": "x"}]}, "human.json, 'A', instruction_attributes: expected a list of texts, got none"),
    ],
)
def test_wrong_human_instructions_are_named(tmp_path: Path, human: Any, said: str) -> None:
    path = write(tmp_path / "items.json", [LAMP])
    assert said in refusal(path, human=write(tmp_path / "human.json", human))


def test_memory_is_bounded_whatever_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", 100)
    monkeypatch.setattr(json_stream, "MAX_ELEMENT", 1000)
    path = write(tmp_path / "items.json", [LAMP, {**LAMP, "name": "x" * 1_000_000}])
    told: list[int] = []

    def read() -> Iterator[Product]:
        yield from read_products(path, advance=told.append)

    stream = read()
    assert next(stream).asin == LAMP["asin"]
    with pytest.raises(DataFileError, match=r"element 2, byte .* expected at most 1,000 characters, got more"):
        next(stream)
    assert sum(told) < 5000
