"""Generated Sokoban rooms against gym-sokoban's at equal settings: how fast they come, and how hard they are.

    python benchmarks/sokoban_rooms.py                           # ours alone
    python benchmarks/sokoban_rooms.py --peer peer/bin/python    # both; its rooms of 10x10 with 4 boxes take an hour

gym-sokoban lives in an environment of its own, with the old gym (Python 3.11; the bounds are what the two import):

    python -m venv peer
    peer/bin/pip install --no-deps gym-sokoban==0.0.6 gym==0.26.2 gym-notices
    peer/bin/pip install "numpy<2" "setuptools<81" cloudpickle imageio pillow requests tqdm

Hardness is measured by the solver (fewest pushes, and fewest moves with that many pushes) and by displacement, the
cheapest assignment of boxes to targets by Manhattan distance. P is the chance that a room of ours exceeds one of
theirs, ties counting half, and z its distance from 0.5 in standard errors (Mann-Whitney).
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from itertools import permutations
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

from gigpo_gym.envs.sokoban.generator import generate_room
from gigpo_gym.envs.sokoban.room import ACTIONS, Room, parse_room, squares
from gigpo_gym.envs.sokoban.solver import find_solution
from gigpo_gym.envs.splits import SPLITS

SETTINGS = ("6x6/1", "6x6/2", "10x10/3", "10x10/4")
MEASURES = ("pushes", "moves", "displacement")
LIMITS = {"10x10/4": (0.020, 0.250)}  # seconds on the train split: median and worst
LOWEST_Z = -2.0

# One room a line. Their box swaps are pulls, and `own` is the sum that they maximise with it: boxes from own targets.
PEER = """
import json, random, sys, time
import numpy as np
from gym_sokoban.envs.room_utils import box_displacement_score, generate_room
rows, columns, boxes, first, last = map(int, sys.argv[1:])
for seed in range(first, last):
    random.seed(seed)
    np.random.seed(seed)
    start = time.process_time()
    xsb, own = None, None
    try:
        fixed, state, mapping = generate_room((rows, columns), num_steps=int(1.7 * (rows + columns)), num_boxes=boxes)
        signs = np.where(state == 2, ".", np.array(list("# .$$@"))[state.astype(int)])
        xsb, own = "/".join("".join(row) for row in signs), int(box_displacement_score(mapping))
    except (RuntimeError, RuntimeWarning):
        pass
    print(json.dumps({"seed": seed, "xsb": xsb, "own": own, "seconds": time.process_time() - start}), flush=True)
"""


def peer_rooms(python: str, setting: str, count: int, folder: Path) -> list[dict[str, Any]]:
    """Rooms of seeds 0 to count - 1, those that lie in `folder` from an earlier run and the others."""
    path = folder / f"peer_rooms_{setting.replace('/', '_')}.json"
    rooms = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    if len(rooms) < count:
        folder.mkdir(parents=True, exist_ok=True)
        sizes = setting.replace("/", "x").split("x")
        with path.open("a") as lines:
            subprocess.run([python, "-c", PEER, *sizes, str(len(rooms)), str(count)], stdout=lines, check=True)
        rooms = [json.loads(line) for line in path.read_text().splitlines()]
    return rooms[:count]


def our_rooms(setting: str, count: int, split: str) -> tuple[list[Room], list[float]]:
    """Rooms of seeds 0 to count - 1, and the seconds that each took."""
    rows, columns, boxes = map(int, setting.replace("/", "x").split("x"))
    rooms, seconds = [], []
    for seed in range(count):
        start = time.process_time()
        rooms.append(generate_room(seed, (rows, columns), boxes, split))
        seconds.append(time.process_time() - start)
    return rooms, seconds


def hardness(room: Room) -> tuple[int, int, int] | None:
    """MEASURES of the room, None where the solver does not come to the fewest pushes."""
    solution = find_solution(room)
    if solution.moves is None or not solution.fewest_pushes:
        return None
    player, boxes, pushes = room.player, room.boxes, 0
    for move in solution.moves:
        before = boxes
        player, boxes = room.move(player, boxes, room.steps[ACTIONS.index(move)])
        pushes += boxes != before
    return pushes, len(solution.moves), displacement(room)


def displacement(room: Room) -> int:
    """Boxes from targets by Manhattan distance, in the cheapest assignment."""
    boxes, targets = ([divmod(square, room.width) for square in squares(board)] for board in (room.boxes, room.targets))
    return min(
        sum(
            abs(row - to_row) + abs(column - to_column)
            for (row, column), (to_row, to_column) in zip(boxes, order, strict=True)
        )
        for order in permutations(targets)
    )


def rank_sum(ours: list[int], theirs: list[int]) -> tuple[float, float]:
    """P(ours > theirs) with ties half, and its z under the hypothesis that both are of one distribution."""
    share = mean((a > b) + (a == b) / 2 for a in ours for b in theirs)
    n, m = len(ours), len(theirs)
    ties = sum(count**3 - count for count in Counter(ours + theirs).values()) / ((n + m) * (n + m - 1))
    error = ((n + m + 1 - ties) / (12 * n * m)) ** 0.5
    return share, (share - 0.5) / error if error else 0.0


def print_speed(name: str, seconds: list[float], rooms: list[str]) -> None:
    ms = [1000 * second for second in seconds]
    print(
        f"  {name:12} median {median(ms):9.2f} ms, mean {mean(ms):9.2f}, worst {max(ms):9.2f} of {len(ms)};"
        f" failed {len(seconds) - len(rooms)}, distinct {len(set(rooms)) / max(1, len(rooms)):.1%}"
    )


def print_hardness(name: str, measure: str, values: list[int]) -> None:
    quarters = "/".join(f"{quarter:.0f}" for quarter in quantiles(values, n=4))
    print(f"  {name:12} {measure:12} mean {mean(values):6.2f}  quartiles {quarters:10} worst {max(values)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="interpreter that has gym-sokoban; without it ours alone is measured")
    parser.add_argument("--peer-rooms", type=Path, default=Path("runs/peer"), help="folder where its rooms are kept")
    parser.add_argument("--settings", nargs="+", default=SETTINGS, help="rows x columns / boxes")
    parser.add_argument("--rooms", type=int, default=200, help="seeds whose rooms are compared")
    parser.add_argument("--seeds", type=int, default=1000, help="seeds whose rooms are timed")
    arguments = parser.parse_args()
    missed = []
    for setting in arguments.settings:
        print(setting)
        compared: list[Room] = []
        for split in SPLITS:
            rooms, seconds = our_rooms(setting, arguments.seeds, split)
            print_speed(f"ours, {split}", seconds, [room.name for room in rooms])
            if split == "train":
                compared = rooms[: arguments.rooms]
                at_most = LIMITS.get(setting, (float("inf"), float("inf")))
                if median(seconds) > at_most[0] or max(seconds) > at_most[1]:
                    missed.append(f"{setting}: slower than {at_most}")
        ours = [found for room in compared if (found := hardness(room))]
        theirs = []
        if arguments.peer:
            drawn = peer_rooms(arguments.peer, setting, arguments.rooms, arguments.peer_rooms)
            made = [room for room in drawn if room["xsb"]]
            names = [room["xsb"] for room in made]
            print_speed("gym-sokoban", [room["seconds"] for room in drawn], names)
            theirs = [found for name in names if (found := hardness(parse_room(name)))]
        print(f"  without a proof of fewest pushes: ours {len(compared) - len(ours)}", end="")
        print(f", gym-sokoban {len(made) - len(theirs)}" if arguments.peer else "")
        for index, measure in enumerate(MEASURES):
            values = [found[index] for found in ours]
            print_hardness("ours", measure, values)
            if theirs:
                print_hardness("gym-sokoban", measure, [found[index] for found in theirs])
                share, z = rank_sum(values, [found[index] for found in theirs])
                print(f"  {'':12} {measure:12} P {share:.3f}  z {z:+.1f}")
                if z < LOWEST_Z:
                    missed.append(f"{setting}: {measure} below gym-sokoban's")
    print("\n".join(missed) or "nothing missed")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
