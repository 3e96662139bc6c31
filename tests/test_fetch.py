"""`gigpo fetch`: what arrives whole is installed, whatever the connection, the server, the archive or a crash do."""

import functools
import hashlib
import http.server
import io
import json
import logging
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import gymnasium as gym
import pytest

import gigpo_gym.fetch
from gigpo_gym import cli
from gigpo_gym.datasets import ALFWORLD, WEBSHOP, Archive, File, Item, games_digest
from gigpo_gym.download import FetchError, _goes_on, _OnlyWeb, _Source, require_space
from gigpo_gym.envs.webshop.generator import generate_shop, write_shop
from gigpo_gym.envs.webshop.products import read_products
from gigpo_gym.envs.webshop.tasks import OFFICIAL_FILES
from gigpo_gym.fetch import fetch, generate

NO_PAUSES = (0.0, 0.0)

GAMES = {
    "valid_seen/pick-Mug-1/trial_2/game.tw-pddl": b'{"solvable": true, "n": 1}',
    "valid_seen/pick-Cup-3/trial_4/game.tw-pddl": b'{"solvable": true, "n": 2}',
    "train/pick-Pan-5/trial_6/game.tw-pddl": b'{"solvable": true, "n": 3}',
}
# (cd root; sha256sum valid_seen/pick-Cup-3/trial_4/game.tw-pddl valid_seen/pick-Mug-1/trial_2/game.tw-pddl) | sha256sum
DIGEST = "537bd8c2a8c786281175f929e2a498bb6e593145a85e1bd6098ea39b794e0e9d"
SMALL = Archive(
    name="json_2.1.1",
    url="http://nowhere.invalid/games.zip",
    digest=DIGEST,
    games={"train": 1, "valid_seen": 2},
)


def packed(games: dict[str, bytes], *, noise: int = 0, **changes: object) -> bytes:
    """A zip of the games, with `noise` incompressible bytes beside them and some fields of its last member changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in games.items():
            archive.writestr(f"json_2.1.1/{name}", content)
        if noise:
            blocks = (hashlib.sha256(bytes([seed % 256, seed // 256])).digest() for seed in range(noise // 32))
            archive.writestr("json_2.1.1/train/noise", b"".join(blocks))
        for name, value in changes.items():
            setattr(archive.infolist()[-1], name, value)
    return buffer.getvalue()


LISTED = json.dumps([{"number": number} for number in range(10_000)]).encode()
LIST = File("list.json", "http://nowhere.invalid/list.json", len(LISTED), hashlib.sha256(LISTED).hexdigest())
ARCHIVE = packed(GAMES, noise=100_000)
SHA256 = hashlib.sha256(ARCHIVE).hexdigest()


@dataclass
class Site:
    """A web site that holds one file, or some, and what is wrong with it."""

    content: bytes = ARCHIVE
    files: dict[str, bytes] = field(default_factory=dict)
    """What lies at these names instead."""
    etag: str | None = '"1"'
    modified: str | None = None
    knows_range: bool = True
    knows_if_range: bool = True
    length: int | None = -1
    """Content-Length of whole answers; -1 is the true one, None is none."""
    cuts: list[int] = field(default_factory=list)
    """After how many bytes the next answers are cut."""
    statuses: list[int] = field(default_factory=list)
    """With which errors the next requests are answered."""
    location: str | None = None
    """Where /moved redirects to."""
    kind: str = "application/zip"
    before_answer: Callable[[], object] = lambda: None
    before_cut: Callable[[], object] = lambda: None
    requests: list[Message] = field(default_factory=list)
    url: str = ""

    @property
    def ranges(self) -> list[str | None]:
        return [request["Range"] for request in self.requests]


class Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, site: Site, *arguments: object) -> None:
        self.site = site
        super().__init__(*arguments)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        with suppress(ConnectionError):  # the client may hang up
            self.answer()

    def answer(self) -> None:
        site = self.site
        if self.path == "/moved" and site.location is not None:
            self.send_response(302)
            self.send_header("Location", site.location)
            return self.end_headers()
        site.requests.append(self.headers)
        site.before_answer()
        content = site.files.get(self.path.rpartition("/")[2], site.content)
        if site.statuses:
            return self.send_error(site.statuses.pop(0))
        start, wanted = 0, self.headers["Range"]
        validator = site.etag or site.modified
        if wanted and site.knows_range and (not site.knows_if_range or self.headers["If-Range"] == validator):
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])  # type: ignore[index]
            if start >= len(content):
                return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", site.kind)
        if site.etag:
            self.send_header("ETag", site.etag)
        if site.modified:
            self.send_header("Last-Modified", site.modified)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - start))
        elif site.length is not None:
            self.send_header("Content-Length", str(len(content) if site.length < 0 else site.length))
        self.end_headers()
        cut = site.cuts.pop(0) if site.cuts else None
        self.wfile.write(content[start:][:cut])
        if cut is not None:
            site.before_cut()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = False  # so that closing the server waits for them


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr("os.fsync", lambda _: None)  # it would take half of the tests' time
    site = Site()
    with Server(("127.0.0.1", 0), functools.partial(Handler, site)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        site.url = f"http://127.0.0.1:{server.server_port}/games.zip"
        yield site
        server.shutdown()
        thread.join()


def get(site: Site, folder: Path, item: Item = SMALL, **options: object) -> Path:
    return fetch(item, folder, **({"url": site.url, "pauses_s": NO_PAUSES} | options))  # type: ignore[arg-type]


def games_in(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("game.tw-pddl")}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".fetch.lock"}


def assert_installed(folder: Path) -> None:
    assert games_in(folder / "json_2.1.1") == GAMES
    assert names(folder) == {"json_2.1.1"}


def write(root: Path, games: dict[str, bytes]) -> Path:
    for name, content in games.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


# ------------------------------------------------------------------- digest


def test_the_digest_is_that_of_sha256sum_and_knows_only_the_games_that_are_played(tmp_path: Path) -> None:
    root = write(tmp_path / "movable", GAMES)  # the name of the folder itself does not matter
    assert games_digest(root) == DIGEST
    write(
        root,
        {
            "valid_seen/pick-movable-1/trial_2/game.tw-pddl": b'{"solvable": true}',
            "valid_seen/pick-AppleSliced-1/trial_2/game.tw-pddl": b'{"solvable": true}',
            "valid_seen/pick-Mug-1/trial_3/game.tw-pddl": b'{"solvable": false}',
            "valid_seen/pick-Mug-1/trial_4/game.tw-pddl": b"{}",
            "valid_seen/pick-Mug-1/trial_5/game.tw-pddl": b"not json",
            "valid_seen/pick-Mug-1/trial_6/game.tw-pddl": b"[" * 100_000,
            "valid_seen/pick-Mug-1/trial_2/traj_data.json": b"{}",
            "valid_unseen/pick-Mug-1/trial_2/game.tw-pddl": b'{"solvable": true}',
        },
    )
    assert games_digest(root) == DIGEST


@pytest.mark.parametrize("change", ["bytes", "name", "fewer", "more"])
def test_the_digest_changes_with_any_game(tmp_path: Path, change: str) -> None:
    first, *others = GAMES
    changed = {
        "bytes": GAMES | {first: GAMES[first] + b" "},
        "name": {f"{first.replace('Mug', 'Jug')}": GAMES[first]} | {name: GAMES[name] for name in others},
        "fewer": {name: GAMES[name] for name in others},
        "more": GAMES | {"valid_seen/x/y/game.tw-pddl": GAMES[first]},
    }[change]
    assert games_digest(write(tmp_path, changed)) != DIGEST


@pytest.mark.skipif("GIGPO_DATA" not in os.environ, reason="needs ALFWorld's games in GIGPO_DATA/alfworld")
def test_the_official_games_are_recognised(site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    real = Path(os.environ["GIGPO_DATA"]) / "alfworld" / "json_2.1.1"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.mkdir("json_2.1.1")
        for path in real.glob("valid_seen/*/*/game.tw-pddl"):
            archive.write(path, path.relative_to(real.parent))
    site.content, site.cuts = buffer.getvalue(), [1_000_000]
    get(site, tmp_path / "new", ALFWORLD)
    assert len(site.requests) == 2
    assert len(games_in(tmp_path / "new" / "json_2.1.1")) >= 140
    assert "train: the release has 3553 games, here are 0" in caplog.text
    assert "valid_seen: the release" not in caplog.text


# ----------------------------------------------------------------- download


def test_the_archive_is_installed_and_a_second_call_asks_for_nothing(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    folder = tmp_path / "not" / "yet"
    assert get(site, folder) == folder / "json_2.1.1"
    assert_installed(folder)
    assert f"installed in {folder / 'json_2.1.1'}" in caplog.text
    assert "downloading: 0.1 of 0.1 MB" in caplog.text
    assert "unpacking: 0.1 of 0.1 MB" in caplog.text

    (folder / ".fetch.lock").unlink()
    folder.chmod(0o555)  # what is there may lie on a disk that cannot be written
    try:
        get(site, folder)
    finally:
        folder.chmod(0o755)
    assert not (folder / ".fetch.lock").exists()
    assert f"already in {folder / 'json_2.1.1'}" in caplog.text
    assert len(site.requests) == 1
    assert "the release has" not in caplog.text


def test_on_a_terminal_there_is_a_bar(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    get(site, tmp_path)
    assert "downloading" in terminal.getvalue()
    assert "{0:.1f}/{0:.1f} kB".format(len(ARCHIVE) / 1000) in terminal.getvalue()


@pytest.mark.parametrize("cuts", [[50_000], [1, 99_000], [0, 70_000]], ids=str)
@pytest.mark.parametrize("modified", [None, "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_cut_connection_is_taken_up_where_it_broke(
    site: Site, tmp_path: Path, cuts: list[int], modified: str | None
) -> None:
    site.cuts = cuts[:]
    if modified:
        site.etag, site.modified = None, modified
    get(site, tmp_path)
    assert_installed(tmp_path)
    # Fewer than the four bytes that show a zip are not worth keeping.
    reached = [sum(cuts[:n]) if sum(cuts[:n]) >= 4 else 0 for n in range(len(cuts) + 1)]
    if cuts == [1, 99_000]:
        reached = [0, 0, 99_000]
    assert site.ranges == [f"bytes={n}-" if n else None for n in reached]
    assert {request["If-Range"] for request in site.requests if request["Range"]} == {modified or '"1"'}


def test_after_too_many_cuts_the_same_command_goes_on(site: Site, tmp_path: Path) -> None:
    site.cuts = [10_000] * 3
    with pytest.raises(FetchError, match=r"ended after 30,000 of .* after 3 attempts.*same command goes on.*by --url"):
        get(site, tmp_path)
    assert names(tmp_path) == {"json_2.1.1.part", "json_2.1.1.part.json"}
    assert (tmp_path / "json_2.1.1.part").read_bytes() == ARCHIVE[:30_000]
    get(site, tmp_path)
    assert site.ranges[3:] == ["bytes=30000-"]
    assert_installed(tmp_path)


@pytest.mark.parametrize("knows_if_range", [True, False])
def test_a_file_that_changed_on_the_server_starts_afresh(site: Site, tmp_path: Path, knows_if_range: bool) -> None:
    newer, site.content = ARCHIVE, ARCHIVE[:4] + bytes(len(ARCHIVE) - 4)
    site.cuts, site.knows_if_range = [50_000], knows_if_range
    with pytest.raises(FetchError, match="given up after 1 attempts"):
        get(site, tmp_path, pauses_s=())
    site.content, site.etag = newer, '"2"'
    get(site, tmp_path, sha256=SHA256)
    assert site.ranges == [None, "bytes=50000-", None][: 2 if knows_if_range else 3]
    assert_installed(tmp_path)


def test_a_file_that_became_shorter_than_the_part_starts_afresh(site: Site, tmp_path: Path) -> None:
    site.cuts, site.knows_if_range = [50_000], False
    with pytest.raises(FetchError):
        get(site, tmp_path, pauses_s=())
    site.content, site.etag = packed(GAMES), '"2"'
    get(site, tmp_path)
    assert site.ranges == [None, "bytes=50000-", None]
    assert_installed(tmp_path)


def test_a_connection_that_stalls_is_taken_up_where_it_did(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("gigpo_gym.download._TIMEOUT_S", 0.3)
    over = threading.Event()
    site.cuts, site.before_cut = [50_000], lambda: over.wait(60)
    try:
        get(site, tmp_path)
    finally:
        over.set()
    assert "the connection broke (TimeoutError" in caplog.text
    assert site.ranges == [None, "bytes=50000-"]
    assert_installed(tmp_path)


def test_another_address_starts_afresh(site: Site, tmp_path: Path) -> None:
    site.cuts = [50_000]
    with pytest.raises(FetchError):
        get(site, tmp_path, pauses_s=())
    get(site, tmp_path, url=site.url + "?mirror", sha256=SHA256)  # bytes before a zip would be no harm otherwise
    assert site.ranges == [None, None]
    assert_installed(tmp_path)


@pytest.mark.parametrize("lack", ["ranges", "validators", "strong"])
def test_a_server_that_cannot_go_on_starts_afresh(site: Site, tmp_path: Path, lack: str) -> None:
    site.cuts = [50_000]
    site.knows_range = lack != "ranges"
    site.etag = {"ranges": '"1"', "validators": None, "strong": 'W/"1"'}[lack]
    get(site, tmp_path, sha256=SHA256)
    assert site.ranges == [None, "bytes=50000-" if lack == "ranges" else None]
    assert_installed(tmp_path)


@pytest.mark.parametrize("force", [False, True])
def test_a_whole_download_is_downloaded_again_by_force_only(
    site: Site, tmp_path: Path, force: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr("gigpo_gym.datasets.unpack", lambda *_: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            get(site, tmp_path)
    get(site, tmp_path, force=force)
    assert len(site.requests) == 1 + force
    assert_installed(tmp_path)


def test_a_length_is_not_needed_but_believed(site: Site, tmp_path: Path) -> None:
    site.length = None
    get(site, tmp_path / "without")
    assert_installed(tmp_path / "without")

    site.cuts = [50_000]
    with pytest.raises(FetchError, match="damaged or no zip"):
        get(site, tmp_path / "cut")
    assert names(tmp_path / "cut") == set()

    site.length = len(ARCHIVE) + 1
    with pytest.raises(FetchError, match=f"answered 416|ended after {len(ARCHIVE):,} of {len(ARCHIVE) + 1:,} bytes"):
        get(site, tmp_path / "more")

    site.length = len(ARCHIVE) - 1
    with pytest.raises(FetchError, match="damaged or no zip"):
        get(site, tmp_path / "less")
    assert names(tmp_path / "less") == set()


@pytest.mark.parametrize(
    ("content_range", "goes_on"),
    [
        ("bytes 5-9/10", True),
        ("bytes 5-9/*", True),
        ("bytes 4-9/10", False),
        ("bytes 5-9/11", False),
        ("bytes */10", False),
        ("", False),
    ],
)
def test_only_the_rest_of_the_same_file_is_appended(content_range: str, goes_on: bool) -> None:
    response = SimpleNamespace(headers={"Content-Range": content_range, "ETag": '"1"'})
    assert _goes_on(response, 5, _Source("http://x/", '"1"', 10)) == goes_on  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_refusal_is_final(site: Site, tmp_path: Path, status: int) -> None:
    site.statuses = [status]
    with pytest.raises(FetchError, match=rf"answered {status} .*--url"):
        get(site, tmp_path)
    assert len(site.requests) == 1
    assert names(tmp_path) == set()


def test_an_overloaded_server_is_asked_again(site: Site, tmp_path: Path) -> None:
    site.statuses = [503, 429]
    get(site, tmp_path)
    assert_installed(tmp_path)


def test_a_page_instead_of_the_file_says_so_and_leaves_the_part(site: Site, tmp_path: Path) -> None:
    site.cuts = [50_000]
    with pytest.raises(FetchError):
        get(site, tmp_path, pauses_s=())
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    site.content, site.kind, site.etag = b"<html>\nPlease log in" * 1000, "text/html", None
    with pytest.raises(FetchError, match=r"expected a zip archive, got text/html that begins b'<html>\\nPlease"):
        get(site, tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before
    site.content, site.kind, site.etag = ARCHIVE, "application/zip", '"1"'
    get(site, tmp_path)
    assert site.ranges[-1] == "bytes=50000-"
    assert_installed(tmp_path)


def test_redirects_are_followed_with_the_range(site: Site, tmp_path: Path) -> None:
    site.cuts, site.location = [50_000], site.url
    get(site, tmp_path, url=site.url.replace("games.zip", "moved"))
    assert site.ranges == [None, "bytes=50000-"]
    assert_installed(tmp_path)


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("ftp://127.0.0.1/games.zip", "redirects to 'ftp:"),
        ("file:///etc/passwd", "answered 302"),
        ("http://[", "is no address"),
        ("/moved", "answered 302"),
    ],
)
def test_redirects_elsewhere_are_refused(site: Site, tmp_path: Path, location: str, message: str) -> None:
    site.location = location
    with pytest.raises(FetchError, match=message):
        get(site, tmp_path, url=site.url.replace("games.zip", "moved"))
    assert site.requests == []


def test_a_safe_address_does_not_redirect_to_an_unsafe_one() -> None:
    handler, request = _OnlyWeb(), urllib.request.Request("https://a/x")
    with pytest.raises(FetchError, match="redirects to 'http://b/x', not to https"):
        handler.redirect_request(request, io.BytesIO(), 302, "Found", Message(), "http://b/x")
    assert (
        handler.redirect_request(request, io.BytesIO(), 302, "Found", Message(), "https://b/x").full_url
        == "https://b/x"
    )


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/games.zip", "games.zip", "http:///games.zip"])
def test_only_web_addresses_are_taken(tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError, match="expected an address that begins with http"):
        fetch(SMALL, tmp_path, url=url)


@pytest.mark.parametrize("url", ["http://[::1/x", "http://host:port/x", "http://host/a b", "http://host/\u00e9"])
def test_an_impossible_address_is_not_tried_twice(
    tmp_path: Path, url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(FetchError, match="is no address"):
        fetch(SMALL, tmp_path, url=url, pauses_s=NO_PAUSES)
    assert "trying again" not in caplog.text


def test_without_a_server_there_are_several_attempts(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Server(("127.0.0.1", 0), Handler) as server:  # type: ignore[arg-type]
        port = server.server_port
    with pytest.raises(FetchError, match=r"no answer .*ConnectionRefused.*3 attempts"):
        get(site, tmp_path, url=f"http://127.0.0.1:{port}/games.zip")
    assert caplog.text.count("trying again") == 2


@pytest.mark.parametrize("length", [-1, None])
def test_too_large_a_file_is_refused(site: Site, tmp_path: Path, length: int | None) -> None:
    site.length = length
    with pytest.raises(FetchError, match="expected at most 50,000 bytes, got"):
        get(site, tmp_path, replace(SMALL, max_bytes=50_000))
    assert names(tmp_path) == set()


@pytest.mark.parametrize("free", [50_000, 150_000])
def test_a_disk_too_full_is_noticed_before_it_is_written(
    site: Site, tmp_path: Path, free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_space(tmp_path, 1)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free - tree_size(tmp_path)}))
    with pytest.raises(FetchError, match=r"MB left and .* MB are needed: make room"):
        get(site, tmp_path)
    whole = free > len(ARCHIVE)
    assert tree_size(tmp_path / "json_2.1.1.part") == (len(ARCHIVE) if whole else 0)
    monkeypatch.undo()
    monkeypatch.setenv("no_proxy", "*")
    get(site, tmp_path)
    assert len(site.requests) == (1 if whole else 2)


def tree_size(path: Path) -> int:
    return sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file())


# ------------------------------------------------------------------ archive


def test_a_checksum_is_compared_where_it_is_given(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="64 hexadecimal digits, got 'abc'"):
        get(site, tmp_path, sha256="abc")
    with pytest.raises(FetchError, match=f"expected {'0' * 64}, got {SHA256}"):
        get(site, tmp_path, sha256="0" * 64)
    assert names(tmp_path) == set()
    get(site, tmp_path, sha256=SHA256.upper())
    assert_installed(tmp_path)


def test_a_flipped_byte_is_noticed_or_changes_nothing(site: Site, tmp_path: Path) -> None:
    whole = packed(GAMES)
    noticed = 0
    for n in range(4, len(whole), 3):
        site.content = whole[:n] + bytes([whole[n] ^ 0x55]) + whole[n + 1 :]
        folder = tmp_path / str(n)
        try:
            get(site, folder)
        except FetchError:
            assert names(folder) == set()
            noticed += 1
        else:
            assert_installed(folder)
    assert noticed > len(whole) / 6


@pytest.mark.parametrize(
    "games", [{}, {"valid_seen/x/y/game.tw-pddl": b'{"solvable": true}'}, GAMES | {next(iter(GAMES)): b"{}"}]
)
def test_another_archive_is_refused(site: Site, tmp_path: Path, games: dict[str, bytes]) -> None:
    site.content = packed(games | {"README": b""})
    with pytest.raises(FetchError, match=f"not the official one .*expected {DIGEST}"):
        get(site, tmp_path)
    assert names(tmp_path) == set()


HARMFUL = {
    "absolute": {"orig_filename": "/etc/x"},
    "parent": {"orig_filename": "json_2.1.1/../../x"},
    "this folder": {"orig_filename": "json_2.1.1/./x"},
    "empty": {"orig_filename": "json_2.1.1//x"},
    "backslash": {"orig_filename": "json_2.1.1\\..\\x"},
    "backslash below": {"orig_filename": "json_2.1.1/..\\x"},
    "drive": {"orig_filename": "C:/json_2.1.1/x"},
    "drive below": {"orig_filename": "json_2.1.1/C:/x"},
    "nul": {"orig_filename": "json_2.1.1/x\0y"},
    "outside": {"orig_filename": "logic/x"},
    "twice": {"orig_filename": f"json_2.1.1/{next(iter(GAMES))}"},
    "file and folder": {"orig_filename": f"json_2.1.1/{next(iter(GAMES))}/"},
    "below a file": {"orig_filename": f"json_2.1.1/{next(iter(GAMES))}/x"},
    "long": {"orig_filename": "json_2.1.1/" + "x" * 256},
    "long in UTF-8": {"orig_filename": "json_2.1.1/" + "é" * 128},
    "deep": {"orig_filename": "json_2.1.1/" + "folder/" * 150},
    "link": {"external_attr": (stat.S_IFLNK | 0o777) << 16},
    "device": {"external_attr": (stat.S_IFBLK | 0o777) << 16},
    "bomb": {"file_size": 2_000_000_000},
    "encrypted": {"flag_bits": 1},
    "lzma": {"compress_type": zipfile.ZIP_LZMA},
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_a_harmful_archive_is_refused_before_anything_is_unpacked(
    site: Site, tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: dict[str, object] = {**HARMFUL[harm]}
    if "orig_filename" in changes:  # what is written is `filename`
        changes = {"filename": changes["orig_filename"]}
    site.content = packed(GAMES | {"last": b"x"}, **changes)
    unpacked = []
    monkeypatch.setattr("gigpo_gym.unpack._unpack_member", lambda *arguments: unpacked.append(arguments))
    with pytest.raises(FetchError, match=r"expected (plain|names|files and|each path once|at most|members)"):
        get(site, tmp_path, replace(SMALL, max_bytes=1_000_000_000))
    assert unpacked == []
    assert names(tmp_path) == set()


def test_an_archive_of_too_many_files_is_refused(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gigpo_gym.unpack._MOST_MEMBERS", 3)
    with pytest.raises(FetchError, match=r"unsafe archive: expected at most .* in 3 files, got .* in 4"):
        get(site, tmp_path)
    assert names(tmp_path) == set()


def test_folders_and_unix_files_in_an_archive_are_no_harm(site: Site, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.mkdir("json_2.1.1")
        archive.mkdir("json_2.1.1/train")
        for name, content in GAMES.items():
            member = zipfile.ZipInfo(f"json_2.1.1/{name}")
            member.external_attr = (stat.S_IFREG | stat.S_ISUID | 0o4000) << 16
            archive.writestr(member, content)
    site.content = buffer.getvalue()
    get(site, tmp_path)
    assert_installed(tmp_path)
    assert all(path.stat().st_mode & 0o7600 == 0o600 for path in tmp_path.rglob("game.tw-pddl"))


@pytest.mark.parametrize("more", [1, -1])
def test_a_member_has_the_length_that_it_says(site: Site, tmp_path: Path, more: int) -> None:
    site.content = packed(GAMES | {"last": b"x" * 100}, file_size=100 + more)
    with pytest.raises(FetchError, match="is damaged"):
        get(site, tmp_path)
    assert names(tmp_path) == set()


# -------------------------------------------------------------- destination


def test_what_else_is_there_is_refused_and_replaced_by_force(site: Site, tmp_path: Path) -> None:
    mine = write(tmp_path / "json_2.1.1", {"mine": b"mine"})
    with pytest.raises(FetchError, match=r"json_2\.1\.1 holds something else .*--force"):
        get(site, tmp_path)
    site.statuses = [404]
    with pytest.raises(FetchError, match="404"):
        get(site, tmp_path, force=True)
    assert site.ranges == [None]
    assert (mine / "mine").read_bytes() == b"mine"
    get(site, tmp_path, force=True)
    assert not (mine / "mine").exists()
    assert_installed(tmp_path)


@pytest.mark.parametrize("kind", ["file", "link", "broken link", "empty folder"])
def test_whatever_lies_there_is_replaced_by_force_only(site: Site, tmp_path: Path, kind: str) -> None:
    root, elsewhere = tmp_path / "data" / "json_2.1.1", tmp_path / "elsewhere"
    root.parent.mkdir()
    if kind == "file":
        root.write_text("mine")
    elif kind == "empty folder":
        root.mkdir()
    else:
        root.symlink_to(elsewhere)
        if kind == "link":
            write(elsewhere, {"mine": b"mine"})
    with pytest.raises(FetchError, match="holds something else"):
        get(site, root.parent)
    get(site, root.parent, force=True)
    assert_installed(root.parent)
    if kind == "link":
        assert (elsewhere / "mine").read_bytes() == b"mine"


def test_a_rename_that_fails_puts_back_what_was_there(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "json_2.1.1", {"mine": b"mine"})
    rename = os.rename

    def fail(old: Path, new: Path) -> None:
        if old.parent.name == ".json_2.1.1.unpacking":
            raise OSError("the disk broke")
        rename(old, new)

    monkeypatch.setattr("os.rename", fail)
    with pytest.raises(OSError, match="the disk broke"):
        get(site, tmp_path, force=True)
    assert (tmp_path / "json_2.1.1" / "mine").read_bytes() == b"mine"


def test_data_with_fewer_games_is_named(site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        get(site, tmp_path, replace(SMALL, games={"valid_seen": 2, "train": 7}))
        assert "train: the release has 7 games, here are 1; --force downloads anew" in caplog.text
        assert "valid_seen" not in caplog.text
        caplog.clear()
    get(site, tmp_path, force=True)
    assert len(site.requests) == 2


CRASHES = """
import json, os, shutil, sys
from pathlib import Path
from gigpo_gym import datasets
from gigpo_gym.fetch import FetchError, fetch

os.fsync = lambda _: None  # a process that dies loses nothing of what it wrote
kind, fields, url, folder, force = sys.argv[1:]
item, folder, force = getattr(datasets, kind)(**json.loads(fields)), Path(folder), force == "force"
root = folder / item.name

def is_there():
    return item.digest_of(root) == item.digest and len(list(root.rglob("*"))) == COUNT

fetch(item, folder, url=url)
COUNT = len(list(root.rglob("*")))
number = 0
while True:
    shutil.rmtree(folder)
    if force:
        root.mkdir(parents=True)
        (root / "mine").touch()
    if (child := os.fork()) == 0:
        left = number

        def crash(event, arguments):
            global left
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir") and str(folder) in str(arguments[0]):
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(crash)
        fetch(item, folder, url=url, force=force)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    old = [place for place in (root, folder / f".{root.name}.replaced") if (place / "mine").exists()]
    assert is_there() or (old if force else not root.exists()), (number, os.listdir(folder))
    if status == 0:
        break
    assert os.waitstatus_to_exitcode(status) == 9
    try:
        fetch(item, folder, url="http://127.0.0.1:1/", pauses_s=())
        assert is_there()
    except FetchError:
        assert not force or [path.name for path in root.iterdir()] == ["mine"]
    fetch(item, folder, url=url, force=force)
    assert is_there(), number
    assert {path.name for path in folder.iterdir()} == {root.name, ".fetch.lock"}, number
    number += 1
print(number)
"""


@pytest.mark.parametrize("force", ["fresh", "force"])
@pytest.mark.parametrize("kind", ["Archive", "File"])
def test_a_crash_at_any_moment_leaves_the_old_or_the_new_and_the_next_call_mends_it(
    site: Site, tmp_path: Path, kind: str, force: str
) -> None:
    item, site.content = (SMALL, packed(GAMES)) if kind == "Archive" else (LIST, LISTED)
    arguments = [kind, json.dumps(vars(item)), site.url, str(tmp_path / "data"), force]
    done = subprocess.run([sys.executable, "-c", CRASHES, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > (30 if kind == "Archive" else 5)  # so many moments


INTERRUPTED = """
import json, sys
from gigpo_gym import fetch
fetch.ALFWORLD = fetch.Archive(**json.loads(sys.argv[1]))
fetch.main(["alfworld", "--url", sys.argv[2], "--folder", sys.argv[3]])
"""


def test_ctrl_c_keeps_what_came(site: Site, tmp_path: Path) -> None:
    interrupted = threading.Event()
    site.cuts, site.before_cut = [50_000], interrupted.wait
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, json.dumps(vars(SMALL)), site.url, str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while not tree_size(tmp_path / "json_2.1.1.part"):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    finally:
        interrupted.set()
        process.kill()
    assert process.returncode == 130
    assert errors.endswith("interrupted: the same command goes on\n")
    assert "Traceback" not in errors
    size = tree_size(tmp_path / "json_2.1.1.part")
    assert size > 1000
    get(site, tmp_path)
    assert site.ranges == [None, f"bytes={size}-"]
    assert_installed(tmp_path)


def test_of_two_fetches_at_once_one_waits_for_the_other(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    waits = threading.Event()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage().startswith("waiting for another fetch"):
                waits.set()

    site.before_answer = lambda: waits.wait(60)
    listener = Listener()
    logging.getLogger("gigpo_gym.fetch").addHandler(listener)
    try:
        with ThreadPoolExecutor(2) as pool:
            roots = [future.result() for future in [pool.submit(get, site, tmp_path) for _ in range(2)]]
    finally:
        logging.getLogger("gigpo_gym.fetch").removeHandler(listener)
    assert roots == [tmp_path / "json_2.1.1"] * 2
    assert waits.is_set()
    assert len(site.requests) == 1
    assert_installed(tmp_path)


# --------------------------------------------------------------------- file


def assert_listed(folder: Path) -> None:
    assert (folder / "list.json").read_bytes() == LISTED
    assert names(folder) == {"list.json"}


@pytest.fixture
def list_site(site: Site) -> Site:
    site.content, site.kind, site.url = LISTED, "application/octet-stream", site.url.replace("games.zip", "list.json")
    return site


def test_a_file_is_installed_and_a_second_call_asks_for_nothing(
    list_site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for said in ("installed in", "already in"):
        assert get(list_site, tmp_path, LIST) == tmp_path / "list.json"
        assert f"{said} {tmp_path / 'list.json'}" in caplog.text
    assert_listed(tmp_path)
    assert "verifying: 0.2 of 0.2 MB" in caplog.text
    assert len(list_site.requests) == 1


@pytest.mark.parametrize("validator", ['"1"', None])
@pytest.mark.parametrize("length", [-1, None])
def test_a_file_is_taken_up_where_it_broke(
    list_site: Site, tmp_path: Path, validator: str | None, length: int | None
) -> None:
    list_site.etag, list_site.length, list_site.cuts = validator, length, [50_000, 0, 70_000]
    get(list_site, tmp_path, LIST, pauses_s=(0.0,) * 3)
    assert list_site.ranges == [None, "bytes=50000-", "bytes=50000-", "bytes=120000-"]
    assert [request["If-Range"] for request in list_site.requests[1:]] == [validator] * 3
    assert_listed(tmp_path)


def test_parts_of_different_files_are_noticed(list_site: Site, tmp_path: Path) -> None:
    list_site.etag, list_site.cuts, list_site.content = None, [50_000], b"[" + LISTED[1:].replace(b"1", b"2")
    with pytest.raises(FetchError, match="given up"):
        get(list_site, tmp_path, LIST, pauses_s=())
    list_site.content = LISTED
    with pytest.raises(FetchError, match=r"list.json is not the official one .* \(the download is deleted\)"):
        get(list_site, tmp_path, LIST)
    get(list_site, tmp_path, LIST)
    assert list_site.ranges == [None, "bytes=50000-", None]
    assert_listed(tmp_path)


@pytest.mark.parametrize("n", [1, 100_000, len(LISTED) - 1])
def test_a_corrupted_file_is_refused(list_site: Site, tmp_path: Path, n: int) -> None:
    list_site.content = LISTED[:n] + bytes([LISTED[n] ^ 1]) + LISTED[n + 1 :]
    found = hashlib.sha256(list_site.content).hexdigest()
    with pytest.raises(FetchError, match=rf"\(SHA-256: expected {LIST.digest}, got {found}\)"):
        get(list_site, tmp_path, LIST)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("content", [LISTED + b" ", LISTED[:-1], LISTED[:100], b"[]"])
def test_a_file_of_another_length_is_refused_before_it_is_downloaded(
    list_site: Site, tmp_path: Path, content: bytes
) -> None:
    list_site.cuts = [50_000]
    with pytest.raises(FetchError):
        get(list_site, tmp_path, LIST, pauses_s=())
    list_site.content, list_site.etag = content, '"2"'
    with pytest.raises(FetchError, match=f"expected {len(LISTED):,} bytes, got {len(content):,}: try again"):
        get(list_site, tmp_path, LIST)
    assert (tmp_path / "list.json.part").read_bytes() == LISTED[:50_000]


@pytest.mark.parametrize("content", [LISTED + b" ", LISTED[:-1]])
def test_a_file_of_another_length_that_is_not_announced_is_refused(
    list_site: Site, tmp_path: Path, content: bytes
) -> None:
    list_site.content, list_site.length = content, None
    with pytest.raises(FetchError, match=r"got more|answered 416|given up after 3 attempts"):
        get(list_site, tmp_path, LIST)
    assert not (tmp_path / "list.json").exists()
    list_site.content = LISTED
    get(list_site, tmp_path, LIST)
    assert_listed(tmp_path)


QUOTA = b"<!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title></head><body>" + b"Too many " * 9000


def test_a_page_instead_of_a_file_is_named_with_what_to_do(list_site: Site, tmp_path: Path) -> None:
    list_site.cuts = [50_000]
    with pytest.raises(FetchError):
        get(list_site, tmp_path, LIST, pauses_s=())
    list_site.content, list_site.kind, list_site.etag = QUOTA, "text/html", None
    message = (
        f"{list_site.url}: expected JSON, got the page 'Google Drive - Quota exceeded': try again in a day if too many "
        f"have downloaded it, save it as {tmp_path / 'list.json'} with a browser, or name a folder that has a copy by "
        "--url"
    )
    with pytest.raises(FetchError, match=f"^{re.escape(message)}$"):
        get(list_site, tmp_path, LIST)
    assert (tmp_path / "list.json.part").read_bytes() == LISTED[:50_000]
    list_site.statuses = [403]
    with pytest.raises(FetchError, match=r"answered 403 .*: try again in a day"):
        get(list_site, tmp_path, LIST)
    (tmp_path / "list.json").write_bytes(LISTED)  # as the message says
    get(list_site, tmp_path, LIST)
    assert_listed(tmp_path)


@pytest.mark.parametrize("kind", ["file", "folder", "broken link"])
def test_what_else_lies_where_a_file_goes_is_replaced_by_force_only(list_site: Site, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "list.json"
    if kind == "file":
        path.write_bytes(LISTED[:-1])
    elif kind == "folder":
        write(path, {"mine": b"mine"})
    else:
        path.symlink_to("nowhere")
    with pytest.raises(FetchError, match=r"list.json holds something else \(SHA-256: expected .*--force"):
        get(list_site, tmp_path, LIST)
    list_site.statuses = [404]
    with pytest.raises(FetchError, match="404"):
        get(list_site, tmp_path, LIST, force=True)
    assert os.path.lexists(path)
    assert list_site.ranges == [None]
    get(list_site, tmp_path, LIST, force=True)
    assert_listed(tmp_path)


# ------------------------------------------------------------------ webshop


def played(line: str, split: str = "all") -> gym.Env[str, str]:
    """The environment that a line of the log makes, after a few steps."""
    env: gym.Env[str, str] = eval(line.replace("WebShop-v0'", f"WebShop-v0', split={split!r}"), {"gym": gym})
    _, info = env.reset(seed=0)
    assert info["admissible_actions"] == ["search[<query>]"]
    observation, *_ = env.step(f"search[{info['task']}]")
    assert "Page 1 (Total results:" in observation
    return env


@pytest.fixture
def shop_site(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site with a small shop for WebShop's files, which are expected to be these."""
    for size, official in ((40, OFFICIAL_FILES["small"]), (60, OFFICIAL_FILES["all"])):
        written = write_shop(tmp_path / "site", generate_shop(0, size))
        site.files |= {name: path.read_bytes() for name, path in zip(official, written, strict=True)}
    items = {
        name: File(name, WEBSHOP[name].url, len(content), hashlib.sha256(content).hexdigest())
        for name, content in site.files.items()
    }
    monkeypatch.setattr("gigpo_gym.fetch.WEBSHOP", items)
    site.url = site.url.replace("/games.zip", "")
    return site


@pytest.mark.parametrize("size", ["small", "all"])
@pytest.mark.parametrize("place", ["set", "XDG", "home", "--folder"])
def test_gigpo_fetch_webshop_installs_where_webshop_looks(
    shop_site: Site,
    tmp_path: Path,
    size: str,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("WEBSHOP_DATA", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    arguments = ["webshop", "--url", f"{shop_site.url}/", *["--all"] * (size == "all")]
    folder = tmp_path / ".cache" / "gigpo-gym" / "webshop" / "data"
    if place == "set":
        monkeypatch.setenv("WEBSHOP_DATA", "~/set")
        folder = tmp_path / "set"
    elif place == "XDG":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        folder = tmp_path / "xdg" / "gigpo-gym" / "webshop" / "data"
    elif place == "--folder":
        folder = tmp_path / "its own"
        arguments += ["--folder", str(folder)]
    monkeypatch.setattr(sys, "argv", ["gigpo", "fetch", *arguments])
    cli.main()
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".fetch.lock"} == {
        name: shop_site.files[name] for name in OFFICIAL_FILES[size]
    }
    cli.main()
    assert len(shop_site.requests) == 3
    assert played(caplog.messages[-1]).spec.kwargs["products"] == str(folder / OFFICIAL_FILES[size][0])  # type: ignore[union-attr]


def test_a_file_of_webshop_that_fails_leaves_the_others(shop_site: Site, tmp_path: Path) -> None:
    products, attributes, human = OFFICIAL_FILES["small"]
    right, shop_site.files[attributes] = shop_site.files[attributes], QUOTA
    command = ["webshop", "--url", shop_site.url, "--folder", str(tmp_path / "data")]
    with pytest.raises(SystemExit, match=f"^error: {shop_site.url}/{attributes}: expected JSON, got the page"):
        gigpo_gym.fetch.main(command)
    assert names(tmp_path / "data") == {products}
    shop_site.files[attributes] = right
    gigpo_gym.fetch.main(command)
    assert names(tmp_path / "data") == {products, attributes, human}
    assert len(shop_site.requests) == 4


def test_the_files_of_webshop_are_known() -> None:
    assert {*WEBSHOP} == {name for names in OFFICIAL_FILES.values() for name in names}
    assert len({(file.url, file.digest) for file in WEBSHOP.values()}) == 5
    assert all(file.name == name and re.fullmatch("[0-9a-f]{64}", file.digest) for name, file in WEBSHOP.items())


@pytest.mark.skipif("GIGPO_DATA" not in os.environ, reason="needs WebShop's files in GIGPO_DATA/webshop")
def test_an_official_file_of_webshop_is_recognised(site: Site, tmp_path: Path) -> None:
    item = WEBSHOP["items_ins_v2_1000.json"]
    site.content = (Path(os.environ["GIGPO_DATA"]) / "webshop" / item.name).read_bytes()
    site.cuts = [100_000]
    get(site, tmp_path, item)
    assert names(tmp_path) == {item.name}


# ---------------------------------------------------------------- generated


def test_a_generated_shop_is_written_and_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["gigpo", "fetch", "webshop", "--generate", "50", "~/new/shop", "--seed", "3"])
    cli.main()
    files = [tmp_path / "new" / "shop" / name for name in ("items_shuffle_50.json", "items_ins_v2_50.json")]
    files.append(tmp_path / "new" / "shop" / "items_human_ins.json")
    assert {*files[0].parent.iterdir()} == {*files}
    assert [product.asin for product in read_products(*files)] == [item["asin"] for item in generate_shop(3, 50).items]
    env = played(caplog.messages[-1], "train")
    assert env.unwrapped.split == "train"  # type: ignore[attr-defined]
    cli.main()  # the same again


def test_a_generated_shop_replaces_other_files_by_force_only(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    paths = generate(5, tmp_path)
    before = [path.read_bytes() for path in paths]
    with pytest.raises(FetchError, match=r"items_shuffle_5\.json holds something else: .* --force"):
        generate(5, tmp_path, seed=1)
    assert [path.read_bytes() for path in paths] == before
    paths[0].unlink()  # as after a crash between the files
    assert generate(5, tmp_path) == paths
    assert [path.read_bytes() for path in paths] == before
    generate(5, tmp_path, seed=1, force=True)
    assert all(path.read_bytes() != old for path, old in zip(paths[:2], before, strict=False))
    assert {*tmp_path.iterdir()} == {*paths, tmp_path / "mine"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--generate", "x", "DIR"], "expected a number of products after --generate, got 'x'"),
        (["--generate", "0", "DIR"], "size: expected an int from 1, got 0"),
        (["--generate", "9" * 5000, "DIR"], "expected a number of products after --generate, got '9"),
        (["--generate", "5", "DIR", "--seed", "-1"], "seed: expected an int from 0, got -1"),
        (["--generate", "5", "DIR", "--all"], "expected --generate N DIR without --all, .* got both"),
        (["--generate", "5", "DIR", "--url", "http://x/"], "expected --generate N DIR without --all, .* got both"),
        (["--generate", "5", "/dev/null/x"], "Not a directory"),
        (["--seed", "1"], "expected --seed with --generate N DIR, got it alone"),
    ],
)
def test_an_impossible_shop_is_one_line_and_nothing_is_written(
    tmp_path: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=rf"^error: [^\n]*{message}[^\n]*$"):
        gigpo_gym.fetch.main(["webshop", *arguments])
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ command


@pytest.mark.parametrize("variable", ["set", "", None])
def test_gigpo_fetch_installs_where_alfworld_looks(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    monkeypatch.setattr("gigpo_gym.fetch.ALFWORLD", SMALL)
    monkeypatch.setenv("HOME", str(tmp_path))
    if variable is None:
        monkeypatch.delenv("ALFWORLD_DATA", raising=False)
    else:
        monkeypatch.setenv("ALFWORLD_DATA", variable and "~/set")
    monkeypatch.setattr(sys, "argv", ["gigpo", "fetch", "alfworld", "--url", site.url])
    cli.main()
    assert_installed(tmp_path / "set" if variable else tmp_path / ".cache" / "alfworld")


@pytest.mark.parametrize("trouble", ["address", "folder", "page"])
def test_an_error_is_one_line_and_exit_code_1(
    site: Site, tmp_path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "file"
    if trouble == "folder":
        folder.write_text("a file")
    site.content = b"<html>\n\n"
    url = "file:///x" if trouble == "address" else site.url
    with pytest.raises(SystemExit, match=r"^error: [^\n]*$") as stopped:
        gigpo_gym.fetch.main(["alfworld", "--folder", str(folder), "--url", url])
    assert isinstance(stopped.value.code, str)  # Python prints it on stderr and exits with 1


HELP = {
    "": ("gigpo fetch", "{alfworld,webshop}", "goes on when the same command is given again"),
    "alfworld": ("gigpo fetch alfworld", "$ALFWORLD_DATA, or ~/.cache/alfworld", "--sha256", "--force"),
    "webshop": ("$WEBSHOP_DATA, or ~/.cache/gigpo-gym/webshop/data", "--all", "--generate N DIR", "--seed", "--force"),
}


@pytest.mark.parametrize("name", HELP)
def test_the_help_names_the_data_and_the_defaults(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # lest a name is parted at its hyphen
    with pytest.raises(SystemExit) as stopped:
        gigpo_gym.fetch.main([*filter(None, [name]), "--help"])
    assert stopped.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for words in HELP[name]:
        assert words in text


def test_the_command_loads_neither_torch_nor_transformers() -> None:
    script = "import sys, gigpo_gym.fetch; sys.exit(bool({'torch', 'transformers'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
