"""The expert: a shortest plan from any state of a household, by uniform-cost search over errands.

An errand is to take, put, treat or light one thing at one receptacle, with the walking and opening that it needs there.
Shortest plans consist of nothing else: the agent may as well open a receptacle when it is there on an errand, and
nothing ever needs one closed. Of the errands, the search tries those that some shortest plan is made of:

* What is in hand at the start may be put down anywhere. After that only wanted objects are taken, each for good: to put
  one down on the way and fetch it again costs two commands, and never saves more than carrying it on.
* A wanted object in hand is treated, if the goal is to treat it, and then put where the goal wants it.
* A lamp is lit last, since the plan ends where it stands; to carry it costs more than to go there.
* Of several receptacles to put something into that differ in nothing that matters, the first is enough.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from gigpo_gym.envs.alfworld.game import Game, State, numbers
from gigpo_gym.envs.alfworld.household import Action, commands, is_won, result

TREATMENTS = {"clean": "clean", "hot": "heat", "cool": "cool"}  # the verbs, by the quality that they give


def expert_plan(game: Game, state: State) -> list[str] | None:
    """A shortest list of commands that wins from `state`, always the same one; [] where the game is won.

    None where the game cannot be won. In official games that is where the agent holds what no receptacle accepts: 180
    of 740 have such a thing, a roll of paper towels or a teddy bear, which can be taken and never be put down. Whatever
    else a command does can be mended.
    """
    matters = game.goal.objects | game.goal.lamps
    queue: list[tuple[int, int, State, tuple[Action, ...]]] = [(0, 0, state, ())]
    found = 0  # settles ties in favour of low numbers
    reached = set()
    while queue:
        _, _, now, plan = heappop(queue)
        if is_won(game, now):
            return _texts(game, state, plan)
        takes = sum(action.verb == "take" for action in plan)
        contents = tuple(inside & matters for inside in now.contents)
        node = (takes, now._replace(contents=contents, nearby=(), taken=()))
        if node in reached:
            continue
        reached.add(node)
        for receptacle, errand in _errands(game, now, takes, is_first=not plan):
            actions = _actions(game, now, receptacle, errand)
            then = now
            for action in actions:
                then = result(game, then, action)
            found += 1
            heappush(queue, (len(plan) + len(actions), found, then, plan + actions))
    return None


def _errands(game: Game, state: State, takes: int, is_first: bool) -> Iterator[tuple[int, Action]]:
    """What to do next, and at which receptacle."""
    goal, held = game.goal, state.held
    if held < 0:
        for receptacle, contents in enumerate(state.contents if takes < goal.number else ()):
            for thing in numbers(contents & goal.objects & game.pickupable):
                yield receptacle, Action("take", thing, receptacle)
        return
    if goal.objects >> held & 1:
        for receptacle, contents in enumerate(state.contents):
            for lamp in numbers(contents & goal.lamps):
                yield receptacle, Action("use", lamp)
        if goal.quality:
            tools = {"clean": game.cleaners, "hot": game.heaters, "cool": game.coolers}[goal.quality]
            for receptacle in numbers(tools):
                yield receptacle, Action(TREATMENTS[goal.quality], held, receptacle)
    tried = set()
    for receptacle in range(len(game.receptacles)) if is_first else numbers(goal.receptacles):
        kind = _kind(game, state, receptacle)
        if game.accepts[receptacle] >> held & 1 and kind not in tried:
            tried.add(kind)
            yield receptacle, Action("move", held, receptacle)


def _kind(game: Game, state: State, receptacle: int) -> tuple[int, ...]:
    """What matters of a receptacle into which something is to be put."""
    goal, place = game.goal, game.place[receptacle]
    if any(state.contents[other] & goal.objects for other in game.standing[place]):
        return (receptacle,)  # the agent may have more to do there; elsewhere, it next goes away
    return (
        place == state.location,
        _is_closed(game, state, receptacle),
        goal.receptacles >> receptacle & 1,
        game.accepts[receptacle] & goal.objects,
    )


def _is_closed(game: Game, state: State, receptacle: int) -> bool:
    return bool((game.openable & ~state.opened) >> receptacle & 1)


def _actions(game: Game, state: State, receptacle: int, errand: Action) -> tuple[Action, ...]:
    """An errand with what it needs before."""
    actions = []
    if game.place[receptacle] != state.location:
        actions.append(Action("go", -1, receptacle))
    if errand.verb in ("take", "move") and _is_closed(game, state, receptacle):
        actions.append(Action("open", -1, receptacle))
    if errand.verb != "use" or not state.toggled >> errand.object & 1:
        actions.append(errand)
    return tuple(actions)


def _texts(game: Game, state: State, plan: tuple[Action, ...]) -> list[str]:
    texts = []
    for action in plan:
        texts += [text for text, meaning in commands(game, state).items() if meaning == action]
        state = result(game, state, action)
    return texts
