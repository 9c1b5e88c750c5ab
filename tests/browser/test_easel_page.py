"""The easel's page in a real browser: what a person, or a tab's driver, meets."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

from core.easel import EaselOptions, EaselThread

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

#: The system's browser where there is one, else Playwright's own.
CHROME = shutil.which("chromium") or shutil.which("google-chrome")
BOX = "#prompt-textarea"
SEND = "button[data-testid=send-button]"
STOP = "[data-testid=stop-button]"
DONE = "[data-testid=copy-turn-action-button]"
PICTURE = "[id^=image-] img[alt^='Generated image']"
ALERT = "[role=alert]"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROME, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def visiting(
    browser: Browser, faults: str = "", latency: float = 0.0, limit: str | None = None
) -> AsyncIterator[tuple[EaselThread, Page]]:
    options = EaselOptions(latency=latency, sigma=0, size=128, faults=faults, limit=limit)
    with EaselThread(options) as easel:
        context = await browser.new_context()
        context.set_default_timeout(8000)
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(easel.url)
        await page.wait_for_selector("body[data-ready]")
        yield easel, page
        await context.close()
        assert errors == []


async def ask(page: Page, prompt: str) -> None:
    await page.locator(BOX).click()
    await page.keyboard.insert_text(prompt)
    await page.click(SEND)


async def pull(page: Page, lever: str, **settings: object) -> None:
    answer = await page.context.request.post(page.url.split("/c/")[0].rstrip("/") + f"/_easel/{lever}", data=settings)
    assert answer.ok


async def test_a_prompt_becomes_a_picture_in_a_conversation_of_its_own(browser: Browser) -> None:
    async with visiting(browser, latency=0.4) as (easel, page):
        assert await page.locator(SEND).count() == 0, "nothing to send yet"
        script = "<b>Mina</b> & the [/b] lamp\nnext line <script>document.title='x'</script>"
        await ask(page, script)
        await page.wait_for_selector(STOP)
        assert "Creating image" in await page.inner_text("[data-message-author-role=assistant]")
        await page.wait_for_selector(DONE)
        assert await page.locator(STOP).count() == 0
        assert await page.text_content("[data-message-author-role=user]") == script, "text stays text"
        [entry] = easel.ledger.entries
        assert entry.prompt == script
        assert page.url == f"{easel.url}/c/{entry.conversation}"
        assert await page.locator("article[data-testid^=conversation-turn]").count() == 2
        width = await page.locator(PICTURE).evaluate("img => img.naturalWidth")
        assert width == 128
        assert await page.text_content("#recent a") is not None


async def test_reload_goes_on_waiting_and_the_picture_arrives(browser: Browser) -> None:
    async with visiting(browser, latency=0.6) as (easel, page):
        await ask(page, "a long wait")
        await page.wait_for_selector(STOP)
        await page.reload()
        await page.wait_for_selector(STOP)
        await page.wait_for_selector(DONE)
        assert await page.locator(PICTURE).count() == 1
        assert len(easel.ledger.entries) == 1


async def test_keys_enter_sends_and_shift_enter_does_not(browser: Browser) -> None:
    async with visiting(browser) as (easel, page):
        await page.locator(BOX).click()
        await page.keyboard.type("one")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("two")
        assert easel.ledger.entries == ()
        await page.keyboard.press("Enter")
        await page.wait_for_selector(DONE)
        assert easel.ledger.entries[0].prompt == "one\ntwo"


async def test_stop_stops(browser: Browser) -> None:
    async with visiting(browser, latency=60) as (easel, page):
        await ask(page, "never mind")
        await page.click(STOP)
        await page.wait_for_selector(DONE)
        assert easel.ledger.entries[0].outcome == "stopped"


async def test_references_go_up_and_stay_with_the_turn(browser: Browser) -> None:
    async with visiting(browser) as (easel, page):
        shot = await page.screenshot()
        file = {"name": "ref.png", "mimeType": "image/png", "buffer": shot}
        await page.set_input_files("input[type=file]", [file, file])  # type: ignore[list-item]
        await page.locator(".chip").nth(1).wait_for()
        await ask(page, "like these")
        await page.wait_for_selector(DONE)
        assert len(easel.ledger.entries[0].references) == 2
        await page.reload()
        await page.wait_for_selector(DONE)
        assert await page.locator("[data-message-author-role=user] img").count() == 2


async def test_eight_tabs_at_once_each_get_their_own_picture(browser: Browser) -> None:
    async with visiting(browser, latency=0.5) as (easel, first):
        pages = [first] + [await first.context.new_page() for _ in range(7)]
        for page in pages[1:]:
            await page.goto(easel.url)
        for n, page in enumerate(pages):
            # No click: it waits for animation frames, which a browser gives tabs in the background once a second.
            await page.focus(BOX)
            await page.keyboard.insert_text(f"tab {n}")
            await page.keyboard.press("Enter")
        for n, page in enumerate(pages):
            await page.wait_for_selector(DONE, state="attached")
            assert await page.get_attribute(PICTURE, "alt") == f"Generated image: tab {n}"
        assert sorted(e.prompt for e in easel.ledger.drawn) == sorted(f"tab {n}" for n in range(8))


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ("http500=@1", "Something went wrong"),
        ("drop=@1", "Network error"),
        ("burst=@1,toast=1", "too quickly"),
    ],
)
async def test_a_send_that_failed_says_so_and_keeps_the_prompt(browser: Browser, faults: str, words: str) -> None:
    async with visiting(browser, faults) as (easel, page):
        await ask(page, "try me")
        assert words in await page.inner_text(ALERT)
        assert await page.inner_text(BOX) == "try me"
        assert await page.locator("article").count() == 0
        assert len(easel.ledger.entries) == 1, "the browser did not send it twice by itself"


async def test_a_lost_reply_draws_once_in_a_conversation_the_page_was_not_told_of(browser: Browser) -> None:
    async with visiting(browser, "lostreply=@1") as (easel, page):
        await ask(page, "paid for")
        await page.wait_for_selector(ALERT)
        assert [e.accepted for e in easel.ledger.entries] == [True]
        await page.reload()
        await page.click("#recent a")
        await page.wait_for_selector(PICTURE)


async def test_an_uncommitted_send_leaves_no_turn(browser: Browser) -> None:
    async with visiting(browser, "uncommitted=@1") as (_, page):
        await ask(page, "into the void")
        await page.wait_for_selector(f"{BOX}.empty")
        assert await page.locator("article").count() == 0


async def test_dialogs_cover_the_page_until_dismissed(browser: Browser) -> None:
    async with visiting(browser) as (_, page):
        for lever, testid in (
            ("dialog", "modal-whats-new"),
            ("throttle", "modal-conversation-history-rate-limit"),
        ):
            await pull(page, lever, seconds=0)
            cover = page.locator(f"[data-testid={testid}]")
            await cover.wait_for()
            top = "([x, y]) => document.elementFromPoint(x, y).closest('.cover') !== null"
            box = await page.locator(BOX).bounding_box()
            assert box is not None
            assert await page.evaluate(top, [box["x"] + 5, box["y"] + 5]), "clicks on the box are caught"
            await cover.locator("button").click()
            assert await cover.count() == 0


async def test_signing_out_leads_to_log_in_and_back(browser: Browser) -> None:
    async with visiting(browser) as (_easel, page):
        await ask(page, "before")
        await page.wait_for_selector(DONE)
        conversation = page.url
        await pull(page, "signout")
        await page.wait_for_url("**/auth/login**")
        await page.get_by_role("button", name="Log in").click()
        await page.wait_for_url(conversation)
        await page.wait_for_selector(PICTURE)


async def test_a_challenge_hides_the_box_until_a_click(browser: Browser) -> None:
    async with visiting(browser, "challenge=@1") as (_, page):
        await ask(page, "am I human?")
        await page.wait_for_selector("#challenge")
        assert "Just a moment" in await page.title()
        assert await page.locator(BOX).count() == 0
        await page.click("#challenge")
        await page.wait_for_selector(BOX)


async def test_a_hang_blocks_the_page_for_as_long_as_told(browser: Browser) -> None:
    async with visiting(browser, "hangpage=@1,hangseconds=1") as (_, page):
        # Not wait_for_function: it evaluates strings, which the page forbids as real ones do.
        longest_gap = asyncio.create_task(
            page.evaluate(
                """() => new Promise((resolve) => {
                    let beat = performance.now();
                    setInterval(() => {
                        const now = performance.now();
                        if (now - beat > 900) resolve(now - beat);
                        beat = now;
                    }, 10);
                })"""
            )
        )
        await ask(page, "hold still")
        assert 900 < await asyncio.wait_for(longest_gap, 8) < 3000


async def test_pictures_that_come_in_odd_ways(browser: Browser) -> None:
    async with visiting(browser, "stacked=@1,choice=@2,picture500=@3,webid=@4,preview=@5,bloat=3") as (easel, page):
        await ask(page, "stacked")
        await page.wait_for_selector(DONE)
        sources = await page.locator(PICTURE).evaluate_all("all => all.map(img => img.src)")
        assert len(sources) == 3
        assert len(set(sources)) == 1

        await page.goto(easel.url)
        await ask(page, "choice")
        await page.wait_for_selector("[data-testid=image-choice]")
        assert await page.locator(PICTURE).count() == 2
        assert await page.locator(DONE).count() == 0
        await page.click("[data-testid=image-choice-2]")
        await page.wait_for_selector(DONE)
        assert await page.locator(PICTURE).count() == 1

        await page.goto(easel.url)
        await ask(page, "stumbles once")
        await page.wait_for_selector(DONE)
        assert await page.locator(PICTURE).evaluate("img => img.naturalWidth") == 128

        await page.goto(easel.url)
        await ask(page, "transient address")
        await page.wait_for_url("**/c/WEB:*")
        conversation = easel.ledger.entries[3].conversation
        await page.wait_for_url(f"**/c/{conversation}")

        await pull(page, "options", latency=0.5)
        await page.goto(easel.url)
        await page.evaluate(
            """() => {
                window.shown = [];
                const seen = (changes) => changes.forEach(({ target, attributeName }) => {
                    if (attributeName === "src") window.shown.push(target.getAttribute("src"));
                });
                const about = { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] };
                new MutationObserver(seen).observe(document.getElementById("turns"), about);
            }"""
        )
        await ask(page, "preview")
        await page.wait_for_selector(DONE)
        shown = await page.evaluate("window.shown")
        assert ["preview" in source for source in shown] == [True, False]
        assert shown[0] == f"{shown[1]}&preview=1"


async def test_habits_newline_submits_redesign_and_unmount(browser: Browser) -> None:
    async with visiting(browser, "newline=1") as (easel, page):
        await page.locator(BOX).click()
        await page.keyboard.insert_text("first line\nsecond line")
        await page.wait_for_selector(DONE)
        assert easel.ledger.entries[0].prompt == "first line"
        await pull(page, "options", faults="redesign=1,unmount=1")
        await page.wait_for_selector("#composer-input")
        assert await page.locator(BOX).count() == 0


async def test_a_page_in_the_background_hears_of_its_picture(browser: Browser) -> None:
    async with visiting(browser, latency=0.4) as (_, page):
        await ask(page, "behind")
        front = await page.context.new_page()
        await front.bring_to_front()
        asked = time.monotonic()
        await page.wait_for_selector(DONE, state="attached")
        assert time.monotonic() - asked < 3
