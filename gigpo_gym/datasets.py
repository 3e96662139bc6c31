"""What `gigpo fetch` can get: where it comes from, and how it is recognised.

What is verified. None of the authors publish digests.

- ALFWorld: we do not have the SHA-256 of the official archive, so none is claimed or compared; whoever has one gives it
  by --sha256. What is always verified: the length that the server announced, the CRC-32 of every member as it is
  unpacked, and the content: the valid_seen games that the authors' loader keeps must have the digest (`games_digest`)
  of the 140 official ones, whatever zip they came in. For the other splits the CRCs alone speak, which guard against
  damage, not malice. Fewer games than the release has are worth a warning.
- WebShop: every file must have the length and the SHA-256 that others measured of theirs, see `WEBSHOP`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gigpo_gym.download import Expected, progress
from gigpo_gym.envs.alfworld.tasks import FILE, games_in
from gigpo_gym.run_folder import sync
from gigpo_gym.unpack import unpack


@dataclass(frozen=True)
class Archive:
    """Games that come in a zip archive."""

    name: str
    """The folder that holds them, below the one that they are fetched into: all members lie below it."""
    url: str
    digest: str
    """What `games_digest` gives for the official data."""
    games: Mapping[str, int]
    """How many playable games each split of the release has."""
    max_bytes: int = 10_000_000_000
    """A larger archive, or one that holds more, is refused."""
    measure: ClassVar = "digest of its valid_seen games"

    def expected(self, _: Path) -> Expected:
        return Expected("a zip archive", (b"PK\x03\x04",), self.max_bytes)

    def unpack(self, part: Path, unpacking: Path) -> Path:
        unpack(part, unpacking, self.name, self.max_bytes)
        return unpacking / self.name

    def digest_of(self, path: Path) -> str:
        return games_digest(path)


@dataclass(frozen=True)
class File:
    """A JSON file that is taken as it is."""

    name: str
    url: str
    length: int
    digest: str
    measure: ClassVar = "SHA-256"

    def expected(self, path: Path) -> Expected:
        remedy = (
            f"try again in a day if too many have downloaded it, save it as {path} with a browser, or name a folder "
            "that has a copy by --url"
        )
        return Expected("JSON", (b"[", b"{"), self.length, self.length, remedy)

    def unpack(self, part: Path, _: Path) -> Path:
        sync(part)
        return part

    def digest_of(self, path: Path) -> str:
        return sha256_of(path) if path.is_file() else "no file"


Item = Archive | File
"""What can be fetched: `name` in its folder, from `url`. A download must be what `expected` says; once it is unpacked,
`digest_of` (which is its `measure`) must be `digest`."""

ALFWORLD = Archive(
    name="json_2.1.1",
    url="https://github.com/alfworld/alfworld/releases/download/0.4.0/json_2.1.2_tw-pddl.zip",  # as alfworld 0.4.2 does
    digest="2f0135d66ccefa654c5dba2148ceda1264b5ce23a8acc8aca165fcec05259a69",
    games={"train": 3553, "valid_seen": 140, "valid_unseen": 134},
)

# Addresses: setup.sh of princeton-nlp/WebShop at 15869a4. Lengths and digests: a dozen projects give these of their
# copies, one of them of those in AgentBench's image longinyu/agentbench-webshop; our items_ins_v2_1000.json agrees.
# Without the last parameter, Google asks at large files whether one wants them unchecked for viruses.
_DRIVE = "https://drive.usercontent.google.com/download?id={}&export=download&confirm=t"
WEBSHOP = {
    name: File(name, _DRIVE.format(drive_id), length, digest)
    for name, drive_id, length, digest in (
        (
            "items_shuffle_1000.json",
            "1EgHdxQ_YxqIQlvvq5iKlCrkEKR6-j0Ib",
            4_467_013,
            "30a4765c3a327af72d9a9a95a6b2486d516f0fa1d3ecd83681901ce82a21b269",
        ),
        (
            "items_ins_v2_1000.json",
            "1IduG0xl544V_A_jv3tHXC0kyFi7PnyBu",
            147_099,
            "f88a36314a397b53b3d9c3fa5878e5f7b26d35019a51ec83fbedeca61a948f6f",
        ),
        (
            "items_shuffle.json",
            "1A2whVgOO0euk5O13n2iYDM0bQRkkRduB",
            5_479_720_229,
            "2ef591d65df3af89e972ab72468eb82cbf124d876552d9f3678667edd620a6c8",
        ),
        (
            "items_ins_v2.json",
            "1s2j6NgHljiZzQNL3veZaAiyW_qDEgBNi",
            186_295_270,
            "1d36af476bdb8f82a5da62bd8acdabe54cd8de2fa84010d37da5c4890feb447e",
        ),
        (
            "items_human_ins.json",
            "14Kb5SPBk_jfdLZ_CDBNitW98QLDlKR5O",
            5_137_548,
            "cf78667548a71786e1d9049c24b802e48e1084ad4bb021cae56ce1f6d96954a3",
        ),
    )
}


def games_digest(root: Path) -> str:
    """What identifies a copy of the games: SHA-256 over the valid_seen games that the authors' loader keeps.

    Hashed is what `sha256sum` prints of them, "SHA-256, two spaces, path below root, newline" for each, in the order of
    the paths. Further files change nothing.
    """
    paths = [f"{name}/{FILE}" for name in games_in(root, "valid_seen")]
    lines = (f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}\n" for path in paths)
    return hashlib.sha256("".join(lines).encode(errors="surrogateescape")).hexdigest()


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file, progress("verifying", path.stat().st_size, 0) as advance:
        while chunk := file.read(1 << 24):
            digest.update(chunk)
            advance(len(chunk))
    return digest.hexdigest()
