"""Prompts: what a policy is told, and how its answer is read.

A prompt is a system message with the rules and the answer format, which never changes, and a user message with what
does: the last steps and the present observation. The model's own chat template turns the two into tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gigpo_gym.records import Message

ANSWER_OPEN, ANSWER_CLOSE = "<action>", "</action>"

ANSWER_FORMAT = (
    "First reason about the situation between <think> and </think>. "
    f"Then give exactly one action between {ANSWER_OPEN} and {ANSWER_CLOSE}."
)


@dataclass(frozen=True)
class PromptTemplate:
    """How one environment is put to a policy.

    `rules` opens the system message. The user message shows the task and the admissible actions at each step, where
    the environment names them, unless the rules have named them once and for all.
    """

    rules: str
    shows_task: bool = True
    shows_actions: bool = True

    def messages(
        self,
        *,
        task: str,
        history: Sequence[tuple[str, str]],
        observation: str,
        admissible_actions: Sequence[str],
    ) -> list[Message]:
        """The prompt after `history`, which holds (observation, action) of the steps to show, oldest first."""
        parts = []
        if self.shows_task and task:
            parts.append(f"Task: {task}")
        if history:
            parts.append("The last steps, oldest first:")
            parts += [f"{seen}\nAction: {action or '(none)'}" for seen, action in history]
            parts.append("Now:")
        parts.append(observation)
        if self.shows_actions and admissible_actions:
            parts.append("Admissible actions: " + ", ".join(admissible_actions))
        return [
            {"role": "system", "content": f"{self.rules}\n{ANSWER_FORMAT}"},
            # A reply may hold a lone surrogate, which no tokenizer takes.
            {"role": "user", "content": "\n".join(parts).encode("utf-8", "replace").decode()},
        ]


GENERIC = PromptTemplate("You are an agent that acts in a text environment, one action at a time, to solve a task.")

TEMPLATES = {
    "gigpo/ALFWorld-v0": PromptTemplate(
        "You solve a task in a household, one command at a time: find things in and on the furniture, take them, clean "
        "them at a sink, heat them in a microwave, cool them in a fridge, put them where they belong, switch lamps on. "
        "You carry one thing at a time, and see what is in closed furniture only after opening it.",
    ),
    "gigpo/FrozenLake-v0": PromptTemplate(
        "You cross a frozen lake to the goal, one square at a time, without falling into a hole. The lake is a grid: "
        "P is you, G the goal, O a hole, _ ice. Below it stand the squares around you (# is beyond the edge) and how "
        "far away the goal is. The actions are Left, Down, Right and Up.",
        shows_task=False,
        shows_actions=False,
    ),
    "gigpo/Sokoban-v0": PromptTemplate(
        "You push every box of a warehouse onto a target, one square at a time. The room is a grid: P is you (S where "
        "you stand on a target), X a box, O a target, * a box on a target, _ floor, # wall. You push a box by walking "
        "into it, where the square behind it is free; you cannot pull. Below the room stand the squares around you "
        "and, for every box off target, where it is from you, the squares around it, and where the nearest open target "
        "is from it. The actions are Up, Down, Left and Right.",
        shows_task=False,
        shows_actions=False,
    ),
    "gigpo/WebShop-v0": PromptTemplate(
        "You buy what a person asks for in a web shop, one action at a time: search[words] searches, and click[name] "
        "clicks what the page shows. Find a product that has what is wanted, below the price that is named; choose the "
        "options that are wanted on its page; then buy it. You can buy once.",
    ),
}


def template_for(env_id: str) -> PromptTemplate:
    """The template of a registered id; the generic one for environments that are not ours."""
    return TEMPLATES.get(env_id.rpartition(":")[2], GENERIC)


def parse_action(text: str) -> str:
    """The text of the first complete action tag, stripped; '' where there is none."""
    _, opened, rest = text.partition(ANSWER_OPEN)
    action, closed, _ = rest.partition(ANSWER_CLOSE)
    return action.strip() if opened and closed else ""


def format_action(action: str) -> str:
    """The shortest reply that gives this action."""
    return f"{ANSWER_OPEN}{action}{ANSWER_CLOSE}"
