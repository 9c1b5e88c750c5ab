"""A script edited between runs and under a run: the real engine under a mock clock."""

import random
from collections.abc import Awaitable, Callable, Sequence

import trio
import trio.testing

from core import events as ev
from core.commands import AnyCommand, ApplyEdits, RedrawOutdated
from core.complaint import Complaint
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.fold import fold
from core.offload import inline
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.project import Config, PanelSpec, Project
from core.scripts.model import Script, ScriptChapter
from core.state import PanelStatus, RunState
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.store import Store
from tests.simulation.disk import MemoryDisk
from tests.simulation.night import EPOCH, FOLDER_OF_NIGHT, _measure
from tests.simulation.site import SimulatedProcessor, SimulatedSite

WORDS = [
    f"picture {n}: the {noun} by the sea"
    for n, noun in enumerate(["lamp", "rope", "boat", "gull", "kettle", "ladder"], 1)
]


def project(texts: Sequence[str], ids: dict[str, str] | None = None) -> Project:
    """A project of one chapter with these pictures; ``ids``: those the author gave, by text."""
    given = ids or {}
    panels = tuple(
        PanelSpec(
            given.get(text, f"ch01-p{n:03d}"), 1, 1, n, "ch01", text, "", text, f"hash of {text}", given=text in given
        )
        for n, text in enumerate(texts, start=1)
    )
    chapters = (ScriptChapter(1, ""),)
    return Project(FOLDER_OF_NIGHT, Config(title="night", script="script.md"), Script(chapters, ()), panels)


class Edited:
    """Edits at given seconds of the run: each a project, or what is wrong with it."""

    def __init__(self, *edits: tuple[float, Project | str]) -> None:
        self._edits = list(edits)

    async def follow(self, changed: Callable[[], Awaitable[None]]) -> None:
        started = trio.current_time()
        while self._edits:
            await trio.sleep_until(started + self._edits[0][0])
            await changed()
            self._edits.pop(0)

    def read(self) -> Project:
        project = self._edits[0][1]
        if isinstance(project, str):
            raise Complaint(project)
        return project


class Book:
    """One project on one disk, run as often as one likes; the site counts what it was asked for."""

    def __init__(self) -> None:
        self.disk = MemoryDisk()
        self.site = SimulatedSite(random.Random(1), 20.0)
        self.events: list[ev.Event] = []

    def run(
        self,
        project: Project,
        *edits: tuple[float, Project | str],
        command: AnyCommand | None = None,
        redraw: bool = False,
        ask: bool = False,
        linger: float = 0.0,
    ) -> RunState:
        """Run to the end (or for ``linger`` seconds, with ``command`` after half of it); the state on disk then."""

        async def live() -> None:
            store = Store.open(
                FOLDER_OF_NIGHT, disk=self.disk, offload=inline, wall=lambda: EPOCH + trio.current_time(), locked=False
            )
            settings = EngineSettings(
                "s", "s", PoolSettings(tabs=2), linger=linger > 0, redraw_outdated=redraw, ask_about_edits=ask
            )
            engine = Engine(
                project, store, SimulatedProcessor(self.site), settings, judge=MemoryJudge(16 * 2**30),
                measure=_measure, offload=inline, seed=1, edits=Edited(*edits),
            )  # fmt: skip
            mailbox = Mailbox(lambda: None)
            engine.subscribe(mailbox)
            with trio.move_on_after(linger or 1e6):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(engine.run)
                    if command is not None:
                        await trio.sleep(linger / 2)
                        reply = await engine.send(command)
                        assert reply.ok, reply.sentence
            self.events = [record.event for record in mailbox.drain()]

        trio.run(live, clock=trio.testing.MockClock(autojump_threshold=0))
        return fold(Journal(self.disk, FOLDER_OF_NIGHT / FOLDER).records())

    def asked(self) -> int:
        return sum(self.site.asked.values())

    def told(self, kind: type[ev.Event]) -> list[ev.Event]:
        return [event for event in self.events if isinstance(event, kind)]


def finished(state: RunState) -> dict[str, str]:
    return {p.id: p.text for p in state.panels.values() if p.status is PanelStatus.FINISHED}


def test_an_insert_between_runs_draws_one_picture() -> None:
    book = Book()
    book.run(project(WORDS))
    state = book.run(project(["A title.", *WORDS]))
    assert book.asked() == len(WORDS) + 1
    assert list(state.panels) == ["ch01-p000a", *(f"ch01-p{n:03d}" for n in range(1, len(WORDS) + 1))]
    assert not any(panel.outdated for panel in state.panels.values())
    assert book.told(ev.ScriptCompared) == [ev.ScriptCompared(added=1)]


def test_an_unchanged_script_tells_nothing() -> None:
    book = Book()
    book.run(project(WORDS))
    book.run(project(WORDS))
    assert not book.told(ev.ScriptCompared) and not book.told(ev.PanelsPlanned) and book.asked() == len(WORDS)


def test_a_removed_panel_that_comes_back_is_not_drawn_again() -> None:
    book = Book()
    book.run(project(WORDS))
    state = book.run(project(WORDS[:2] + WORDS[3:]))
    assert "ch01-p003" not in state.panels and state.dropped["ch01-p003"].takes
    state = book.run(project(WORDS))
    assert finished(state)["ch01-p003"] == WORDS[2] and state.dropped == {}
    assert list(state.panels) == [f"ch01-p{n:03d}" for n in range(1, len(WORDS) + 1)]
    assert book.asked() == len(WORDS)


def test_ids_given_later_keep_their_pictures() -> None:
    book = Book()
    book.run(project(WORDS))
    state = book.run(project(WORDS, ids={WORDS[1]: "rope", WORDS[2]: "boat"}))
    assert finished(state)["rope"] == WORDS[1] and book.asked() == len(WORDS)
    assert {attempt.panel for attempt in state.attempts.values()} == set(state.panels)


def test_reworded_panels_are_outdated_and_drawn_anew_only_when_asked() -> None:
    book = Book()
    book.run(project(WORDS))
    after = project([WORDS[0] + " at dusk", *WORDS[1:]])
    state = book.run(after)
    assert [p.id for p in state.panels.values() if p.outdated] == ["ch01-p001"] and book.asked() == len(WORDS)
    state = book.run(after, redraw=True)
    assert book.asked() == len(WORDS) + 1 and not state.panels["ch01-p001"].outdated
    assert len(state.panels["ch01-p001"].takes) == 2
    state = book.run(project([WORDS[0] + " at dawn", *WORDS[1:]]), command=RedrawOutdated(), linger=200.0)
    assert book.asked() == len(WORDS) + 2 and not state.panels["ch01-p001"].outdated


def test_a_script_edited_under_the_run_is_planned_anew() -> None:
    book = Book()
    after = project(["A title.", *WORDS[:4], WORDS[5] + " in rain"])
    state = book.run(project(WORDS), (5.0, after), linger=400.0)
    assert set(finished(state).values()) == {panel.text for panel in after.panels}
    assert book.told(ev.ScriptCompared)[0] == ev.ScriptCompared(added=1, reworded=1, removed=1)


def test_a_panel_that_is_drawn_while_it_leaves_the_script_keeps_its_picture() -> None:
    book = Book()
    state = book.run(project(WORDS), (2.0, project(WORDS[1:])), linger=400.0)
    assert "ch01-p001" not in state.panels
    assert len(state.dropped["ch01-p001"].takes) == 1, "its picture was under way and paid for"
    assert len(finished(state)) == len(WORDS) - 1


def test_a_panel_renamed_while_it_is_drawn_gets_its_name_at_the_next_start() -> None:
    book = Book()
    named = project(WORDS, ids={WORDS[0]: "lamp", WORDS[5]: "ladder"})
    state = book.run(project(WORDS), (2.0, named), linger=400.0)
    assert "ch01-p001" in state.panels and "ladder" in state.panels
    state = book.run(named)
    assert finished(state)["lamp"] == WORDS[0] and book.asked() == len(WORDS)


def test_a_broken_edit_is_told_once_and_the_run_goes_on_with_the_old_script() -> None:
    book = Book()
    wrong = "script.md, line 3: this panel says nothing"
    state = book.run(project(WORDS), (2.0, wrong), (4.0, wrong), (6.0, project(WORDS)))
    noticed = [event.text for event in book.told(ev.Noticed) if isinstance(event, ev.Noticed)]
    assert noticed == [f"the edited script is not used: {wrong}", "the script reads well again"]
    assert len(finished(state)) == len(WORDS)


def test_an_edit_wakes_a_run_that_was_done() -> None:
    book = Book()
    state = book.run(project(WORDS), (300.0, project([*WORDS, "One more."])), linger=600.0)
    assert finished(state)["ch01-p007"] == "One more."


EDITED = project(["A title.", *WORDS[:4], WORDS[5] + " in rain"])


def test_an_edit_that_has_to_be_agreed_to_is_shown_and_changes_nothing() -> None:
    book = Book()
    state = book.run(project(WORDS), (5.0, EDITED), linger=400.0, ask=True)
    assert set(finished(state).values()) == set(WORDS) and book.asked() == len(WORDS)
    (waiting,) = book.told(ev.EditsWaiting)
    assert state.edits == waiting and isinstance(waiting, ev.EditsWaiting)
    assert (waiting.added, waiting.reworded, waiting.removed) == (1, 1, 1)
    assert [line.split(" (")[0] for line in waiting.lines[:2]] == ["new: ch01-p000a", "reworded: ch01-p006"]
    assert "no longer in the script" in waiting.lines[2] and "ch01-p005" in waiting.lines[2]
    assert not book.told(ev.ScriptCompared)


def test_an_edit_counts_once_it_is_agreed_to() -> None:
    book = Book()
    state = book.run(project(WORDS), (5.0, EDITED), linger=600.0, ask=True, command=ApplyEdits())
    assert set(finished(state)) == {"ch01-p000a", "ch01-p001", "ch01-p002", "ch01-p003", "ch01-p004", "ch01-p006"}
    assert state.edits is None and state.panels["ch01-p006"].outdated
    assert book.told(ev.ScriptCompared) == [ev.ScriptCompared(added=1, reworded=1, removed=1, outdated=1)]


def test_an_edit_that_is_taken_back_waits_no_more() -> None:
    book = Book()
    state = book.run(project(WORDS), (5.0, EDITED), (6.0, EDITED), (9.0, project(WORDS)), linger=400.0, ask=True)
    assert state.edits is None and len(book.told(ev.EditsWaiting)) == 2, "told once, and that it is over"
    assert set(finished(state).values()) == set(WORDS)


def test_an_edit_nobody_agreed_to_counts_from_the_next_run() -> None:
    book = Book()
    book.run(project(WORDS), (5.0, EDITED), linger=400.0, ask=True)
    state = book.run(EDITED, ask=True)
    assert state.edits is None and "ch01-p000a" in finished(state)
