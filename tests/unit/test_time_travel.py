"""The past of a run: any moment as it was, by key, while the run goes on."""

import functools
from pathlib import Path

import anyio
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import events as ev
from core.commands import Stop
from core.complaint import Complaint
from core.fold import apply, fold
from core.outcomes import Outcome
from core.recording import History, StoredRun
from core.state import PanelStatus, RunState
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.lines import to_line
from tests.simulation.night import FOLDER_OF_NIGHT, Night
from tests.simulation.plan import Plan
from tests.unit.test_tui_keys import cockpit
from tests.unit.tui_run import CHAPTERS, START, Story, midway, utc
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


def turbulent() -> list[ev.Record]:
    """A short run to which everything happens that changes which panels a book has, and in what order."""
    story = Story().begin(2, 4, tabs=2).draw(0, 3, tabs=2).start(3, "t1")
    plans = story.plans
    story.tell(ev.PanelsDropped((plans[0].id, plans[5].id)))
    story.finish(3).start(4, "t2").fail(4, Outcome.RETRYABLE, "Something went wrong.", "failed")
    story.tell(ev.PanelsMovedFirst((plans[7].id,)), ev.PanelsRenamed(((plans[2].id, "ch01-p900"),)))
    story.tell(ev.PanelsPlanned((msgspec.structs.replace(plans[2], id="ch01-p900", prompt_hash="new"),)))
    story.tell(ev.PanelsPlanned((plans[0],)))  # back in the script, with its picture
    story.tell(ev.TakeChosen(plans[3].id, 0), ev.PanelsKept((plans[3].id,)), ev.PanelsSkipped((plans[6].id,)))
    turned = tuple(ev.ChapterPlan(n, CHAPTERS[n]) for n in (2, 1))
    story.tell(ev.BookPlanned("The Speckled Band", turned))
    story.start(7, "t1").tell(ev.PanelsQueued((plans[4].id,), "again"), ev.TabClosed("t2", "too many"))
    story.finish(7).tell(ev.PanelEdited(plans[4].id, "Other words.", "other"), ev.RunEnded("stopped"))
    return story.records


def image(state: RunState) -> bytes:
    """All there is in it, and the order it is in."""
    return msgspec.msgpack.encode(state)


@pytest.mark.parametrize("spacing", [1, 3, 8, 1000])
def test_every_moment_is_the_fold_of_what_came_before_wherever_one_comes_from(
    monkeypatch: pytest.MonkeyPatch, spacing: int
) -> None:
    monkeypatch.setattr("core.recording.SPACING", spacing)
    monkeypatch.setattr("core.recording.STRETCHES", 1000)
    records = turbulent()
    folds = [image(fold(records[:n])) for n in range(len(records) + 1)]
    history = History(records)
    assert image(history.state) == folds[-1] and history.n == len(records)
    view = View(ScreenOptions(ssh=False), Palette(load_themes()[0][DEFAULT]))
    travel = Travel(history)
    for there in range(len(folds)):
        for here in range(len(folds)):
            travel.go(there)
            assert image(travel.state) == folds[there], (here, there)
            view.show(travel)
            travel.go(here)
            assert image(travel.state) == folds[here], (there, here)
            view.show(travel)
            anew = Book(view.state)
            assert (view.book.looks, view.book.counts, view.book.chapters, view.book.ids) == (
                anew.looks, anew.counts, anew.chapters, anew.ids
            )  # fmt: skip


@functools.cache
def night() -> tuple[list[ev.Record], list[bytes]]:
    """The journal of a wild night with several lives, and every moment of it."""
    night = Night(Plan.wild(4, 40))
    night.play()
    records = list(Journal(night.disk, FOLDER_OF_NIGHT / FOLDER).records())
    state, images = RunState(), [image(RunState())]
    for record in records:
        apply(state, record)
        images.append(image(state))
    return records, images


@given(st.integers(1, 200), st.lists(st.floats(0, 1), max_size=30))
@settings(deadline=None, max_examples=40)
def test_a_night_is_gone_through_in_any_order(spacing: int, places: list[float]) -> None:
    records, images = night()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.recording.SPACING", spacing)
        patch.setattr("core.recording.STRETCHES", 10_000)
        history = History(records)
        for place in places:
            history.seek(round(place * len(records)))
            assert image(history.state) == images[history.n]


def test_places_in_time() -> None:
    records = midway().records
    history = History(records)
    assert all(isinstance(records[n - 1].event, ev.AttemptFailed | ev.TabFaulted) for n in history.failures)
    assert history.at(START - 1) == 0 and history.at(records[-1].at) == len(records)


def test_a_record_that_is_lost_does_not_cost_the_past() -> None:
    records = [record for record in midway().records if not isinstance(record.event, ev.PanelsPlanned)]
    history = History(records)
    for n in (1, len(records) // 2, len(records)):
        history.seek(n)
        assert history.state.seq == records[n - 1].seq
    travel, view = Travel(history), View(ScreenOptions(ssh=False), Palette(load_themes()[0][DEFAULT]))
    for n in (len(records), 1, len(records) // 2, 40, len(records) - 1, len(records)):
        travel.go(n)
        view.show(travel)
        assert view.book.ids == Book(view.state).ids and view.book.looks == Book(view.state).looks
    whole, holed = fold(midway().records), history.state
    done = [panel.id for panel in whole.panels.values() if panel.take is not None]
    assert done and all(holed.panels[id].take == whole.panels[id].take for id in done)


def test_what_is_kept_of_the_past_grows_with_what_happened_not_with_the_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.recording.SPACING", 10)
    records = Story().begin(10, 300).draw(0, 25).records
    history = History(records)
    assert len(history._stretches) > 10
    for stretch in history._stretches[1:]:
        assert len(stretch.panels.rows) <= 10 and len(stretch.attempts.rows) <= 10
        assert stretch.panels.order is None


def test_an_empty_journal_has_no_past() -> None:
    history = History([])
    history.seek(5)
    assert len(history) == 0 and history.state.seq == 0


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
        for key in ("right", "right", "n", *["right"] * 30, *["left"] * 5, "N", "left", "end", "home", "]", "right"):
            await one.press(key)
            anew = Book(view.state)
            assert (view.book.looks, view.book.counts, view.book.ids) == (anew.looks, anew.counts, anew.ids), key
            assert view.state is past.state and view.state == fold(past.history.records[: past.n]), key


def test_a_step_costs_what_has_happened_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    story = midway()
    travel = Travel(History(story.records))
    view = View(ScreenOptions(ssh=False), Palette(load_themes()[0][DEFAULT]))
    assert view.show(travel) == ([], True)
    travel.go(40)  # in the middle of the drawing: nothing is planned there
    view.show(travel)
    monkeypatch.setattr(Book, "rebuild", None)  # from here on nothing may need it
    forward, back = set[int](), set[int]()
    for step, seen in ((1, forward), (-1, back)):
        for _ in range(30):
            travel.step(step)
            changed, rebuilt = view.show(travel)
            assert not rebuilt and len(changed) <= 1
            seen.update(changed)
    assert forward and back == forward and view.show(travel) == ([], False)


def test_a_long_way_is_gone_in_parts_and_ends_where_a_leap_does() -> None:
    records = Story().begin(4, 250).draw(0, 900).records
    leaping = History(records)
    travel = Travel(History(records), patience=0.0)
    parts = 0
    for goal in (0, len(records), 1234, 1230, len(records) // 2, 3, len(records)):
        travel.go(goal)
        while not travel.arrived:
            parts += 1
            travel.approach()
        leaping.seek(goal)
        assert travel.n == goal and image(travel.state) == image(leaping.state)
    assert parts > 10, "no move was short"


async def test_keys_are_answered_on_a_long_way_through_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.past.PATIENCE", 0.0)
    story = Story().begin(10, 400).draw(0, 4000)
    async with cockpit(story, size=(120, 36)) as one:
        await one.press("t")
        await one.until(lambda: one.app.context == "time")
        travel = one.app.view.travel
        assert travel is not None
        one.app.main.timeline.action_end(0)
        assert not travel.arrived
        one.app.main.timeline.action_end(1)  # another mind, half-way
        await one.until(lambda: travel.arrived and one.app.view.finished == 4000)
        approach, seen = travel.approach, []

        def part() -> None:
            seen.append(one.app.view.palette.name)
            approach()

        monkeypatch.setattr(travel, "approach", part)
        one.app.main.timeline.action_end(0)
        one.app.simulate_key("T")
        await one.until(lambda: travel.arrived)
        assert seen[0] == "ink" and seen[-1] == one.app.view.palette.name != "ink"
        one.app.main.timeline.action_end(1)
        await one.press("escape")
        await one.until(lambda: one.app.view.travel is None)
        assert one.app.view.finished == 4000 and one.app.view.state is one.app.view.live
