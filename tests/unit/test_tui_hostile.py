"""What scripts, pages and file names say is shown as plain text, whatever it is."""

import random
import re
from pathlib import Path

import pytest

from core import events as ev
from core.outcomes import Cause, Outcome
from core.store.lines import whole_line
from tests.unit.test_tui_keys import Cockpit, cockpit
from tests.unit.tui_run import Story
from tui.plain import plain, plain_lines

pytestmark = pytest.mark.anyio

SEED = 20
PIECES = (
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\link", "\x1b]52;c;AAAA\x07", "\x9b2J",
    "\x9d0;x\x9c",     "\x1bc", "\x0e\x0f", "\x00", "\x7f", "\x08\x08", "\r", "\n", "\t", "[/b]", "[link=http://x]y", 
    "[@click=app.quit]go",
    "[bold", "]", "\\[", "\u202eevil", "\u2066\u2069", "\u200b\u200d\ufeff", "\ud800", "\udfff\ud83d", 
    "a" + "\u0301" * 50,
    "漢字", "👩‍👩‍👧", "\U000e0041", "\ue000", "\u2028", "x" * 5000, "%s{0}$p", "{picture}", "'); DROP", "../../etc",
)  # fmt: skip
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ue000-\uf8ff]")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def hostile(count: int) -> list[str]:
    rng = random.Random(SEED)
    return ["".join(rng.choice(PIECES) for _ in range(rng.randint(1, 6))) for _ in range(count)]


def check(one: Cockpit) -> None:
    """No character of any segment can steer a terminal, and every one can be encoded."""
    for strip in one.app.screen._compositor.render_strips():
        for segment in strip:
            found = UNSAFE.search(segment.text)
            assert found is None, repr(segment.text)
            segment.text.encode()


def test_two_thousand_strings_are_made_plain() -> None:
    for text in hostile(2000):
        assert not UNSAFE.search(plain(text)), repr(text)
        plain(text).encode()
        assert not UNSAFE.search(plain_lines(text).replace("\n", "")), repr(text)


async def test_they_pass_through_every_widget_and_screen() -> None:
    texts = hostile(2000)
    story = Story()
    plans = [
        ev.PanelPlan(f"p{n:04d}", 1 + n // 50, 1, 1 + n % 50, texts[n], "h", "ch", texts[-n - 1]) for n in range(500)
    ]
    chapters = tuple(ev.ChapterPlan(n, texts[500 + n]) for n in range(1, 11))
    story.plans = plans
    story.tell(ev.RunStarted(1, 1, texts[0], texts[1], texts[2], 4), ev.BookPlanned(texts[3], chapters))
    story.tell(ev.PanelsPlanned(tuple(plans)), *(ev.TabOpened(f"t{n}", texts[n], 1) for n in range(1, 5)))
    for n in range(100):
        story.tell(ev.AttemptStarted(f"a{n}", plans[n].id, f"t{1 + n % 4}", texts[600 + n], "h"))
        story.tell(ev.AttemptSent(f"a{n}", plans[n].id, texts[700 + n]))
        if n % 3 == 0:
            story.tell(ev.PictureReceived(f"a{n}", plans[n].id, texts[800 + n], 1, "x", 1, 1))
            story.tell(ev.PanelFinished(f"a{n}", plans[n].id, 1.0))
        else:
            then = "failed" if n % 3 == 1 else "refused"
            story.tell(
                ev.AttemptFailed(f"a{n}", plans[n].id, Outcome.REFUSED, texts[900 + n], then, 1.0, texts[1000 + n])
            )
    story.tell(*(ev.Noticed("warning", text) for text in texts[1100:1900]))
    story.tell(ev.TabChanged("t1", "recycling", 3, texts[1900]), ev.TabFaulted("t2", ev.Fault.HUNG, texts[1901], 1.0))
    story.tell(ev.PacingWaiting(texts[1902], story.at + 900, "told", texts[1903]))
    async with cockpit(story, (120, 36), folder=Path("/nowhere")) as one:
        check(one)
        for keys in (
            ("z",),
            ("pagedown",),
            ("z",),
            ("pagedown",),
            ("z", "1"),
            ("2",),
            ("escape",),
            ("4",),
            ("escape",),
        ):
            await one.press(*keys)
            check(one)
        for _ in range(12):
            await one.press("n", "enter")
            check(one)
            await one.press("right", "pagedown")
            check(one)
            await one.press("escape")
        await one.press("e")
        check(one)
        await one.press("escape", "X")
        check(one)
        await one.press("escape", "L", "home")
        check(one)
        for _ in range(12):
            await one.press("pagedown")
            check(one)
        await one.press("escape", "tab", "down", "tab", "up", "up")
        check(one)
        await one.tell(ev.RunPaused(Cause.LOGIN, texts[1904]))
        await one.press("3")
        check(one)
        for text in texts[1905:1950]:
            one.app.say(text)
            await one.pilot.pause()
            check(one)


async def test_they_pass_through_the_figures_the_help_the_past_and_the_palette() -> None:
    texts = hostile(400)
    story = Story()
    plans = [ev.PanelPlan(f"p{n:04d}", 1 + n // 10, 1, 1 + n % 10, texts[n], "h", "ch") for n in range(40)]
    chapters = tuple(ev.ChapterPlan(n, texts[40 + n]) for n in range(1, 5))
    story.tell(ev.RunStarted(1, 1, texts[50], texts[51], texts[52], 2), ev.BookPlanned(texts[53], chapters))
    story.tell(ev.PanelsPlanned(tuple(plans)), *(ev.TabOpened(texts[60 + n], texts[n], 1) for n in range(3)))
    for n, plan in enumerate(plans[:30]):
        story.tell(ev.AttemptStarted(texts[100 + n], plan.id, texts[60 + n % 3], texts[n], "h"), after=2.0)
        story.tell(ev.AttemptFailed(texts[100 + n], plan.id, Outcome.REFUSED, texts[n], "refused", 9.0, texts[200 + n]))
    story.tell(ev.Noticed("error", texts[300]))
    story.records = [whole_line(record)[0] for record in story.records]  # as the journal has them
    async with cockpit(story, (120, 36), folder=Path("/nowhere")) as one:
        for keys in (("a",), ("pagedown",), ("pagedown",), ("escape", "question_mark"), ("pagedown",), ("escape",)):
            await one.press(*keys)
            check(one)
        await one.press("t")
        await one.until(lambda: one.app.context == "time")
        for keys in (
            ("home",),
            ("n",),
            ("n",),
            ("right",),
            ("right_square_bracket",),
            ("left",),
            ("end",),
            ("escape",),
        ):
            await one.press(*keys)
            check(one)
        await one.press("ctrl+p")
        await one.until(lambda: len(one.app.screen_stack) > 1)
        check(one)
