"""How many levels the Sokoban solver solves, how surely, and how fast: one core, the solver's own limit of nodes.

    GIGPO_DATA=FOLDER python benchmarks/sokoban_solver.py                  # Boxoban unfiltered/valid/000: 1,000 levels
    python benchmarks/sokoban_solver.py my_levels.xsb --levels 100         # the first 100 levels of each file or folder

Every solution is played. Required: 95 % solved, 0.5 s a level on average, the unsolved ones included.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from statistics import mean, median

from gigpo_gym.envs.sokoban.levels import open_levels
from gigpo_gym.envs.sokoban.room import ACTIONS, Room
from gigpo_gym.envs.sokoban.solver import find_solution

SOLVED, SECONDS = 0.95, 0.5


def is_solved_by(room: Room, moves: list[str]) -> bool:
    player, boxes = room.player, room.boxes
    for move in moves:
        player, boxes = room.move(player, boxes, room.steps[ACTIONS.index(move)])
    return boxes == room.targets


def measure(path: str, count: int | None) -> bool:
    """Print the figures of the first `count` levels; whether they are as required."""
    levels = open_levels(path)
    solutions, seconds = [], []
    for task_id in levels.task_ids()[:count]:
        room = levels.room(task_id)
        start = time.process_time()
        solution = find_solution(room)
        seconds.append(time.process_time() - start)
        assert solution.moves is None or is_solved_by(room, solution.moves), task_id
        solutions.append(solution)
    solved = mean(solution.moves is not None for solution in solutions)
    pushes = mean(solution.moves is not None and solution.fewest_pushes for solution in solutions)
    moves = mean(solution.fewest_moves for solution in solutions)
    nodes = [solution.nodes for solution in solutions]
    print(f"{path}: {len(solutions)} levels, {solved:.1%} solved")
    print(f"  fewest pushes proven {pushes:.1%}, of these the fewest moves too {moves:.1%} of all levels")
    print(f"  seconds a level: mean {mean(seconds):.3f}, median {median(seconds):.3f}, worst {max(seconds):.2f}")
    print(f"  nodes a level: mean {mean(nodes):,.0f}, median {median(nodes):,.0f}, most {max(nodes):,}")
    return solved >= SOLVED and mean(seconds) <= SECONDS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", help="level files or folders, or sets such as boxoban/medium-train")
    parser.add_argument("--levels", type=int, help="levels of each, all by default")
    arguments = parser.parse_args()
    default = Path(os.environ.get("GIGPO_DATA", "."), "boxoban", "unfiltered", "valid", "000.txt")
    met = [measure(path, arguments.levels) for path in arguments.paths or [str(default)]]
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
