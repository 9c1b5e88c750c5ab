"""The past of a run: any moment as it was, by key, while the run goes on."""

from pathlib import Path

import anyio
import pytest

from core import events as ev
from core.commands import Stop
from core.complaint import Complaint
from core.fold import fold
from core.recording import History, StoredRun
from core.state import PanelStatus
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.lines import to_line
from tests.unit.test_tui_keys import cockpit
from tests.unit.tui_run import START, midway, utc
from tui.app import CockpitApp
from tui.book import Book
from tui.options import ScreenOptions
from tui.themes import DEFAULT, Palette, load_themes
from tui.travel import Travel, moment_of
from tui.view import View

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_every_moment_is_the_fold_of_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.recording.SPACING", 7)
    monkeypatch.setattr("core.recording.KEYFRAMES", 1000)
    records = midway().records
    history = History(records)
    state = None
    for n in [*range(0, len(records) + 1, 5), 3, len(records), 0, 12]:
        state = history.seek(n, state if state is not None and state.seq <= n else None)
        assert state == fold(records[:n])
    assert all(isinstance(records[n - 1].event, ev.AttemptFailed | ev.TabFaulted) for n in history.failures)
    assert history.at(START - 1) == 0 and history.at(records[-1].at) == len(records)


def test_a_record_that_is_lost_does_not_cost_the_past() -> None:
    records = [record for record in midway().records if not isinstance(record.event, ev.PanelsPlanned)]
    history = History(records)
    for n in (1, len(records) // 2, len(records)):
        assert history.seek(n).seq == records[n - 1].seq
    whole, holed = fold(midway().records), history.seek(len(records))
    done = [panel.id for panel in whole.panels.values() if panel.take is not None]
    assert done and all(holed.panels[id].take == whole.panels[id].take for id in done)


def test_an_empty_journal_has_no_past() -> None:
    history = History([])
    assert len(history) == 0 and history.seek(5).seq == 0


async def test_t_shows_the_past_and_comes_back_to_a_run_that_went_on() -> None:
    async with cockpit(size=(120, 36)) as one:
        await one.press("t")
        await one.until(lambda: one.app.view.travel is not None and one.app.context == "time")
        past = one.app.view.travel
        assert past is not None and "time travel" in one.screen() and "26 of 60" in one.screen()
        await one.press("home")
        assert "0 of 0" in one.screen()
        await one.press("right", "right", "right")
        assert past.n == 3 and "0 of 60" in one.screen()
        await one.press("n")
        assert past.n in past.history.failures
        await one.press("pageup", "up", "down")
        before = len(one.port.commands)
        await one.press("tab", "R")
        assert len(one.port.commands) == before and "This is the past" in one.screen()
        one.port.story.tell(ev.PanelFinished("r3-28", one.port.story.plans[28].id, 9.0))
        one.port.publish()
        await one.until(lambda: one.app.view.live.seq == len(one.port.story.records))
        assert "27 of 60" not in one.screen()
        await one.press("t")
        assert one.app.view.travel is None and "27 of 60" in one.screen() and "time travel" not in one.screen()


async def test_the_past_plays_at_a_speed() -> None:
    async with cockpit(size=(120, 36)) as one:
        await one.press("t")
        await one.until(lambda: one.app.context == "time")
        past = one.app.view.travel
        assert past is not None
        await one.press("home", "plus", "plus", "plus", "space")
        assert past.playing and past.speed == 3600
        await one.until(lambda: past.n == len(past.history))
        assert not past.playing
        await one.press("minus", "escape")
        assert past.speed == 600 and one.app.view.travel is None


async def test_a_recording_is_read_from_disk_and_refuses_commands(tmp_path: Path) -> None:
    story = midway()
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "journal.jsonl").write_bytes(b"".join(to_line(record) for record in story.records))
    before = sorted((p.name, p.stat().st_mtime_ns) for p in (tmp_path / FOLDER).iterdir())

    async def opened() -> StoredRun:
        return StoredRun(tmp_path)

    with utc():
        at = moment_of("14:14:00", story.at)
        options = ScreenOptions(ssh=False, attached=True, recording=True, at="14:14:00", folder=tmp_path)
        app = CockpitApp(opened, options=options)
        async with app.run_test(size=(120, 36)) as pilot:
            with anyio.fail_after(10):
                while app.view.travel is None or app.view.travel.moment != at:
                    await pilot.pause()
            finished = sum(p.status is PanelStatus.FINISHED for p in app.view.state.panels.values())
            assert 0 < finished < 25
            await pilot.press("escape")
            assert app.view.travel is not None
            await pilot.press("q")
    assert sorted((p.name, p.stat().st_mtime_ns) for p in (tmp_path / FOLDER).iterdir()) == before
    assert len(list(Journal(Disk(), tmp_path / FOLDER).records())) == len(story.records)


def test_the_words_for_a_moment() -> None:
    with utc():
        assert moment_of("14:13", START) <= START
        assert moment_of("23:59:59", START) == START - START % 86400 - 1
        assert moment_of("2026-09-21T10:00", START) == 1_789_984_800.0
    with pytest.raises(Complaint, match="--at"):
        moment_of("yesterday", START)


async def test_a_run_is_left_from_its_past_too() -> None:
    async with cockpit(size=(120, 36)) as one:
        await one.press("t")
        await one.until(lambda: one.app.view.travel is not None)
        await one.press("ctrl+c")
        await one.until(lambda: not one.app.is_running)
        assert one.port.commands == [Stop()]


async def test_steps_and_play_show_what_a_rebuilt_book_would() -> None:
    async with cockpit(size=(120, 36)) as one:
        await one.press("t")
        await one.until(lambda: one.app.view.travel is not None and one.app.context == "time")
        view, past = one.app.view, one.app.view.travel
        assert past is not None
        await one.press("home")
        state, sizes = past.state, set()
        for key in ("right", "right", "n", *["right"] * 30, "N", "left", "end", "home", "]", "right"):
            await one.press(key)
            anew = Book(view.state)
            assert (view.book.looks, view.book.counts, view.book.ids) == (anew.looks, anew.counts, anew.ids), key
            assert view.state is past.state and view.state == past.history.seek(past.n), key
            sizes.add(past.state is state)
        assert sizes == {True, False}, "some steps go on with the state there is, others do not"


def test_a_step_forward_costs_what_has_happened_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    story = midway()
    travel = Travel(History(story.records))
    view = View(ScreenOptions(ssh=False), Palette(load_themes()[0][DEFAULT]))
    assert view.show(travel) == ([], True)
    travel.go(40)  # in the middle of the drawing: nothing is planned there
    assert view.show(travel) == ([], True)
    monkeypatch.setattr(Book, "rebuild", None)  # from here on nothing may need it
    seen: set[int] = set()
    for _ in range(30):
        travel.step(1)
        changed, rebuilt = view.show(travel)
        assert not rebuilt and len(changed) <= 1
        seen.update(changed)
    assert seen and view.show(travel) == ([], False)
