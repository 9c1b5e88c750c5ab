"""The past of a run: any moment of it, quickly, from its records. Reads the journal only, whoever runs the project."""

from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import anyio

from core import events as ev
from core.commands import AnyCommand, Reply
from core.link.port import LinkState, Watch
from core.state import RunState
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.mending import apply_over_gaps, fold_over_gaps
from core.unfold import Stretch, Unfolder, put_back

SPACING, STRETCHES = 500, 200
"""Records that are taken back together at most, and how many such stretches there are before they grow longer."""

PLANS = (ev.BookPlanned, ev.PanelsPlanned, ev.PanelsDropped, ev.PanelsRenamed)
"""After these a stretch ends early: to take them back costs a look at the whole book."""

BATCH = 1000


class Moved(NamedTuple):
    """What a move in time did. ``back``: the panels that were put back as they had been, None where the book has
    others now; ``then``: the records that were folded thereupon."""

    back: set[str] | None
    then: Sequence[ev.Record]


class History:
    """Records in order, one state that moves among them, and where something happened.

    ``state`` is the one after the first ``n`` records; n from 0 to ``len(history)``. It begins at the end.
    """

    def __init__(self, records: Sequence[ev.Record]) -> None:
        self.records = list(records)
        self.moments = [record.at for record in self.records]
        self.failures: list[int] = []  #: numbers n after which a failure has just happened
        self.chapters: list[int] = []  #: and after which a tab has just turned to another chapter
        self.n = len(self.records)
        self._stretches: list[Stretch] = []
        self._begins: list[int] = []  # the numbers n at which they do
        self.state = self._read()

    def __len__(self) -> int:
        return len(self.records)

    def _read(self) -> RunState:
        unfolder, chapter = Unfolder(), None
        state, panels = unfolder.state, unfolder.state.panels
        spacing, planned = max(SPACING, -(-self.n // STRETCHES)), False
        for n, record in enumerate(self.records):
            event = record.event
            early = planned and not isinstance(event, PLANS) and len(self._begins) < 2 * STRETCHES
            if not self._begins or n - self._begins[-1] >= spacing or early:
                self._stretches.append(unfolder.begins())
                self._begins.append(n)
                planned = False
            planned = planned or isinstance(event, PLANS)
            if isinstance(event, ev.AttemptFailed | ev.TabFaulted):
                self.failures.append(n + 1)
            if isinstance(event, ev.AttemptStarted) and event.panel in panels:
                now = panels[event.panel].chapter
                if now != chapter:
                    self.chapters.append(n + 1)
                chapter = now
            apply_over_gaps(state, record)
        return unfolder.done()

    def seek(self, n: int) -> Moved:
        """Move to after ``n`` records. Costs what has happened in between, and at most a stretch more."""
        n = max(0, min(len(self.records), n))
        back: set[str] | None = set()
        if n < self.n:
            first, behind = bisect_right(self._begins, n) - 1, bisect_left(self._begins, self.n)
            back = put_back(self.state, self._stretches[first:behind])
            self.n = self._begins[first]
        then = self.records[self.n : n]
        panels = len(self.state.panels)
        fold_over_gaps(then, self.state)
        self.n = n
        return Moved(back if len(self.state.panels) == panels else None, then)  # a gap makes up what is missing

    def toward(self, n: int) -> Moved:
        """Move nearer to ``n`` records: a stretch back, or as many on. Over and over, it gets there."""
        if n > self.n:
            return self.seek(min(n, self.n + SPACING))
        behind = bisect_left(self._begins, self.n) - 1
        return self.seek(max(n, self._begins[behind]) if behind >= 0 else n)

    def at(self, moment: float) -> int:
        """How many records there were at ``moment`` (wall clock, seconds since the epoch)."""
        return bisect_right(self.moments, moment)


class StoredRun:
    """A ``RunPort`` on a journal: everything can be looked at, nothing asked for.

    Raises DiskError and JournalError where it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def link_state(self) -> LinkState:
        return LinkState()

    def on_link(self, changed: Callable[[LinkState], None]) -> None:
        """It never changes."""

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        records = await anyio.to_thread.run_sync(self._records, 0)
        yield Watch(fold_over_gaps(records), _nothing_more())

    async def send(self, command: AnyCommand) -> Reply:
        return Reply(False, "This is a recording; nothing in it can be changed.")

    async def picture(self, panel: str, take: int | None = None) -> bytes | None:
        return None

    async def history(self, after: int = 0) -> AsyncIterator[Sequence[ev.Record]]:
        records = await anyio.to_thread.run_sync(self._records, after)
        for start in range(0, len(records), BATCH):
            yield records[start : start + BATCH]

    def _records(self, after: int) -> list[ev.Record]:
        return list(Journal(Disk(), self._folder / FOLDER).records(after))


async def _nothing_more() -> AsyncIterator[Sequence[ev.Record]]:
    await anyio.sleep_forever()
    yield ()
