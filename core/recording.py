"""The past of a run: any moment of it, quickly, from its records. Reads the journal only, whoever runs the project."""

from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import msgspec

from core import events as ev
from core.commands import AnyCommand, Reply
from core.link.port import LinkState, Watch
from core.state import RunState
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.mending import apply_over_gaps, fold_over_gaps

SPACING, KEYFRAMES = 1000, 32
"""Records between two kept states at least, and how many are kept at most."""

BATCH = 1000


class History:
    """Records in order, states kept now and then, and where something happened.

    ``seek(n)`` is the state after the first n records; n from 0 to ``len(history)``.
    """

    def __init__(self, records: Sequence[ev.Record]) -> None:
        self.records = list(records)
        self.moments = [record.at for record in self.records]
        self.failures: list[int] = []  #: numbers n after which a failure has just happened
        self.chapters: list[int] = []  #: and after which a tab has just turned to another chapter
        self._spacing = max(SPACING, -(-len(self.records) // KEYFRAMES))
        self._kept: list[bytes] = []
        self._read()

    def __len__(self) -> int:
        return len(self.records)

    def _read(self) -> None:
        state, chapter = RunState(), None
        for n, record in enumerate(self.records):
            if n % self._spacing == 0:
                self._kept.append(msgspec.msgpack.encode(state))
            event = record.event
            if isinstance(event, ev.AttemptFailed | ev.TabFaulted):
                self.failures.append(n + 1)
            if isinstance(event, ev.AttemptStarted) and event.panel in state.panels:
                now = state.panels[event.panel].chapter
                if now != chapter:
                    self.chapters.append(n + 1)
                chapter = now
            apply_over_gaps(state, record)

    def seek(self, n: int, state: RunState | None = None) -> RunState:
        """The state after ``n`` records. ``state``, one of this history no later than that, is gone on with."""
        n = max(0, min(len(self.records), n))
        frame = min(n // self._spacing, len(self._kept) - 1)
        if state is None or not self._nearer(state, frame, n):
            if frame < 0:
                return RunState()
            state = msgspec.msgpack.decode(self._kept[frame], type=RunState)
            return fold_over_gaps(self.records[frame * self._spacing : n], state)
        first = bisect_right(self.records, state.seq, key=lambda record: record.seq)
        return fold_over_gaps(self.records[first:n], state)

    def _nearer(self, state: RunState, frame: int, n: int) -> bool:
        at = bisect_right(self.records, state.seq, key=lambda record: record.seq)
        return at <= n and (frame * self._spacing <= at or n - at <= self._spacing)  # reading a kept one is slow

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
