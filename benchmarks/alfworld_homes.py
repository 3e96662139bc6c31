"""Generated ALFWorld households beside the official games: what they are made of, and how hard they are.

    python benchmarks/alfworld_homes.py                    # official games in $ALFWORLD_DATA or ~/.cache/alfworld
    python benchmarks/alfworld_homes.py --folder json_2.1.1 --split valid_seen --rounds 1

For each official game stand ROUNDS generated ones, of the same split and task type. It prints

1. for each task type the mean and the deciles 1, 5 and 9 of what a game has, and of the length of a shortest plan (by
   the same search for both: the walkthroughs in official files are a planner's own), and some shares over all games;
2. how often two agents that see only texts solve a game in 50 steps, with Wilson intervals of 95 %: one that picks
   admissible commands at random (official games it plays ROUNDS times, with other chance), and one that goes to
   receptacles in the order of the first observation, opens them, takes what the task names, has it cleaned, heated or
   cooled if need be, and carries it to the first receptacle that the task names, or to a lamp that it came across;
3. of generated games of all splits and task types: that all compile and none is won at the start, how long it takes,
   and how much memory a game takes.

It fails where a generated game is won at the start or cannot be won, where an agent does better on generated games
than on official ones beyond the intervals, or where generation takes more than 5 ms of CPU time in the median.
"""

import argparse
import re
import sys
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Generator
from pathlib import Path
from statistics import mean, median, quantiles

import numpy as np

from gigpo_gym.confidence import wilson_interval
from gigpo_gym.envs.alfworld.expert import expert_plan
from gigpo_gym.envs.alfworld.game import TASK_OPENING, TASK_TYPES, Game, load_game, numbers
from gigpo_gym.envs.alfworld.generator import generate_game
from gigpo_gym.envs.alfworld.household import NOTHING, commands, feedback, is_won, opening, result
from gigpo_gym.envs.alfworld.tasks import SPLITS, official_folder, official_tasks

STEPS = 50
MOST_MS = 5.0  # median time for a game

Seen = tuple[str, list[str]]  # the last observation and the admissible commands
Agent = Callable[[str, list[str], int], Generator[str, Seen, None]]  # is given the first ones, and a number for chance


def play(game: Game, agent: Agent, number: int) -> bool:
    """Whether an agent solves a game."""
    state = game.start
    known = commands(game, state)
    policy = agent(opening(game), sorted(known.keys() - {"help"}), number)
    command = next(policy)
    for _ in range(STEPS):
        action = known.get(command)
        text = NOTHING
        if action is not None:
            state = result(game, state, action)
            text, known = feedback(game, state, action), commands(game, state)
        if is_won(game, state):
            return True
        command = policy.send((text, sorted(known.keys() - {"help"})))
    return False


def random_agent(observation: str, admissible: list[str], number: int) -> Generator[str, Seen, None]:
    """Picks admissible commands at random."""
    rng = np.random.default_rng(np.random.SeedSequence(number))
    while True:
        _, admissible = yield admissible[int(rng.random() * len(admissible))]


TASK = re.compile(
    r"(?P<verb>\w+) (?:(?:at|a|the|some|two) )?(?:(?P<quality>clean|hot|cool) )?(?P<thing>\w+) .*\b(?P<target>\w+)\."
)
TREATMENTS = {  # what is done, and where, if the task has one of these words
    "clean": ("clean", "sinkbasin"),
    "heat": ("heat", "microwave"),
    "hot": ("heat", "microwave"),
    "cool": ("cool", "fridge"),
}


def naive_agent(observation: str, admissible: list[str], number: int) -> Generator[str, Seen, None]:
    """Searches receptacles in order for what the task names."""
    room, task = observation.split("\n\n")[1:]
    found = TASK.fullmatch(task.removeprefix(TASK_OPENING))
    assert found is not None, f"a task unlike the official ones: {task}"
    thing, target = found["thing"], found["target"]
    treatment = TREATMENTS.get(found["quality"] or found["verb"])
    places = re.findall(r"a (\w+ \d+)", room)
    lamp = ""  # where one is known to be: "desklamp 1 on dresser 1"

    def visit(place: str) -> Generator[str, Seen, list[str]]:
        """Go there, open it if it is closed, and give what there is."""
        nonlocal admissible, lamp
        go = f"go to {place}"
        text, admissible = yield go if go in admissible else f"examine {place}"
        if f"open {place}" in admissible:
            text, admissible = yield f"open {place}"
        things = re.findall(r"a (\w+ \d+)", text)
        for name in things:
            if name.split()[0] == target and target.endswith("lamp"):
                lamp = f"{name} on {place}"
        return things

    def first(kind: str) -> str:
        return next((place for place in places if place.split()[0] == kind), places[0])

    held = ""
    for place in places * STEPS:
        if held or (place.split()[0] == target and not treatment):
            if not lamp and held:  # a lamp is wanted and not found yet
                yield from visit(place)
        else:
            things = yield from visit(place)
            wanted = [name for name in things if name.split()[0] == thing and f"take {name} from {place}" in admissible]
            if wanted:
                _, admissible = yield f"take {wanted[0]} from {place}"
                held = wanted[0]
                if treatment:
                    verb, tool = treatment
                    if f"go to {first(tool)}" in admissible:
                        _, admissible = yield f"go to {first(tool)}"
                    _, admissible = yield f"{verb} {held} with {first(tool)}"
                if not target.endswith("lamp"):
                    yield from visit(first(target))
                    _, admissible = yield f"move {held} to {first(target)}"
                    held = ""
        if held and lamp:
            name, _, at = lamp.partition(" on ")
            if f"go to {at}" in admissible:
                _, admissible = yield f"go to {at}"
            _, admissible = yield f"use {name}"
    while True:
        yield "look"


def features(game: Game) -> dict[str, float]:
    """What a game is made of."""
    start, goal = game.start, game.goal
    movable = [contents & game.pickupable for contents in start.contents]
    holders = [number for number, contents in enumerate(start.contents) if contents & goal.objects]
    plan = expert_plan(game, start)
    assert plan, "a game that cannot be won, or is won at the start"
    return {
        "receptacles": len(game.receptacles),
        "closed receptacles": game.openable.bit_count(),
        "empty receptacles": sum(not contents for contents in start.contents),
        "objects": len(game.objects),
        "objects that can be taken": game.pickupable.bit_count(),
        "most in a receptacle": max(contents.bit_count() for contents in movable),
        "wanted objects": goal.objects.bit_count(),
        "receptacles with wanted objects": len(holders),
        "share of these closed": sum(game.openable >> number & 1 for number in holders) / max(1, len(holders)),
        "receptacles to put it in": goal.receptacles.bit_count(),
        "shortest plan": len(plan),
    }


def shares(games: list[Game]) -> dict[str, float]:
    """How often games have what only some have."""
    counts: Counter[str] = Counter()
    for game in games:
        inside = Counter(thing for contents in game.start.contents for thing in numbers(contents))
        overlaps = any(count > 1 for count in inside.values())
        apart = any(
            not game.start.nearby[game.place[number]] >> thing & 1
            for number, contents in enumerate(game.start.contents)
            for thing in numbers(contents)
        )
        counts["an object in several receptacles"] += overlaps
        counts["an object's place is not its receptacle's"] += apart
        counts["several receptacles at one place"] += any(len(standing) > 1 for standing in game.standing)
        counts["an object is cool"] += game.start.cool > 0
        counts["an object in an object"] += any(game.inside)
        counts["a wanted object where the task wants it"] += any(
            game.start.contents[number] & game.goal.objects for number in numbers(game.goal.receptacles)
        )
    return {name: count / len(games) for name, count in counts.items()}


def holding_kinds(games: list[Game]) -> dict[str, float]:
    """Of the wanted objects in receptacles, what share each kind of receptacle has."""
    counts: Counter[str] = Counter()
    for game in games:
        for number, contents in enumerate(game.start.contents):
            counts[game.receptacles[number].split()[0]] += (contents & game.goal.objects).bit_count()
    return {kind: count / counts.total() for kind, count in counts.most_common() if count}


def compare(official: dict[str, list[Game]], generated: dict[str, list[Game]]) -> None:
    """Print the distributions."""
    for task_type in TASK_TYPES:
        pair = official.get(task_type, []), generated.get(task_type, [])
        if not pair[0]:
            continue
        print(f"\n{task_type}: {len(pair[0])} games".ljust(58), "official".rjust(22), "generated".rjust(22))
        tables = [[features(game) for game in games] for games in pair]
        for name in tables[0][0]:
            print(f"  {name}".ljust(57), *(_spread([row[name] for row in table]).rjust(22) for table in tables))
        kinds = [holding_kinds(games) for games in pair]
        for name in list(kinds[0])[:6]:
            print(f"  wanted in {name}".ljust(57), *(f"{100 * kind.get(name, 0):20.0f} %" for kind in kinds))
    print("\nall games".ljust(58), "official".rjust(22), "generated".rjust(22))
    both = [shares([game for kind in games.values() for game in kind]) for games in (official, generated)]
    for name in both[0]:
        print(f"  {name}".ljust(57), *(f"{100 * share[name]:20.0f} %" for share in both))


def _spread(values: list[float]) -> str:
    deciles = quantiles(values, n=10, method="inclusive")
    return f"{mean(values):7.2f} ({deciles[0]:.3g} {deciles[4]:.3g} {deciles[8]:.3g})"


def race(official: dict[str, list[Game]], generated: dict[str, list[Game]]) -> bool:
    """Print what agents achieve; whether they do no better on generated games."""
    fine = True
    for agent in (random_agent, naive_agent):
        print(f"\n{agent.__name__}".ljust(58), "official".rjust(22), "generated".rjust(22))
        wins: dict[str, tuple[list[bool], list[bool]]] = defaultdict(lambda: ([], []))
        for task_type in official:
            games = official[task_type], generated[task_type]
            times = len(games[1]) // len(games[0]) if agent is random_agent else 1
            for side, played in enumerate((games[0] * times, games[1])):
                won = [play(game, agent, number) for number, game in enumerate(played)]
                wins[task_type][side].extend(won)
                wins["all"][side].extend(won)
        for name, sides in sorted(wins.items()):
            intervals = [wilson_interval(sum(side), len(side)) for side in sides]
            better = intervals[1][0] > intervals[0][1]
            fine &= not better
            cells = [
                f"{100 * mean(side):5.1f} % ({100 * low:4.1f} to {100 * high:4.1f})"
                for side, (low, high) in zip(sides, intervals, strict=True)
            ]
            print(f"  {name}".ljust(57), *(cell.rjust(22) for cell in cells), " better on generated" if better else "")
    return fine


def produce(count: int) -> bool:
    """Generate `count` games, and print how it went; whether they are sound and quick."""
    times, won, per_split = [], 0, count // (len(SPLITS) * len(TASK_TYPES))
    for split in SPLITS:
        for task_type in TASK_TYPES:
            generate_game(split, task_type, 2**62)  # floor plans are drawn once in a process
            for number in range(per_split):
                start = time.process_time()
                game = generate_game(split, task_type, number)
                times.append(1000 * (time.process_time() - start))
                won += is_won(game, game.start)
    print(f"\n{len(times)} games: all compile, {won} won at the start")
    late = quantiles(times, n=100)[98]
    print(f"  ms of CPU time for a game: median {median(times):.2f}, 99 % {late:.2f}, worst {max(times):.1f}")
    generate_game.cache_clear()
    tracemalloc.start()
    kept = [generate_game("train", TASK_TYPES[number % len(TASK_TYPES)], number) for number in range(300)]
    print(f"  memory of a game: {tracemalloc.get_traced_memory()[0] / len(kept) / 1024:.0f} KiB")
    tracemalloc.stop()
    return not won and median(times) <= MOST_MS


def main() -> None:
    """Compare, race, produce."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=official_folder(), help="json_2.1.1 with the official games")
    parser.add_argument("--split", nargs="+", default=["train", "valid_seen"], choices=SPLITS)
    parser.add_argument("--rounds", type=int, default=5, help="generated games for each official one")
    parser.add_argument("--homes", type=int, default=10_000, help="generated games for the last part")
    options = parser.parse_args()
    official: dict[str, list[Game]] = defaultdict(list)
    generated: dict[str, list[Game]] = defaultdict(list)
    for split in options.split:
        for number, name in enumerate(official_tasks(options.folder, split)):
            game = load_game(options.folder / name / "game.tw-pddl")
            official[game.task_type].append(game)
            generated[game.task_type] += [
                generate_game(split, game.task_type, number * options.rounds + again) for again in range(options.rounds)
            ]
    compare(official, generated)
    fine = race(official, generated)
    sys.exit(0 if produce(options.homes) and fine else 1)


if __name__ == "__main__":
    main()
