"""BM25 over the products' texts, as the original ranks them: Lucene 9.5 through Anserini, to the last bit of a score.

Of N documents that have any words, df have a given word, and one has it tf times. That adds to the one's score

    w - w / (1 + tf / (k1 * (1 - b + b * length / mean length))),
    w = times in the query * ln(1 + (N - df + 0.5) / (df + 0.5))

(Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, without the constant factor
k1 + 1). All of it is in float32, but for the logarithm and for the sum over words, which becomes a float32 at the end;
lengths are what is left of them in one byte (Lucene's SmallFloat). Equal scores are ordered by asin.

An index is a set of arrays in one file, which processes map into memory and share. A query first adds up the words that
can add most. Once all others together cannot lift a new document among the best k, they are only looked up for those
documents that still can be (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations", Information
Processing & Management 31, 1995).
"""

import json
import math
import os
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from gigpo_gym.envs.webshop.words import analyze

K1, B = np.float32(0.9), np.float32(0.4)
FILE, FORMAT = "search.index", "gigpo search index 1"
HEADER = 1024  # bytes
CHECKED = 1 << 22  # bytes of the largest file that is read through when it is opened; 1,000 products take one million
CHUNK = 1 << 22  # postings that are sorted at a time

# The arrays in the order of the file, by T words, P postings (a word and a document that has it) and N documents.
_TYPES = {
    "hashes": "<u4",  # (T,) crc32 of the words in UTF-8, ascending
    "spellings": "<i8",  # (T + 1,) where each word begins in `letters`
    "letters": "|u1",
    "starts": "<i8",  # (T + 1,) where each word's postings begin
    "most": "<f4",  # (T,) the largest of each word's factors
    "documents": "<i4",  # (P,) ascending for each word
    "factors": "<f4",  # (P,) 1 + tf / (...) of the formula
    "ranks": "<i4",  # (N,) of the documents by asin
}


class SearchIndexError(ValueError):
    """What a folder holds is no search index, or not a whole one."""


class Hits(NamedTuple):
    """The best documents for a query, in order."""

    documents: NDArray[np.int32]  # (n,) by the order in which the index was given them
    scores: NDArray[np.float32]  # (n,)


class _Word(NamedTuple):
    """A word of a query that some documents have."""

    most: float  # that it adds to a score
    weight: np.float32
    postings: slice


class SearchIndex:
    """An index of documents' texts: `build` makes one, `save` and `open` keep it in a folder."""

    def __init__(self, arrays: dict[str, NDArray[Any]], with_words: int) -> None:
        self._arrays = arrays
        self._with_words = with_words  # documents
        # Single numbers are read several times as fast through a memoryview.
        self._vocabulary = [arrays[name].data for name in ("hashes", "spellings", "letters", "starts")]

    def __len__(self) -> int:
        """The number of documents."""
        return len(self._arrays["ranks"])

    @classmethod
    def build(cls, documents: Iterable[tuple[str, str]]) -> "SearchIndex":
        """The index of documents, given as (asin, text) one at a time; memory grows with their postings."""
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        asins: list[str] = []
        words, counts, sizes, lengths = array("I"), array("I"), array("I"), array("I")
        for asin, text in documents:
            found = analyze(text)
            counted = Counter(found)
            asins.append(asin)
            words.extend(map(numbers.__getitem__, counted))
            counts.extend(counted.values())
            sizes.append(len(counted))
            lengths.append(len(found))

        spelled = [word.encode() for word in numbers]
        hashes = np.array([crc32(word) for word in spelled], np.uint32)
        order = np.argsort(hashes, kind="stable")
        places = np.empty(len(order), np.uint32)
        places[order] = np.arange(len(order))
        spelled = [spelled[number] for number in order]
        ranks = np.empty(len(asins), np.int32)
        ranks[sorted(range(len(asins)), key=asins.__getitem__)] = np.arange(len(asins))
        arrays = {
            "hashes": hashes[order],
            "spellings": np.cumsum([0, *map(len, spelled)]),
            "letters": np.frombuffer(b"".join(spelled), np.uint8),
            "ranks": ranks,
            **_postings(places[np.asarray(words)], np.asarray(counts), np.asarray(sizes), np.asarray(lengths)),
        }
        return cls(arrays, int(np.count_nonzero(sizes)))

    @classmethod
    def open(cls, folder: Path) -> "SearchIndex":
        """The index that was saved in a folder, mapped into memory and not to be written to.

        Raises:
            FileNotFoundError: there is none.
            SearchIndexError: there is something else, or not all of it. Damage within a file of more than CHECKED bytes
                is not found.
        """
        path = folder / FILE
        try:
            content = np.asarray(np.memmap(path, np.uint8, "r"))
            start = content[:HEADER].tobytes()
            if start[:8] != _checksum(start[8:]):
                raise ValueError("its header is damaged")
            header = json.loads(start[8:])
            if header["format"] != FORMAT:
                raise ValueError(f"its format is {header['format']!r}, expected {FORMAT!r}")
            sizes = [header["lengths"][name] * np.dtype(kind).itemsize for name, kind in _TYPES.items()]
            begins = list(accumulate(map(_padded, sizes), initial=HEADER))
            if len(content) != begins[-1]:
                raise ValueError(f"it has {len(content):,} bytes, expected {begins[-1]:,}")
            if len(content) <= CHECKED and header["crc32"] != crc32(content[HEADER:].data):
                raise ValueError("its content is damaged")
            arrays = {
                name: content[begin : begin + size].view(kind)
                for (name, kind), begin, size in zip(_TYPES.items(), begins, sizes, strict=False)
            }
            return cls(arrays, header["with_words"])
        except (ValueError, KeyError, TypeError) as error:
            raise SearchIndexError(f"{path} is not a search index, or not a whole one: {error}") from error

    def save(self, folder: Path) -> None:
        """Writes the index into a folder, where others find what was there before or all of this."""
        lengths = {name: len(self._arrays[name]) for name in _TYPES}
        checksum = 0
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{FILE}.{os.getpid()}"
        try:
            with unfinished.open("wb") as file:
                file.seek(HEADER)
                for name, kind in _TYPES.items():
                    values = self._arrays[name].astype(kind, copy=False)
                    for part in (values.data, bytes(_padded(values.nbytes) - values.nbytes)):
                        file.write(part)
                        checksum = crc32(part, checksum)
                file.seek(0)
                header = {"format": FORMAT, "with_words": self._with_words, "lengths": lengths, "crc32": checksum}
                start = json.dumps(header).encode().ljust(HEADER - 8)
                file.write(_checksum(start) + start)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(folder / FILE)
        finally:
            unfinished.unlink(missing_ok=True)

    def search(self, query: str, k: int = 50) -> Hits:
        """The k best of the documents that have a word of the query, fewer where there are no more."""
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        words = sorted(self._words(query), reverse=True)
        rest = list(accumulate((word.most for word in reversed(words)), initial=0.0))[::-1]  # what words[n:] can add
        totals = np.zeros(len(self))
        least, n = 0.0, 0  # what the k-th best document has by now, if not more; the number of words in the totals
        while n < len(words) and rest[n] >= least:
            documents = self._arrays["documents"][words[n].postings]
            totals[documents] += self._added(words[n], words[n].postings)
            n += 1
            if n < len(words):
                least = _raised(least, totals[documents], k)

        running = np.flatnonzero(totals >= least - rest[n] if least > rest[n] else totals).astype(np.int32)
        totals = totals[running]
        for word, more in zip(words[n:], rest[n + 1 :], strict=True):
            documents = self._arrays["documents"][word.postings]
            places = np.minimum(np.searchsorted(documents, running), len(documents) - 1)
            having = np.flatnonzero(documents[places] == running)
            totals[having] += self._added(word, word.postings.start + places[having])
            least = _raised(least, totals, k)
            still = totals >= least - more
            running, totals = running[still], totals[still]

        scores = totals.astype(np.float32)
        if len(scores) > k:
            best = scores >= np.partition(scores, -k)[-k]
            running, scores = running[best], scores[best]
        order = np.lexsort((self._arrays["ranks"][running], -scores))[:k]
        return Hits(running[order], scores[order])

    def count(self, query: str) -> int:
        """How many documents have a word of the query."""
        found = np.zeros(len(self), np.bool_)
        for word in self._words(query):
            found[self._arrays["documents"][word.postings]] = True
        return int(np.count_nonzero(found))

    def _words(self, query: str) -> list[_Word]:
        """The words of the query that documents have."""
        hashes, spellings, letters, starts = self._vocabulary
        words = []
        for spelled, times in Counter(analyze(query)).items():
            word = spelled.encode()
            code = crc32(word)
            place = bisect_left(hashes, code)
            while place < len(hashes) and hashes[place] == code:
                if letters[spellings[place] : spellings[place + 1]] == word:
                    begin, end = starts[place], starts[place + 1]
                    idf = math.log(1 + (self._with_words - (end - begin) + 0.5) / (end - begin + 0.5))
                    weight = np.float32(times) * np.float32(idf)
                    most = weight - weight / self._arrays["most"][place]
                    words.append(_Word(float(most), weight, slice(begin, end)))
                place += 1
        return words

    def _added(self, word: _Word, postings: slice | NDArray[np.int64]) -> NDArray[np.float32]:
        """What the word adds to the scores of the documents of some of its postings."""
        added: NDArray[Any] = word.weight - word.weight / self._arrays["factors"][postings]
        return added


def _raised(least: float, totals: NDArray[np.float64], k: int) -> float:
    """A little less than the k-th largest of the totals, where that is more than `least`.

    By a part in 2**22, so that what falls short of it does so as a float32 too.
    """
    larger = totals[totals > least]
    return max(least, float(np.partition(larger, -k)[-k]) * (1 - 2**-22)) if len(larger) >= k else least


def _postings(
    words: NDArray[np.uint32], counts: NDArray[np.uint32], sizes: NDArray[np.uint32], lengths: NDArray[np.uint32]
) -> dict[str, NDArray[Any]]:
    """The postings sorted by word.

    Args:
        words: (P,) by document
        counts: (P,) how many times the document has the word
        sizes: (N,) how many different words each document has
        lengths: (N,) how many words each document has
    """
    starts = np.concatenate(([0], np.cumsum(np.bincount(words))))
    documents, factors = np.empty(len(words), np.int32), np.empty(len(words), np.float32)
    owners = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    norms = _inverse_norms(lengths)
    free = starts[:-1].copy()
    for begin in range(0, len(words), CHUNK):
        chunk = begin + np.argsort(words[begin : begin + CHUNK], kind="stable")
        present, first, number = np.unique(words[chunk], return_index=True, return_counts=True)
        places = np.arange(len(chunk)) + np.repeat(free[present] - first, number)
        free[present] += number
        documents[places] = owners[chunk]
        factors[places] = 1 + counts[chunk].astype(np.float32) * norms[owners[chunk]]
    most = np.maximum.reduceat(factors, starts[:-1]) if len(words) else factors
    return {"starts": starts, "most": most, "documents": documents, "factors": factors}


def _inverse_norms(lengths: NDArray[np.uint32]) -> NDArray[np.float32]:
    """(N,) 1 / (k1 * (1 - b + b * length / mean length)), as BM25Similarity has it."""
    # SmallFloat.intToByte4: below 24 a byte for each length, from there on the first four binary digits.
    over = np.maximum(lengths.astype(np.int64) - 24, 0)
    lost = np.maximum(np.frexp(over)[1] - 4, 0)
    kept = np.where(lengths < 24, lengths, 24 + (over >> lost << lost)).astype(np.float32)
    mean = np.float32(max(lengths.sum(dtype=np.int64), 1) / max(np.count_nonzero(lengths), 1))
    return np.float32(1) / (K1 * ((np.float32(1) - B) + B * kept / mean))


def _checksum(header: bytes) -> bytes:
    return b"%08x" % crc32(header)


def _padded(size: int) -> int:
    """The bytes that an array takes in the file, so that the next one is aligned."""
    return -(-size // 64) * 64
