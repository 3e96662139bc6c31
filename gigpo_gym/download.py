"""Downloads that go on where they were cut.

FILE        the bytes so far
FILE.json   what they are the beginning of: address, version and length
"""

import http.client
import json
import logging
import re
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

logger = logging.getLogger(__name__)

PAUSES_S = (1.0, 2.0, 4.0, 8.0)
"""Seconds to wait before each further attempt at a download that was cut."""

_TIMEOUT_S = 30.0
_CHUNK = 1 << 16
_PAGE = 1 << 12  # bytes of a web page that its title is looked for in


class FetchError(Exception):
    """Data that could not be fetched; the message is one line that says what to do."""


class WrongFile(FetchError):
    """What came is not what was sought, so that there is no use in keeping it."""


class _Cut(Exception):
    """The download stopped in a way that another attempt may mend."""


@dataclass(frozen=True)
class Expected:
    """What a download must be."""

    kind: str
    """What to call it."""
    beginnings: tuple[bytes, ...]
    """The bytes that a file of that kind begins with, one of them."""
    max_bytes: int
    length: int | None = None
    """Bytes of the whole, where they are known; then a digest must be too, which shows whether parts fit together."""
    remedy: str = "open the address in a browser, or name another by --url"
    """What to do where the server refuses."""


@dataclass(frozen=True)
class _Source:
    """What a part file is the beginning of."""

    url: str
    validator: str | None
    """ETag or Last-Modified: as long as it is the same, so is the file."""
    length: int | None
    """Bytes of the whole, None where the server did not say."""

    @classmethod
    def read(cls, part: Path) -> "_Source | None":
        try:
            return cls(**json.loads(notes_of(part).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, part: Path) -> None:
        notes_of(part).write_text(json.dumps(asdict(self)))  # torn, they are none, and the download starts afresh


def notes_of(part: Path) -> Path:
    """The file beside `part` that says what it is the beginning of."""
    return part.with_name(part.name + ".json")


def download(url: str, part: Path, expected: Expected, *, pauses_s: Sequence[float] = PAUSES_S) -> None:
    """Download a file to `part`, going on with what is there if the file on the server is still the same.

    Raises:
        FetchError: no http(s) address, the server refuses or sends something else, the disk is too full, or the
            connection was cut len(pauses_s) + 1 times; then what came is kept.
        WrongFile: more than `expected.max_bytes`, or more than was announced.
    """
    if not re.match("https?://[^/]", url):
        raise FetchError(f"expected an address that begins with http:// or https://, got {url!r}")
    for pause in (*pauses_s, None):
        try:
            return _download_rest(url, part, expected)
        except _Cut as cut:
            if pause is None:
                kept = part.stat().st_size if part.exists() else 0
                raise FetchError(
                    f"{url}: {cut}; given up after {len(pauses_s) + 1} attempts, with {kept:,} bytes kept in {part}: "
                    f"the same command goes on from there; otherwise {expected.remedy}"
                ) from cut
            logger.warning("%s; trying again", cut)
            time.sleep(pause)


def _download_rest(url: str, part: Path, expected: Expected) -> None:
    source = _Source.read(part)
    size = part.stat().st_size if part.exists() else 0
    if source is None or source.url != url or source.length is None or size > source.length:
        size = 0
    elif size == source.length:
        return
    headers = {"User-Agent": "gigpo-gym"}
    if size and source is not None and (source.validator is not None or expected.length is not None):
        headers |= {"Range": f"bytes={size}-"} | ({"If-Range": source.validator} if source.validator else {})
    with _open(url, headers, part, expected) as response:
        if source is not None and response.status == 206 and "Range" in headers:
            if not _goes_on(response, size, source):
                part.unlink()
                raise _Cut("the file on the server has changed since the download began")
            logger.info("going on after %.1f MB", size / 1e6)
            first = b""
        elif response.status == 200:
            size, first = 0, _beginning(response, url, expected)
            header = response.headers.get("Content-Length", "")
            announced = int(header) if re.fullmatch("[0-9]{1,18}", header) else expected.length
            if expected.length is not None and announced != expected.length:
                raise FetchError(f"{url}: expected {expected.length:,} bytes, got {announced:,}: {expected.remedy}")
            source = _Source(url, _validator(response), announced)
            # In this order, or a crash would leave old bytes beside new notes.
            part.unlink(missing_ok=True)
            source.write(part)
        else:
            raise FetchError(f"{url}: expected HTTP status 200, got {response.status}: {expected.remedy}")
        most = expected.max_bytes if source.length is None else source.length
        if most > expected.max_bytes:
            raise WrongFile(
                f"{url}: expected at most {expected.max_bytes:,} bytes, got {most:,}: name the right file by --url"
            )
        require_space(part.parent, 0 if source.length is None else source.length - size)
        with part.open("ab") as file, progress("downloading", source.length, size) as advance:
            for chunk in _chunks(first, response):
                size += len(chunk)
                if size > most:
                    raise WrongFile(f"{url}: expected at most {most:,} bytes, got more: name another address by --url")
                file.write(chunk)
                advance(len(chunk))
    if source.length is None:
        replace(source, length=size).write(part)
    elif size < source.length:
        raise _Cut(f"the connection ended after {size:,} of {source.length:,} bytes")


class _OnlyWeb(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        allowed = ("https",) if req.type == "https" else ("http", "https")
        if urlsplit(newurl).scheme not in allowed:
            fp.close()
            raise FetchError(f"{req.full_url} redirects to {newurl!r}, not to {allowed[0]}: name another by --url")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(url: str, headers: dict[str, str], part: Path, expected: Expected) -> http.client.HTTPResponse:
    opener = urllib.request.build_opener(_OnlyWeb)
    try:
        request = urllib.request.Request(url, headers=headers)
        response: http.client.HTTPResponse = opener.open(request, timeout=_TIMEOUT_S)
    except HTTPError as error:
        error.close()
        said = f"{url}: the server answered {error.code} {error.reason}"
        if error.code == 416:  # the file is shorter there than what we have of it
            part.unlink(missing_ok=True)
        if error.code in (408, 416, 429) or error.code >= 500:
            raise _Cut(said) from error
        raise FetchError(f"{said}: {expected.remedy}") from error
    except (ValueError, http.client.InvalidURL) as error:
        raise FetchError(f"{url!r}, or what it redirects to, is no address ({error})") from error
    except (OSError, http.client.HTTPException) as error:
        raise _Cut(f"no answer ({error!r})") from error
    return response


def _validator(response: http.client.HTTPResponse) -> str | None:
    tag = response.headers.get("ETag")
    # A weak tag may stay the same where bytes differ.
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")


def _goes_on(response: http.client.HTTPResponse, size: int, source: _Source) -> bool:
    """Whether these are the bytes after `size`. Servers that do not know If-Range, such as Azure's, do not ask."""
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    return (
        found is not None
        and int(found[1]) == size
        and found[2] in ("*", str(source.length))
        and _validator(response) in (None, source.validator)
    )


def _beginning(response: http.client.HTTPResponse, url: str, expected: Expected) -> bytes:
    """The first bytes, if they are of that kind: an error page must not replace the part that we have."""
    first = b""
    while len(first) < max(map(len, expected.beginnings)):
        if not (chunk := _read(response, 60)):
            raise _Cut(f"the connection ended after {len(first)} bytes")
        first += chunk
    if not first.startswith(expected.beginnings):
        got = f"{response.headers.get_content_type()} that begins {first!r}"
        page = first
        while len(page) < _PAGE and (chunk := _read(response, _PAGE)):
            page += chunk
        if title := re.search(rb"<title>([^<]*)", page):
            got = f"the page {title[1].decode(errors='replace')!r}"
        raise FetchError(f"{url}: expected {expected.kind}, got {got}: {expected.remedy}")
    return first


def _chunks(first: bytes, response: http.client.HTTPResponse) -> Iterator[bytes]:
    chunk = first or _read(response, _CHUNK)
    while chunk:
        yield chunk
        chunk = _read(response, _CHUNK)


def _read(response: http.client.HTTPResponse, most: int) -> bytes:
    try:
        return response.read1(most)  # not read(), which loses what came before a cut
    except (OSError, http.client.HTTPException) as error:
        raise _Cut(f"the connection broke ({error!r})") from error


def require_space(folder: Path, needed: int) -> None:
    """Raises FetchError unless the disk of `folder` has `needed` bytes left."""
    if (free := shutil.disk_usage(folder).free) < needed:
        raise FetchError(
            f"the disk of {folder} has {free / 1e6:,.1f} MB left and {needed / 1e6:,.1f} MB are needed: make room, or "
            "choose another --folder"
        )


@contextmanager
def progress(doing: str, total: int | None, done: int) -> Iterator[Callable[[int], None]]:
    """Show the bytes done: a bar with rate and time left on a terminal, else a line in the log for every tenth."""
    if sys.stderr.isatty():
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        with Progress(TextColumn("{task.description}"), *columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(doing, total=total, completed=done)
            yield lambda count: bar.advance(task, count)
        return
    tenth = max((total or 1_000_000_000) // 10, 1)

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if done // tenth > (done - count) // tenth:
            logger.info("%s: %.1f of %s MB", doing, done / 1e6, "?" if total is None else f"{total / 1e6:.1f}")

    yield advance
