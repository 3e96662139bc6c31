"""A shop on disk: products, search index and goals, made once and mapped into memory by every process.

A catalogue is a folder whose name holds a digest of what it was made from:

    products.jsonl      a line a product
    offsets.npy         (P + 1,) where the lines stand, in bytes
    groups.npy          (2, P) number of each product's category and query in groups.json, which `<c>` and `<q>` look up
    held_out.npy        (P,) which products are for evaluation, where goals are split by product
    search.index        the index
    goals-KIND-SEED/    goal tables, made when first asked for
"""

import hashlib
import json
import logging
import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from gigpo_gym.envs.splits import split_of
from gigpo_gym.envs.webshop.generator import generate_shop, write_shop
from gigpo_gym.envs.webshop.goals import GoalTable
from gigpo_gym.envs.webshop.json_stream import DataFileError
from gigpo_gym.envs.webshop.products import Product, read_products, search_text
from gigpo_gym.envs.webshop.search import SearchIndex

FORMAT = "2"  # enters digests: another one wherever what is kept, or what is generated, changes
MAX_RESULTS = 50  # of a search by words
MAX_KEPT = 1000  # characters of a search, for what it finds to be kept: models write searches of any length

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Catalogue:
    """The products of a shop by number, in the order in which they were read, and what a search finds.

    Environments of a process share one, see `open_files` and `open_generated`; it is read only.
    """

    def __init__(self, folder: Path, digest: str) -> None:
        self.folder = folder
        self.digest = digest
        self._offsets = _mapped(folder / "offsets.npy")
        with (folder / "products.jsonl").open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._lines) != self._offsets[-1]:
            raise ValueError(f"{folder}: expected {self._offsets[-1]} bytes of products, got {len(self._lines)}")
        self._index = SearchIndex.open(folder)
        self.product = lru_cache(maxsize=4096)(self._product)
        self._kept_results = lru_cache(maxsize=4096)(self._results)
        self.goals = lru_cache(maxsize=4)(self._goals)
        self._group = lru_cache(maxsize=4096)(self._members)  # shared by all searches for one: it may be large

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def _product(self, number: int) -> Product:
        start, end = self._offsets[number : number + 2]
        return Product.from_json(self._lines[start : end - 1])

    def results(self, keywords: tuple[str, ...]) -> tuple[int, ...] | None:
        """The products that a search finds, best first; None where it cannot be done.

        `<c> category` and `<q> words` find all of a category and of a query, `<r>` any 50, which depend on the words
        alone. The original draws those 50 anew for every page, and fails where there are fewer, at `<a>` and at a bare
        `<c>`.
        """
        search = " ".join(keywords)
        return self._kept_results(search) if len(search) <= MAX_KEPT else self._results(search)

    def _results(self, search: str) -> tuple[int, ...] | None:
        kind, *words = search.split(" ")
        if kind == "<a>" or (kind == "<c>" and not words):
            return None
        if kind == "<c>":
            return self._group(0, self._group_numbers[0].get(words[0].strip(), -1))
        if kind == "<q>":
            return self._group(1, self._group_numbers[1].get(" ".join(words).strip(), -1))
        if kind == "<r>":
            seed = hashlib.sha256(f"{self.digest} {' '.join(words)}".encode(errors="replace")).digest()
            rng = np.random.default_rng(int.from_bytes(seed, "big"))
            return tuple(rng.choice(len(self), min(MAX_RESULTS, len(self)), replace=False).tolist())
        return tuple(self._index.search(search, MAX_RESULTS).documents.tolist())

    def _members(self, row: int, number: int) -> tuple[int, ...]:
        """The products of a category (row 0) or a query (row 1); none where the number is -1."""
        return tuple(np.flatnonzero(self._groups[row] == number).tolist())

    @cached_property
    def held_out(self) -> NDArray[np.bool_]:
        """(P,) which products are for evaluation, one in eight, where goals are split by product."""
        return _mapped(self.folder / "held_out.npy")

    @cached_property
    def _groups(self) -> NDArray[np.int32]:
        return _mapped(self.folder / "groups.npy")

    @cached_property
    def _group_numbers(self) -> list[dict[str, int]]:
        names = json.loads((self.folder / "groups.json").read_text(encoding="utf-8"))
        return [{name: number for number, name in enumerate(row)} for row in names]

    def _goals(self, kind: str, data_seed: int) -> GoalTable:
        """The goals of a kind, "synthetic" or "human"; `data_seed` draws prices and price limits."""

        def write(folder: Path) -> None:
            table = GoalTable.build(map(self.product, range(len(self))), data_seed, kind)
            for name, array in table.arrays().items():
                np.save(folder / f"{name}.npy", array)

        def load(folder: Path) -> GoalTable:
            return GoalTable(**{field.name: _mapped(folder / f"{field.name}.npy") for field in fields(GoalTable)})

        return kept(self.folder / f"goals-{kind}-{data_seed}", write, load)


def _mapped(path: Path) -> NDArray[Any]:
    """The array of a file, mapped into memory; a plain one, since np.memmap is slow to read single numbers from."""
    return np.asarray(np.lib.format.open_memmap(path, mode="r"))


@lru_cache(maxsize=4)
def open_files(products: Path, attributes: Path | None, human: Path | None, limit: int | None) -> Catalogue:
    """The catalogue of WebShop's files, see `read_products`: beside the file of products, or in the user's cache folder
    where that cannot be written.

    Raises:
        DataFileError: a file is damaged, or holds no products.
        OSError: a file cannot be read.
    """
    digest = hashlib.sha256(f"{FORMAT} {limit}".encode())
    for path in (products, attributes, human):
        digest.update(fingerprint(path) if path else b"none")

    def write(folder: Path) -> None:
        write_catalogue(folder, products, attributes, human, limit)

    beside = products.with_name(f"{products.name}.index")
    is_writable = os.access(beside if beside.exists() else beside.parent, os.W_OK)
    return _open(beside if is_writable else cache_folder(), digest.hexdigest()[:32], write)


@lru_cache(maxsize=4)
def open_generated(seed: int, size: int) -> Catalogue:
    """The catalogue of a generated shop, in the user's cache folder."""
    digest = hashlib.sha256(f"{FORMAT} generated {seed} {size}".encode()).hexdigest()[:32]

    def write(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as files:
            write_catalogue(folder, *write_shop(Path(files), generate_shop(seed, size)), None)

    return _open(cache_folder(), digest, write)


def write_catalogue(
    folder: Path, products: Path, attributes: Path | None, human: Path | None, limit: int | None
) -> None:
    """What a catalogue keeps of WebShop's files, into an empty folder."""
    offsets, held_out = [0], []
    groups: tuple[list[int], list[int]] = ([], [])
    names: tuple[dict[str, int], dict[str, int]] = ({}, {})

    def keep(lines: BinaryIO, advance: Callable[[int], object]) -> Iterator[tuple[str, str]]:
        for product in read_products(products, attributes, human, limit=limit, advance=advance):
            offsets.append(offsets[-1] + lines.write(product.to_json() + b"\n"))
            held_out.append(split_of(product.asin) == "eval")
            for row, name in enumerate((product.category, product.query)):
                groups[row].append(names[row].setdefault(name, len(names[row])))
            yield product.asin, search_text(product)

    size = sum(path.stat().st_size for path in (products, attributes, human) if path)
    with (folder / "products.jsonl").open("wb") as lines, progress("reading products", size) as advance:
        index = SearchIndex.build(keep(lines, advance))
    if not len(index):
        raise DataFileError(f"{products}: expected at least one product, got none")
    index.save(folder)
    np.save(folder / "offsets.npy", np.array(offsets, np.int64))
    np.save(folder / "groups.npy", np.array(groups, np.int32))
    np.save(folder / "held_out.npy", np.array(held_out, np.bool_))
    (folder / "groups.json").write_text(json.dumps([list(row) for row in names]), encoding="utf-8")


@contextmanager
def progress(what: str, size: int) -> Iterator[Callable[[int], object]]:
    """A bar in the terminal, where there is one, while more than 32 MB are read."""
    if size <= 1 << 25 or not sys.stderr.isatty():
        yield lambda read: None
        return
    from rich.console import Console  # takes longer to import than a small shop to make
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=size)
        yield lambda read: bar.advance(task, read)


def fingerprint(path: Path) -> bytes:
    """A digest of a file's content; over 256 MB, of its size, its two ends, and when it was changed."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= 1 << 28:
            return hashlib.file_digest(file, "sha256").digest()
        head = file.read(1 << 20)
        file.seek(-(1 << 20), os.SEEK_END)
        told = f"{size} {path.stat().st_mtime_ns}".encode()
        return hashlib.sha256(told + head + file.read()).digest()


def cache_folder() -> Path:
    """Where catalogues are kept that cannot be kept beside their products."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gigpo-gym" / "webshop"


def kept(folder: Path, write: Callable[[Path], None], load: Callable[[Path], T]) -> T:
    """What `load` makes of a folder, which `write` writes first where it is not there or damaged."""
    if folder.exists():
        try:
            return load(folder)
        except (OSError, ValueError) as error:
            logger.warning("%s is damaged and made anew: %s", folder, error)
            shutil.rmtree(folder, ignore_errors=True)  # another process may be at it too
    put(folder, write)
    return load(folder)


def put(folder: Path, write: Callable[[Path], None]) -> None:
    """Have a folder written: all of it or nothing, and by one process where several do."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        write(new)
        new.chmod(0o755)
        new.rename(folder)
    except OSError:
        if not folder.exists():  # by another process meanwhile
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _open(place: Path, digest: str, write: Callable[[Path], None]) -> Catalogue:
    """The catalogue that a place has, made first where it is not there or damaged."""
    return kept(place / digest, write, lambda folder: Catalogue(folder, digest))
