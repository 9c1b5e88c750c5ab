"""What many tabs in one browser must not do to each other: slow one another down, or be counted twice."""

from collections.abc import Sequence
from pathlib import Path

import aiohttp
import anyio
import anyio.lowlevel
import psutil
import pytest

from core.easel import EaselOptions, EaselThread
from core.processes import bytes_of
from core.processors.browser import endpoint
from core.processors.browser.endpoint import BrowserOptions
from core.processors.browser.find import find_browser
from core.processors.browser.processor import BrowserProcessor
from core.processors.browser.tab import BrowserTab
from tests.browser.elsewhere import own_chrome
from tests.browser.tabs import at, tabs

pytestmark = [pytest.mark.browser, pytest.mark.anyio]

LOOK = 3.0
"""Seconds in which ticks are counted. There are fifty in each, one where the page is throttled."""

COUNT = "() => { window.ticks = 0; setInterval(() => window.ticks++, 20); }"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_timers_of_a_tab_behind_another_run_at_full_speed(tmp_path: Path) -> None:
    with EaselThread(EaselOptions(latency=0)) as easel:
        async with tabs(at(easel.url + "/"), tmp_path, 2) as [behind, front]:
            await front.page.bring_to_front()
            for tab in (behind, front):
                await tab.page.evaluate(COUNT)
            await anyio.sleep(LOOK)
            hidden = int(await behind.page.evaluate("window.ticks"))
            shown = int(await front.page.evaluate("window.ticks"))
    print(f"\nticks in {LOOK:.0f} s: {hidden} behind, {shown} in front")
    assert hidden > 10 * LOOK, "the tab behind is throttled"


async def test_it_is_our_arguments_that_keep_a_hidden_page_going(tmp_path: Path) -> None:
    """Without Playwright, which never lets a page know that it is hidden."""
    ticks = {}
    for name, arguments in (("plain", ()), ("ours", endpoint.ARGUMENTS)):
        ticks[name] = await ticks_of_a_hidden_page(tmp_path / name, arguments)
    print(f"\nticks of a hidden page in {LOOK:.0f} s: {ticks}")
    assert ticks["plain"] < 3 * LOOK, "this browser throttles nothing, so the test says nothing"
    assert ticks["ours"] > 10 * LOOK


async def ticks_of_a_hidden_page(profile: Path, arguments: Sequence[str]) -> int:
    """In a browser of its own, by its DevTools."""
    with own_chrome(profile, *arguments) as chrome:
        async with aiohttp.ClientSession(chrome.url) as session:
            async with session.get("/json") as answer:
                behind = next(target for target in await answer.json() if target["type"] == "page")
            async with session.put("/json/new?about:blank") as answer:
                front = await answer.json()
            async with session.get(f"/json/activate/{front['id']}"):
                pass
            async with session.ws_connect(behind["webSocketDebuggerUrl"]) as page:
                await asked(page, f"({COUNT})()")
                await anyio.sleep(LOOK)
                assert await asked(page, "document.visibilityState") == "hidden"
                return int(str(await asked(page, "window.ticks")))


async def asked(page: aiohttp.ClientWebSocketResponse, expression: str) -> object:
    parameters = {"expression": expression, "returnByValue": True}
    await page.send_json({"id": 1, "method": "Runtime.evaluate", "params": parameters})
    answer = await page.receive_json()
    return answer["result"]["result"].get("value")


async def test_what_playwright_turns_off_stays_off(tmp_path: Path) -> None:
    """Of two lists of features the browser takes the last, which is ours."""
    with EaselThread(EaselOptions(latency=0)) as easel:
        async with tabs(at(easel.url + "/"), tmp_path) as [tab]:
            browser = psutil.Process(tab.window.census.root)
            lists = [part for part in browser.cmdline() if part.startswith("--disable-features=")]
            pages = tab.page.context.pages
    off = [set(part.partition("=")[2].split(",")) for part in lists]
    assert len(off) > 1 and not set.union(*off) - off[-1], "Playwright's list has grown: PLAYWRIGHTS_OFF lacks these"
    assert pages == [tab.page], "the page the browser started with is a tab, not one more"


async def test_tabs_that_share_a_process_share_its_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One renderer for all pages: each tab is told its part, and together they are that process."""
    monkeypatch.setattr(endpoint, "ARGUMENTS", (*endpoint.ARGUMENTS, "--process-per-site"))
    with EaselThread(EaselOptions(latency=0)) as easel:
        options = BrowserOptions(find_browser(), tmp_path / "profile")
        async with BrowserProcessor(at(easel.url + "/"), options) as processor:
            workers = [await processor.open_worker() for _ in range(3)]
            with anyio.fail_after(60):
                while not all((usage := await processor.usage(workers)).workers):
                    await anyio.lowlevel.checkpoint()  # which process shows which page is being found out
            pages = [worker.page for worker in workers if isinstance(worker, BrowserTab)]
            [pid] = set(processor._windows[0].census.renderers(pages))
            held = bytes_of([pid])[pid]
    parts = usage.workers
    print(f"\none renderer of {held / 2**20:.0f} MiB, parts {[part // 2**20 for part in parts]} MiB")
    assert len(set(parts)) == 1
    assert sum(parts) == pytest.approx(held, rel=0.2), "as weighed a moment apart"
    assert sum(parts) < usage.browser
