"""The fault drill: whatever breaks under a run in a real browser, it ends with every panel finished."""

import time
from pathlib import Path

import pytest

from core import events as ev
from core.outcomes import Fault
from tests.browser.drill import Drill, drill, kill

pytestmark = [pytest.mark.browser, pytest.mark.anyio]

QUICK = "[pool]\nheartbeat = 2.0\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_killed_renderer_costs_one_tab_a_moment(tmp_path: Path) -> None:
    async with drill(tmp_path, latency=4.0, settings=QUICK) as run:
        pid = await run.renderer()
        struck = time.time()
        kill(pid)
        lost = await run.until(ev.TabFaulted)
        await run.until(ev.TabRepaired)
        await run.ends()
    run.check_whole()
    assert lost.fault is Fault.CRASHED
    run.report("renderer killed", struck)


async def test_a_killed_browser_is_launched_again(tmp_path: Path) -> None:
    async with drill(tmp_path, settings=QUICK) as run:
        await run.until(ev.AttemptSent, count=2)
        [browser] = [p for p in run.processes("--user-data-dir=") if "--type=" not in " ".join(p.cmdline())]
        struck = time.time()
        kill(browser.pid)
        await run.until(ev.TabFaulted, lambda event: event.fault is Fault.BROWSER)
        await run.ends()
    run.check_whole()
    run.report("browser killed", struck)


async def test_a_killed_driver_is_started_again_and_leaves_no_browser_behind(tmp_path: Path) -> None:
    async with drill(tmp_path, settings=QUICK) as run:
        await run.until(ev.AttemptSent, count=2)
        [driver] = run.processes("run-driver")
        struck = time.time()
        kill(driver.pid)
        await run.until(ev.TabFaulted, lambda event: event.fault is Fault.DRIVER)
        await run.ends()
    run.check_whole()
    assert not run.processes("--user-data-dir=")
    run.report("driver killed", struck)


async def test_a_hung_page_is_found_by_its_heartbeat(tmp_path: Path) -> None:
    async with drill(tmp_path, panels=6, tabs=2, latency=2.0, settings=QUICK) as run:
        await run.until(ev.AttemptSent, count=2)
        struck = time.time()
        await run.pull("hang", seconds=600.0)
        await run.until(ev.TabFaulted, lambda event: event.fault is Fault.HUNG)
        await run.ends()
    run.check_whole()
    run.report("page hung", struck)


async def test_a_page_that_answers_but_never_draws_is_stuck(tmp_path: Path) -> None:
    settings = "[pool]\nheartbeat = 2.0\ntimeout = 8.0\n"
    async with drill(tmp_path, panels=6, tabs=2, faults="hang=@2", settings=settings) as run:
        await run.until(ev.TabFaulted, lambda event: event.fault is Fault.STUCK)
        await run.ends()
    run.check_whole(asked_again=1)
    faulted = next(event for event in run.of(ev.TabFaulted))
    assert "8 s" in faulted.sentence


async def test_a_tab_closed_by_a_person_is_opened_again(tmp_path: Path) -> None:
    async with drill(tmp_path, settings=QUICK) as run:
        await run.until(ev.AttemptSent, count=2)
        struck = time.time()
        await close_one(run)
        lost = await run.until(ev.TabFaulted)
        await run.ends()
    run.check_whole()
    assert lost.fault is Fault.CLOSED
    run.report("tab closed", struck)


async def test_a_dialog_is_dismissed_without_a_word(tmp_path: Path) -> None:
    async with drill(tmp_path, faults="dialog=%2", settings=QUICK) as run:
        await run.until(ev.AttemptSent, count=2)
        await run.pull("dialog")
        await run.ends()
    run.check_whole()
    assert not run.faults()


async def close_one(run: Drill) -> None:
    """As somebody would who closes a tab of the visible browser."""

    async def close() -> None:
        [window] = run.run._engine._processor._windows
        await next(iter(window.pages)).close()

    await run.inside(close)
