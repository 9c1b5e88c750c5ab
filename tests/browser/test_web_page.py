"""The attached cockpit in a page: a real Chromium sees it and steers by it, and nobody else comes in."""

import asyncio
import io
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from core.processors.browser.find import find_browser
from tests.browser.test_demo import command
from tests.link.runs import Served, served
from tests.terminal.terminals import environment, until
from tui.web.server import MOST_VISITORS

pytestmark = pytest.mark.browser

NASTY = "novel; touch pwned; $(touch pwned) `touch pwned` '\" --web"
"""A folder's name, if a shell came near it."""


@contextmanager
def page_of(there: Served, home: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """``attach --web`` on a run; its address and its process."""
    server = subprocess.Popen(
        command("attach", "--web", "0", "--", str(there.engine.folder)),
        env=environment(home), cwd=home, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        assert address.startswith("http://127.0.0.1:"), address
        yield address, server
    finally:
        server.kill()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(""), args=["--no-sandbox"])
        yield browser
        browser.close()


def seen_by(page: Page) -> Callable[[str], bool]:
    """Whether words have come to the page's terminal since."""
    heard = bytearray()

    def listen(data: str | bytes) -> None:
        heard.extend(data if isinstance(data, bytes) else data.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", listen))

    def seen(words: str) -> bool:
        page.wait_for_timeout(50)  # the driver tells of frames only while it is waited on
        return words.encode() in heard

    return seen


def screens(server: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The processes that draw for open pages."""
    return psutil.Process(server.pid).children()


def test_a_page_shows_the_run_steers_it_and_leaves_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / NASTY
    folder.mkdir()
    problems: list[str] = []
    elsewhere: list[str] = []
    with served(folder, panels=400, latency=0.2) as there, page_of(there, tmp_path) as (address, server):
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1100, "height": 700})
            seen = seen_by(page)
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
            page.on("request", lambda asked: elsewhere.append(asked.url))
            page.goto(address)
            until(lambda: seen("The Speckled Band") and seen("attached"), "the cockpit is in the page")
            until(lambda: page.locator("body.-first-byte").count(), "the page shows the terminal")
            page.locator(".xterm-helper-textarea").focus()
            page.keyboard.press("Space")
            until(lambda: seen("paused: you pressed pause") and there.state.phase == "paused", "space pauses the run")
            page.wait_for_timeout(500)
            picture = page.screenshot(path=tmp_path / "page.png")
            with Image.open(io.BytesIO(picture)) as image:
                colours = image.convert("RGB").getcolors(maxcolors=2**20) or []
            assert len([count for count, _ in colours if count > 100]) > 8, "there is no cockpit in the picture"
            page.keyboard.press("Space")
            until(lambda: there.state.phase == "running", "space resumes the run")
            page.set_viewport_size({"width": 700, "height": 500})
            assert len(screens(server)) == 1
            page.close()
            until(lambda: not screens(server), "the page's process went with it")
            drawn = there.site.drawn
            until(lambda: there.site.drawn > drawn + 5, "the run goes on")
            assert there.state.phase == "running"
            again = browser.new_page()
            seen = seen_by(again)
            again.goto(address)
            until(lambda: seen("attached"), "another page shows it again")
            again.locator(".xterm-helper-textarea").focus()
            again.keyboard.press("q")
            again.locator(".closed button").wait_for(state="visible")  # the screen was left, the run was not
            assert there.state.phase == "running"
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        assert there.state.phase == "running"
    assert problems == []
    assert {urlsplit(url).netloc for url in elsewhere} - {""} == {urlsplit(address).netloc}
    assert not list(tmp_path.rglob("pwned"))


def test_a_killed_server_leaves_no_process_behind(tmp_path: Path) -> None:
    with served(tmp_path / "novel", panels=400, latency=0.2) as there, page_of(there, tmp_path) as (address, server):
        with chromium() as browser:
            page = browser.new_page()
            seen = seen_by(page)
            page.goto(address)
            until(lambda: seen("attached"), "the cockpit is in the page")
            (screen,) = screens(server)
            server.kill()
            server.wait()
            until(lambda: not screen.is_running() or screen.status() == psutil.STATUS_ZOMBIE, "it ends by itself")
            page.locator(".closed").wait_for(state="visible")
        assert there.state.phase == "running"
    assert not list((tmp_path / "novel").rglob("crash*"))


HOSTS = [
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example:1",
    "192.168.1.5",
    "a@127.0.0.1",
    "",
]


async def answered(url: str, **headers: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        return answer.status


async def joined(url: str, **headers: str) -> int:
    """What an attempt at the page's WebSocket is answered; 101 where it is let in."""
    async with aiohttp.ClientSession() as http:
        try:
            async with http.ws_connect(url, headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as error:
            return error.status


async def strangers(address: str) -> None:
    base = address[: address.rindex("/", 0, -1)]
    host, ours = urlsplit(address).netloc, f"http://{urlsplit(address).netloc}"
    for url in (f"{base}/", f"{base}/ws", f"{base}/static/js/textual.js", f"{base}/guess/", address[:-2] + "/"):
        assert await answered(url) == 403, url
    for name in HOSTS:
        assert await answered(address, Host=name) == 403, name
        assert await joined(f"{address}ws", Host=name, Origin=f"http://{name}") == 403, name
    for origin in ("http://evil.example", "http://127.0.0.1:1", "http://localhost:3000", "null", f"https://{host}", ""):
        assert await joined(f"{address}ws", Origin=origin) == 403, origin
        assert await answered(address, Origin=origin) == 403, origin
    assert await joined(f"{address}ws") == 403  # every browser says where it comes from
    assert await answered(f"{address}static/%2e%2e/server.py") in (403, 404)
    assert await answered(f"{address}page/..%2f..%2fcli.py") in (403, 404)
    assert await answered(address, Host=f"localhost:{urlsplit(address).port}") == 200  # a forwarded port
    assert await joined(f"{address}ws", Origin=ours) == 101
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        assert answer.headers["X-Frame-Options"] == "DENY" and answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "http" not in (await answer.text()).replace("ws://", "")


NO_MESSAGES = [
    "",
    "{}",
    "[]",
    '["stdin"]',
    '["stdin", 1]',
    '["resize", {"width": "wide"}]',
    '["launch", "missiles"]',
    "\x00" * 9,
]


@asynccontextmanager
async def a_page(address: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """What our page does, by hand."""
    ours = f"http://{urlsplit(address).netloc}"
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{address}ws", origin=ours) as socket:
        yield socket


async def misbehaves(address: str) -> None:
    for said in NO_MESSAGES:
        async with a_page(address) as socket:
            await socket.send_str(said)
            async with asyncio.timeout(30):
                async for _ in socket:
                    pass
            assert socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION, said


async def many(address: str) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(MOST_VISITORS):
            await stack.enter_async_context(a_page(address))
        assert await joined(f"{address}ws", Origin=f"http://{urlsplit(address).netloc}") == 503


async def stuck(address: str, server: "subprocess.Popen[str]") -> psutil.Process:
    """A page that is closed while its process listens to nobody."""
    async with a_page(address) as socket:
        async with asyncio.timeout(30):
            await socket.receive()
        (screen,) = screens(server)
        screen.suspend()
    return screen


def test_strangers_and_other_pages_see_nothing(tmp_path: Path) -> None:
    with served(tmp_path / "novel", panels=4, latency=0.01) as there, page_of(there, tmp_path) as (address, server):
        asyncio.run(strangers(address))
        until(lambda: not screens(server), "whoever was let in left no process behind")
        asyncio.run(misbehaves(address))
        until(lambda: not screens(server), "nor did whoever said nonsense")
        asyncio.run(many(address))
        until(lambda: not screens(server), "nor did many at once")
        screen = asyncio.run(stuck(address, server))
        until(lambda: not screens(server) and not screen.is_running(), "nor does one that listens to nobody stay")
        for connection in psutil.Process(server.pid).net_connections("tcp"):
            assert connection.laddr.ip == "127.0.0.1"


@pytest.mark.parametrize("where", ["0.0.0.0:0", "[::]:0", "192.168.1.5:8791", "box.example:8791", "8791x", "", "99999"])
def test_only_this_machine_and_only_a_port(where: str, tmp_path: Path) -> None:
    with served(tmp_path / "novel", panels=1) as there:
        done = subprocess.run(
            command("attach", str(there.engine.folder), f"--web={where}"),
            env=environment(tmp_path), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert done.returncode == 2 and done.stderr.startswith("novelgen-tui: --web") and done.stderr.count("\n") == 1


def test_without_the_extra_one_sentence_says_so(tmp_path: Path) -> None:
    code = "import sys; sys.modules['textual_serve'] = None; from tui.cli import main; main()"
    with served(tmp_path / "novel", panels=1) as there:
        done = subprocess.run(
            [sys.executable, "-c", code, "attach", str(there.engine.folder), "--web", "0"],
            env=environment(tmp_path), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == 'novelgen-tui: the page needs textual-serve; install it with: pip install "textual-serve<2"\n'


def test_no_run_no_page(tmp_path: Path) -> None:
    done = subprocess.run(
        command("attach", str(tmp_path), "--web", "0"),
        env=environment(tmp_path), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and "is not being run" in done.stderr
