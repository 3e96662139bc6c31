"""The household: what can be done in ALFWorld's games, what it changes, and what it says.

Rules: `alfred.pddl` and `alfred.twl2` of alfworld 0.4.2 as textworld 1.7.0 plays them, word for word. Some of it is an
accident of theirs: only the object in hand can be examined (a comma in the domain stands in the way), `look` at the
starting point sees nothing, and a lamp is never switched off, but can be switched on behind a closed door.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gigpo_gym.envs.alfworld.game import TASK_OPENING, Game, State, numbers

WELCOME = "-= Welcome to TextWorld, ALFRED! =-"
NOTHING = "Nothing happens."
HELP = """\
Available commands:
  look:                             look around your current location
  inventory:                        check your current inventory
  go to (receptacle):               move to a receptacle
  open (receptacle):                open a receptacle
  close (receptacle):               close a receptacle
  take (object) from (receptacle):  take an object from a receptacle
  move (object) to (receptacle):  place an object in or on a receptacle
  examine (something):              examine a receptacle or an object
  use (object):                     use an object
  heat (object) with (receptacle):  heat an object using a receptacle
  clean (object) with (receptacle): clean an object using a receptacle
  cool (object) with (receptacle):  cool an object using a receptacle
  slice (object) with (object):     slice an object using a sharp object"""


class Action(NamedTuple):
    """A verb with the numbers of the object and the receptacle it is about, -1 for none."""

    verb: str
    object: int = -1
    receptacle: int = -1


ANYWHERE = {"look": Action("look"), "inventory": Action("inventory"), "help": Action("help")}


def commands(game: Game, state: State) -> dict[str, Action]:
    """What TextWorld accepts in this state, `help` included."""
    names, places, held = game.objects, game.receptacles, state.held
    here = game.standing[state.location]
    found = dict(ANYWHERE)
    for receptacle, place in enumerate(game.place):
        if place != state.location:
            found[f"go to {places[receptacle]}"] = Action("go", -1, receptacle)
    for receptacle in here:
        name, contents, bit = places[receptacle], state.contents[receptacle], 1 << receptacle
        found[f"examine {name}"] = Action("examine receptacle", -1, receptacle)
        for thing in numbers(contents & game.toggleable):
            found[f"use {names[thing]}"] = Action("use", thing)
        if game.openable & bit:
            verb = "close" if state.opened & bit else "open"
            found[f"{verb} {name}"] = Action(verb, -1, receptacle)
        if not game.openable & bit or state.opened & bit:
            if held < 0:
                for thing in numbers(contents & game.pickupable):
                    found[f"take {names[thing]} from {name}"] = Action("take", thing, receptacle)
            elif game.accepts[receptacle] >> held & 1:
                found[f"move {names[held]} to {name}"] = Action("move", held, receptacle)
        if held >= 0:
            for verb, able, where in (
                ("clean", game.cleanable, game.cleaners),
                ("heat", game.heatable, game.heaters),
                ("cool", game.coolable, game.coolers),
            ):
                if able >> held & 1 and where & bit:
                    found[f"{verb} {names[held]} with {name}"] = Action(verb, held, receptacle)
    if held >= 0:
        found[f"examine {names[held]}"] = Action("examine object", held)
        if game.knives >> held & 1:
            for thing in numbers(state.nearby[state.location] & game.sliceable):
                found[f"slice {names[thing]} with {names[held]}"] = Action("slice", thing)
    return found


def result(game: Game, state: State, action: Action) -> State:
    """The state after an action that `commands` gives for this state."""
    verb, thing, receptacle = action
    bit = 1 << thing if thing >= 0 else 0
    match verb:
        case "go":
            return state._replace(location=game.place[receptacle])
        case "open" | "close":
            return state._replace(opened=state.opened ^ 1 << receptacle)
        case "take":
            return state._replace(
                held=thing,
                contents=_without(state.contents, receptacle, bit),
                nearby=_without(state.nearby, state.location, bit),
                # Where one receptacle stands alone, `look` can never show what was taken from it.
                taken=_with(state.taken, receptacle, bit) if len(game.standing[state.location]) > 1 else state.taken,
            )
        case "move":
            return state._replace(
                held=-1,
                contents=_with(state.contents, receptacle, bit),
                nearby=_with(state.nearby, state.location, bit),
                taken=_without(state.taken, receptacle, bit),
            )
        case "clean":
            return state._replace(clean=state.clean | bit)
        case "heat":
            return state._replace(hot=state.hot | bit, cool=state.cool & ~bit)
        case "cool":
            return state._replace(cool=state.cool | bit, hot=state.hot & ~bit)
        case "slice":
            return state._replace(sliced=state.sliced | bit)
        case "use":
            return state._replace(toggled=state.toggled | bit)
    return state


def _with(masks: tuple[int, ...], index: int, bit: int) -> tuple[int, ...]:
    return (*masks[:index], masks[index] | bit, *masks[index + 1 :])


def _without(masks: tuple[int, ...], index: int, bit: int) -> tuple[int, ...]:
    return (*masks[:index], masks[index] & ~bit, *masks[index + 1 :])


def feedback(game: Game, state: State, action: Action) -> str:
    """What an action says; `state` is the one it led to."""
    verb, thing, receptacle = action
    what = game.objects[thing] if thing >= 0 else ""
    where = game.receptacles[receptacle] if receptacle >= 0 else ""
    match verb:
        case "go":
            return f"You arrive at {where}. {_inspect(game, state, receptacle)}"
        case "open":
            return f"You open the {where}. {_inspect(game, state, receptacle)}"
        case "examine receptacle":
            return _inspect(game, state, receptacle)
        case "close":
            return f"You close the {where}."
        case "take":
            return f"You pick up the {what} from the {where}."
        case "move":
            return f"You move the {what} to the {where}."
        case "clean" | "heat" | "cool":
            return f"You {verb} the {what} using the {where}."
        case "slice":
            return f"You sliced the {what} with the {game.objects[state.held]}."
        case "use":
            return f"You turn on the {what}."
        case "examine object":
            return _describe(game, state, thing)
        case "inventory":
            if state.held < 0:
                return "You are not carrying anything."
            return f"You are carrying: a {game.objects[state.held]}."
        case "look":
            return _look(game, state, ())
    return HELP


def opening(game: Game) -> str:
    """The first observation."""
    around = _look(game, game.start, game.receptacles)
    return f"{WELCOME}\n\n{around}\n\n{TASK_OPENING}{game.task}".strip()


def is_won(game: Game, state: State) -> bool:
    """Whether the goal holds."""
    goal = game.goal
    if goal.lamps:
        lit = any(
            state.contents[receptacle] & state.toggled & goal.lamps for receptacle in game.standing[state.location]
        )
        return lit and state.held >= 0 and bool(goal.objects >> state.held & 1)
    wanted = goal.objects & getattr(state, goal.quality) if goal.quality else goal.objects
    return any(
        (state.contents[receptacle] & wanted).bit_count() >= goal.number for receptacle in numbers(goal.receptacles)
    )


def _look(game: Game, state: State, room: Iterable[str]) -> str:
    here = game.standing[state.location]
    if not here:  # the starting point; only the first observation looks around the whole room
        return f"You are in the middle of a room. Looking quickly around you, you see {_list(room)}."
    facing = _join([game.receptacles[receptacle] for receptacle in here])
    # TextWorld shows here only what was taken from one of these receptacles and lies in another, once for each.
    out = [
        game.objects[thing]
        for thing in numbers(state.nearby[state.location])
        for receptacle in here
        if state.taken[receptacle] >> thing & 1
    ]
    return f"You are facing the {facing}. Next to it, you see {_list(out)}."


def _inspect(game: Game, state: State, receptacle: int) -> str:
    name, bit = game.receptacles[receptacle], 1 << receptacle
    contents = _list(game.objects[thing] for thing in numbers(state.contents[receptacle]))
    if not game.openable & bit:
        return f"On the {name}, you see {contents}."
    return f"The {name} is open. In it, you see {contents}." if state.opened & bit else f"The {name} is closed."


def _describe(game: Game, state: State, thing: int) -> str:
    name = game.objects[thing]
    if game.vessels >> thing & 1:
        return f"This is a normal {name}. In it, you see {_list(game.objects[i] for i in numbers(game.inside[thing]))}."
    clean, hot, cool, sliced = (mask >> thing & 1 for mask in (state.clean, state.hot, state.cool, state.sliced))
    if sliced and (clean or hot or cool):
        words = " and ".join(
            word for word, holds in (("hot", hot), ("cool", cool and not hot), ("clean", clean)) if holds
        )
        return f"This is a {words} sliced {name}."
    if clean and (hot or cool):
        return f"This is a {'hot' if hot else 'cool'} and clean {name}."
    for word, holds in (("hot", hot), ("clean", clean), ("cold", cool)):
        if holds:
            return f"This is a {word} {name}."
    if (game.toggleable & state.toggled) >> thing & 1:
        return f"This {name} is on."
    if game.sliceable >> thing & 1 and sliced:
        return f"This is a sliced {name}."
    return f"There's nothing special about {name}."


def _list(names: Iterable[str]) -> str:
    return _join([f"a {name}" for name in names]) or "nothing"


def _join(names: list[str]) -> str:
    return ", and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
