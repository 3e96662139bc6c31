"""Playing WebShop in a browser: a server for one person on this machine, and forms without scripts.

Neither other machines nor other pages that are open in the browser may play; other users of this machine could. So it
listens on the loopback interface alone; a request must name it as its host, since any name can be made to point here
(DNS rebinding); and what changes the game must carry the token of its page and come from no other origin. No files are
served.
"""

import re
import secrets
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl

import gymnasium as gym

from gigpo_gym.envs.webshop import WebShopEnv
from gigpo_gym.envs.webshop.html_page import Play

HOST = "127.0.0.1"
MAX_BODY = 1 << 14  # bytes; the 1,000 signs that can be searched for take at most 9,000
TIMEOUT_S = 10  # for a request to come in whole

_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",  # the rest of the policy is in the page
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with none at all, browsers do not tell the origin either
    "X-Content-Type-Options": "nosniff",
}
_BRACKETS = str.maketrans("[]\r\n", "    ")  # which would end the action


class Game:
    """One episode after another, as a person plays them; may be called from several threads.

    Args:
        env: WebShop, wrapped or not.
        seed: of the first episode; each one after it has the next.
        task: the name of the first episode's task, None for the seed's.

    Raises:
        ValueError: the environment is another one, or there is no such task.
    """

    def __init__(self, env: gym.Env[Any, Any], seed: int = 0, task: str | None = None) -> None:
        if not isinstance(env.unwrapped, WebShopEnv):
            raise ValueError(f"expected WebShop, the one environment that has pages for a browser, got {env}")
        self.token = secrets.token_urlsafe(16)
        self._env, self._shop, self._seed = env, env.unwrapped, seed
        self._lock = Lock()
        self._turn = 0  # over all episodes
        self._steps, self._outcome = 0, ""
        self._info: dict[str, Any] = {}
        self._begin({} if task is None else {"task": task})

    def html(self) -> str:
        """The present page."""
        with self._lock:
            limit = self._limit()
            status = f"Step {self._steps}" + (f" of {limit}" if limit else "")
            return self._shop.html(Play(self.token, self._turn, status, self._outcome))

    def act(self, turn: str, button: str, query: str) -> None:
        """Press a button, by its number, on the page of a turn; nothing happens if that is not the present page."""
        with self._lock:
            actions = {str(number): action for number, action in enumerate(self._info["admissible_actions"])}
            if turn != str(self._turn) or button not in actions or self._outcome:
                return
            action = actions[button].replace("<query>", query.translate(_BRACKETS))
            _, reward, terminated, truncated, self._info = self._env.step(action)
            self._turn += 1
            self._steps += 1
            if terminated:
                self._outcome = f"Bought. The reward is {reward:g}, the score {self._info['score']:.3g}."
            elif truncated:
                self._outcome = f"The {self._limit()} steps are used up and nothing was bought: the reward is 0."

    def next_task(self, turn: str) -> None:
        """Leave the task of the page of a turn for another; nothing happens if that is not the present page."""
        with self._lock:
            if turn == str(self._turn):
                self._seed += 1
                self._turn += 1
                self._begin({})

    def _begin(self, options: dict[str, Any]) -> None:
        _, self._info = self._env.reset(seed=self._seed, options=options)
        self._steps, self._outcome = 0, ""

    def _limit(self) -> int | None:
        return self._env.spec.max_episode_steps if self._env.spec else None


class Server(ThreadingHTTPServer):
    """Serves a game at `url` once `serve_forever` is called; with port 0, at any port that is free.

    Threads, since browsers open connections ahead of what they will ask.

    Raises:
        OSError: the port is taken.
    """

    allow_reuse_port = False  # newer Pythons would let two servers share a port

    def __init__(self, game: Game, port: int = 0) -> None:
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise OSError(f"port {port} cannot be used ({error.strerror}): choose another, or 0 for any") from error
        self.game = game
        self.names = [f"{name}:{self.server_port}" for name in (HOST, "localhost")]
        self.url = f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # browsers hang up when they like
            super().handle_error(request, client_address)


class _Refusal(Exception):
    """Status, and what is wrong."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "gigpo", ""
    timeout = TIMEOUT_S

    def do_GET(self) -> None:
        self._answer({"/": self._show})

    def do_POST(self) -> None:
        self._answer({"/": self._act, "/next": self._next_task})

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self, pages: dict[str, Callable[[], None]]) -> None:
        try:
            if self.headers.get_all("Host") not in [[name] for name in self.server.names]:
                raise _Refusal(403, f"expected the host {self.server.names[0]}")
            if self.path not in pages:
                raise _Refusal(404, "there is one page: /")
            pages[self.path]()
        except _Refusal as refusal:
            self.send_error(*refusal.args)

    def _show(self) -> None:
        body = self.server.game.html().encode(errors="replace")
        self.send_response(200)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _act(self) -> None:
        form = self._form()
        self.server.game.act(form.get("turn", ""), form.get("action", ""), form.get("query", ""))
        self._back()

    def _next_task(self) -> None:
        self.server.game.next_task(self._form().get("turn", ""))
        self._back()

    def _back(self) -> None:
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _form(self) -> dict[str, str]:
        """What a page of this server sent."""
        origin, site = self.headers.get("Origin"), self.headers.get("Sec-Fetch-Site")
        if origin not in (None, f"http://{self.headers['Host']}") or site not in (None, "same-origin"):
            raise _Refusal(403, "expected a form of the page itself")
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]{1,5}", length) or int(length) > MAX_BODY:
            raise _Refusal(400, f"expected a form of at most {MAX_BODY} bytes")
        form = dict(parse_qsl(self.rfile.read(int(length)).decode("ascii", "replace")))
        if not secrets.compare_digest(form.get("token", "").encode(), self.server.game.token.encode()):
            raise _Refusal(403, "this page is of an earlier game: open / again")
        return form
