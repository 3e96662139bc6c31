"""The command `gigpo fetch`: download, verify and install the data that an environment needs.

In the folder, while at work:

    NAME.part, NAME.part.json   the download so far
    .NAME.unpacking/            an archive's data until it is whole and verified; the last act is to rename it to NAME
    .NAME.replaced              what NAME was before --force; put back if a crash came between the two renames
    .fetch.lock                 one fetch at a time; it stays, since deleting it would let two in
"""

import argparse
import fcntl
import filecmp
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gigpo_gym.datasets import ALFWORLD, WEBSHOP, Archive, Item, sha256_of
from gigpo_gym.download import PAUSES_S, FetchError, WrongFile, download, notes_of
from gigpo_gym.envs.alfworld import tasks as alfworld
from gigpo_gym.envs.webshop import tasks as webshop
from gigpo_gym.envs.webshop.generator import generate_shop, write_shop
from gigpo_gym.run_folder import sync

logger = logging.getLogger(__name__)


def fetch(
    item: Item,
    folder: Path,
    *,
    url: str | None = None,
    sha256: str | None = None,
    force: bool = False,
    pauses_s: Sequence[float] = PAUSES_S,
) -> Path:
    """Download the item into `folder` and return where it is. Nothing is done where it is there already.

    Whenever it is stopped, what lies there is what it was or all of the new, and the next call goes on. `force`
    downloads and replaces in any case.

    Raises:
        FetchError: no SHA-256; something else lies there and `force` is not given; the item cannot be downloaded, or
            what came is not the right one; too little disk space.
        OSError: the folder cannot be written.
    """
    if sha256 is not None and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise FetchError(f"expected a SHA-256 of 64 hexadecimal digits, got {sha256!r}")
    folder = folder.expanduser()
    path, part = folder / item.name, folder / f"{item.name}.part"
    unpacking, replaced = folder / f".{item.name}.unpacking", folder / f".{item.name}.replaced"
    # Without the lock, so that it works in a folder that cannot be written.
    left_over = any(map(os.path.lexists, (part, notes_of(part), unpacking, replaced)))
    if not force and not left_over and _is_there(item, path):
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder / ".fetch.lock"):
        _delete(unpacking)
        if os.path.lexists(replaced) and not os.path.lexists(path):
            os.rename(replaced, path)
        _delete(replaced)
        if force:
            _forget(part)
        if force or not _is_there(item, path):
            try:
                download(url or item.url, part, item.expected(path), pauses_s=pauses_s)
                if sha256 is not None and (found := sha256_of(part)) != sha256.lower():
                    raise WrongFile(f"the SHA-256 of the download: expected {sha256.lower()}, got {found}")
                new = item.unpack(part, unpacking)
                if (found := item.digest_of(new)) != item.digest:
                    raise WrongFile(
                        f"{item.name} is not the official one ({item.measure}: expected {item.digest}, got {found}): "
                        f"try again, or name a copy of {item.url} by --url"
                    )
                _rename_into_place(new, path, replaced)
            except WrongFile as error:
                _forget(part)
                raise FetchError(f"{error} (the download is deleted)") from error
            finally:
                _delete(unpacking)
            logger.info("installed in %s", path)
            _warn_of_missing_games(item, path)
        _forget(part)
    return path


def generate(size: int, folder: Path, *, seed: int = 0, force: bool = False) -> list[Path]:
    """Write a shop of so many products in the schema of WebShop's files: products, attributes, human instructions.

    Raises:
        FetchError: no such shop; or other files of these names are in the folder, and `force` is not given.
        OSError: the folder cannot be written.
    """
    try:
        shop = generate_shop(seed, size)
    except ValueError as error:
        raise FetchError(str(error)) from None
    folder = folder.expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as new:
        written = write_shop(new, shop)
        paths = [folder / path.name for path in written]
        for there, path in zip(paths, written, strict=True):
            if there.exists() and not force and not filecmp.cmp(there, path, shallow=False):
                raise FetchError(f"{there} holds something else: choose another folder, or replace it by --force")
        for there, path in zip(paths, written, strict=True):
            sync(path)
            path.replace(there)
        sync(folder)
    return paths


def _is_there(item: Item, path: Path) -> bool:
    """Whether the item lies at `path`. Raises FetchError where something else does."""
    if not os.path.lexists(path):
        return False
    if (found := item.digest_of(path)) != item.digest:
        raise FetchError(
            f"{path} holds something else ({item.measure}: expected {item.digest}, got {found}): choose another "
            "--folder, or replace it by --force"
        )
    logger.info("already in %s", path)
    _warn_of_missing_games(item, path)
    return True


def _warn_of_missing_games(item: Item, root: Path) -> None:
    for split, count in item.games.items() if isinstance(item, Archive) else ():
        if (found := len(alfworld.games_in(root, split))) < count:
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


def _rename_into_place(new: Path, path: Path, replaced: Path) -> None:
    try:
        if os.path.lexists(path):
            os.rename(path, replaced)
        os.rename(new, path)
    except BaseException:
        if os.path.lexists(replaced) and not os.path.lexists(path):
            os.rename(replaced, path)
        raise
    sync(path.parent)
    _delete(replaced)


def _fetch_alfworld(options: argparse.Namespace) -> None:
    folder = options.folder or alfworld.official_folder().parent
    fetch(ALFWORLD, folder, url=options.url, sha256=options.sha256, force=options.force)


def _fetch_webshop(options: argparse.Namespace) -> None:
    if options.generate:
        if options.all or options.folder or options.url:
            raise FetchError("expected --generate N DIR without --all, --folder and --url, got both: leave one out")
        number, folder = options.generate
        try:
            size = int(number)
        except ValueError:
            raise FetchError(f"expected a number of products after --generate, got {number!r:.20}") from None
        paths = generate(size, Path(folder), seed=options.seed or 0, force=options.force)
        further = ", split_by='product'"  # as in a shop that the environment generates
    else:
        if options.seed is not None:
            raise FetchError("expected --seed with --generate N DIR, got it alone: there is one official shop")
        folder = options.folder or webshop.official_folder()
        paths = []
        for name in webshop.OFFICIAL_FILES["all" if options.all else "small"]:
            url = options.url and f"{options.url.rstrip('/')}/{name}"
            paths.append(fetch(WEBSHOP[name], folder, url=url, force=options.force))
        further = ""
    named = zip(("products", "attributes", "human"), paths, strict=True)
    arguments = ", ".join(f"{name}={str(path.absolute())!r}" for name, path in named)
    logger.info("gym.make('gigpo/WebShop-v0', %s%s)", arguments, further)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gigpo fetch",
        description="Download the data that an environment needs, verify it, and install it where the environment "
        "looks for it. A download that was interrupted goes on when the same command is given again; data that is "
        "there already is left alone.",
    )
    commands = parser.add_subparsers(metavar="{alfworld,webshop}", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], None], what: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=what, description=f"Download {what}.")
        command.set_defaults(run=run)
        command.add_argument("--force", action="store_true", help="download anew, and replace what is there")
        return command

    command = add("alfworld", _fetch_alfworld, "the official games of ALFWorld")
    command.add_argument(
        "--folder", type=Path, help="where to; by default $ALFWORLD_DATA, or ~/.cache/alfworld where that is not set"
    )
    command.add_argument("--url", help="a copy of the official archive elsewhere, such as a mirror (http or https)")
    command.add_argument(
        "--sha256",
        help="what the SHA-256 of the downloaded archive must be; without it, its content alone identifies it",
    )

    command = add("webshop", _fetch_webshop, "WebShop's products, their attributes, and what people asked for")
    command.add_argument(
        "--folder",
        type=Path,
        help="where to; by default $WEBSHOP_DATA, or ~/.cache/gigpo-gym/webshop/data where that is not set",
    )
    command.add_argument("--url", help="a folder elsewhere that has copies of the official files (http or https)")
    command.add_argument("--all", action="store_true", help="all 1.18 million products (5.7 GB), not 1,000 (10 MB)")
    command.add_argument(
        "--generate",
        nargs=2,
        metavar=("N", "DIR"),
        help="download nothing, but write a generated shop of N products into a folder, as WebShop's files",
    )
    command.add_argument("--seed", type=int, help="which shop is generated; by default 0")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `gigpo fetch`."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (FetchError, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        logger.warning("interrupted: the same command goes on")
        sys.exit(130)
