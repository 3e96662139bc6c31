"""The step env manager: groups of environments, one self-contained prompt per live environment and step.

All members of a group start from the same task and state. Only live environments are prompted and stepped, so nothing
is generated for, stepped in or recorded from an environment whose episode has ended.
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np

from gigpo_gym.envs.notices import say_once
from gigpo_gym.prompts import PromptTemplate, parse_action, template_for
from gigpo_gym.records import Episodes, IntArray, Message, Reply, Rollout, StepRequest, StrArray
from gigpo_gym.task_spec import EnvSpec, env_specs
from gigpo_gym.wrappers.group_seed import group_seed

Answer = Callable[[Sequence[StepRequest]], Mapping[int, Reply]] | Callable[[Sequence[StepRequest]], Mapping[int, str]]
"""A policy as the manager sees it: requests in, one reply for each out."""

PANEL_ATTEMPTS = 100
"""Draws per wanted task before a panel of distinct tasks is called impossible."""


@dataclass
class _Slot:
    """One environment of the manager and the episode it is in."""

    env: gym.Env[str, str]
    spec: EnvSpec
    group: int
    member: int
    observation: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    task: str = ""
    state_key: str = ""
    admissible_actions: tuple[str, ...] = ()
    live: bool = False
    history: list[tuple[str, str]] = field(default_factory=list)
    steps: list["_Step"] = field(default_factory=list)
    truncated: bool = False
    earned: float = 0.0  # rewards of the environment, without penalties

    def arrive(self, observation: str, info: dict[str, Any]) -> None:
        """Take in what reset or step gave. What a step records is read here: an environment may reuse its dict."""
        if not isinstance(observation, str):
            raise ValueError(
                f"{self.spec.env_id} observes {type(observation).__name__}, expected str: "
                "wrap it in one of gigpo_gym.wrappers and register the result"
            )
        if "state_key" not in info:
            say_once(f"{self.spec.env_id} has no `state_key` in its info: its observation stands for the state")
        self.observation, self.info = observation, info
        self.task = info.get("task", "")
        self.state_key = info.get("state_key", observation)
        self.admissible_actions = tuple(info.get("admissible_actions", ()))


@dataclass(frozen=True)
class _Step:
    """What is recorded of one step; the names are those of Rollout."""

    step: int
    task: str
    state_key: str
    observation: str
    admissible_actions: tuple[str, ...]
    history_dropped: int
    prompt_truncated: bool
    prompt_ids: IntArray
    reply: str
    action: str
    reward: float
    is_valid: bool
    response_ids: IntArray
    response_logprobs: np.ndarray


class StepEnvManager:
    """Groups of environments that are stepped together.

    Args:
        envs: a registered id ("gigpo/FrozenLake-v0", "module:Id-v0"), or {tag: (id, num_groups)} for several
            environments at once; a single id has itself as its tag.
        num_groups: groups of one id; must be left out where `envs` gives them.
        group_size: members of a group, at least 1. A group of 1 has no one to compare with: every advantage is 0.
        history_length: observation/action pairs shown before the present observation.
        seed: with split, iteration and group it determines every task (see `group_seed`).
        split: passed to environments that have splits; part of the seed for all.
        groups: the global group numbers that this process holds, at least one; all by default. Whoever holds group g
            of iteration i gives it the same task.
        env_kwargs: for `gym.make`; {tag: kwargs} where `envs` has tags.
        invalid_action_penalty: subtracted from the reward of a step whose reply was invalid.
        distinct_tasks: no task twice under one tag in an iteration: an evaluation panel.
        encode: turns messages into token ids (P,); without it requests carry no tokens.
        max_prompt_tokens: prompts longer than this lose their oldest history first, then their first tokens; both
            are recorded.

    Raises:
        ValueError: an option is impossible; the message says what was expected.
    """

    def __init__(
        self,
        envs: str | Mapping[str, tuple[str, int]],
        *,
        num_groups: int | None = None,
        group_size: int,
        history_length: int = 2,
        seed: int = 0,
        split: str = "train",
        groups: Iterable[int] | None = None,
        env_kwargs: Mapping[str, Any] | None = None,
        invalid_action_penalty: float = 0.1,
        distinct_tasks: bool = False,
        encode: Callable[[list[Message]], IntArray] | None = None,
        max_prompt_tokens: int | None = None,
    ) -> None:
        for name, value, least in (
            ("group_size", group_size, 1),
            ("history_length", history_length, 0),
            ("seed", seed, 0),
            ("invalid_action_penalty", invalid_action_penalty, 0),
            ("max_prompt_tokens", max_prompt_tokens, 1),
        ):
            if value is not None and not value >= least:
                raise ValueError(f"{name} must be at least {least}, got {value}")
        if max_prompt_tokens is not None and encode is None:
            raise ValueError("max_prompt_tokens needs `encode`, which counts the tokens")
        specs = env_specs(envs, num_groups, env_kwargs, split)
        self._group_specs = [spec for spec in specs for _ in range(spec.num_groups)]
        self.num_groups = len(self._group_specs)
        self.groups = list(range(self.num_groups)) if groups is None else list(groups)
        if not self.groups or len(set(self.groups)) != len(self.groups):
            raise ValueError(f"groups must name at least one group, each once, got {self.groups}")
        for group in self.groups:
            if not 0 <= group < self.num_groups:
                raise ValueError(f"groups must lie in 0..{self.num_groups - 1}, got {group}")
        self.group_size = group_size
        self.history_length = history_length
        self.seed = seed
        self.split = split
        self.invalid_action_penalty = invalid_action_penalty
        self.distinct_tasks = distinct_tasks
        self._encode = encode
        self._max_prompt_tokens = sys.maxsize if max_prompt_tokens is None else max_prompt_tokens
        self._slots = [
            _Slot(self._group_specs[group].make(), self._group_specs[group], group, member)
            for group in self.groups
            for member in range(group_size)
        ]
        self._waiting: dict[int, tuple[StepRequest, int, bool]] = {}  # request, history dropped, prompt truncated
        self._panel: tuple[int, dict[int, dict[str, Any]]] | None = None
        if distinct_tasks:
            self._starts(iteration=0)  # an impossible panel is refused here, not hours later

    @property
    def envs(self) -> list[gym.Env[str, str]]:
        """The environments, by request index."""
        return [slot.env for slot in self._slots]

    @property
    def infos(self) -> list[dict[str, Any]]:
        """The present info of every environment, by request index."""
        return [slot.info for slot in self._slots]

    def reset(self, iteration: int = 0) -> list[StepRequest]:
        """Start every episode of `iteration`; one request per environment."""
        starts = self._starts(iteration)
        for slot in self._slots:
            start = starts[slot.group]
            options = {**start["options"], "member": slot.member}
            slot.arrive(*slot.env.reset(seed=start["seed"], options=options))
            slot.live, slot.truncated, slot.earned = True, False, 0.0
            slot.history, slot.steps = [], []
        return self._requests()

    def step(self, replies: Mapping[int, Reply | str]) -> list[StepRequest]:
        """Carry out one reply per waiting request; return the requests of the environments that are still live.

        Raises:
            ValueError: the indices are not those of the waiting requests.
            TypeError: a reply is neither Reply nor str.

        Nothing has been stepped then.
        """
        if replies.keys() != self._waiting.keys():
            missing = sorted(self._waiting.keys() - replies.keys())
            unknown = sorted(replies.keys() - self._waiting.keys())
            raise ValueError(f"one reply per waiting request, please: missing {missing[:8]}, not waiting {unknown[:8]}")
        for reply in replies.values():
            if not isinstance(reply, Reply | str):
                raise TypeError(f"a reply is a Reply or a str, got {reply!r}")
        for index in self._waiting:
            reply = replies[index]
            self._step_one(index, Reply(reply) if isinstance(reply, str) else reply)
        return self._requests()

    def play(self, answer: Answer, iteration: int) -> Rollout:
        """Play every episode of `iteration` to its end; `answer` is asked once per step, with all waiting requests."""
        requests = self.reset(iteration)
        while requests:
            requests = self.step(answer(requests))
        return self.rollout()

    def rollout(self) -> Rollout:
        """Everything recorded since the last reset.

        Raises:
            RuntimeError: some episodes have not ended.
        """
        if any(slot.live or not slot.steps for slot in self._slots):
            raise RuntimeError("rollout() needs finished episodes: reset, then step until no request is left")
        return _assemble(self._slots)

    def close(self) -> None:
        for slot in self._slots:
            slot.env.close()

    def _step_one(self, index: int, reply: Reply) -> None:
        slot = self._slots[index]
        request, history_dropped, prompt_truncated = self._waiting[index]
        action = parse_action(reply.text)
        observation, reward, terminated, truncated, info = slot.env.step(action)
        is_valid = bool(info.get("is_action_valid", action != ""))
        slot.steps.append(
            _Step(
                step=len(slot.steps),
                task=slot.task,
                state_key=slot.state_key,
                observation=slot.observation,
                admissible_actions=slot.admissible_actions,
                history_dropped=history_dropped,
                prompt_truncated=prompt_truncated,
                prompt_ids=reply.prompt_ids if reply.prompt_ids.size else request.prompt_ids,
                reply=reply.text,
                action=action,
                reward=float(reward) - (0.0 if is_valid else self.invalid_action_penalty),
                is_valid=is_valid,
                response_ids=reply.token_ids,
                response_logprobs=reply.logprobs,
            )
        )
        if self.history_length:
            slot.history = [*slot.history, (slot.observation, action)][-self.history_length :]
        slot.arrive(observation, info)
        slot.earned += float(reward)
        slot.live, slot.truncated = not (terminated or truncated), bool(truncated and not terminated)

    def _requests(self) -> list[StepRequest]:
        self._waiting = {index: self._request(index) for index, slot in enumerate(self._slots) if slot.live}
        return [request for request, _, _ in self._waiting.values()]

    def _request(self, index: int) -> tuple[StepRequest, int, bool]:
        """The prompt of one environment, how much history it had to drop and whether it had to be cut."""
        slot = self._slots[index]
        if self._encode is None:
            return StepRequest(index, self._messages(slot, slot.history)), 0, False
        for dropped in range(len(slot.history) + 1):
            messages = self._messages(slot, slot.history[dropped:])
            prompt_ids = self._encode(messages)
            if len(prompt_ids) <= self._max_prompt_tokens:
                return StepRequest(index, messages, prompt_ids), dropped, False
        return StepRequest(index, messages, prompt_ids[len(prompt_ids) - self._max_prompt_tokens :]), dropped, True

    @staticmethod
    def _messages(slot: _Slot, history: list[tuple[str, str]]) -> list[Message]:
        template: PromptTemplate = template_for(slot.spec.env_id)
        return template.messages(
            task=slot.task,
            history=history,
            observation=slot.observation,
            admissible_actions=slot.admissible_actions,
        )

    def _starts(self, iteration: int) -> dict[int, dict[str, Any]]:
        """{group: {"seed", "options"}} for the groups of this process."""
        if not self.distinct_tasks:
            return {
                group: {"seed": group_seed(self.seed, self.split, iteration, group), "options": {}}
                for group in self.groups
            }
        if self._panel is None or self._panel[0] != iteration:
            self._panel = iteration, self._draw_panel(iteration)
        return self._panel[1]

    def _draw_panel(self, iteration: int) -> dict[int, dict[str, Any]]:
        """Distinct tasks for all groups, the same whichever share of them this process holds.

        Raises:
            ValueError: an environment has too few tasks.
        """
        starts: dict[int, dict[str, Any]] = {}
        first = 0
        while first < self.num_groups:
            spec = self._group_specs[first]
            if spec.tasks is not None:
                self._require_tasks(spec, len(spec.tasks))
                draws = np.random.SeedSequence((self.seed, zlib.crc32(self.split.encode()), iteration, first))
                order = np.random.default_rng(draws).permutation(len(spec.tasks))
                for i in range(spec.num_groups):
                    seed = group_seed(self.seed, self.split, iteration, first + i)
                    starts[first + i] = {"seed": seed, "options": {"task": spec.tasks[order[i]]}}
            else:
                for i, seed in enumerate(self._distinct_seeds(spec, iteration)):
                    starts[first + i] = {"seed": seed, "options": {}}
            first += spec.num_groups
        return starts

    def _distinct_seeds(self, spec: EnvSpec, iteration: int) -> list[int]:
        """Seeds of `spec.num_groups` tasks that differ in `task_id` (in the first observation, where there is none)."""
        env = spec.make()
        seeds: dict[str, int] = {}
        for draw in range(PANEL_ATTEMPTS * spec.num_groups):
            seed = group_seed(self.seed, self.split, iteration, draw)
            observation, info = env.reset(seed=seed)
            seeds.setdefault(info.get("task_id", observation), seed)
            if len(seeds) == spec.num_groups:
                break
        env.close()
        self._require_tasks(spec, len(seeds))
        return list(seeds.values())

    def _require_tasks(self, spec: EnvSpec, found: int) -> None:
        if found < spec.num_groups:
            raise ValueError(
                f"{spec.env_id} has only {found} different tasks in split {self.split!r} for a panel of "
                f"{spec.num_groups}: ask for at most {found} (val_batch_size in training)"
            )


def _assemble(slots: list[_Slot]) -> Rollout:
    steps = [step for slot in slots for step in slot.steps]
    lengths = np.array([len(slot.steps) for slot in slots])
    trajectory = np.repeat(np.arange(len(slots)), lengths)
    rewards = np.array([step.reward for step in steps])
    total = np.bincount(trajectory, rewards, minlength=len(slots)).astype(np.float64)
    success = np.array([bool(slot.info.get("success", slot.earned > 0)) for slot in slots])
    group = np.array([slot.group for slot in slots])
    tags = strings(slot.spec.tag for slot in slots)
    episodes = Episodes(
        group=group,
        member=np.array([slot.member for slot in slots]),
        tag=tags,
        task_id=strings(slot.info.get("task_id", "") for slot in slots),
        length=lengths,
        total_reward=total,
        success=success,
        score=np.array([float(s.info.get("score", won)) for s, won in zip(slots, success, strict=True)]),
        truncated=np.array([slot.truncated for slot in slots]),
    )
    prompt_ids, prompt_offsets = ragged([step.prompt_ids for step in steps])
    response_ids, response_offsets = ragged([step.response_ids for step in steps])
    logprobs, _ = ragged([step.response_logprobs for step in steps])
    return Rollout(
        group=group[trajectory],
        trajectory=trajectory,
        step=np.array([step.step for step in steps]),
        tag=tags[trajectory],
        task=strings(step.task for step in steps),
        state_key=strings(step.state_key for step in steps),
        observation=strings(step.observation for step in steps),
        admissible_actions=tuple(step.admissible_actions for step in steps),
        reply=strings(step.reply for step in steps),
        action=strings(step.action for step in steps),
        reward=rewards,
        is_valid=np.array([step.is_valid for step in steps]),
        history_dropped=np.array([step.history_dropped for step in steps]),
        prompt_truncated=np.array([step.prompt_truncated for step in steps]),
        prompt_ids=prompt_ids,
        prompt_offsets=prompt_offsets,
        response_ids=response_ids,
        response_logprobs=logprobs,
        response_offsets=response_offsets,
        episodes=episodes,
    )


def strings(values: Iterable[str]) -> StrArray:
    """An object array (N,) of str."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def ragged(rows: list[np.ndarray]) -> tuple[np.ndarray, IntArray]:
    """Rows one after the other (T,), and their offsets (N+1,)."""
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    return np.concatenate(rows), offsets
