"""Every key of the cockpit, pressed in the real app on a scripted run."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from textual.pilot import Pilot

from core import events as ev
from core.commands import (
    ApplyEdits,
    ChooseTake,
    EditPanel,
    HoldPanels,
    MoveFirst,
    Pause,
    RejectPanels,
    Resume,
    RetryPanels,
    SetTabs,
    SkipPanels,
    Stop,
)
from core.link.port import RunPort
from core.outcomes import Cause, Outcome
from core.state import RunState
from tests.unit.tui_run import START, WORDS, FakePort, Story, clock, midway
from tui.actions import ACTIONS
from tui.app import CockpitApp
from tui.cockpit import CockpitResult
from tui.options import ScreenOptions
from tui.screens.ask import Ask, QuestionPane
from tui.screens.help import HelpScreen
from tui.screens.log import LogScreen
from tui.screens.panel import PanelScreen
from tui.widgets.tabs import TabsPane

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Cockpit:
    """The app, its pilot and its run."""

    def __init__(self, app: CockpitApp, pilot: Pilot[CockpitResult], port: FakePort) -> None:
        self.app, self.pilot, self.port = app, pilot, port

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def tell(self, *events: ev.AnyEvent) -> None:
        self.port.story.tell(*events)
        self.port.publish()
        await self.until(lambda: self.app.view.state.seq == len(self.port.story.records))

    async def until(self, holds: object) -> None:
        with anyio.fail_after(30):
            while not holds():  # type: ignore[operator]
                await self.pilot.pause()
        await self.pilot.pause()

    def screen(self) -> str:
        """What is on the screen, as text."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())


@asynccontextmanager
async def cockpit(
    story: Story | None = None, size: tuple[int, int] = (80, 24), **options: object
) -> AsyncIterator[Cockpit]:
    port = FakePort(story or midway())
    app = CockpitApp(port, options=ScreenOptions(ssh=False, clock=clock(port.story), **options))  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        one = Cockpit(app, pilot, port)
        await one.until(lambda: app.view.stage == "live")
        yield one


async def test_the_first_frame_comes_before_the_run_is_open() -> None:
    opened = anyio.Event()
    port = FakePort(midway())

    async def source() -> RunPort:
        await opened.wait()
        return port

    app = CockpitApp(source, title="my novel", options=ScreenOptions(ssh=False))
    async with app.run_test(size=(80, 24)) as pilot:
        one = Cockpit(app, pilot, port)
        await pilot.pause()
        assert "my novel" in one.screen() and "opening" in one.screen()
        opened.set()
        await one.until(lambda: app.view.stage == "live")
        assert "The Speckled Band" in one.screen() and "26 of 60" in one.screen()


async def test_a_run_that_cannot_be_opened_ends_the_app_with_its_error() -> None:
    async def source() -> RunPort:
        raise OSError("no such run")

    app = CockpitApp(source, options=ScreenOptions(ssh=False))
    async with app.run_test() as pilot:
        with anyio.fail_after(30):
            while app.is_running:
                await pilot.pause()
    assert app.return_value is not None
    assert app.return_value.state is None and isinstance(app.return_value.error, OSError)


async def test_what_the_run_does_is_painted_in_the_cells_that_changed() -> None:
    async with cockpit() as one:
        before = one.screen()
        plan = one.port.story.plans[28]
        await one.tell(ev.PanelFinished("r3-28", plan.id, 9.0))
        await one.until(lambda: "27 of 60" in one.screen())
        # the legend has one sign, a cell of this size two
        assert before.count("■") + 2 == one.screen().count("■")


async def test_space_pauses_then_says_what_it_costs_then_resumes() -> None:
    async with cockpit() as one:
        await one.press("space")
        assert one.port.commands == [Pause()]
        await one.until(lambda: "pausing (4 under way): you pressed pause" in one.screen())
        await one.press("space")
        assert isinstance(one.app.screen, Ask) and "4 pictures under way" in one.screen()
        await one.press("s")
        assert one.port.commands == [Pause(), Pause()]
        await one.tell(ev.RunPaused(Cause.PERSON, "you pressed pause"))
        await one.until(lambda: "paused: you pressed pause" in one.screen())
        await one.press("space")
        await one.until(lambda: one.port.commands[-1] == Resume())


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        (("plus",), SetTabs(6)),
        (("minus",), SetTabs(4)),
        (("R",), RetryPanels()),
        (("A",), ApplyEdits()),
        (("n", "r"), RetryPanels(("ch02-p006",))),
        (("x",), RejectPanels(("ch01-p001",))),
        (("end", "s"), SkipPanels(("ch03-p020",))),
        (("end", "left", "f"), MoveFirst(("ch03-p019",))),
        (("end", "H"), HoldPanels(("ch03-p020",), True)),
        (("n", "n", "enter", "r"), RetryPanels(("ch02-p007",))),
        (("end", "v", "left", "left", "v", "f"), MoveFirst(("ch03-p020", "ch03-p018"))),
        (("end", "V", "s"), SkipPanels(tuple(f"ch03-p{n:03d}" for n in range(1, 21)))),
        (("X", *"red coat", "enter"), RejectPanels(("ch01-p001",), "red coat")),
        (("e", *" Rain.", "ctrl+s"), EditPanel("ch01-p001", f"{WORDS[1]} Rain.")),
        (("enter", "c"), ChooseTake("ch01-p001", 0)),
    ],
)
async def test_a_key_sends_its_command_and_the_answer_is_shown(keys: tuple[str, ...], command: object) -> None:
    async with cockpit() as one:
        await one.press(*keys)
        await one.until(lambda: one.port.commands == [command])
        await one.until(lambda: "as you wish" in one.screen())


async def test_an_edited_script_is_shown_before_it_counts() -> None:
    async with cockpit() as one:
        waiting = ev.EditsWaiting(
            added=1, reworded=2, lines=("new: ch01-p009a (line 3): A [b]title[/b].", "b", "c", "d")
        )
        await one.tell(waiting)
        await one.until(lambda: "the script was edited: 1 added, 2 reworded; it waits" in one.screen())
        await one.press("A")
        assert isinstance(one.app.screen, Ask) and "1 added, 2 reworded" in one.screen()
        assert "new: ch01-p009a (line 3): A" in one.screen() and "[b]title[/b]" in one.screen()
        await one.press("l")
        assert not one.port.commands
        await one.press("A", "a")
        await one.until(lambda: one.port.commands == [ApplyEdits()])


async def test_marks_are_shown_and_taken_off() -> None:
    async with cockpit() as one:
        await one.press("v", "v")
        assert "2 marked" in one.screen() and one.app.view.panel is not None and one.app.view.panel.id == "ch01-p003"
        await one.press("V", "V")
        assert not one.app.view.marked
        await one.press("v", "escape")
        assert "marked" not in one.screen()


async def test_an_edit_can_be_drawn_at_once_or_left() -> None:
    async with cockpit() as one:
        await one.press("e", *"!", "escape")
        assert "once more: leave and lose the changes" in one.screen()
        await one.press("escape")
        assert not one.port.commands and one.app.screen is one.app.main
        await one.press("e", *"!", "ctrl+r")
        await one.until(lambda: len(one.port.commands) == 2)
        assert one.port.commands == [EditPanel("ch01-p001", f"{WORDS[1]}!"), RejectPanels(("ch01-p001",))]


async def test_pictures_frugal_and_what_they_say() -> None:
    async with cockpit() as one:
        await one.press("P")
        assert one.app.view.pictures is None and "turned off" in one.screen()
        await one.press("P", "B")
        assert one.app.view.frugal and not one.app.view.moves and "Frugal" in one.screen()


def written(folder: Path) -> tuple[dict[str, Any], int]:
    """The figures as JSON, and how many lines their CSV has."""
    data = json.loads(next(folder.glob("*.json")).read_text())
    return data, len(next(folder.glob("*.csv")).read_text().splitlines())


async def test_a_shows_analytics_and_E_writes_them(tmp_path: Path) -> None:
    async with cockpit(size=(120, 36), folder=tmp_path) as one:
        await one.press("a")
        for words in ("pictures a minute", "seconds a picture took", "attempts that succeeded", "attempts ok"):
            assert words in one.screen()
        assert "▇" in one.screen() or "█" in one.screen()
        await one.press("E")
        await one.until(lambda: "Written:" in one.screen())
        await one.press("end")
        assert "the worst panels, by time" in one.screen()
    data, lines = written(tmp_path)
    assert sum(moment["finished"] for moment in data["series"]["moments"]) == 26
    assert lines == len(data["series"]["moments"]) + 1


async def test_arrows_letters_and_pages_move_the_cursor() -> None:
    async with cockpit(midway(20, 60)) as one:
        ids = one.app.view.book.ids

        def here() -> str:
            panel = one.app.view.panel
            assert panel is not None
            return panel.id

        await one.press("right", "l", "left")
        assert here() == ids[1]
        across = one.app.main.grid._shape.across
        await one.press("down")
        assert here() == ids[1 + across]
        await one.press("k", "j", "up")
        assert here() == ids[1]
        await one.press("end")
        assert here() == ids[-1] and "ch20-p060" in one.screen()
        await one.press("pageup")
        assert one.app.main.grid.scroll_offset.y > 0 and here() != ids[-1]
        await one.press("home")
        assert here() == ids[0] and one.app.main.grid.scroll_offset.y == 0
        await one.press("pagedown")
        assert one.app.view.cursor > 3 * across


async def test_n_and_N_go_round_the_problems() -> None:
    async with cockpit() as one:
        for key, id in (("n", "ch02-p006"), ("n", "ch02-p007"), ("n", "ch02-p006"), ("N", "ch02-p007")):
            await one.press(key)
            assert one.app.view.panel is not None and one.app.view.panel.id == id


async def test_q_asks_while_pictures_are_under_way_and_leaves_with_the_state() -> None:
    async with cockpit() as one:
        await one.press("q")
        assert isinstance(one.app.screen, Ask)
        await one.press("s")
        assert not one.port.commands
        await one.press("q", "w")
        assert one.port.commands == [Stop(wait=True)]
    result = one.app.return_value
    assert result is not None and result.error is None
    assert isinstance(result.state, RunState) and result.state.phase == "ended"


async def test_an_attached_screen_leaves_the_run_alone() -> None:
    async with cockpit(attached=True) as one:
        await one.press("q")
    assert not one.port.commands


async def test_a_finished_run_stays_on_the_screen_until_q() -> None:
    story = Story().begin(1, 10).draw(0, 10).tell(ev.RunDone("finished"))
    async with cockpit(story) as one:
        assert "every panel is finished; w goes through the pictures, q leaves" in one.screen()
        await one.press("q")
    assert one.port.commands == [Stop()]


async def test_enter_shows_the_panel_and_escape_goes_back() -> None:
    async with cockpit() as one:
        await one.press("n", "enter")
        assert isinstance(one.app.screen, PanelScreen)
        assert "Avoid: colour." in one.screen() and "too violent" in one.screen()
        await one.press("right")
        assert one.app.view.panel is not None and one.app.view.panel.id == "ch02-p007"
        assert "Something went wrong" in one.screen()
        await one.press("escape")
        assert one.app.screen is one.app.main


async def test_tab_walks_the_panes_and_the_footer_follows() -> None:
    async with cockpit() as one:
        assert one.app.context == "book" and "zoom" in one.screen()
        await one.press("tab")
        assert one.app.context == "tabs" and isinstance(one.app.focused, TabsPane)
        assert "its panel" in one.screen() and "zoom" not in one.screen()
        await one.press("down", "enter")
        assert one.app.context == "book"
        assert one.app.view.panel is not None and one.app.view.panel.id == "ch02-p010"
        await one.press("shift+tab")
        assert one.app.context == "log"
        await one.press("up", "up", "up", "up", "up", "enter")
        assert one.app.context == "book"


async def test_find_shows_only_what_it_finds_and_escape_shows_all() -> None:
    async with cockpit() as one:
        await one.press("slash", *"state", "colon", *"failed", "enter")
        assert "only state:failed" in one.screen()
        assert [one.app.view.book.ids[i] for i in one.app.view.book.shown] == ["ch02-p007"]
        await one.press("escape")
        assert len(one.app.view.book.shown) == 60
        await one.press("slash", *"state", "colon", *"blue", "enter")
        assert "There is no state 'blue'" in one.screen()


async def test_a_filter_by_state_follows_the_run() -> None:
    async with cockpit() as one:
        await one.press("4")
        plan = one.port.story.plans[28]
        await one.tell(ev.AttemptFailed("r3-28", plan.id, Outcome.RETRYABLE, "no", "failed", 1.0))
        await one.until(lambda: len(one.app.view.book.shown) == 2)


async def test_zoom_shows_the_words_of_the_panels() -> None:
    async with cockpit() as one:
        await one.press("z")
        assert "ch01-p003" in one.screen() and "The long gallery" in one.screen()
        await one.press("z")
        assert "ch01-p003" not in one.screen()


async def test_panes_can_be_folded() -> None:
    async with cockpit() as one:
        await one.press("comma", "full_stop")
        assert "memory" not in one.screen() and "events" not in one.screen()
        await one.press("comma", "full_stop")
        assert "memory" in one.screen() and "events" in one.screen()


async def test_help_log_theme_and_palette() -> None:
    async with cockpit() as one:
        await one.press("question_mark")
        assert isinstance(one.app.screen, HelpScreen) and "Pause the run" in one.screen()
        await one.press("escape", "L")
        assert isinstance(one.app.screen, LogScreen) and "t5 hung" in one.screen()
        await one.press("escape", "T")
        assert one.app.view.palette.name != "ink"
        await one.press("ctrl+p")
        assert "Try all failed panels again." in one.screen()


async def test_a_click_moves_the_cursor() -> None:
    async with cockpit() as one:
        x, y, _ = one.app.main.grid._shape.place(7)  # type: ignore[misc]
        await one.pilot.click("#grid", offset=(x, y))
        assert one.app.view.cursor == 7


async def test_keys_are_remapped_by_the_actions_id() -> None:
    async with cockpit(keymap={"run.pause": "p"}) as one:
        assert "p pause" in one.screen()
        await one.press("space")
        assert not one.port.commands
        await one.press("p")
        await one.until(lambda: one.port.commands == [Pause()])


async def test_four_lanes_say_what_is_waited_for() -> None:
    story = midway()
    story.tell(ev.PacingWaiting("easel", story.at + 1800, "told", "You've hit your limit."))
    story.tell(ev.RunPaused(Cause.LOGIN, "You are signed out: run novelgen-tui login."))
    async with cockpit(story) as one:
        await one.press("1")
        assert "Nothing is sent before" in one.screen()
        await one.press("3")
        assert "Then press space." in one.screen()
        await one.press("2")
        assert "only state:refused" in one.screen()


def test_no_two_actions_share_a_key_and_every_one_has_help() -> None:
    taken: dict[tuple[str, str], str] = {}
    for action in ACTIONS:
        assert action.help.endswith(".") and action.group
        for key in filter(None, action.keys.split(",")):
            for context in action.contexts:
                assert taken.setdefault((key, context), action.id) == action.id


async def test_a_long_book_goes_along_with_the_tabs_until_somebody_moves() -> None:
    story = Story().begin(40, 30).draw(0, 600)
    for nth, tab in ((600, "t1"), (601, "t2"), (602, "t3")):
        story.start(nth, tab)
    async with cockpit(story) as one:
        grid, book = one.app.main.grid, one.app.view.book
        await one.until(lambda: grid._sees(grid._shape.place(601)[1]))
        assert one.app.view.cursor == 0 and not grid._sees(grid._shape.place(0)[1])
        await one.press("right")
        assert one.app.view.cursor == 601, "the cursor begins where one looks"
        top = grid.scroll_offset.y
        story.draw(603, 900)
        await one.tell()
        assert grid.scroll_offset.y == top, "it stays where somebody has put it"
        await one.press("escape")
        story.start(900, "t1")
        await one.tell()
        await one.until(lambda: grid._sees(grid._shape.place(900)[1]))
        await one.press("G")
        assert one.app.view.cursor == len(book.ids) - 1


async def test_the_past_is_seen_where_it_happens_while_it_plays() -> None:
    story = Story().begin(40, 30).draw(0, 1200)
    async with cockpit(story) as one:
        grid = one.app.main.grid
        await one.press("t")
        await one.until(lambda: one.app.context == "time")
        travel = one.app.view.travel
        assert travel is not None
        sent = {
            record.event.panel: n for n, record in enumerate(story.records) if isinstance(record.event, ev.AttemptSent)
        }
        for nth in (900, 300, 600):
            travel.go(sent[story.plans[nth].id] + 1)
            one.app.past.changed()
            await one.until(lambda nth=nth: grid._busy() == nth and grid._sees(grid._shape.place(nth)[1]))
        await one.press("plus", "plus", "home")
        await one.until(lambda: travel.arrived and not one.app.view.book.ids)
        await one.press("space")
        await one.until(lambda: not travel.playing and one.app.view.finished == 1200)
        assert grid.scroll_offset.y > 0
        one.app.main.go_to(3)
        before = grid.scroll_offset.y
        one.app.view.travel.go(len(story.records) // 2)  # type: ignore[union-attr]
        one.app.past.changed()
        await one.pilot.pause()
        assert grid.scroll_offset.y == before, "not where somebody has moved the cursor"


async def test_nothing_one_has_to_know_is_cut_off_on_a_narrow_screen() -> None:
    story = midway(12, 60).tell(ev.PacingWaiting("easel", START + 9000, "told", "You've hit your limit. Try later."))
    story.tell(ev.RunPaused(Cause.DISK, "The disk is full: 12 MB are free. Make room; the run looks again.", 60.0))
    story.tell(ev.RunResumed())

    def words(screen: str) -> str:
        return " ".join(screen.replace("│", " ").split())

    async with cockpit(story, size=(60, 24)) as one:
        assert "Try later.)" in words(one.screen()) and "in 47 minutes (42 to 55)" in words(one.screen())
        await one.press("L")
        assert "Make room; the run looks again." in words(one.screen())
        await one.press("escape", "question_mark")
        assert "with fg to bring it back; the run goes on." in words(one.screen())
        await one.press("escape", "q")
        assert "their pictures are fetched at the next run" in words(one.screen())
        pane = one.app.screen.query_one(QuestionPane)
        await one.pilot.click(pane, offset=(8, 4 + len(pane._rows)))
        assert not one.port.commands and not isinstance(one.app.screen, Ask), "the last line is that of staying"
        await one.press("v", "O")
        assert "No marked panel is outdated" in one.screen()
