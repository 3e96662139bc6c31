"""The expert against searches through every state of small households, in crafted ones, and on official games."""

import json
import random
from collections import deque
from collections.abc import Collection
from pathlib import Path

import pytest

from gigpo_gym.envs.alfworld import expert as expert_module
from gigpo_gym.envs.alfworld.expert import expert_plan
from gigpo_gym.envs.alfworld.game import GOALS, TASK_TYPES, Game, State, compile_problem, load_game
from gigpo_gym.envs.alfworld.generator import generate_game
from gigpo_gym.envs.alfworld.household import Action, commands, is_won, result


def small_home(
    task_type: str,
    receptacles: dict[str, str],
    objects: dict[str, str],
    accepts: str = "counter:mug drawer:mug fridge:mug microwave:mug sink:mug shelf:mug",
    target: str = "drawer",
    more: str = "",
    fixed: Collection[str] = (),
) -> Game:
    """A game about mugs, with `target` the kind of receptacle that they belong in, and desk lamps to look at them.

    `receptacles` gives the location of each, such as "drawer_bar_1": "b", where the agent starts at "a"; `objects`
    gives the receptacles that each lies in; `accepts` says what goes where; `more` adds facts in PDDL. Drawers, fridges
    and microwaves have doors, all but lamps and what is `fixed` can be carried, and mugs be treated.
    """
    facts = ["(atlocation agent1 a)"]
    ids = {"agent1": "agent", "a": "location", "mugtype": "otype", "desklamptype": "otype", f"{target}type": "rtype"}
    for receptacle, place in receptacles.items():
        kind = receptacle.partition("_bar_")[0]
        ids |= {receptacle: "receptacle", place: "location", f"{kind}type": "rtype"}
        facts.append(f"(receptacleatlocation {receptacle} {place}) (receptacletype {receptacle} {kind}type)")
        if kind in ("drawer", "fridge", "microwave"):
            facts.append(f"(openable {receptacle})")
    for thing, where in objects.items():
        kind = thing.partition("_bar_")[0]
        ids |= {thing: "object", f"{kind}type": "otype"}
        facts.append(f"(objecttype {thing} {kind}type)")
        facts += [f"(inreceptacle {thing} {receptacle})" for receptacle in where.split()]
        if kind == "mug":
            facts.append(f"(cleanable {thing}) (heatable {thing}) (coolable {thing})")
        if kind == "desklamp":
            facts.append(f"(toggleable {thing})")
        elif thing not in fixed:
            facts.append(f"(pickupable {thing})")
    for pair in accepts.split():
        receptacle_kind, kind = pair.split(":")
        ids |= {f"{receptacle_kind}type": "rtype", f"{kind}type": "otype"}
        facts.append(f"(cancontain {receptacle_kind}type {kind}type)")
    goal = GOALS[task_type]
    for word, kind in (("OBJECT", "mugtype"), ("RECEPTACLE", f"{target}type"), ("LAMP", "desklamptype")):
        goal = goal.replace(word, kind)
    declared = "\n".join(f"{name} - {kind}" for name, kind in ids.items())
    problem = f"(define (problem p) (:objects {declared}) (:init {' '.join(facts)} {more}) (:goal {goal}))"
    return compile_problem(problem, "tidy up")


def play(game: Game, *texts: str) -> State:
    """The state to which commands lead from the start."""
    state = game.start
    for text in texts:
        state = result(game, state, commands(game, state)[text])
    return state


def wins(game: Game, state: State, plan: list[str]) -> bool:
    """Whether a plan wins, with its last command and none before."""
    for text in plan:
        if is_won(game, state):
            return False
        state = result(game, state, commands(game, state)[text])
    return is_won(game, state)


# Every state of random small households -------------------------------------------------------------------------------


def random_home(rng: random.Random) -> Game:
    """Few things in few places, with all that makes planning hard: shared locations, doors, receptacles of two kinds,
    objects in two receptacles at once or in none, things that nothing accepts or that stay where they are, lamps to
    carry, treated and lit ones."""
    task_type = rng.choice(TASK_TYPES)
    kinds = ["counter", "drawer", "sink", "microwave", "fridge", "shelf"]
    target = rng.choice(kinds)
    tool = {"clean": "sink", "heat": "microwave", "cool": "fridge"}.get(task_type.split("_")[1], "counter")
    chosen = [target, tool, *rng.choices([*kinds, target, "shelf"], k=rng.randint(1, 2))]
    receptacles = {f"{kind}_bar_{i}": rng.choice("abcde") for i, kind in enumerate(chosen)}
    things = [f"mug_bar_{i}" for i in range(rng.randint(1, 3 if task_type.startswith("pick_two") else 2))]
    things += rng.choice([[], ["pan_bar_0"]])
    if task_type.startswith("look"):
        things += [f"desklamp_bar_{i}" for i in range(rng.randint(1, 2))]
    objects = {
        thing: " ".join(rng.sample(sorted(receptacles), k=rng.choice([0, 1, 1, 1, 1, 1, 2, 2, 2]))) for thing in things
    }
    more = [
        f"(opened {r})" for r in receptacles if r.startswith(("drawer", "fridge", "microwave")) and rng.random() < 0.3
    ]
    if rng.random() < 0.2:  # a second kind for one
        more.append(f"(receptacletype {rng.choice(sorted(receptacles))} {rng.choice(chosen)}type)")
    for thing in things:
        if thing.startswith("mug"):
            more += [f"({quality} {thing})" for quality in ("isclean", "ishot", "iscool") if rng.random() < 0.1]
        if thing.startswith("desklamp"):
            more += [f"({fact} {thing})" for fact in ("istoggled", "pickupable") if rng.random() < 0.3]
    accepts = [f"{a}:{b}" for a in kinds for b in ("mug", "pan", "desklamp") if rng.random() < 0.7]
    fixed = [thing for thing in things if rng.random() < 0.1]
    return small_home(task_type, receptacles, objects, " ".join(accepts), target, " ".join(more), fixed)


def distances(game: Game) -> tuple[set[State], dict[State, int]]:
    """All states that can be reached, and the fewest commands to a win from each that has one: command by command and
    backwards from the wins, unlike the expert. What only `look` and `slice` read is left out of the states."""
    nearby, taken = (0,) * len(game.standing), (0,) * len(game.receptacles)
    start = game.start._replace(nearby=nearby, taken=taken)
    before: dict[State, list[State]] = {start: []}
    frontier = deque([start])
    while frontier:
        state = frontier.popleft()
        for action in commands(game, state).values():
            after = result(game, state, action)._replace(nearby=nearby, taken=taken)
            if after not in before:
                before[after] = []
                frontier.append(after)
            before[after].append(state)
    fewest = {state: 0 for state in before if is_won(game, state)}
    frontier = deque(fewest)
    while frontier:
        state = frontier.popleft()
        for earlier in before[state]:
            if earlier not in fewest:
                fewest[earlier] = fewest[state] + 1
                frontier.append(earlier)
    return set(before), fewest


@pytest.mark.parametrize("seed", range(30))
def test_plans_are_shortest_from_every_kind_of_state(seed: int) -> None:
    rng = random.Random(seed)
    game = random_home(rng)
    states, fewest = distances(game)
    for state in rng.sample(sorted(states), k=min(len(states), 200)):
        plan = expert_plan(game, state)
        assert (None if plan is None else len(plan)) == fewest.get(state), (plan, state)
        assert plan is None or wins(game, state, plan)


def test_random_homes_have_what_makes_planning_hard() -> None:
    games = [random_home(random.Random(seed)) for seed in range(30)]
    assert {game.task_type for game in games} == set(TASK_TYPES)
    plans = [expert_plan(game, game.start) for game in games]
    assert None in plans
    assert max(len(plan or []) for plan in plans) >= 6
    assert any(max(map(len, game.standing)) >= 3 for game in games)
    assert any(sum(inside & 1 for inside in game.start.contents) == 2 for game in games)


# Crafted households ---------------------------------------------------------------------------------------------------

HOME = {"counter_bar_1": "b", "drawer_bar_1": "c", "fridge_bar_1": "d", "microwave_bar_1": "b", "sink_bar_1": "b"}


@pytest.mark.parametrize(
    ("task_type", "objects", "plan"),
    [
        (
            "pick_and_place_simple",
            {"mug_bar_1": "fridge_bar_1"},
            "go to fridge 1, open fridge 1, take mug 1 from fridge 1, go to drawer 1, open drawer 1, "
            "move mug 1 to drawer 1",
        ),
        (
            "pick_heat_then_place_in_recep",  # heated where it stands, and through the door
            {"mug_bar_1": "counter_bar_1"},
            "go to counter 1, take mug 1 from counter 1, heat mug 1 with microwave 1, go to drawer 1, open drawer 1, "
            "move mug 1 to drawer 1",
        ),
        (
            "pick_cool_then_place_in_recep",  # of plans as short, the first by numbers; their names count down
            {"mug_bar_1": "counter_bar_1", "mug_bar_2": "counter_bar_1", "mug_bar_3": "fridge_bar_1"},
            "go to counter 1, take mug 3 from counter 1, go to fridge 1, cool mug 3 with fridge 1, go to drawer 1, "
            "open drawer 1, move mug 3 to drawer 1",
        ),
        (
            "pick_clean_then_place_in_recep",  # it stays in the drawer, too
            {"mug_bar_1": "counter_bar_1 drawer_bar_1"},
            "go to counter 1, take mug 1 from counter 1, clean mug 1 with sink 1",
        ),
        (
            "pick_two_obj_and_place",  # the drawer is opened once
            {"mug_bar_1": "counter_bar_1", "mug_bar_2": "counter_bar_1"},
            "go to counter 1, take mug 2 from counter 1, go to drawer 1, open drawer 1, move mug 2 to drawer 1, "
            "go to counter 1, take mug 1 from counter 1, go to drawer 1, move mug 1 to drawer 1",
        ),
        (
            "pick_two_obj_and_place",  # one is in place
            {"mug_bar_1": "drawer_bar_1", "mug_bar_2": "sink_bar_1"},
            "go to sink 1, take mug 1 from sink 1, go to drawer 1, open drawer 1, move mug 1 to drawer 1",
        ),
        (
            "look_at_obj_in_light",  # lit through the door
            {"mug_bar_1": "counter_bar_1", "desklamp_bar_1": "fridge_bar_1"},
            "go to counter 1, take mug 1 from counter 1, go to fridge 1, use desklamp 1",
        ),
    ],
)
def test_plans_from_the_start(task_type: str, objects: dict[str, str], plan: str) -> None:
    game = small_home(task_type, HOME, objects)
    assert expert_plan(game, game.start) == plan.split(", ")
    state = play(game, *plan.split(", "))
    assert is_won(game, state)
    assert expert_plan(game, state) == []


def test_what_is_in_hand_and_not_wanted_is_put_down_first() -> None:
    game = small_home(
        "pick_and_place_simple",
        HOME,
        {"mug_bar_1": "counter_bar_1", "pan_bar_1": "sink_bar_1"},
        accepts="drawer:mug drawer:pan fridge:pan",
    )
    state = play(game, "go to sink 1", "take pan 1 from sink 1")
    plan = "go to drawer 1, open drawer 1, move pan 1 to drawer 1, go to counter 1, take mug 1 from counter 1, "
    assert expert_plan(game, state) == (plan + "go to drawer 1, move mug 1 to drawer 1").split(", ")


def test_what_is_in_hand_is_put_down_beside_what_is_wanted() -> None:
    game = small_home(
        "pick_and_place_simple",
        {"cart_bar_1": "b", "shelf_bar_1": "c", "shelf_bar_2": "d", "sofa_bar_1": "d", "drawer_bar_1": "e"},
        {"pan_bar_1": "cart_bar_1", "mug_bar_1": "sofa_bar_1"},
        accepts="shelf:pan drawer:mug",
    )
    state = play(game, "go to cart 1", "take pan 1 from cart 1")
    plan = expert_plan(game, state)
    assert plan is not None
    assert plan[:3] == ["go to shelf 1", "move pan 1 to shelf 1", "take mug 1 from sofa 1"]  # shelf 2 is elsewhere


def test_what_is_in_hand_is_put_down_where_an_open_door_is_of_use() -> None:
    game = small_home(
        "pick_and_place_simple",
        {"cart_bar_1": "b", "drawer_bar_1": "c", "drawer_bar_2": "d"},
        {"pan_bar_1": "cart_bar_1", "mug_bar_1": "cart_bar_1"},
        accepts="drawer:pan shelf:mug",
        more="(receptacletype drawer_bar_2 shelftype)",  # the mug goes into this one only, drawer 1
    )
    state = play(game, "go to cart 1", "take pan 1 from cart 1")
    plan = "go to drawer 1, open drawer 1, move pan 1 to drawer 1, go to cart 1, take mug 1 from cart 1, "
    assert expert_plan(game, state) == (plan + "go to drawer 1, move mug 1 to drawer 1").split(", ")


def test_a_lamp_in_hand_is_put_down_beside_what_is_wanted() -> None:
    game = small_home(
        "look_at_obj_in_light",
        {"cart_bar_1": "b", "counter_bar_1": "c"},
        {"desklamp_bar_1": "cart_bar_1", "mug_bar_1": "counter_bar_1"},
        accepts="cart:desklamp counter:desklamp",
        more="(pickupable desklamp_bar_1)",
    )
    state = play(game, "go to cart 1", "take desklamp 1 from cart 1")
    plan = "go to counter 1, move desklamp 1 to counter 1, take mug 1 from counter 1, use desklamp 1"
    assert expert_plan(game, state) == plan.split(", ")


def test_a_lit_lamp_is_only_gone_to() -> None:
    game = small_home("look_at_obj_in_light", HOME, {"mug_bar_1": "counter_bar_1", "desklamp_bar_1": "drawer_bar_1"})
    state = play(game, "go to drawer 1", "use desklamp 1", "go to counter 1", "take mug 1 from counter 1")
    assert expert_plan(game, state) == ["go to drawer 1"]


def test_cooling_undoes_heating_and_is_mended() -> None:
    game = small_home("pick_heat_then_place_in_recep", HOME, {"mug_bar_1": "microwave_bar_1"})
    heated = play(
        game, "go to microwave 1", "open microwave 1", "take mug 1 from microwave 1", "heat mug 1 with microwave 1"
    )
    put = ["go to drawer 1", "open drawer 1", "move mug 1 to drawer 1"]
    assert expert_plan(game, heated) == put
    cooled = result(game, heated, commands(game, heated)["go to fridge 1"])
    cooled = result(game, cooled, commands(game, cooled)["cool mug 1 with fridge 1"])
    assert expert_plan(game, cooled) == ["go to microwave 1", "heat mug 1 with microwave 1", *put]


def test_there_is_no_plan_with_something_in_hand_that_nothing_accepts() -> None:
    game = small_home("pick_and_place_simple", HOME, {"mug_bar_1": "counter_bar_1", "pan_bar_1": "counter_bar_1"})
    assert expert_plan(game, game.start) is not None
    assert expert_plan(game, play(game, "go to counter 1", "take pan 1 from counter 1")) is None


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[Action]:
    """The actions that the search has tried."""
    actions: list[Action] = []

    def counted(game: Game, state: State, action: Action) -> State:
        actions.append(action)
        return result(game, state, action)

    monkeypatch.setattr(expert_module, "result", counted)
    return actions


def test_many_receptacles_and_objects_are_not_all_tried(tried: list[Action]) -> None:
    drawers = {f"drawer_bar_{i}": f"place{i}" for i in range(60)}
    shelves = {f"shelf_bar_{i}": f"place{60 + i}" for i in range(20)}
    mugs = {f"mug_bar_{i}": f"shelf_bar_{i}" for i in range(20)} | {"pan_bar_1": "shelf_bar_0"}
    game = small_home("pick_two_obj_and_place", drawers | shelves, mugs, accepts="drawer:mug shelf:pan drawer:pan")
    plan = expert_plan(game, play(game, "go to shelf 20", "take pan 1 from shelf 20"))
    assert plan is not None
    assert len(plan) == 1 + 9 - 1  # pan, two mugs, and no need to go to the first
    assert len(tried) < 10_000


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_games_that_cannot_be_won_are_told_after_few_tries(task_type: str, tried: list[Action]) -> None:
    drawers = {f"drawer_bar_{i}": f"place{i}" for i in range(60)} | {"counter_bar_1": "b"}
    lonely = small_home(task_type, drawers, {"mug_bar_1": "counter_bar_1"})  # no second one, no tool, no lamp
    nowhere = small_home(task_type, drawers, {f"mug_bar_{i}": "counter_bar_1" for i in range(9)}, accepts="counter:mug")
    assert (expert_plan(lonely, lonely.start) is not None) == (task_type == "pick_and_place_simple")
    assert expert_plan(nowhere, nowhere.start) is None
    assert len(tried) < 1000


# Official and generated games -----------------------------------------------------------------------------------------


def test_official_games_are_won_in_as_few_commands_as_their_walkthroughs(official_games: list[Path]) -> None:
    for path in official_games[::15]:
        game = load_game(path)
        plan = expert_plan(game, game.start)
        assert plan is not None
        assert wins(game, game.start, plan)
        assert len(plan) == len(json.loads(path.read_bytes())["walkthrough"]) <= 50


def test_official_games_are_won_after_random_commands(official_games: list[Path]) -> None:
    """Or have something in hand that nothing accepts."""
    paths = official_games[7::15]
    rng, lost = random.Random(0), 0
    for path in paths:
        game = load_game(path)
        state = game.start
        for _ in range(20):
            actions = [action for text, action in commands(game, state).items() if not text.startswith("examine")]
            state = result(game, state, rng.choice([a for a in actions if a.verb != "go"] + actions[-3:]))
        plan = expert_plan(game, state)
        if plan is None:
            assert not any(accepted >> state.held & 1 for accepted in game.accepts)
            lost += 1
        else:
            assert len(plan) <= 30
            assert wins(game, state, plan)
    assert lost < len(paths) / 10


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_generated_games_are_won(task_type: str) -> None:
    for number in range(8):
        game = generate_game("train", task_type, number)
        plan = expert_plan(game, game.start)
        assert plan is not None
        assert len(plan) <= 50
        assert wins(game, game.start, plan)
