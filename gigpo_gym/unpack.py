"""Unpacking zip archives that may be damaged or do harm."""

import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from gigpo_gym.download import WrongFile, progress, require_space
from gigpo_gym.run_folder import sync

_MOST_MEMBERS = 100_000
# FileExistsError comes where a file system takes two names for one.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, FileExistsError)


def unpack(archive: Path, into: Path, root: str, max_bytes: int) -> None:
    """Unpack an archive whose members all lie below `root`/ into the new folder `into`, safely to disk.

    Raises:
        WrongFile: it is damaged, holds more than `max_bytes`, or would write elsewhere.
        FetchError: the disk is too full.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            if (listed := _listed_members(archive)) not in (len(members) & 0xFFFF, 0xFFFF):  # the latter is zip64's
                raise zipfile.BadZipFile(f"expected {listed} members, got {len(members)}")
            if any(member.header_offset < 0 for member in members):  # zipfile would seek there
                raise zipfile.BadZipFile("a member lies before the beginning of the file")
            _refuse_harmful(members, root, max_bytes)
            total = sum(member.file_size for member in members)
            require_space(into.parent, total + 4096 * len(members))  # a file fills whole blocks
            into.mkdir()
            with progress("unpacking", total, 0) as advance:
                for member in members:
                    _unpack_member(opened, member, into)
                    advance(member.file_size)
    except _DAMAGE as error:
        raise WrongFile(f"the archive is damaged or no zip ({error}): the same command downloads it anew") from error
    for written in into.rglob("*"):
        sync(written)


def _listed_members(archive: Path) -> int:
    """How many members the end record counts: zipfile reads past a damaged directory without noticing what it lost."""
    with archive.open("rb") as file:
        file.seek(-min(archive.stat().st_size, 22 + 0xFFFF), os.SEEK_END)  # the record, and the comment after it
        end = file.read()
    count: int = struct.unpack_from("<H", end, end.rfind(b"PK\5\6") + 10)[0]
    return count


def _refuse_harmful(members: Sequence[zipfile.ZipInfo], root: str, max_bytes: int) -> None:
    """Raises WrongFile unless all members can be unpacked without harm."""
    total = sum(member.file_size for member in members)
    if total > max_bytes or len(members) > _MOST_MEMBERS:
        raise WrongFile(
            f"unsafe archive: expected at most {max_bytes:,} bytes in {_MOST_MEMBERS:,} files, got {total:,} "
            f"in {len(members):,}"
        )
    # orig_filename is what the archive says; filename has been mended.
    files = {member.orig_filename for member in members if not member.orig_filename.endswith("/")}
    seen = set()
    for member in members:
        name = member.orig_filename.removesuffix("/")
        parts = name.split("/")
        if parts[0] != root or {"", ".", ".."} & {*parts} or re.search(r"[\\:\0]", name):
            raise WrongFile(f"unsafe archive: expected plain paths below {root}/, got {name!r}")
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
    with archive.open(member) as packed, path.open("xb") as file:
        shutil.copyfileobj(packed, file)  # to the end, where zipfile compares the CRC; it reads no more than file_size
        size = file.tell()
    if size < member.file_size:
        raise WrongFile(f"the archive is damaged: {member.orig_filename!r} is not as long as it says")
