"""gigpo play: WebShop in a browser, by requests and by Chromium, in a shop whose texts are hostile."""

import http.client
import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

import gigpo_gym  # noqa: F401  # registers the ids
from gigpo_gym.browser import MAX_BODY, Game, Server
from gigpo_gym.envs.webshop.screenshot import find_chromium
from gigpo_gym.play import Options, main, play

HARM = """
<script>document.title = 'harm'</script> "><img src="{}" onerror="document.title = 'harm'"> ' onfocus='document.title=1'
autofocus=' <meta http-equiv="refresh" content="0; {}"><base href="{}"> javascript:document.title=1 {{{{ 7 * 7 }}}}
</title></style></textarea></button></form><style>* {{ display: none }}</style><iframe src="{}"></iframe><!--
""".replace("\n", " ")


def write_shop(folder: Path, elsewhere: str) -> dict[str, str]:
    """A shop whose every text is hostile; `elsewhere` is an address that its markup would load."""
    harm = HARM.format(*[elsewhere] * 4)
    items, notes = [], {}
    for number in range(12):
        asin = f"B{number:09}"
        items.append(
            {
                "asin": asin,
                "name": f"Lamp {number} {harm} {'y' * 20_000 * (number == 2)}",
                "full_description": f"Shines {harm}",
                "small_description": [f"Bright {harm}", harm],
                "pricing": "$9.99",
                "images": [elsewhere if number % 2 else f"data:image/svg+xml,<svg onload='document.title=1'>{harm}"],
                "customization_options": {f"Size {harm}": [{"value": f"one {harm}"}, {"value": f"two {harm}"}]},
                "category": f"garden {harm}",
                "query": f"lamps {harm}",
                "product_category": f"Home \u203a Lamps {harm}",
            }
        )
        wanted = {"instruction": f"Find me a lamp {harm}", "instruction_attributes": ["bright"]}
        notes[asin] = {"attributes": ["bright", harm], **wanted}
    paths = {"products": folder / "items.json", "attributes": folder / "notes.json"}
    paths["products"].write_text(json.dumps(items))
    paths["attributes"].write_text(json.dumps(notes))
    return {name: str(path) for name, path in paths.items()}


@pytest.fixture(scope="module")
def visits() -> list[str]:
    """What was asked of the server elsewhere."""
    return []


@pytest.fixture(scope="module")
def elsewhere(visits: list[str]) -> Iterator[str]:
    """The address of a server that nothing should ask for anything."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    yield from serving(HTTPServer(("127.0.0.1", 0), Elsewhere))


def serving(server: HTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, elsewhere: str) -> dict[str, str]:
    return write_shop(tmp_path_factory.mktemp("shop"), elsewhere)


@pytest.fixture
def game(shop: dict[str, str]) -> Game:
    return Game(gym.make("gigpo/WebShop-v0", split="all", max_episode_steps=8, show_attrs=True, **shop))


@pytest.fixture
def url(game: Game) -> Iterator[str]:
    yield from serving(Server(game))


class Player:
    """What a person does who sees only pages."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.html = urllib.request.urlopen(url).read().decode()

    def buttons(self) -> dict[str, str]:
        """Numbers of the buttons of the page by what is written on them."""
        found = re.findall(r'<button name="action" value="(\d+)".*?>(.*?)</button>', self.html, re.DOTALL)
        return {" ".join(unescape(re.sub("<.*?>", " ", text)).split()): number for number, text in found}

    def click(self, text: str, query: str = "") -> None:
        """Press the first button that says `text`."""
        (number,) = [number for name, number in self.buttons().items() if text in name][:1]
        self.post("", action=number, query=query)

    def post(self, path: str, **fields: str) -> None:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', self.html))
        body = urllib.parse.urlencode(hidden | fields).encode()
        self.html = urllib.request.urlopen(self.url + path, body).read().decode()

    def outcome(self) -> str:
        return "".join(re.findall(r'id="outcome">(.*?)<', self.html))


def test_a_whole_game(url: str) -> None:
    player = Player(url)
    assert "Step 0 of 8" in player.html
    player.click("Search", query="[lamp]\r\n")
    assert "Page 1 (Total results: 12)" in player.html
    player.click("Next >")
    player.click("$9.99")
    player.click("two")
    assert player.html.count('aria-pressed="true"') == 1
    assert "Step 4 of 8" in player.html
    player.click("Buy Now")
    assert re.fullmatch(r"Bought\. The reward is [\d.]+, the score [\d.]+\.", player.outcome())
    assert "base_without_r_type" in player.html
    assert player.buttons() == {}
    task = re.findall(r'id="instruction">(.*?)<', player.html)
    player.post("next")
    assert "Step 0 of 8" in player.html
    assert list(player.buttons()) == ["Search"]
    assert re.findall(r'id="instruction">(.*?)<', player.html) != task


def test_the_right_purchase_pays(game: Game, url: str) -> None:
    player = Player(url)
    for number in range(3):
        player.click("Search", query=game._shop.expert_action().removeprefix("search[")[:1000])
        while (action := game._shop.expert_action()) is not None:
            player.post("", action=str(game._info["admissible_actions"].index(action)))
        assert player.outcome() == "Bought. The reward is 10, the score 1.", number
        player.post("next")


def test_steps_run_out(url: str) -> None:
    player = Player(url)
    for _ in range(4):
        player.click("Search", query="lamp")
        player.click("Back to Search")
    assert player.outcome() == "The 8 steps are used up and nothing was bought: the reward is 0."
    assert "<fieldset disabled>" in player.html
    before = player.html
    player.post("", action="0", query="lamp")
    assert player.html == before


def test_a_page_that_is_no_more_changes_nothing(url: str) -> None:
    player, other = Player(url), Player(url)
    player.click("Search", query="lamp")
    for path, fields in (("", {"action": "0", "query": "other"}), ("next", {})):
        other.post(path, turn="0", **fields)
        assert other.html == player.html
    for action in ("-1", "99", "9" * 10_000, "x", ""):
        player.post("", action=action)
        assert other.html == player.html


def test_the_first_task_is_the_named_one_and_further_ones_follow_from_the_seed(shop: dict[str, str]) -> None:
    env = gym.make("gigpo/WebShop-v0", split="all", **shop)
    name = env.unwrapped.tasks[5]
    game = Game(env, seed=3, task=name)
    assert game._info["task_id"] == name
    game.next_task("0")
    assert game._info == env.reset(seed=4)[1]


def request(url: str, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """Status and text of an answer; headers with underscores for hyphens, and none of them unless it is given."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body.encode())
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (303, {}),
        (303, {"Host": "localhost:{port}", "Origin": "http://localhost:{port}"}),
        (303, {"Origin": "http://127.0.0.1:{port}", "Sec_Fetch_Site": "same-origin"}),
        (403, {"Host": "evil.example"}),
        (403, {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}),
        (403, {"Host": "127.0.0.1"}),
        (403, {"Host": ""}),
        (403, {"Origin": "http://evil.example"}),
        (403, {"Origin": "http://127.0.0.1:1"}),
        (403, {"Origin": "null"}),
        (403, {"Origin": ""}),
        (403, {"Sec_Fetch_Site": "cross-site"}),
        (403, {"Sec_Fetch_Site": "same-site"}),
        (400, {"Content_Length": ""}),
        (400, {"Content_Length": "x"}),
        (400, {"Content_Length": "-1"}),
        (400, {"Content_Length": str(MAX_BODY + 1)}),
        (400, {"Content_Length": "9" * 5000}),
    ],
)
@pytest.mark.parametrize("path", ["/", "/next"])
def test_what_comes_from_elsewhere_or_is_too_large_is_refused(
    game: Game, url: str, path: str, status: int, headers: dict[str, str]
) -> None:
    port = urllib.parse.urlsplit(url).port
    before = game.html()
    body = urllib.parse.urlencode({"token": game.token, "turn": "0", "action": "0", "query": "lamp"})
    sent = {"Content_Length": str(len(body))} | {name: value.format(port=port) for name, value in headers.items()}
    assert request(url, "POST", path, body, **sent)[0] == status
    assert (game.html() != before) == (status == 303)


@pytest.mark.parametrize("token", [None, "", "x", "é"])
def test_without_the_token_a_form_is_refused(game: Game, url: str, token: str | None) -> None:
    before = game.html()
    body = urllib.parse.urlencode({"turn": "0", "action": "0"} | ({} if token is None else {"token": token}))
    assert request(url, "POST", "/", body, Content_Length=str(len(body)))[0] == 403
    assert game.html() == before


@pytest.mark.parametrize(
    "path",
    ["/favicon.ico", "/next", "//etc/passwd", "/../../etc/passwd", "/%2e%2e/etc/passwd", "/?x", "http://evil.example/"],
)
def test_there_is_one_page(url: str, path: str) -> None:
    status, text = request(url, "GET", path, Host=urllib.parse.urlsplit(url).netloc)
    assert status == 404
    assert "root:" not in text
    assert request(url, "GET", "/")[0] == 200
    assert request(url, "GET", "/", Host="evil.example")[0] == 403
    assert request(url, "DELETE", "/")[0] == 501


def test_the_server_is_reached_from_this_machine_alone_and_its_page_is_kept_by_nobody(game: Game, url: str) -> None:
    with Server(game) as server:
        assert server.server_address[0] == "127.0.0.1"
        with pytest.raises(OSError, match=f"port {server.server_port} cannot be used"):
            Server(game, server.server_port)
    headers = urllib.request.urlopen(url).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--env", "webshop"], "expected --browser: playing in the terminal"),
        (["--env", "frozenlake", "--browser"], "expected WebShop"),
        (["--env", "nothing", "--browser"], "no environment 'nothing'"),
        (["--env", "webshop", "--browser", "--task", "x"], "expected the name of a task"),
        (["--env", "webshop", "--browser", "--split", "x"], "expected split"),
        (["--env", "webshop", "--browser", "--env-kwargs", "x=1"], "does not take env_kwargs"),
        (["--env", "webshop", "--browser", "--env-kwargs", "x"], "env_kwargs are written name=value"),
    ],
)
def test_what_cannot_be_played_is_said_in_a_line(arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit, match=said) as stopped:
        main(arguments)
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize("wrong", [{"port": 80}, {"port": 70_000}, {"seed": -1}])
def test_impossible_options_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        Options("webshop", **wrong)


def test_ctrl_c_ends_it(shop: dict[str, str]) -> None:
    arguments = ["--env", "webshop", "--browser", "--no-open", "--split", "all", "--seed", "5", "--env-kwargs"]
    arguments += [f"{name}={path}" for name, path in shop.items()]
    command = [sys.executable, "-c", "from gigpo_gym.play import main; main()", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        url = re.findall(r"http://127\.0\.0\.1:\d+/", line)
        assert url, line
        player = Player(url[0])
        player.click("Search", query="lamp")
        assert "Total results: 12" in player.html
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stderr.read().strip() == ""


@pytest.mark.parametrize("wanted", [False, True])
def test_the_browser_is_opened_unless_it_is_not_wanted(
    wanted: bool, monkeypatch: pytest.MonkeyPatch, shop: dict[str, str]
) -> None:
    opened = threading.Event()
    urls = []

    def open_it(url: str) -> None:
        urls.append(url)
        opened.set()

    def interrupt(server: Server) -> None:
        opened.wait(60 if wanted else 0.1)
        raise KeyboardInterrupt

    monkeypatch.setattr("webbrowser.open", open_it)
    monkeypatch.setattr(Server, "serve_forever", interrupt)
    kwargs = tuple(f"{name}={path}" for name, path in shop.items())
    play(Options("webshop", browser=True, open=wanted, split="all", env_kwargs=kwargs))
    assert [url.startswith("http://127.0.0.1:") for url in urls] == [True] * wanted


@pytest.fixture(scope="module")
def chromium() -> Iterator[webdriver.Chrome]:
    program, driver = find_chromium(), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("needs Chromium and its driver: apt install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=Service(driver))
    yield browser
    browser.quit()


def test_a_game_in_chromium_where_hostile_texts_do_no_harm(
    chromium: webdriver.Chrome, url: str, visits: list[str]
) -> None:
    def click(text: str) -> str:
        """Click the first button that says `text`, where a hand could; what the next page says."""
        before = turn()
        chromium.find_element(By.XPATH, f"//button[contains(., '{text}')]").click()
        # Asked while one page gives way to the next, Chromium may answer with any error.
        WebDriverWait(chromium, 60, ignored_exceptions=[WebDriverException]).until(lambda _: turn() != before)
        assert (chromium.title, chromium.current_url) == ("WebShop", url)
        assert chromium.execute_script("return document.documentElement.scrollWidth") == phone["width"]
        assert chromium.find_element(By.ID, "instruction").text.startswith(f"Find me a lamp {HARM[:40].strip()}")
        return chromium.find_element(By.TAG_NAME, "body").text

    def turn() -> str | None:
        return chromium.find_element(By.NAME, "turn").get_attribute("value")

    def chosen() -> list[str]:
        return [option.text[:3] for option in chromium.find_elements(By.CSS_SELECTOR, "[aria-pressed=true]")]

    phone = {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    chromium.get("data:text/html,<title>safe</title><script>document.title = 'harm'</script>")
    assert chromium.title == "harm"  # where a page lets it, a script runs
    chromium.get(url)
    chromium.find_element(By.NAME, "query").send_keys("lamp")
    assert "Page 1 (Total results: 12)" in click("Search")
    assert "Page 2 (Total results: 12)" in click("Next >")
    assert "Lamp 2 " in click("Lamp 2 ")  # the longest product is found last
    assert chosen() == []
    click("two")
    assert chosen() == ["two"]
    assert "Shines" in click("Description")
    click("< Prev")
    assert chosen() == ["two"]
    words = click("Buy Now")
    outcome = chromium.find_element(By.ID, "outcome").text
    assert re.fullmatch(r"Bought\. The reward is [\d.]+, the score [\d.]+\.", outcome)
    assert "base_without_r_type" in words
    assert "Step 0 of 8" in click("Next task")
    assert visits == []
