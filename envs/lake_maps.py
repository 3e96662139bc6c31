"""Maps of a frozen lake: drawn, checked, and divided into splits.

A map is a task id: its rows in Gymnasium's letters, `S` start, `F` frozen, `H` hole, `G` goal, joined by `/`.
"""

from collections.abc import Sequence

import numpy as np

from gigpo_gym.envs.splits import split_of

MAX_ATTEMPTS = 10_000


def generate_map(seed: int, size: int, hole_prob: float, split: str) -> str:
    """The map of `seed`, as a task id: the first of its attempts that can be solved and belongs to `split`.

    Raises:
        RuntimeError: none of MAX_ATTEMPTS attempts would do.
    """
    squares = size * size
    for attempt in range(MAX_ATTEMPTS):
        # Uniform numbers only: of all the generator's methods this is the one least likely to change with NumPy.
        draws = np.random.default_rng(np.random.SeedSequence((seed, attempt))).random(squares + 2).tolist()
        letters = ["H" if draw < hole_prob else "F" for draw in draws[:squares]]
        ice = [square for square, letter in enumerate(letters) if letter == "F"]
        if len(ice) < 2:
            continue
        letters[ice.pop(int(draws[-2] * len(ice)))] = "S"
        letters[ice.pop(int(draws[-1] * len(ice)))] = "G"
        rows = ["".join(letters[start : start + size]) for start in range(0, squares, size)]
        task_id = "/".join(rows)
        if split_of(task_id) == split and goal_is_reachable(rows):
            return task_id
    raise RuntimeError(
        f"no map of split {split!r} with size={size} and hole_prob={hole_prob} in {MAX_ATTEMPTS} attempts "
        f"of seed {seed}: take a smaller hole_prob, a larger size, or name a map with desc="
    )


def goal_is_reachable(rows: Sequence[str]) -> bool:
    """Whether a path without holes leads from S to G."""
    width, letters = len(rows[0]), "".join(rows)
    frontier = [letters.index("S")]
    seen = set(frontier)
    while frontier:
        row, column = divmod(frontier.pop(), width)
        for down, right in ((0, -1), (1, 0), (0, 1), (-1, 0)):
            if 0 <= row + down < len(rows) and 0 <= column + right < width:
                square = (row + down) * width + column + right
                if letters[square] == "G":
                    return True
                if letters[square] != "H" and square not in seen:
                    seen.add(square)
                    frontier.append(square)
    return False


def check_map(task_id: object) -> str:
    """The task id itself, where it describes a lake that can be crossed.

    Raises:
        ValueError: it does not.
    """
    rows = task_id.split("/") if isinstance(task_id, str) else []
    letters = "".join(rows)
    fault = None
    if len(letters) < 2 or set(letters) - set("SFHG"):
        fault = "rows of the letters S, F, H, G"
    elif any(len(row) != len(rows[0]) for row in rows):
        fault = "rows of one length"
    elif letters.count("S") != 1 or letters.count("G") != 1:
        fault = "one S and one G"
    elif not goal_is_reachable(rows):
        fault = "a path without holes from S to G"
    if fault is not None:
        raise ValueError(f"a FrozenLake map needs {fault}, got {task_id!r:.200}; write it like 'SFFF/FHFH/FFFH/HFFG'")
    assert isinstance(task_id, str)
    return task_id
