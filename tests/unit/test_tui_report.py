"""The report, what the script would change, the outdated drawn again, the worst panels, themes looked at."""

import json
from pathlib import Path

import pytest

from core import events as ev
from core.commands import RedrawOutdated
from core.events import PanelsPlanned
from core.outcomes import Outcome
from core.sample import create_sample
from core.state import AttemptState
from tests.unit.test_tui_keys import cockpit
from tests.unit.tui_run import WORDS
from tui.line import Line
from tui.screens.analytics import AnalyticsScreen
from tui.worst import worst

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_report_says_what_was_drawn_and_who_is_needed(tmp_path: Path) -> None:
    async with cockpit(folder=tmp_path) as one:
        await one.press("p")
        screen = one.screen()
        assert "26 of 60 panels" in screen and "at the first attempt" in screen
        assert len({line.find("26 of") for line in screen.splitlines() if "26 of" in line}) == 1, "figures in a column"
        await one.press("end")
        assert "too violent" in one.screen()
        assert "failed (1)" in one.screen() and WORDS[2] in one.screen()
        await one.press("E")
        await one.until(lambda: "Written: " in one.screen())
        (made,) = tmp_path.glob("report-*.json")  # noqa: ASYNC240
        assert json.loads(made.read_bytes())["finished"] == 26
        assert "too violent" in made.with_suffix(".html").read_text()
        await one.press("escape")
        assert "tabs" in one.screen()


async def test_the_report_follows_the_run_and_the_past() -> None:
    async with cockpit() as one:
        await one.press("t", "home", "p")
        assert "report" in one.screen() and "26 of 60 panels" not in one.screen()
        await one.press("escape", "t", "p")
        assert "26 of 60 panels" in one.screen()


async def test_where_the_folder_is_elsewhere_the_report_is_not_written() -> None:
    async with cockpit() as one:
        await one.press("p", "E")
        assert "on another machine" in one.screen()


async def test_the_outdated_are_drawn_again_when_one_says_so() -> None:
    async with cockpit() as one:
        await one.press("O")
        assert "Draw 1 outdated panel again?" in one.screen()
        await one.press("k")
        assert not one.port.commands
        await one.press("O", "d")
        await one.until(lambda: one.port.commands == [RedrawOutdated(())])


async def test_marked_ones_are_all_that_are_drawn_again() -> None:
    async with cockpit() as one:
        await one.press("v", "O")
        assert "No marked panel is outdated" in one.screen()
        await one.press("V", "O", "d")
        await one.until(lambda: bool(one.port.commands))
        assert one.port.commands == [RedrawOutdated((one.port.story.plans[3].id,))]


async def test_nothing_outdated_is_said() -> None:
    async with cockpit() as one:
        await one.tell(PanelsPlanned((one.port.story.plans[3],)))
        await one.press("O")
        assert "No panel is outdated" in one.screen()


async def test_the_difference_between_script_and_project(tmp_path: Path) -> None:
    create_sample(tmp_path / "novel", 6)
    async with cockpit(folder=tmp_path / "novel") as one:
        await one.press("D")
        await one.until(lambda: "new (6)" in one.screen())
        assert "6 differences" in one.screen()


@pytest.mark.parametrize("folder", [True, False])
async def test_where_there_is_no_script_to_read_it_says_so(tmp_path: Path, folder: bool) -> None:
    # wide, so that no name of a folder is so long that the name looked for is broken over two lines
    async with cockpit(size=(300, 24), folder=tmp_path if folder else None) as one:
        await one.press("D")
        await one.until(lambda: ("novel.toml" if folder else "on the machine of the run") in one.screen())


def attempt(panel: str, seconds: float, outcome: Outcome, said: str = "") -> AttemptState:
    return AttemptState("a", panel, "t1", 0.0, "h", seconds=seconds, outcome=outcome, sentence=said)


def test_the_worst_by_five_measures() -> None:
    told = [attempt("slow", 90, Outcome.OK), attempt("twice", 5, Outcome.RETRYABLE, "oops"),
            attempt("twice", 6, Outcome.OK), attempt("twice", 1, Outcome.QUOTA, "wait"),
            attempt("no", 8, Outcome.REFUSED, "too violent"), attempt("no", 9, Outcome.SOFT_REFUSED)]  # fmt: skip
    first = {order: worst(told, order, 1)[0][0] for order in ("time", "time lost", "attempts", "refusals", "failures")}
    assert first == {"time": "slow", "time lost": "no", "attempts": "twice", "refusals": "no", "failures": "twice"}
    assert [id for id, _ in worst(told, "failures", 9)] == ["twice"]
    cost = dict(worst(told, "attempts", 9))["twice"]
    assert (cost.time, cost.lost, cost.attempts, cost.failures, cost.said) == (12, 6, 3, 1, "wait")


async def test_analytics_orders_the_worst_by_key() -> None:
    async with cockpit(size=(120, 60)) as one:
        await one.press("a", "end")
        assert "the worst panels, by time" in one.screen()
        await one.press("o", "o", "o")
        assert isinstance(one.app.screen, AnalyticsScreen)
        assert "the worst panels, by refusals" in one.screen() and "too violent" in one.screen()


async def test_a_look_at_the_whole_run_is_taken_when_it_has_changed_and_not_at_every_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[int] = []
    write = AnalyticsScreen.write

    def counted(screen: AnalyticsScreen, width: int) -> list[Line]:
        looks.append(screen.view.state.seq)
        return write(screen, width)

    monkeypatch.setattr(AnalyticsScreen, "write", counted)
    monkeypatch.setattr("tui.screens.reading.LEAST", 3600.0)
    async with cockpit(size=(120, 36)) as one:
        await one.press("a")
        first = len(looks)
        assert first
        for _ in range(5):
            one.app.paint()
        await one.tell(ev.PanelFinished("r3-28", one.port.story.plans[28].id, 9.0))
        assert len(looks) == first, "it was looked at a moment ago"
        one.app.screen._next = 0.0  # type: ignore[attr-defined]  # an hour passes
        one.app.paint()
        one.app.paint()
        assert looks[first:] == [one.app.view.state.seq], "once, and not again while nothing has changed"


async def test_the_palette_shows_a_theme_while_one_looks_at_it(tmp_path: Path) -> None:
    from textual.command import CommandList

    async with cockpit(size=(100, 30), theme_folders=(tmp_path,)) as one:
        mine = (Path(__file__).parents[2] / "themes" / "ink.toml").read_text().replace('"ink"', '"mine"')
        (tmp_path / "mine.toml").write_text(mine.replace("#14161b", "#330011").replace("Ink:", "Zinnober:"))
        await one.press("ctrl+p", *"Paper")
        await one.until(lambda: one.app.view.palette.name == "paper")
        await one.press("escape")
        await one.until(lambda: one.app.view.palette.name == "ink")
        await one.press("ctrl+p", *"Zinnober")
        await one.until(lambda: one.app.view.palette.name == "mine")
        assert one.app.view.palette["text"].bgcolor.name == "#330011" and one.app.theme == "mine"  # type: ignore[union-attr]
        await one.press("enter")
        await one.until(lambda: len(one.app.screen_stack) == 1)
        assert one.app.view.palette.name == "mine"
        await one.press("ctrl+p", *"Theme")
        await one.until(lambda: one.app.screen.query_one(CommandList).option_count > 4)
        seen = {one.app.view.palette.name}
        for _ in range(4):
            await one.press("down")
            seen.add(one.app.view.palette.name)
        assert len(seen) > 3, "moving over the themes shows each"
        await one.press("escape")
        await one.until(lambda: one.app.view.palette.name == "mine")


async def test_what_is_too_long_for_a_line_of_the_palette_goes_on_under_its_words() -> None:
    async with cockpit(size=(80, 24)) as one:
        await one.press("ctrl+p", *"fg to bring")
        await one.until(lambda: "the run goes on." in one.screen())
        lines = one.screen().splitlines()
        at = next(n for n, line in enumerate(lines) if "Put the screen aside" in line)
        assert lines[at].index("Put the") == lines[at + 1].index("the run goes on.")
