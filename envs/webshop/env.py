"""WebShop as a Gymnasium environment: the original's pages, search, goals and reward, without Java, Flask or spaCy.

Rules: WebShop (Yao et al., 2022), as its text environment plays them (web_agent_site of princeton-nlp/WebShop). Added:
tasks that are the same in every process, splits and tasks by name, state keys, snapshots, an expert, a generated shop.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, SupportsFloat

import gymnasium as gym
from gymnasium.error import ResetNeeded

from gigpo_gym.envs.free_text import FreeText
from gigpo_gym.envs.reset_options import task_and_member
from gigpo_gym.envs.webshop.catalogue import MAX_RESULTS
from gigpo_gym.envs.webshop.expert import next_action, shopper_action
from gigpo_gym.envs.webshop.goals import LIMIT, Goal
from gigpo_gym.envs.webshop.html_page import Play, document
from gigpo_gym.envs.webshop.pages import (
    DONE,
    ITEM,
    RESULTS,
    START,
    SUB_PAGE,
    SUB_PAGES,
    Page,
    Place,
    follow,
    plain_text,
    rich_text,
    show,
)
from gigpo_gym.envs.webshop.reward import Nouns, Score, score_purchase, title_words
from gigpo_gym.envs.webshop.screenshot import find_chromium, require_chromium, screenshot
from gigpo_gym.envs.webshop.tasks import GENERATED, FilePath, open_goals, open_shop

OBSERVATION_MODES = ("text", "text_rich")
REWARDS = ("success", "score")
RENDER_MODES = ("ansi", "html", "rgb_array")
SEARCH = "search[<query>]"


@dataclass(frozen=True)
class WebShopSnapshot:
    """The task, where the session stands, what was last seen, and the random numbers."""

    task_id: str
    reward: str
    place: Place
    visited: frozenset[str]
    score: Score | None
    is_action_valid: bool
    np_random: Any  # state of the bit generator


class WebShopEnv(gym.Env[str, str]):
    """A shop in text: find the product that a person describes, choose its options, and buy it.

    ## Description
    The agent is told what to buy, searches by words, turns pages of results, opens products, reads their descriptions,
    chooses options, and buys, once. What the purchase is worth depends on how many of the wanted attributes and options
    it has, on its price, and on whether it is the right sort of thing.

    The shop is the original's where its files are on this machine: in the folder that the environment variable
    WEBSHOP_DATA names, or else in `gigpo-gym/webshop/data` of the user's cache folder, where `gigpo fetch webshop` puts
    them. Elsewhere a shop is generated, with products of its own. Which it is, is logged once, and each task's name
    tells.

    >>> import gymnasium as gym, gigpo_gym
    >>> env = gym.make("gigpo/WebShop-v0")
    >>> observation, info = env.reset(seed=0)

    ## Action Space
    Any string. `search[words]` searches, from any page; `click[name]` clicks what the page offers. Names in brackets
    are read in lower case. Anything else is an invalid action: the page stays and a step is used. Searches with a
    first word `<q>`, `<c>` and `<r>` list a query's products, a category's, and any 50.

    ## Observation Space
    A string: the page as the original's `text` mode shows it, or its `text_rich` mode.

    ## Starting State
    The start page of a goal. `reset(seed=s)` determines the goal; all goals of the split are equally likely.
    `reset(options={"task": task_id})` takes the named one, of any split. There is no chance in a shop, so
    `options={"member": m}` changes nothing.

    ## Rewards
    Paid for the purchase, otherwise 0. With `reward="success"`: `success_reward` if its score is 1. With
    `reward="score"`: the score.

    ## Episode End
    - Termination: the purchase. Further actions then are invalid, change nothing and pay 0.
    - Truncation: after 15 steps (`max_episode_steps` of `gym.make`).

    ## Information
    - `state_key`: digest of the task and the complete state. In it: the kind of page, the words searched for, the
      number of the page of results, the product, the chosen options and the sub page. Not in it: which products were
      looked at, which only changes marks of links in `text_rich`; the order in which options were chosen; the steps.
    - `task_id`: `shop/digest/kind-data_seed/number`.
    - `task`: what the person says.
    - `admissible_actions`: `search[<query>]` on the start page, elsewhere what can be clicked, in the original's order.
    - `is_action_valid`: whether the last action was valid.
    - `success`: whether something was bought with a score of 1.
    - `score`: of the purchase, from 0 to 1; 0 before it.
    - `score_parts`: the parts of the score by the original's names, and `base_without_r_type`, the score but for the
      sort of thing; empty before the purchase.
    - `available_actions`: the original's `get_available_actions()`, a dict of `has_search_bar` and `clickables`.

    ## Arguments
    - `split="train"`: `train`, `validation` or `test`; `eval` means `validation`. `tasks` lists a split's goals. With
      `split_by="goal"`, the original's: goals 0 to 499 are `test`, 500 to 1,499 `validation`, the others `train`;
      `verl-agent-validation` are 0 to 499 and `verl-agent-train` the others; `all` is all. These are disjoint by number
      alone: goals that differ only in options or price limit, and goals for one product, are on both sides.
      With `split_by="product"` one product in eight, by a digest of its asin, and all its goals are `validation`, the
      others `train`; there is no `test`.
    - `split_by=None`: `goal` or `product`; None for `goal` with files and `product` in a generated shop.
    - `goals="synthetic"`: or `human`.
    - `observation_mode="text"`: or `text_rich`, which marks buttons and what was chosen.
    - `reward="success"`: or `score`.
    - `success_reward=10.0`: paid for a purchase with score 1, where that is what is paid.
    - `source="auto"`: `small` and `all`, the original's files of 1,000 and of all products where `gigpo fetch webshop`
      puts them; `generated`; or `auto`, the first of these that is there.
    - `products=None`: path of a file of products to take instead.
    - `attributes=None`: path of its attributes and synthetic instructions.
    - `human=None`: path of its human instructions.
    - `num_products=None`: how many products to read, None for all; in a generated shop, how many there are (1,000).
    - `data_seed=0`: draws prices out of ranges and the price limits of goals. The original draws them anew in every
      process; 0 is `random.seed(0)` before it is made.
    - `shop_seed=0`: which shop is generated.
    - `show_attrs=False`: whether products have a page of attributes.
    - `nouns=None`: a function from a title to its nouns, which decide whether it is the right sort of thing; None for
      all words but function words. The original takes those of a spaCy model: `spacy_nouns()` of
      `gigpo_gym.envs.webshop.reward`, with the extra `gigpo-gym[spacy]`.
    - `render_mode=None`: `ansi`, the last text; `html`, the page as a document of our own design, which needs nothing
      else; or `rgb_array`, a picture of it of 1024 x 768 pixels, where Chromium is installed.

    It differs from the original in this: episodes end at the purchase; `<a>` searches and a bare `<c>`, which crash it,
    are invalid actions; `<r>` finds the same 50 products whenever the same is searched for, or all where there are
    fewer; goals are drawn evenly, not by weight and off by one; and every process has the same goals.

    ## Version History
    - v0: first release.
    """

    # Gymnasium's checker tries all modes that are named here.
    metadata = {"render_modes": [*RENDER_MODES[: 3 if find_chromium() else 2]], "render_fps": 1}  # noqa: RUF012

    def __init__(
        self,
        split: str = "train",
        split_by: str | None = None,
        goals: str = "synthetic",
        observation_mode: str = "text",
        reward: str = "success",
        success_reward: float = 10.0,
        source: str = "auto",
        products: FilePath | None = None,
        attributes: FilePath | None = None,
        human: FilePath | None = None,
        num_products: int | None = None,
        data_seed: int = 0,
        shop_seed: int = 0,
        show_attrs: bool = False,
        nouns: Nouns | None = None,
        render_mode: str | None = None,
    ) -> None:
        if observation_mode not in OBSERVATION_MODES:
            raise ValueError(f"expected observation_mode to be one of {OBSERVATION_MODES}, got {observation_mode!r}")
        if reward not in REWARDS:
            raise ValueError(f"expected reward to be one of {REWARDS}, got {reward!r}")
        if not isinstance(success_reward, int | float) or not math.isfinite(success_reward):
            raise ValueError(f"expected a finite success_reward, got {success_reward!r}")
        if num_products is not None and (not isinstance(num_products, int) or num_products < 1):
            raise ValueError(f"expected num_products to be None or an int of 1 or more, got {num_products!r}")
        for name, seed in (("data_seed", data_seed), ("shop_seed", shop_seed)):
            if not isinstance(seed, int) or seed < 0:
                raise ValueError(f"expected {name} to be an int of 0 or more, got {seed!r}")
        if render_mode is not None and render_mode not in RENDER_MODES:
            raise ValueError(f"expected render_mode None or one of {RENDER_MODES}, got {render_mode!r}")
        if render_mode == "rgb_array":
            require_chromium()
        catalogue, name = open_shop(source, (products, attributes, human), num_products, shop_seed)
        split_by = split_by or ("product" if name.startswith(GENERATED) else "goal")
        self._goals = open_goals(catalogue, name, goals, data_seed, split, split_by)
        self.split = self._goals.split
        self.observation_mode = observation_mode
        self.reward = reward
        self.success_reward = float(success_reward)
        self.show_attrs = show_attrs
        self.nouns = nouns or title_words
        self.render_mode = render_mode
        self.action_space = FreeText(("search[shoes]", "click[buy now]", "click[back to search]", "click[< prev]"))
        self.observation_space = FreeText(("WebShop",))
        self._goal: Goal | None = None
        self._task_id = ""

    @property
    def tasks(self) -> Sequence[str]:
        """The names of the split's goals, in order: a sequence that makes each when it is asked for."""
        return self._goals.names

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        task_id, _ = task_and_member(options)
        self._enter(self.tasks[int(self.np_random.integers(len(self.tasks)))] if task_id is None else task_id)
        self._stand(Place(), frozenset(), None, True)
        return self._observation(), self._info()

    def step(self, action: str) -> tuple[str, SupportsFloat, bool, bool, dict[str, Any]]:
        goal = self._require_goal("step")
        if not isinstance(action, str):
            raise TypeError(f"expected an action such as 'search[shoes]', got {action!r}")
        catalogue, reward = self._goals.catalogue, 0.0
        place = follow(self._place, action, self._page, catalogue)
        if place is None:
            self._is_action_valid = False
        else:
            visited, score = self._visited, self._score
            if place.kind == START:
                visited = frozenset()
            elif place.kind == ITEM:
                visited |= {catalogue.product(place.product).asin}
            elif place.kind == DONE:
                score = self._score_of(goal, place)
                reward = score.score
                if self.reward == "success":
                    reward = self.success_reward if score.score == 1 else 0.0
            self._stand(place, visited, score, True)
        return self._observation(), reward, self._place.kind == DONE, False, self._info()

    def texts(self) -> Iterator[str]:
        """What the shop's pages, instructions and actions are written with, for a vocabulary that is closed over it."""
        catalogue = self._goals.catalogue
        yield from (f"{LIMIT}{10 * tens}.00 dollars" for tens in range(1, 100))
        yield from (f"Page {count} (Total results: {count})" for count in range(MAX_RESULTS + 1))
        places = [Place(), Place(RESULTS, ("<r>",), page=1)]
        for number in range(len(catalogue)):
            product = catalogue.product(number)
            yield from (product.instruction or "", *(said.instruction for said in product.human))
            yield from (f"search[{product.query}]", f"click[{product.asin.lower()}]")
            item = Place(ITEM, product=number)
            places += [item, *(replace(item, kind=SUB_PAGE, sub_page=name) for name in SUB_PAGES)]
        for place in places:
            page = show(place, "", catalogue, 0.0, self.show_attrs)
            yield from (rich_text(page, place, frozenset()), plain_text(page))
            yield from (f"click[{name}] {name}" for name in page.targets)

    def snapshot(self) -> WebShopSnapshot:
        """The present moment, to be handed to `restore` of this environment or one made with the same arguments."""
        self._require_goal("snapshot")
        return WebShopSnapshot(
            self._task_id,
            self.reward,
            self._place,
            self._visited,
            self._score,
            self._is_action_valid,
            self.np_random.bit_generator.state,
        )

    def restore(self, snapshot: WebShopSnapshot, noise_seed: int | None = None) -> tuple[str, dict[str, Any]]:
        """Go back to `snapshot` and return its observation and info; `noise_seed` has nothing to change here.

        Raises:
            ValueError: it was taken in an environment with another reward or shop.
        """
        if snapshot.reward != self.reward:
            raise ValueError(f"expected a snapshot with reward {self.reward!r}, got {snapshot.reward!r}")
        self._enter(snapshot.task_id)
        self._stand(snapshot.place, snapshot.visited, snapshot.score, snapshot.is_action_valid)
        self.np_random.bit_generator.state = snapshot.np_random
        return self._observation(), self._info()

    def expert_action(self) -> str | None:
        """The next action of a plan that buys the goal's product with its options; None after the purchase.

        Where the goal can be reached at all (in the original's data 458 of 6,910 synthetic goals cannot), the purchase
        scores 1. A plan from the start page takes at most 15 steps.
        """
        goal = self._require_goal("expert_action")
        return next_action(self._place, goal, self._wanted, self._goals.catalogue)

    def imitable_action(self) -> str | None:
        """The next action of a person who knows the instruction and the page alone, to be imitated; None at the end."""
        goal = self._require_goal("imitable_action")
        return shopper_action(self._place, goal, self._page, self._goals.catalogue)

    def render(self) -> Any:
        """The last text ("ansi"), the page as HTML ("html"), or a picture of that ("rgb_array")."""
        self._require_goal("render")
        if self.render_mode is None:
            raise ValueError("expected a render_mode, got None: make the environment with render_mode='html'")
        if self.render_mode == "ansi":
            return self._observation()
        return self.html() if self.render_mode == "html" else screenshot(self.html())

    def html(self, play: Play | None = None) -> str:
        """The page as an HTML document that needs nothing else; `play` has what is more where a person plays on it."""
        goal, shelf = self._require_goal("html"), self._goals.catalogue
        return document(self._place, self._page, goal.instruction, shelf, self._score, self._is_action_valid, play)

    def _enter(self, task_id: Any) -> None:
        self._goal, self._wanted = self._goals.goal(self._goals.find(task_id))
        self._task_id = task_id

    def _stand(self, place: Place, visited: frozenset[str], score: Score | None, is_action_valid: bool) -> None:
        goal = self._require_goal("step")
        self._place, self._visited, self._score, self._is_action_valid = place, visited, score, is_action_valid
        worth = score.score if score else 0.0
        self._page: Page = show(place, goal.instruction, self._goals.catalogue, worth, self.show_attrs)

    def _score_of(self, goal: Goal, place: Place) -> Score:
        product = self._goals.catalogue.product(place.product)
        price = float(self._goals.table.prices[place.product])
        return score_purchase(goal, product, price, dict(place.options), self.nouns)

    def _require_goal(self, method: str) -> Goal:
        if self._goal is None:
            raise ResetNeeded(f"expected reset() or restore() before {method}()")
        return self._goal

    def _observation(self) -> str:
        if self.observation_mode == "text":
            return plain_text(self._page)
        return rich_text(self._page, self._place, self._visited)

    def _info(self) -> dict[str, Any]:
        goal, place, score = self._require_goal("info"), self._place, self._score
        clickables = list(self._page.targets)
        searching = place.kind == START
        state = (self._task_id, place.kind, place.keywords, place.page, place.product, sorted(place.options))
        parts = {**score.parts(), "base_without_r_type": score.base_without_r_type} if score else {}
        return {
            "state_key": hashlib.sha256(repr((state, place.sub_page)).encode()).hexdigest()[:32],
            "task_id": self._task_id,
            "task": goal.instruction,
            "admissible_actions": [SEARCH] if searching else [f"click[{name}]" for name in clickables],
            "is_action_valid": self._is_action_valid,
            "success": score is not None and score.score == 1,
            "score": score.score if score else 0.0,
            "score_parts": parts,
            "available_actions": {"has_search_bar": searching, "clickables": clickables},
        }
