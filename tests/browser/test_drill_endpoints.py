"""Tabs in browsers elsewhere: spread, lost, found again, and never closed with what is not ours."""

import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import anyio
import psutil
import pytest

from core import events as ev
from core.easel import EaselOptions, EaselThread
from core.outcomes import Fault
from tests.browser.drill import drill, make_project
from tests.browser.elsewhere import free_port, own_chrome, playwright_server

pytestmark = [pytest.mark.browser, pytest.mark.anyio]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def endpoints(*tables: str) -> str:
    pool = "[pool]\nheartbeat = 2.0\n"
    return pool + "".join(f"[[browser.endpoints]]\n{table}\n" for table in tables)


async def pages_of(chrome_url: str) -> list[str]:
    """Addresses of the tabs a person would see in that Chrome."""
    async with aiohttp.ClientSession() as session, session.get(f"{chrome_url}/json/list") as answer:
        return [target["url"] for target in await answer.json(content_type=None) if target["type"] == "page"]


async def test_a_run_spreads_over_any_mix_and_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    with own_chrome(tmp_path) as chrome, playwright_server(tmp_path) as server:
        mix = endpoints("launch = true\ntabs = 1", f'cdp = "{chrome.url}"\ntabs = 2', f'ws = "{server.url}"\ntabs = 1')
        async with drill(tmp_path, panels=12, tabs=None, settings=mix) as run:
            await run.until(ev.MemoryMeasured, lambda event: event.browser > 0)
            await run.ends()
        run.check_whole()
        places = sorted(event.endpoint.split()[0] for event in run.of(ev.TabOpened) if event.generation == 1)
        assert places == ["cdp", "cdp", "local", "ws"]
        used = {panel.tab for panel in run.of(ev.AttemptStarted)}
        assert len(used) == 4, "some browser was never used"
        assert chrome.process.poll() is None and await pages_of(chrome.url) == ["about:blank"]
        assert server.process.poll() is None


async def test_the_loss_of_one_browser_is_survived_and_its_tabs_come_back_with_it(tmp_path: Path) -> None:
    port = free_port()
    with playwright_server(tmp_path, port) as server, playwright_server(tmp_path) as other:
        mix = endpoints(f'ws = "{server.url}"\ntabs = 2', f'ws = "{other.url}"\ntabs = 1')
        async with drill(tmp_path, panels=24, tabs=None, latency=2.0, settings=mix) as run:
            await run.until(ev.AttemptSent, count=3)
            struck = time.time()
            server.kill()
            await run.until(ev.TabFaulted, lambda event: event.fault is Fault.ENDPOINT)
            await run.until(ev.TabChanged, lambda event: event.phase == "cooling" and "cannot be reached" in event.why)
            with playwright_server(tmp_path, port):
                back = await run.until(
                    ev.TabOpened, lambda event: event.endpoint.endswith(str(port)) and event.generation > 1
                )
                await run.ends()
        run.check_whole()
        assert back.tab
        assert set(run.faults()) == {Fault.ENDPOINT}
        run.report("endpoint lost", struck)


async def test_every_browser_lost_pauses_the_run_until_one_is_back(tmp_path: Path) -> None:
    port = free_port()
    with playwright_server(tmp_path, port) as server:
        async with drill(tmp_path, panels=6, tabs=None, settings=endpoints(f'ws = "{server.url}"\ntabs = 2')) as run:
            await run.until(ev.AttemptSent)
            server.kill()
            paused = await run.until(ev.RunPaused)
            with playwright_server(tmp_path, port):
                await run.ends()
        run.check_whole()
        assert "cannot be reached" in paused.sentence and paused.retry_after


async def test_tabs_in_ones_own_chrome_outlive_us_and_are_found_again(tmp_path: Path) -> None:
    """Killed under way: the next run takes its own old tabs over and fetches their pictures; nothing is asked twice."""
    options = EaselOptions(latency=6.0, sigma=0, size=128, state=tmp_path / "easel")
    with own_chrome(tmp_path) as chrome, EaselThread(options) as easel:
        project = make_project(tmp_path / "novel", 4, easel.url + "/", endpoints(f'cdp = "{chrome.url}"\ntabs = 2'))
        first = subprocess.Popen(  # noqa: ASYNC220 - it only starts here
            [sys.executable, "-c", "from tui.cli import main; main()", "run", str(project), "--headless"],
            stdout=subprocess.DEVNULL,
        )
        with anyio.fail_after(60):
            while len(easel.ledger.accepted) < 2:  # noqa: ASYNC110 - another process, which tells nothing
                await anyio.sleep(0.1)
        await anyio.sleep(1.0)  # long enough for the conversation's address to be journaled
        for process in [*psutil.Process(first.pid).children(recursive=True), first]:
            process.kill()
        first.wait(timeout=10)
        left = [url for url in await pages_of(chrome.url) if url.startswith(easel.url)]
        assert len(left) == 2, "the tabs died with us"
        easel_again = _Same(easel)
        async with drill(tmp_path, tabs=None, easel=easel_again) as run:
            opened = [await run.until(ev.TabOpened, count=n) for n in (1, 2)]
            assert {event.endpoint for event in opened} == {f"cdp {chrome.url.removeprefix('http://')}"}
            assert len(now := await pages_of(chrome.url)) == 3, now
            await run.ends()
        run.check_whole()
        assert sum(event.harvested for event in run.of(ev.PanelFinished)) == 2
        assert await pages_of(chrome.url) == ["about:blank"]


class _Same:
    """An easel that is served already."""

    def __init__(self, easel: EaselThread) -> None:
        self._easel = easel

    def __enter__(self) -> EaselThread:
        return self._easel

    def __exit__(self, *reason: object) -> None:
        return None
