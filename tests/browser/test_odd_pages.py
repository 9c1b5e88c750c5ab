"""Odd habits of chat pages, each through the real tab: the picture that was asked for, once, or the true reason."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.outcomes import AttemptError, Cause, Outcome, RunBlocked
from core.processors.browser.tab import BrowserTab
from core.sites import parse_profile
from tests.browser.pages.odd import Odd
from tests.browser.pages.serving import serving
from tests.browser.pages.sheet import paint
from tests.browser.tabs import Told, job, tabs

pytestmark = pytest.mark.browser

PROFILE = """
name = "odd"
url = "{url}"
[prompt]
box = ["#box"]
how = "fill"
[send]
button = ["#go"]
within = 3.0
[result]
own = [".mine"]
answer = [".theirs"]
picture = ["img.made"]
busy = ["#busy"]
[challenge]
title = "Just a moment"
[[says]]
pattern = "too many pictures"
outcome = "rate"
[[says]]
pattern = "house rules"
outcome = "refused"
where = ["turn"]
"""

WORDS = "1. Too many pictures hang there. 2. A sign tells the house rules of the harbour"
"""A script may speak of limits and of Markdown itself."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def odd_tab(way: str, folder: Path) -> AsyncIterator[tuple[Odd, BrowserTab]]:
    odd = Odd()
    with serving(odd.application()) as address:
        async with tabs(parse_profile(PROFILE.format(url=address + way), "odd.toml"), folder) as [tab]:
            yield odd, tab


@pytest.mark.anyio
@pytest.mark.parametrize(
    "way",
    ["plain", "two_turns", "preview", "echo", "loose", "popup", "title", "rebuilt", "shortened", "markdown"],
)
async def test_the_picture_that_was_asked_for_comes_and_is_asked_for_once(way: str, tmp_path: Path) -> None:
    async with odd_tab(way, tmp_path) as (odd, tab):
        for number in range(3):
            prompt = f"{WORDS}, at hour {number}"
            drawing = await tab.draw(job(prompt), Told())
            assert drawing.pictures == (paint(prompt, (320, 300)),), "the bytes as the site gave them"
        assert len(odd.sent) == 3
        assert tab.page.context.pages.count(tab.page) == 1
        assert [page.url for page in tab.page.context.pages if "nothing" in page.url] == []


@pytest.mark.anyio
@pytest.mark.parametrize("way", ["toast", "alert"])
async def test_the_same_words_shown_again_are_heard_again(way: str, tmp_path: Path) -> None:
    async with odd_tab(way, tmp_path) as (odd, tab):
        for number in range(3):
            with pytest.raises(AttemptError) as met:
                await tab.draw(job(f"a lamp at hour {number}"), Told())
            assert met.value.outcome is Outcome.RATE, met.value.sentence
            assert met.value.retry_after == 300.0
            await tab.page.wait_for_function(
                "document.querySelector('#toast').hidden && document.querySelector('#busy').hidden"
            )
        assert len(odd.sent) == 3


@pytest.mark.anyio
async def test_a_refusal_that_repeats_the_prompt_is_a_refusal(tmp_path: Path) -> None:
    async with odd_tab("refusing", tmp_path) as (_, tab):
        with pytest.raises(AttemptError) as met:
            await tab.draw(job(WORDS), Told())
        assert met.value.outcome is Outcome.REFUSED


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("way", "key", "fits"),
    [("overlooked", "result.picture", "img.other"), ("renamed", "result.own", "")],
)
async def test_a_profile_that_misses_what_the_page_shows_stops_the_run_with_the_first_panel(
    way: str, key: str, fits: str, tmp_path: Path
) -> None:
    async with odd_tab(way, tmp_path) as (odd, tab):
        with pytest.raises(RunBlocked) as met:
            await tab.draw(job("a lamp"), Told())
        assert met.value.cause is Cause.SITE
        assert met.value.retry_after is None, "another try would be paid for"
        assert key in met.value.sentence and fits in met.value.sentence
        assert len(odd.sent) == 1


@pytest.mark.anyio
async def test_a_prompt_that_is_too_long_for_its_box_goes_back_to_the_author(tmp_path: Path) -> None:
    async with odd_tab("maxlength", tmp_path) as (odd, tab):
        with pytest.raises(AttemptError) as met:
            await tab.draw(job("a lamp, and another, and another one"), Told())
        assert met.value.outcome is Outcome.REFUSED
        assert "takes 30 letters, and this prompt has 36" in met.value.sentence
        assert odd.sent == []
