"""The command `gigpo fetch`: download, verify and unpack the data that an environment needs.

What is verified. We do not have the SHA-256 of the official archive, so none is claimed or compared; whoever has one
gives it by --sha256. What is always verified: the length that the server announced, the CRC-32 of every member as it is
unpacked, and the content: the valid_seen games that the authors' loader keeps must have the digest (`games_digest`) of
the 140 official ones, whatever zip they came in. For the other splits the CRCs alone speak, which guard against damage,
not malice. Fewer games than the release has are worth a warning.

In the folder, while at work:

    ARCHIVE.part, ARCHIVE.part.json   the download so far
    .ROOT.unpacking/                  the data until it is whole and verified; the last act is to rename it to ROOT
    .ROOT.replaced                    what ROOT was before --force; put back if a crash came between the two renames
    .ROOT.lock                        one fetch at a time; it stays, since deleting it would let two in
"""

import argparse
import fcntl
import hashlib
import logging
import os
import re
import shutil
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gigpo_gym.download import PAUSES_S, FetchError, WrongFile, download_zip, notes_of, progress, require_space
from gigpo_gym.envs.alfworld.tasks import FILE, games_in
from gigpo_gym.run_folder import sync

logger = logging.getLogger(__name__)

_MOST_MEMBERS = 100_000
_DAMAGE = (  # the last one where a file system takes two names for one
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError),
    FileExistsError,
)


@dataclass(frozen=True)
class Dataset:
    """Where the games of an environment come from, and how they are recognised."""

    name: str
    url: str
    """The official archive, a zip whose members all lie below `root`/."""
    root: str
    """The folder that holds the data, below the one that it is fetched into."""
    variable: str
    """The environment variable that names the folder to fetch into."""
    cache: str
    """The folder to fetch into where the variable is not set."""
    digest: str
    """What `games_digest` gives for the official data."""
    games: Mapping[str, int]
    """How many playable games each split of the release has."""
    max_bytes: int = 10_000_000_000
    """A larger archive, or one that holds more, is refused."""


ALFWORLD = Dataset(
    name="alfworld",
    url="https://github.com/alfworld/alfworld/releases/download/0.4.0/json_2.1.2_tw-pddl.zip",  # as alfworld 0.4.2 does
    root="json_2.1.1",
    variable="ALFWORLD_DATA",
    cache="~/.cache/alfworld",
    digest="2f0135d66ccefa654c5dba2148ceda1264b5ce23a8acc8aca165fcec05259a69",
    games={"train": 3553, "valid_seen": 140, "valid_unseen": 134},
)
DATASETS = {dataset.name: dataset for dataset in (ALFWORLD,)}


def fetch(
    dataset: Dataset,
    folder: Path | None = None,
    *,
    url: str | None = None,
    sha256: str | None = None,
    force: bool = False,
    pauses_s: Sequence[float] = PAUSES_S,
) -> Path:
    """Download the data set into `folder` and return its root there. Nothing is done where it is there already.

    Whenever it is stopped, the root is what it was or all of the new, and the next call goes on. `force` downloads and
    replaces in any case.

    Raises:
        FetchError: no SHA-256; something else lies at the root and `force` is not given; the archive cannot be
            downloaded, or is not the right one; too little disk space.
        OSError: the folder cannot be written.
    """
    if sha256 is not None and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise FetchError(f"expected a SHA-256 of 64 hexadecimal digits, got {sha256!r}")
    folder = (folder or Path(os.environ.get(dataset.variable) or dataset.cache)).expanduser()
    root = folder / dataset.root
    unpacking, replaced, lock = (folder / f".{dataset.root}.{use}" for use in ("unpacking", "replaced", "lock"))
    part = folder / (PurePosixPath(dataset.url).name + ".part")
    left_over = (part, notes_of(part), unpacking, replaced)
    # Without the lock, so that it works in a folder that cannot be written.
    if not force and not any(map(os.path.lexists, left_over)) and _is_there(dataset, root):
        return root
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(lock):
        _delete(unpacking)
        if os.path.lexists(replaced) and not os.path.lexists(root):
            os.rename(replaced, root)
        _delete(replaced)
        if force:
            _forget(part)
        if force or not _is_there(dataset, root):
            try:
                download_zip(url or dataset.url, part, max_bytes=dataset.max_bytes, pauses_s=pauses_s)
                _unpack(part, unpacking, dataset, sha256)
                _rename_into_place(unpacking / dataset.root, root, replaced)
            except WrongFile as error:
                _forget(part)
                raise FetchError(f"{error} (the download is deleted)") from error
            finally:
                _delete(unpacking)
            logger.info("%s: installed in %s", dataset.name, root)
            _warn_of_missing_games(dataset, root)
        _forget(part)
    return root


def games_digest(root: Path) -> str:
    """What identifies a copy of the games: SHA-256 over the valid_seen games that the authors' loader keeps.

    Hashed is what `sha256sum` prints of them, "SHA-256, two spaces, path below root, newline" for each, in the order of
    the paths. Further files change nothing.
    """
    paths = [f"{name}/{FILE}" for name in games_in(root, "valid_seen")]
    lines = (f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}\n" for path in paths)
    return hashlib.sha256("".join(lines).encode(errors="surrogateescape")).hexdigest()


def _is_there(dataset: Dataset, root: Path) -> bool:
    """Whether the data set lies at `root`. Raises FetchError where something else does."""
    if not os.path.lexists(root):
        return False
    if (found := games_digest(root)) != dataset.digest:
        raise FetchError(
            f"{root} holds something else (digest of its valid_seen games: expected {dataset.digest}, got {found}): "
            "choose another --folder, or replace it by --force"
        )
    logger.info("%s: already in %s", dataset.name, root)
    _warn_of_missing_games(dataset, root)
    return True


def _warn_of_missing_games(dataset: Dataset, root: Path) -> None:
    for split, count in dataset.games.items():
        if (found := len(games_in(root, split))) < count:
            logger.warning("%s: the release has %d games, here are %d; --force downloads anew", split, count, found)


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.info("waiting for another fetch into %s", lock.parent)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _forget(part: Path) -> None:
    _delete(part)
    _delete(notes_of(part))


def _unpack(archive: Path, into: Path, dataset: Dataset, sha256: str | None) -> None:
    """Unpack into the new folder `into`, verified and safe on disk. Raises WrongFile, FetchError."""
    if sha256 is not None:
        with archive.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256.lower():
            raise WrongFile(f"the SHA-256 of the archive: expected {sha256.lower()}, got {found}")
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            if (listed := _listed_members(archive)) not in (len(members) & 0xFFFF, 0xFFFF):  # the latter is zip64's
                raise zipfile.BadZipFile(f"expected {listed} members, got {len(members)}")
            if any(member.header_offset < 0 for member in members):  # zipfile would seek there
                raise zipfile.BadZipFile("a member lies before the beginning of the file")
            _refuse_harmful(members, dataset)
            total = sum(member.file_size for member in members)
            require_space(into.parent, total + 4096 * len(members))  # a file fills whole blocks
            into.mkdir()
            with progress("unpacking", total, 0) as advance:
                for member in members:
                    _unpack_member(opened, member, into)
                    advance(member.file_size)
    except _DAMAGE as error:
        raise WrongFile(f"the archive is damaged or no zip ({error}): the same command downloads it anew") from error
    if (digest := games_digest(into / dataset.root)) != dataset.digest:
        raise WrongFile(
            f"the archive is not the official one (digest of its valid_seen games: expected {dataset.digest}, got "
            f"{digest}): leave --url out, or name a copy of {dataset.url}"
        )
    for written in into.rglob("*"):
        sync(written)


def _listed_members(archive: Path) -> int:
    """How many members the end record counts: zipfile reads past a damaged directory without noticing what it lost."""
    with archive.open("rb") as file:
        file.seek(-min(archive.stat().st_size, 22 + 0xFFFF), os.SEEK_END)  # the record, and the comment after it
        end = file.read()
    count: int = struct.unpack_from("<H", end, end.rfind(b"PK\5\6") + 10)[0]
    return count


def _refuse_harmful(members: Sequence[zipfile.ZipInfo], dataset: Dataset) -> None:
    """Raises WrongFile unless all members can be unpacked without harm."""
    total = sum(member.file_size for member in members)
    if total > dataset.max_bytes or len(members) > _MOST_MEMBERS:
        raise WrongFile(
            f"unsafe archive: expected at most {dataset.max_bytes:,} bytes in {_MOST_MEMBERS:,} files, got {total:,} "
            f"in {len(members):,}"
        )
    # orig_filename is what the archive says; filename has been mended.
    files = {member.orig_filename for member in members if not member.orig_filename.endswith("/")}
    seen = set()
    for member in members:
        name = member.orig_filename.removesuffix("/")
        parts = name.split("/")
        if parts[0] != dataset.root or {"", ".", ".."} & {*parts} or re.search(r"[\\:\0]", name):
            raise WrongFile(f"unsafe archive: expected plain paths below {dataset.root}/, got {name!r}")
        if max(len(part.encode(errors="replace")) for part in parts) > 255 or len(name) > 1000:
            raise WrongFile(f"unsafe archive: expected names of at most 255 bytes, got {name[:300]!r}")
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise WrongFile(f"unsafe archive: expected files and folders, got a link or a device, {name!r}")
        if name in seen or any("/".join(parts[:depth]) in files for depth in range(1, len(parts))):
            raise WrongFile(f"unsafe archive: expected each path once, got {name!r} twice or below a file")
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WrongFile(f"expected members stored or deflated, got {name!r} encrypted or packed otherwise")
        seen.add(name)


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    path = into / member.orig_filename
    if member.orig_filename.endswith("/"):
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with archive.open(member) as packed, path.open("xb") as file:
        while chunk := packed.read(1 << 16):  # to the end, where zipfile compares the CRC
            size += len(chunk)
            if size > member.file_size:
                break
            file.write(chunk)
    if size != member.file_size:
        raise WrongFile(f"the archive is damaged: {member.orig_filename!r} is not as long as it says")


def _rename_into_place(new: Path, root: Path, replaced: Path) -> None:
    try:
        if os.path.lexists(root):
            os.rename(root, replaced)
        os.rename(new, root)
    except BaseException:
        if os.path.lexists(replaced) and not os.path.lexists(root):
            os.rename(replaced, root)
        raise
    sync(root.parent)
    _delete(replaced)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `gigpo fetch`."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(
        prog="gigpo fetch",
        description="Download the data that an environment needs, verify it, and unpack it where the environment looks "
        "for it. A download that was interrupted goes on when the same command is given again; data that is there "
        "already is left alone.",
    )
    parser.add_argument("dataset", choices=DATASETS, help="whose data: alfworld, the official games of ALFWorld")
    parser.add_argument(
        "--folder", type=Path, help="where to; by default $ALFWORLD_DATA, or ~/.cache/alfworld where that is not set"
    )
    parser.add_argument("--url", help="a copy of the official archive elsewhere, such as a mirror (http or https)")
    parser.add_argument(
        "--sha256",
        help="what the SHA-256 of the downloaded archive must be; without it, its content alone identifies it",
    )
    parser.add_argument("--force", action="store_true", help="download anew, and replace what is there")
    options = vars(parser.parse_args(arguments))
    try:
        fetch(DATASETS[options.pop("dataset")], **options)
    except (FetchError, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        logger.warning("interrupted: the same command goes on")
        sys.exit(130)
