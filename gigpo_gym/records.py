"""What a rollout is made of: frozen records with NumPy arrays.

One axis convention for the repository:

    N  steps of a rollout; one step is one sample: one prompt and one reply
    M  episodes (trajectories) of a rollout
    T  tokens, all steps one after the other; step n owns [offsets[n], offsets[n + 1]), offsets (N+1,)
    B, L  rows and columns of a padded micro-batch
    V  words of the vocabulary
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Message = dict[str, str]
"""One chat message: {"role": "system" | "user" | "assistant", "content": text}."""

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
StrArray = NDArray[np.object_]
"""An object array of str: NumPy's fixed-width strings would cost the longest text in every row."""


def _no_tokens() -> IntArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class StepRequest:
    """One prompt to answer: the environment `index` waits for a reply to `messages`.

    `prompt_ids` (P,) are the tokens of `messages`, ready to generate from, where the manager was given a tokenizer;
    otherwise the array is empty.
    """

    index: int
    messages: list[Message]
    prompt_ids: IntArray = field(default_factory=_no_tokens)


@dataclass(frozen=True)
class Reply:
    """What a policy answered.

    `token_ids` (R,) are the tokens exactly as sampled, end-of-turn included where it was sampled; `logprobs` (R,) their
    log-probabilities under the sampling policy at its temperature; `prompt_ids` (P,) what they were conditioned on.
    An agent without tokens gives `text` alone; a rollout of such replies cannot be trained on.

    Raises:
        ValueError: there is not one log-probability for each token.
    """

    text: str
    prompt_ids: IntArray = field(default_factory=_no_tokens)
    token_ids: IntArray = field(default_factory=_no_tokens)
    logprobs: FloatArray = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        if len(self.logprobs) != len(self.token_ids):
            raise ValueError(f"one logprob per token, please: {len(self.logprobs)} for {len(self.token_ids)} tokens")


@dataclass(frozen=True)
class Episodes:
    """The trajectories of a rollout, one row each, (M,)."""

    group: IntArray
    member: IntArray
    tag: StrArray
    task_id: StrArray
    length: IntArray  # steps
    total_reward: FloatArray  # undiscounted sum of the step rewards, penalties included
    success: BoolArray  # the environment's word; without it, whether its rewards, penalties aside, sum above 0
    score: FloatArray  # the environment's own measure, 0 to 1
    truncated: BoolArray  # ended by the step limit


@dataclass(frozen=True)
class Rollout:
    """All steps of some episodes, (N,): by trajectory, and within a trajectory in time order."""

    group: IntArray
    trajectory: IntArray  # row of `episodes`
    step: IntArray  # 0 for the first step of an episode
    tag: StrArray
    task: StrArray  # the goal in words
    state_key: StrArray  # of the state the step was taken in; the observation where the environment gives none
    observation: StrArray
    admissible_actions: tuple[tuple[str, ...], ...]
    reply: StrArray  # the whole text
    action: StrArray  # what the environment received
    reward: FloatArray  # the environment's reward minus the penalty of an invalid reply
    is_valid: BoolArray
    history_dropped: IntArray  # observation/action pairs left out of the prompt to fit the context
    prompt_truncated: BoolArray  # True where even the prompt without history had to be cut
    prompt_ids: IntArray  # (T,)
    prompt_offsets: IntArray  # (N+1,)
    response_ids: IntArray  # (T',)
    response_logprobs: FloatArray  # (T',)
    response_offsets: IntArray  # (N+1,)
    episodes: Episodes

    def __len__(self) -> int:
        return len(self.reward)

    @property
    def task_id(self) -> StrArray:
        """(N,) the task of each step."""
        return self.episodes.task_id[self.trajectory]

    @property
    def prompt_lengths(self) -> IntArray:
        return np.diff(self.prompt_offsets)

    @property
    def response_lengths(self) -> IntArray:
        return np.diff(self.response_offsets)
