"""The command `gigpo play`: a person plays an environment."""

import logging
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Thread

import tyro
from gymnasium.error import Error

from gigpo_gym.browser import Game, Server
from gigpo_gym.config import Config
from gigpo_gym.task_spec import env_specs

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """Play an environment yourself."""

    env: str
    """The environment: webshop, a registered id, or module:Id-v0."""
    browser: bool = False
    """In the browser, on a page that is served on this machine alone."""
    port: int = 0
    """Where the page is served; 0 for any port that is free."""
    open: bool = True
    """Open the page in the browser."""
    seed: int = 0
    """Of the first task; the next one has the next seed."""
    task: str | None = None
    """The name of the first task, as `task_id` of info has it."""
    split: str = "train"
    """The environment's split to draw tasks from."""
    env_kwargs: tuple[str, ...] = ()
    """Arguments of the environment, such as goals=human max_episode_steps=30."""

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"seed must be at least 0, got {self.seed}")
        if self.port != 0 and not 1024 <= self.port < 1 << 16:
            raise ValueError(f"port must be 0 or lie between 1024 and 65535, got {self.port}")


def play(options: Options) -> None:
    """Play until Ctrl-C.

    Raises:
        ValueError, OSError, ImportError, Error: something asked for is impossible.
    """
    if not options.browser:
        raise ValueError("expected --browser: playing in the terminal does not exist yet")
    config = Config(env=(options.env,), env_kwargs=options.env_kwargs)
    (spec,) = env_specs(config.env_ids[0], 1, config.env_arguments, options.split)
    env = spec.make()
    with Server(Game(env, options.seed, options.task), options.port) as server:
        logger.info("Play at %s (Ctrl-C ends)", server.url)
        if options.open:
            # A browser in the terminal only comes back when it is left.
            Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            logger.info("")
    env.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `gigpo play`."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        play(tyro.cli(Options, prog="gigpo play", args=arguments))
    except (ValueError, OSError, ImportError, Error) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
