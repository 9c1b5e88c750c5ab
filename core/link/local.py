"""A run in this very process: the engine on an event loop and a thread of its own.

A screen that freezes (a terminal that takes no bytes) cannot reach the engine, nor a busy engine the keys.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress

import anyio.from_thread
import msgspec

from core.commands import AnyCommand, Reply, Stop
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.events import Record, RunResult
from core.link.port import Watch
from core.state import RunState


class LocalRun:
    """Runs an engine in its own thread; a ``RunPort`` for screens on another asyncio loop.

    Use as a context manager; leaving it stops the run in order and waits for that.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        """Subscribe from an asyncio loop on another thread."""
        assert self._portal is not None
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        mailbox = Mailbox(_waker(loop, news))
        snapshot = await asyncio.wrap_future(self._portal.start_task_soon(self._engine.subscribe, mailbox))
        try:
            yield Watch(msgspec.msgpack.decode(snapshot, type=RunState), _batches(mailbox, news))
        finally:
            self._portal.start_task_soon(self._engine.unsubscribe, mailbox)

    async def send(self, command: AnyCommand) -> Reply:
        assert self._portal is not None
        if self.ended.is_set():
            return Reply(False, "The run has ended.")
        return await asyncio.wrap_future(self._portal.start_task_soon(self._engine.send, command))


def _waker(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> Callable[[], None]:
    """Set ``news`` on ``loop`` from any thread; a watcher whose loop is gone is simply not woken."""

    def wake() -> None:
        with suppress(RuntimeError):  # the loop was closed between two records
            loop.call_soon_threadsafe(news.set)

    return wake


async def _batches(mailbox: Mailbox, news: asyncio.Event) -> AsyncIterator[Sequence[Record]]:
    while True:
        await news.wait()
        news.clear()
        closed = mailbox.closed
        batch = mailbox.drain()
        if batch:
            yield batch
        if closed:
            return
