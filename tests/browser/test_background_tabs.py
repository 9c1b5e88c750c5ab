"""What many tabs in one browser must not do to each other: slow one another down, or be counted twice."""

from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from core.easel import EaselOptions, EaselThread
from core.processes import bytes_of
from core.processors.browser import endpoint
from core.processors.browser.endpoint import BrowserOptions
from core.processors.browser.find import find_browser
from core.processors.browser.processor import BrowserProcessor
from core.processors.browser.tab import BrowserTab
from tests.browser.tabs import at, tabs

pytestmark = [pytest.mark.browser, pytest.mark.anyio]

LOOK = 3.0
"""Seconds in which ticks are counted; a page that is throttled gets one of them in each."""

COUNT = """() => { window.ticks = 0; setInterval(() => window.ticks++, 20); }"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_timers_of_a_tab_behind_another_run_at_full_speed(tmp_path: Path) -> None:
    """A hidden page of a browser that throttles gets one tick a second: three in this time."""
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
