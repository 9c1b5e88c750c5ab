"""What scripts, pages and file names say is shown as plain text, whatever it is."""

import json
import random
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual import events
from textual.app import App

from core import events as ev
from core.commands import EditPanel, RejectPanels
from core.outcomes import Cause, Outcome
from core.project import create
from core.state import RunState
from core.store.lines import whole_line
from tests.unit.test_tui_keys import Cockpit, cockpit
from tests.unit.tui_run import Story
from tui.alerts import Alert
from tui.options import ScreenOptions
from tui.plain import plain, plain_lines
from tui.printed import printed, printed_json
from tui.screens.welcome import Recent, WelcomeApp
from tui.terminal.signs import Signs

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


def whole(text: str) -> str:
    """``text`` without halves of characters, as files have it."""
    return text.encode(errors="replace").decode()


def one_line(text: str) -> str:
    return " ".join(text.split())


def check(one: Cockpit) -> None:
    check_app(one.app)


def check_app(app: App[Any]) -> None:
    """No character of any segment can steer a terminal, and every one can be encoded."""
    for strip in app.screen._compositor.render_strips():
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


async def test_they_pass_through_the_report_and_what_the_script_would_change(tmp_path: Path) -> None:
    texts = [whole(text).replace("\0", "") for text in hostile(400)]  # which no script may have
    script = "".join(
        f"# Chapter {n}: {one_line(texts[n])}\n### Panel 1\nA hill: {one_line(texts[n + 100])}\n" for n in range(1, 40)
    )
    (tmp_path / "script.md").write_bytes(script.encode())
    project = create(tmp_path / "novel", tmp_path / "script.md")
    assert len(project.panels) >= 39
    story = Story()
    plans = [ev.PanelPlan(f"p{n:04d}", 1, 1, n, texts[n], "h", "ch") for n in range(1, 60)]
    story.tell(ev.RunStarted(1, 1, texts[50], texts[51], texts[52], 2), ev.BookPlanned(texts[53], ()))
    story.tell(ev.PanelsPlanned(tuple(plans)), ev.TabOpened("t1", texts[54], 1))
    for n, plan in enumerate(plans[:50]):
        then = "failed" if n % 2 else "refused"
        story.tell(ev.AttemptStarted(f"a{n}", plan.id, "t1", texts[n], "h"), after=2.0)
        story.tell(ev.AttemptFailed(f"a{n}", plan.id, Outcome.REFUSED, texts[n], then, 9.0, texts[200 + n]))
    async with cockpit(story, (120, 36), folder=project.folder) as one:
        await one.press("p")
        assert one.app.context == "report"
        for _ in range(8):
            check(one)
            await one.press("pagedown")
        await one.press("escape", "D")
        await one.until(lambda: "differences" in one.screen())
        for _ in range(8):
            check(one)
            await one.press("pagedown")


def quoted(text: str) -> str:
    """A string of TOML, by the numbers of its characters."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


THEME = Path(__file__).parents[2] / "themes" / "ink.toml"


async def test_they_pass_through_the_palette(tmp_path: Path) -> None:
    texts = [whole(text) for text in hostile(60)]
    for n, text in enumerate(texts):
        named = THEME.read_text().replace('name = "ink"', f'name = "mine{n}"').splitlines()
        titled = [f"title = {quoted(text)}" if line.startswith("title") else line for line in named]
        (tmp_path / f"mine{n}.toml").write_text("\n".join(titled))
    async with cockpit(size=(120, 36), theme_folders=(tmp_path,), keymap={"run.pause": "p\x1b[31m"}) as one:
        assert len(one.app.themes) > 60, "the themes are not there"
        await one.press("ctrl+p")
        await one.until(lambda: "Theme" in one.screen() or "pause" in one.screen())
        check(one)
        for query in ("theme", "red", "[", "eil", "a"):
            for key in query:
                await one.press(key)
            for _ in range(4):
                await one.press("pagedown")
                check(one)
            await one.press(*["backspace"] * len(query))
        await one.press("escape")
        for n in (3, 4, 5):
            one.app.use_theme(f"mine{n}")
            await one.press("T")
            check(one)


async def test_they_can_be_pasted_anywhere() -> None:
    async with cockpit(size=(120, 36)) as one:
        for keys in ("slash", "X", "e", "ctrl+p"):
            await one.press(keys)
            for text in (*hostile(40), "x" * 3_000_000, "\x1b", "\n", "\r\n\r\n", "\u200d", "\t"):
                one.app.post_message(events.Paste(text))
                await one.pilot.pause()
                check(one)
            await one.press("escape", "escape")
        assert one.app.screen is one.app.main and not one.port.commands


async def test_what_is_pasted_is_kept_as_it_is_meant() -> None:
    """Joiners of letters and signs are part of the words; they are drawn plain and sent as they are."""
    async with cockpit() as one:
        await one.press("X")
        one.app.post_message(events.Paste("می\u200cخواهم 👩\u200d👧 ❤\ufe0f \x1b[31m\u202e"))
        await one.press("enter")
        await one.until(lambda: bool(one.port.commands))
    assert one.port.commands == [RejectPanels(("ch01-p001",), "می\u200cخواهم 👩\u200d👧 ❤\ufe0f ␛[31m�")]


async def test_an_edit_changes_nothing_but_what_was_edited() -> None:
    story = Story().begin(1, 3)
    words = "👩\u200d👧 at the soft\u00adware, ❤\ufe0f."
    story.tell(ev.PanelsPlanned((msgspec.structs.replace(story.plans[0], text=words),)))
    async with cockpit(story) as one:
        await one.press("e", "ctrl+s")
        assert not one.port.commands
        await one.press("e", "!")
        check(one)
        await one.press("ctrl+s")
        await one.until(lambda: bool(one.port.commands))
    assert one.port.commands == [EditPanel("ch01-p001", f"{words}!")]


async def test_they_pass_through_the_welcome_screen() -> None:
    texts = hostile(60)
    known = [Recent(Path("/" + texts[n].replace("\0", "")), texts[20 + n], texts[40 + n], 1.0) for n in range(9)]
    app = WelcomeApp(known, options=ScreenOptions(ssh=False))
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        check_app(app)
        await pilot.press("o")
        for text in hostile(20):
            app.post_message(events.Paste(text))
            await pilot.pause()
            check_app(app)


def test_they_pass_through_the_signs_around_the_screen() -> None:
    for program in ("iTerm.app", "WezTerm", "ghostty"):
        signs = Signs({"TERM": "xterm-256color", "TERM_PROGRAM": program})
        for text in (*hostile(300), "4;3;50", "x" * 100_000):
            told = signs.standing(RunState(title=text, phase="running")) + signs.alert(Alert("limit", text))
            left = SIGN.sub("", told)
            assert not left, repr(left)


SIGN = re.compile("\x1b\\](?:2;|9;4;[0-4];[0-9]+|777;notify;novelgen-tui;|9;(?!4;))[^\x00-\x1f\x7f-\x9f]*\x07|\x07")
"""A title, a progress bar, a notification (which is none of the bar's), a bell."""


def test_they_pass_through_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for text in hostile(300):
        printed(text)
        printed(text, errors=True)
        out, errors = capsys.readouterr()
        assert out == errors and out.count("\n") == 1 and not UNSAFE.search(out[:-1])
        printed_json({"said": whole(text)})
        told = capsys.readouterr().out
        assert not UNSAFE.search(told.replace("\n", "")) and json.loads(told) == {"said": whole(text)}
