"""A run in this very process: the engine on an event loop and a thread of its own.

A screen that freezes (a terminal that takes no bytes) cannot reach the engine, nor a busy engine the keys.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from itertools import islice
from typing import Any, Literal

import anyio.from_thread
import msgspec

from core.commands import AnyCommand, Reply, Stop
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.events import Record, RunResult
from core.link import shelf
from core.link.port import LinkState, Watch
from core.state import RunState, Take


class RunOver(Exception):
    """The run is not there any more (or not yet)."""


class LocalRun:
    """Runs an engine in its own thread; a ``RunPort`` for screens on another asyncio loop.

    Use as a context manager; leaving it stops the run in order and waits for that.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._folder = engine, engine.folder
        self._portals = anyio.from_thread.start_blocking_portal(backend="asyncio")
        self._portal: anyio.from_thread.BlockingPortal | None = None
        self._result: Future[RunResult] | None = None
        self.ended = threading.Event()

    def __enter__(self) -> "LocalRun":
        self._portal = self._portals.__enter__()
        self._result = self._portal.start_task_soon(self._run)
        return self

    def __exit__(self, *reason: object) -> None:
        assert self._portal is not None
        try:
            self.stop()
            self.wait()
        finally:
            self._portals.__exit__(None, None, None)

    async def _run(self) -> RunResult:
        try:
            return await self._engine.run()
        finally:
            self.ended.set()

    def stop(self, *, wait: bool = False) -> None:
        """Ask the run to end (from any thread); ``wait``: after the pictures under way."""
        if self._portal is not None and not self.ended.is_set():
            self._portal.start_task_soon(self._engine.send, Stop(wait=wait))

    def wait(self) -> RunResult:
        """Block until the run has ended; raises whatever ended it out of order."""
        assert self._result is not None
        return self._result.result()

    # --- RunPort ---

    @property
    def link_state(self) -> LinkState:
        return LinkState()

    def on_link(self, changed: Callable[[LinkState], None]) -> None:
        pass  # this link does not break

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        """Subscribe from an asyncio loop on another thread."""
        post = Post()
        snapshot = await self._call(self._engine.subscribe, post.mailbox)
        try:
            yield Watch(msgspec.msgpack.decode(snapshot, type=RunState), post.batches())
        finally:
            self._forget(post)

    async def send(self, command: AnyCommand, by: str = "screen") -> Reply:
        try:
            found: Reply = await self._call(self._engine.send, command, by)
        except RunOver:
            return Reply(False, "The run has ended.")
        return found

    async def picture(self, panel: str, take: int | None = None) -> bytes | None:
        found = await self.take(panel, take)
        return None if found is None else await asyncio.to_thread(shelf.picture, self._folder, found)

    async def history(self, after: int = 0) -> AsyncIterator[Sequence[Record]]:
        records = shelf.history(self._folder, after)
        while batch := await asyncio.to_thread(lambda: list(islice(records, shelf.BATCH))):
            yield batch

    # --- for a server beside the engine; all of it raises RunOver after the run ---

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[tuple[int, "Post"]]:
        """Like ``watch`` without the state: the number of the last record, and every record after it."""
        post = Post()
        seq = await self._call(self._engine.listen, post.mailbox)
        try:
            yield seq, post
        finally:
            self._forget(post)

    async def snapshot(self) -> tuple[int, bytes]:
        """The state as MessagePack, and the number of its last record."""
        found: tuple[int, bytes] = await self._call(self._engine.snapshot)
        return found

    async def take(self, panel: str, index: int | None) -> Take | None:
        """A take of a panel (None: the chosen one)."""
        found: Take | None = await self._call(self._engine.take, panel, index)
        return found

    def note(self, level: Literal["info", "warning", "error"], text: str) -> None:
        """A line for the run's log, from any thread."""
        with suppress(RunOver):
            self._start(self._engine.note, level, text)

    def _forget(self, post: "Post") -> None:
        with suppress(RunOver):  # the engine's loop is gone, and its bus with it
            self._start(self._engine.unsubscribe, post.mailbox)

    def _start(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        if self._portal is None:
            raise RunOver
        try:
            return self._portal.start_task_soon(call, *arguments)
        except RuntimeError:
            raise RunOver from None

    async def _call(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """Run ``call`` on the engine's loop and wait for it on ours."""
        future = self._start(call, *arguments)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if future.cancelled() and task is not None and not task.cancelling():
                raise RunOver from None
            raise


class Post:
    """A mailbox of the engine's, emptied on another asyncio loop: that of whoever makes it."""

    def __init__(self) -> None:
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        self._woken = False
        self.mailbox = Mailbox(self._wake)

    def _wake(self) -> None:
        """On the engine's thread. One call across is enough until the mailbox has been emptied."""
        if self._woken:
            return
        self._woken = True
        with suppress(RuntimeError):  # the watcher's loop was closed between two records
            self._loop.call_soon_threadsafe(self._news.set)

    async def batches(self) -> AsyncIterator[Sequence[Record]]:
        """Everything delivered, as it comes; ends when the run is over."""
        while True:
            await self._news.wait()
            self._news.clear()
            self._woken = False  # before looking: a record that comes from here on wakes again
            closed = self.mailbox.closed
            batch = self.mailbox.drain()
            if batch:
                yield batch
            if closed:
                return
