"""Search: the recorded rankings to the last bit, a plain search on random documents, and indices on disk."""

import json
import math
import os
from bisect import bisect_right
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gigpo_gym.envs.webshop import search as search_module
from gigpo_gym.envs.webshop.products import Product, search_text
from gigpo_gym.envs.webshop.search import FILE, SearchIndex, SearchIndexError

SHOP = [
    ("B3", "red shoes and red laces"),
    ("B1", "green shoes"),
    ("B4", ""),
    ("B2", "red shoes and red laces"),
    ("B0", "the of and"),
]


@pytest.fixture(scope="session")
def shop_index(products: list[Product]) -> SearchIndex:
    return SearchIndex.build((product.asin, search_text(product)) for product in products)


@pytest.fixture(scope="session")
def recorded(webshop_data: Path) -> list[dict]:
    return [json.loads(line) for line in (webshop_data / "golden_rankings.jsonl").read_text("utf-8").splitlines()]


def test_recorded_rankings(shop_index: SearchIndex, products: list[Product], recorded: list[dict]) -> None:
    different = []
    for case in recorded:
        documents, scores = shop_index.search(case["query"])
        expected = [hit["asin"] for hit in case["hits"]], [hit["lucene_score"] for hit in case["hits"]]
        if ([products[document].asin for document in documents], scores.tolist()) != expected:
            different.append(case["query"])
    assert len(recorded) > 200
    assert different == []


def test_recorded_numbers_of_matching_documents(shop_index: SearchIndex, recorded: list[dict]) -> None:
    assert [case["query"] for case in recorded if shop_index.count(case["query"]) != case["n_matching"]] == []


def test_a_score_worked_out_by_hand() -> None:
    index = SearchIndex.build(SHOP)
    documents, scores = index.search("green laces")
    # 3 documents have words, 4 + 4 + 2 of them; `green` is in one, and `lace` in two.
    green, lace = math.log(1 + 2.5 / 1.5), math.log(1 + 1.5 / 2.5)
    short, long = (0.9 * (0.6 + 0.4 * length / (10 / 3)) for length in (2, 4))
    assert documents.tolist() == [1, 3, 0]  # B2 before B3, though it came later
    expected = [green / (1 + short), lace / (1 + long), lace / (1 + long)]  # w - w / (1 + 1 / x) is w / (1 + x)
    assert scores.tolist() == pytest.approx(expected, rel=1e-6)
    assert scores.dtype == np.float32


def test_documents_without_words_count_for_nothing() -> None:
    with_them, without = SearchIndex.build(SHOP), SearchIndex.build([SHOP[place] for place in (0, 1, 3)])
    assert len(with_them) == 5
    assert with_them.search("green laces").scores.tolist() == without.search("green laces").scores.tolist()


@pytest.mark.parametrize("query", ["", "the and", "hat", "\ud800 !"])
def test_queries_that_find_nothing(query: str) -> None:
    index = SearchIndex.build(SHOP)
    documents, scores = index.search(query)
    assert (len(documents), len(scores), index.count(query)) == (0, 0, 0)


def test_repeated_words_count_as_often_and_unknown_ones_not_at_all() -> None:
    index = SearchIndex.build(SHOP)
    once, twice = index.search("green"), index.search("green hat greens")
    assert twice.documents.tolist() == once.documents.tolist() == [1]
    assert twice.scores.tolist() == [2 * once.scores[0]]


@pytest.mark.parametrize("documents", [[], [("B0", ""), ("B1", "the")]])
def test_an_index_without_words(documents: list[tuple[str, str]], tmp_path: Path) -> None:
    SearchIndex.build(documents).save(tmp_path)
    index = SearchIndex.open(tmp_path)
    assert (len(index), index.count("red"), index.search("red").documents.tolist()) == (len(documents), 0, [])


def test_words_with_the_same_hash_are_told_apart() -> None:
    index = SearchIndex.build([("B0", "plumless"), ("B1", "buckeroo"), ("B2", "hat")])  # both words have 0x4DDB0C25
    assert index.search("plumless").documents.tolist() == [0]
    assert index.search("buckeroo").documents.tolist() == [1]


def test_fewer_than_one_document_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="k is 0, expected at least 1"):
        SearchIndex.build(SHOP).search("red", k=0)


# The lengths that a byte can say: all to 40, then eight to each doubling of what is above 24.
KEPT_LENGTHS = [*range(40), *(24 + (mantissa << shift) for shift in range(1, 12) for mantissa in range(8, 16))]


def plain_search(texts: list[str], asins: list[str], query: str) -> list[tuple[int, float]]:
    """All matching documents and their scores in order, by BM25 as it is written down."""
    one, f32 = np.float32(1), np.float32
    documents = [Counter(text.split()) for text in texts]
    mean = f32(sum(document.total() for document in documents) / len(documents))
    totals: Counter[int] = Counter()
    for word, times in Counter(query.split()).items():
        having = [place for place, document in enumerate(documents) if document[word]]
        weight = f32(times) * f32(math.log(1 + (len(texts) - len(having) + 0.5) / (len(having) + 0.5)))
        for place in having:
            kept = f32(KEPT_LENGTHS[bisect_right(KEPT_LENGTHS, documents[place].total()) - 1])
            norm = one / (f32(0.9) * ((one - f32(0.4)) + f32(0.4) * kept / mean))
            totals[place] += float(weight - weight / (one + f32(documents[place][word]) * norm))
    return sorted(((place, float(f32(total))) for place, total in totals.items()), key=lambda h: (-h[1], asins[h[0]]))


@pytest.mark.parametrize("seed", range(4))
def test_random_documents_as_by_plain_search(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "CHUNK", 500)  # several, of which most begin within a document
    rng = np.random.default_rng(seed)
    words = np.array([f"w{number}x" for number in range(60)])
    chances = 1 / np.arange(1, 61)
    draw = lambda size: " ".join(rng.choice(words, size, p=chances / chances.sum()))  # noqa: E731
    texts = [draw(size) for size in rng.integers(1, 8, 150)] + [draw(size) for size in rng.integers(30, 600, 30)]
    texts += texts[:60]  # which tie, to be ordered by asins in another order
    asins = [f"B{number:03}" for number in rng.permutation(len(texts))]
    index = SearchIndex.build(zip(asins, texts, strict=True))
    for size in (1, 2, 4, 6, 10, 12):
        query = draw(size)
        expected = plain_search(texts, asins, query)
        assert index.count(query) == len(expected)
        for k in (1, 3, 10, 50, 500):
            documents, scores = index.search(query, k)
            assert list(zip(documents.tolist(), scores.tolist(), strict=True)) == expected[:k]


def test_words_that_cannot_matter_are_looked_up_for_few_documents(
    shop_index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = []

    def added(self: SearchIndex, word, postings):
        looked_up.append(len(result := original(self, word, postings)))
        return result

    original = SearchIndex._added
    monkeypatch.setattr(SearchIndex, "_added", added)
    query = "i am looking for a jean paul gaultier scandal perfume in the color black for women"
    hits = shop_index.search(query, k=5)
    assert sum(looked_up) < shop_index.count(query)
    complete = shop_index.search(query, k=len(shop_index))  # of all, none can be left out
    assert complete.documents[:5].tolist() == hits.documents.tolist()
    assert complete.scores[:5].tolist() == hits.scores.tolist()


def test_a_saved_index_is_the_same(tmp_path: Path) -> None:
    built = SearchIndex.build(SHOP)
    built.save(tmp_path / "new" / "folder")
    opened = SearchIndex.open(tmp_path / "new" / "folder")
    for query in ("red", "green shoes", "laces"):
        for ours, theirs in zip(opened.search(query), built.search(query), strict=True):
            assert (ours.tolist(), ours.dtype) == (theirs.tolist(), theirs.dtype)
    assert len(opened) == len(built)
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [FILE]


def test_an_opened_index_is_mapped_and_not_to_be_written_to(tmp_path: Path) -> None:
    SearchIndex.build(SHOP).save(tmp_path)
    for values in SearchIndex.open(tmp_path)._arrays.values():
        assert not values.flags.writeable
        assert not values.flags.owndata
        assert values.ctypes.data % 64 == 0


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=FILE):
        SearchIndex.open(tmp_path)


@pytest.mark.parametrize("size", [0, 10, 1023, 1024, 1500, -1])
def test_a_truncated_index(size: int, tmp_path: Path) -> None:
    SearchIndex.build(SHOP).save(tmp_path)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(SearchIndexError, match=str(path)):
        SearchIndex.open(tmp_path)


@pytest.mark.parametrize("byte", [0, 8, 20, 300, 1023, 1024, 1300, -1])
def test_a_damaged_index(byte: int, tmp_path: Path) -> None:
    SearchIndex.build(SHOP).save(tmp_path)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[byte] ^= 1
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(
        SearchIndexError, match=f"{tmp_path / FILE} is not a search index, or not a whole one: .* damaged"
    ):
        SearchIndex.open(tmp_path)


def test_an_index_of_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(search_module, "FORMAT", "gigpo search index 0")
        SearchIndex.build(SHOP).save(tmp_path)
    with pytest.raises(SearchIndexError, match="its format is 'gigpo search index 0', expected 'gigpo search index 1'"):
        SearchIndex.open(tmp_path)


def test_large_indices_are_not_read_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "CHECKED", 100)
    SearchIndex.build(SHOP).save(tmp_path)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[-1] ^= 1  # of the padding
    (tmp_path / FILE).write_bytes(content)
    assert len(SearchIndex.open(tmp_path)) == len(SHOP)


def test_saving_that_fails_leaves_the_former_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SearchIndex.build(SHOP).save(tmp_path)

    def full(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        SearchIndex.build(SHOP[:1]).save(tmp_path)
    assert len(SearchIndex.open(tmp_path)) == len(SHOP)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
