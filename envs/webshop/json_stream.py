"""The elements of a big JSON file one by one, in bounded memory.

The standard library's decoder reads one element at a time from a window on the file. ijson 3.6, which does the same,
is no faster (12 against 10 ms for 1,000 products), has no bound (a hundred kilobytes of `[` take all memory there is),
takes a file of another shape for an empty one, and refuses the NaN that Python writes.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

MAX_ELEMENT = 1 << 22  # characters; the biggest of the 1,000 products has 17,000
_CHUNK = 1 << 20  # bytes
_SPACE = re.compile("[ \t\n\r\ufeff]*")  # a byte order mark is no fault
_decode = json.JSONDecoder().raw_decode

Advance = Callable[[int], object]
"""Is told how many bytes more have been read."""


class DataFileError(ValueError):
    """A file that cannot be used: where in it, what was expected, and what came."""


def elements(path: Path, advance: Advance | None = None) -> Iterator[Any]:
    """The elements of the array that a JSON file holds.

    Raises:
        DataFileError: the file is no UTF-8, no array, damaged, cut short, or has an element of over MAX_ELEMENT
            characters. What stands far enough before the fault has been yielded by then.
    """
    return (value for _, value in _entries(path, "[", advance))


def entries(path: Path, advance: Advance | None = None) -> Iterator[tuple[str, Any]]:
    """The keys and values of the object that a JSON file holds. Raises as `elements` does."""
    return _entries(path, "{", advance)


def _entries(path: Path, opening: str, advance: Advance | None) -> Iterator[tuple[str, Any]]:
    closing = "]" if opening == "[" else "}"
    with path.open("rb") as file:
        window = _Window(path, file, advance)
        window.take(opening)
        comma = window.sign() != closing
        while comma:
            window.number += 1
            key = ""
            if opening == "{":
                if window.sign() != '"':
                    raise window.fault('a key in "')
                key = window.value()
                window.take(":")
            yield key, window.value()
            if window.sign() not in (",", closing):
                raise window.fault(f"',' or '{closing}'")
            if comma := window.sign() == ",":
                window.take(",")
        window.take(closing)
        if window.sign():
            raise window.fault("the end of the file")


class _Window:
    """The part of a file that is being decoded, from `at` on: it begins at the element that is being read."""

    def __init__(self, path: Path, file: BinaryIO, advance: Advance | None) -> None:
        self.number = 0  # of the element that is being read, from 1 on
        self._path, self._file, self._advance = path, file, advance
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._bytes = 0  # read so far
        self._text = ""
        self._at = 0

    def sign(self) -> str:
        """The next sign that is no space, '' at the end of the file."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, sign: str) -> None:
        if self.sign() != sign:
            raise self.fault(f"'{sign}'")
        self._at += 1

    def value(self) -> Any:
        self.sign()
        while True:
            value, end, wrong = None, self._at, ""
            try:
                value, end = _decode(self._text, self._at)
            except json.JSONDecodeError as error:
                end, wrong = error.pos, error.msg
            except (ValueError, RecursionError) as error:
                wrong = str(error)
            # A number that ends with the window may go on after it.
            complete = not wrong and end < len(self._text)
            if not complete and len(self._text) - self._at > MAX_ELEMENT:
                raise self.fault(f"at most {MAX_ELEMENT:,} characters", f"more, or damage in them ({wrong})")
            # The window doubles, lest a long element be decoded from its start too often.
            if complete or not self._more():
                self._at = end
                if wrong:
                    raise self.fault("a JSON value", wrong)
                return value

    def fault(self, expected: str, got: str | None = None) -> DataFileError:
        """What to raise for what stands here."""
        rest = self._text[self._at :]
        offset = self._bytes - len(self._decoder.getstate()[0]) - len(rest.encode())
        got = got or (repr(rest[:20]) if rest else "the end of the file")
        element = f", element {self.number}" if self.number else ""
        return DataFileError(
            f"{self._path}{element}, byte {offset}: expected {expected}, got {got}: "
            "the file is damaged, cut short, or another than was meant"
        )

    def _more(self) -> bool:
        """Whether there was more to read."""
        chunk = self._file.read(max(_CHUNK, len(self._text) - self._at))
        held = self._decoder.getstate()[0]  # bytes of a character that is not complete
        try:
            text = self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            wrong = (held + chunk)[error.start]
            raise DataFileError(
                f"{self._path}, byte {self._bytes - len(held) + error.start}: expected UTF-8, got 0x{wrong:02x}: "
                "the file is damaged, or must be converted"
            ) from None
        if not chunk:
            return False
        self._bytes += len(chunk)
        self._text, self._at = self._text[self._at :] + text, 0
        if self._advance:
            self._advance(len(chunk))
        return True
