"""Products: what they are, how they are read from WebShop's files, and how they are kept.

The rules are those of `load_products` in web_agent_site/engine/engine.py of princeton-nlp/WebShop.
"""

import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from gigpo_gym.envs.webshop.json_stream import Advance, DataFileError, elements, entries

NO_ATTRIBUTES = ("DUMMY_ATTR",)  # of products that the file of attributes does not name
NO_PRICE = 100.0  # dollars, of products without a price
MAX_ASIN = 10  # characters; products with longer ones are left out


@dataclass(frozen=True, slots=True)
class HumanInstruction:
    """What a person asked for who had a product before the eyes."""

    instruction: str
    attributes: tuple[str, ...]
    """Those of the product that the instruction asks for; without any it makes no goal."""
    options: tuple[str, ...]
    """Values alone: the groups are not named."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the shop. All texts are as in the files where nothing else is said."""

    asin: str
    name: str
    description: str
    bullets: tuple[str, ...]
    price_text: str
    """As the pages show it: `$100.0`, or `$19.99 to $27.99`."""
    prices: tuple[float, ...]
    """In dollars: one, or the two ends of a range."""
    options: tuple[tuple[str, tuple[str, ...]], ...]
    """Groups in the order of the page, each a name and its values, in lower case."""
    category: str
    query: str
    """In lower case."""
    product_category: str
    """A path, parted by single angle quotation marks (U+203A)."""
    attributes: tuple[str, ...]
    image: str
    """Address of the first picture, '' where there is none."""
    instruction: str | None
    """The synthetic one."""
    instruction_attributes: tuple[str, ...]
    human: tuple[HumanInstruction, ...]

    def to_json(self) -> bytes:
        """One line of JSON, without its end, from which `from_json` makes an equal product."""
        fields = [getattr(self, name) for name in self.__slots__]
        fields[-1] = [(said.instruction, said.attributes, said.options) for said in self.human]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, line: bytes | str) -> "Product":
        """The product of a line that `to_json` wrote, in some 12 microseconds."""
        (asin, name, description, bullets, price_text, prices, options, *texts, human) = json.loads(line)
        category, query, product_category, attributes, image, instruction, instruction_attributes = texts
        return cls(
            asin,
            name,
            description,
            tuple(bullets),
            price_text,
            tuple(prices),
            tuple((group, tuple(values)) for group, values in options),
            category,
            query,
            product_category,
            tuple(attributes),
            image,
            instruction,
            tuple(instruction_attributes),
            tuple(HumanInstruction(said, tuple(wanted), tuple(values)) for said, wanted, values in human),
        )


def search_text(product: Product) -> str:
    """What the search engine knows of a product, in lower case (search_engine/convert_product_file_format.py)."""
    options = ", and ".join(f"{group}: {', '.join(values)}" for group, values in product.options)
    return " ".join((product.name, product.description, *product.bullets[:1], options)).lower()


def read_products(
    products: Path,
    attributes: Path | None = None,
    human: Path | None = None,
    *,
    limit: int | None = None,
    advance: Advance | None = None,
) -> Iterator[Product]:
    """The products of WebShop's files, in order; of the file of products, no more than the asins stays in memory.

    Left out are products whose asin is `nan`, has more than MAX_ASIN characters, or was there before. Unlike the
    original, which fails on them, this takes products that the file of attributes does not name (without a synthetic
    instruction), or that have neither bullet points nor pictures. Lone surrogates become `?`.

    Args:
        products: items_shuffle.json or the like, an array of products.
        attributes: items_ins_v2.json or the like, an object by asin; about 0.5 kB of memory an entry.
        human: items_human_ins.json, an object by asin.
        limit: how many products to read, counted before any is left out; None for all.
        advance: is told how many bytes more of the files have been read.

    Raises:
        DataFileError: a file is damaged or of another kind: which product, which field, expected, got.
        OSError: a file cannot be read.
    """
    notes = dict(_read_notes(attributes, advance)) if attributes else {}
    said = dict(_read_human(human, advance)) if human else {}
    seen: set[str] = set()
    for number, record in enumerate(islice(elements(products, advance), limit), 1):
        place = f"{products}, product {number}"
        try:
            asin = _text(_object(record), "asin")
            place += f" ({asin:.20})"
            if asin != "nan" and len(asin) <= MAX_ASIN and asin not in seen:
                seen.add(asin)
                yield _product(record, asin, notes.get(asin, _NO_NOTES), said.get(asin, ()))
        except _Fault as fault:
            raise DataFileError(f"{place}{fault}{_REMEDY}") from None


class _Notes(NamedTuple):
    """What the file of attributes says of a product."""

    attributes: tuple[str, ...]
    instruction: str | None
    instruction_attributes: tuple[str, ...]


_REMEDY = "; `gigpo fetch webshop` gets files that WebShop made"
_NO_NOTES = _Notes(NO_ATTRIBUTES, None, ())


class _Fault(Exception):
    """Field, what was expected, and what came, to be told with the place."""


def _product(record: dict[str, Any], asin: str, notes: _Notes, human: tuple[HumanInstruction, ...]) -> Product:
    bullets = record.get("small_description")
    images = record.get("images")
    prices, price_text = _price(record.get("pricing"))
    return Product(
        asin=asin,
        name=_text(record, "name"),
        description=_text(record, "full_description"),
        bullets=(_text(record, "small_description"),)
        if isinstance(bullets, str)
        else _texts(record, "small_description"),
        price_text=price_text,
        prices=prices,
        options=_options(record.get("customization_options")),
        category=_text(record, "category"),
        query=_text(record, "query").lower().strip(),
        product_category=_text(record, "product_category"),
        attributes=notes.attributes,
        image=images[0] if isinstance(images, list) and images and isinstance(images[0], str) else "",
        instruction=notes.instruction,
        instruction_attributes=notes.instruction_attributes,
        human=human,
    )


def _price(pricing: object) -> tuple[tuple[float, ...], str]:
    """Prices in dollars, one or the first two, and the text that shows them."""
    if not pricing:
        return (NO_PRICE,), f"${NO_PRICE}"
    try:
        parts = pricing.split("$")[1:] if isinstance(pricing, str) else []
        prices = tuple(float(re.sub(r"[^\d.]", "", part)) for part in parts)
    except ValueError:
        prices = ()
    if not prices or math.inf in prices:
        raise _Fault(f", pricing: expected a text such as '$19.99' or '$19.99 - $27.99', got {pricing!r:.80}")
    return prices[:2], " to ".join(f"${price}" for price in prices[:2])


def _options(groups: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not groups:
        return ()
    if not isinstance(groups, dict):
        raise _Fault(f", customization_options: expected an object of groups or '', got {groups!r:.80}")
    options: dict[str, tuple[str, ...]] = {}
    for group, values in groups.items():
        if values is None:
            continue
        field = f"customization_options, {group[:40]!r}"
        if not isinstance(values, list):
            raise _Fault(f", {field}: expected a list of objects, got {values!r:.80}")
        texts = (_text(_object(value, field), "value", field) for value in values)
        # Of two groups whose names differ in their case alone, the last counts.
        options[_whole(group).lower()] = tuple(text.strip().replace("/", " | ").lower() for text in texts)
    return tuple(options.items())


def _read_notes(path: Path, advance: Advance | None) -> Iterator[tuple[str, _Notes]]:
    for asin, record in entries(path, advance):
        try:
            record = _object(record)
            attributes = _texts(record, "attributes") if "attributes" in record else NO_ATTRIBUTES
            instruction = None if record.get("instruction") is None else _text(record, "instruction")
            wanted = () if instruction is None else _texts(record, "instruction_attributes")
            if instruction is not None and not wanted:
                raise _Fault(", instruction_attributes: expected at least one with an instruction, got []")
        except _Fault as fault:
            raise DataFileError(f"{path}, {asin[:20]!r}{fault}{_REMEDY}") from None
        # The same attributes come again and again.
        yield asin, _Notes(tuple(map(sys.intern, attributes)), instruction, tuple(map(sys.intern, wanted)))


def _read_human(path: Path, advance: Advance | None) -> Iterator[tuple[str, tuple[HumanInstruction, ...]]]:
    for asin, records in entries(path, advance):
        try:
            if not isinstance(records, list):
                raise _Fault(f": expected a list of instructions, got {records!r:.80}")
            yield asin, tuple(map(_human, records))
        except _Fault as fault:
            raise DataFileError(f"{path}, {asin[:20]!r}{fault}{_REMEDY}") from None


def _human(record: object) -> HumanInstruction:
    record = _object(record)
    return HumanInstruction(
        _text(record, "instruction"), _texts(record, "instruction_attributes"), _texts(record, "instruction_options")
    )


def _object(record: object, field: str = "") -> dict[str, Any]:
    if not isinstance(record, dict):
        raise _Fault(f"{', ' * bool(field)}{field}: expected an object, got {record!r:.80}")
    return record


def _text(record: dict[str, Any], field: str, within: str = "") -> str:
    if not isinstance(value := record.get(field), str):
        raise _Fault(f", {within or field}: expected a text, got {_got(record, field)}")
    return _whole(value)


def _texts(record: dict[str, Any], field: str) -> tuple[str, ...]:
    values = record.get(field)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _Fault(f", {field}: expected a list of texts, got {_got(record, field)}")
    return tuple(map(_whole, values))


def _got(record: dict[str, Any], field: str) -> str:
    return f"{record[field]!r:.80}" if field in record else "none"


def _whole(text: str) -> str:
    """Without lone surrogates, which JSON may hold and UTF-8 may not."""
    return text if text.isascii() else text.encode(errors="replace").decode()
