"""Where an event becomes a fact: journal, state and watchers, in that order."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import anyio

from core import events as ev
from core.engine.bus import Bus
from core.events import Event, Record
from core.fold import apply
from core.state import RunState
from core.store.disk import DiskError
from core.store.store import Store

_SIGNS_OF_LIFE = (ev.TabPulse, ev.MemoryMeasured, ev.EtaEstimated, ev.PictureSeen)
"""What is true again in a few seconds or can be seen again: nobody is woken to bring it to disk, it goes with what
comes next."""


class Recorder:
    """``emit`` is immediate and never waits; ``durable`` waits until all that was emitted is on disk.

    When the disk fails, ``durable`` does not: whoever needs it waits until ``try_again`` has succeeded, and
    ``on_disk_error`` is told once, so that the run pauses instead of burning through its queue.
    """

    def __init__(self, store: Store, bus: Bus, on_disk_error: Callable[[DiskError], None]) -> None:
        self.store, self.bus = store, bus
        self.state: RunState = store.state
        self._on_disk_error = on_disk_error
        self._healthy = anyio.Event()
        self._healthy.set()
        self._failed = anyio.Event()
        self._failure: DiskError | None = None
        self._waiting = 0  # bytes of pictures in hand that are not on disk yet
        self._keeping: list[anyio.CancelScope] = []
        self._news = anyio.Event()

    def emit(self, event: Event, *, followed: bool = False) -> Record:
        """``followed``: the caller waits for ``durable`` next, so nobody else has to see to it."""
        record = self.store.append(event)  # type: ignore[arg-type]  # every Event is in AnyEvent (tested)
        apply(self.state, record)
        self.bus.publish(record)
        if not followed and not isinstance(event, _SIGNS_OF_LIFE):
            self._news.set()
        return record

    async def record(self, event: Event) -> None:
        """Emit, and return once it is on disk, however long the disk takes to recover."""
        self.emit(event, followed=True)
        try:
            await self.durable()
        finally:
            if self.store.pending:
                self._news.set()  # we were cut off: somebody else has to see to it after all

    async def wait_for_news(self) -> None:
        """Until something was emitted since the last call that is to be on disk soon."""
        await self._news.wait()
        self._news = anyio.Event()

    @property
    def disk_works(self) -> bool:
        return self._healthy.is_set()

    async def wait_for_failure(self) -> None:
        """Until the disk does not work."""
        await self._failed.wait()

    async def durable(self) -> None:
        """Return once everything emitted so far is on disk, however long the disk takes to recover."""
        await self._insist(self.store.commit)

    async def keep_take(self, file: str, data: bytes) -> None:
        """Write a picture, whole or not at all, however long the disk takes to recover."""
        self._waiting += len(data)
        try:
            await self._insist(partial(self.store.keep_take, file, data))
        finally:
            self._waiting -= len(data)

    @contextmanager
    def in_hand(self) -> Iterator[None]:
        """Inside, whoever is cancelled brings what is in hand to disk first: it is paid for, and not every site
        shows it a second time. Only a disk that fails is not waited for."""
        with anyio.CancelScope(shield=self.disk_works) as scope:
            self._keeping.append(scope)
            try:
                yield
            finally:
                self._keeping.remove(scope)

    async def move_take(self, file: str, to: str) -> None:
        """Rename a take, however long the disk takes to recover."""
        await self._insist(partial(self.store.move_take, file, to))

    async def _insist(self, write: Callable[[], Awaitable[None]]) -> None:
        while True:
            if not self._healthy.is_set():
                await self._healthy.wait()
            try:
                return await write()
            except DiskError as error:
                self.disk_failed(error)

    def disk_failed(self, error: DiskError) -> None:
        """Everybody who needs the disk waits from now on."""
        if self.disk_works:
            self._failure = error
            self._healthy = anyio.Event()
            self._failed.set()
            for scope in self._keeping:
                scope.shield = False
            self._on_disk_error(error)

    async def last_words(self) -> None:
        """On a full disk, write what is known into the room kept free for it."""
        if self._failure is not None and self._failure.kind == "full":
            with suppress(DiskError):  # then the next start goes back to what was durable before: nothing is lost
                await self.store.last_words(self.state)

    async def try_again(self) -> bool:
        """Test the disk after a failure; True once it works, and then everybody who waited goes on."""
        try:
            await self.store.try_again(self._failure.path if self._failure else None, self._waiting)
        except DiskError:
            return False
        self._failure = None
        self._failed = anyio.Event()
        self._healthy.set()
        return True
