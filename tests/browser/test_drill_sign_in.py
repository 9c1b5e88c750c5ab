"""Signed out in the middle: what needs a person waits for one."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from core import events as ev
from core.commands import Resume
from core.outcomes import Cause
from core.processors.browser.endpoint import BrowserOptions, Endpoint, reach
from core.processors.browser.find import find_browser
from core.processors.browser.profile import held
from tests.browser.drill import Drill, drill

pytestmark = [pytest.mark.browser, pytest.mark.anyio]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def sign_in(run: Drill) -> None:
    """What a person does in the browser that ``login`` shows: the profile is theirs while the run is paused."""
    profile = run.folder / ".novelgen" / "browser"
    lock = held(profile)
    try:
        async with async_playwright() as playwright:
            opened = await reach(Endpoint(), BrowserOptions(find_browser(), profile), playwright)
            page = await opened.context.new_page()
            await page.goto(run.easel.url + "/auth/login")
            await page.locator("form button, form input[type=submit]").first.click()
            await page.wait_for_selector("body[data-ready] #prompt-textarea")
            await opened.context.close()
    finally:
        lock.release()


async def test_a_sign_out_pauses_the_run_and_a_sign_in_lets_it_go_on(tmp_path: Path) -> None:
    async with drill(tmp_path, panels=8, tabs=2, faults="signout=@4") as run:
        paused = await run.until(ev.RunPaused)
        assert paused.cause is Cause.LOGIN and "novelgen-tui login" in paused.sentence
        await run.until(ev.TabClosed, count=2)
        await sign_in(run)
        assert (await run.send(Resume())).ok
        await run.ends()
    run.check_whole()
    assert not run.faults()
