"""A run on a Unix socket that is there at once: seen first, followed as soon as the link's library is loaded."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

from core.commands import AnyCommand, Reply
from core.events import Record
from core.link.endpoint import Endpoint
from core.link.glance import glance
from core.link.port import LinkState, Watch
from core.state import RunState

if TYPE_CHECKING:
    from core.link.client import RemoteRun

PATIENCE = 5.0
"""Seconds a run may take to say how it stands, and the link to come about after that."""


class PromptRun:
    """A ``RunPort``: the state comes by ``glance``, everything after it over the link.

    Args:
        endpoint: a Unix socket.
        gone: says, in a sentence, that the run's process is no more; None while it may come back.
    """

    def __init__(self, endpoint: Endpoint, gone: Callable[[], str | None]) -> None:
        self._endpoint, self._gone = endpoint, gone
        self._remote: RemoteRun | None = None
        self._linked = asyncio.Event()
        self._changed: Callable[[LinkState], None] = lambda state: None

    @property
    def link_state(self) -> LinkState:
        return LinkState(way="websocket") if self._remote is None else self._remote.link_state

    def on_link(self, changed: Callable[[LinkState], None]) -> None:
        self._changed = changed

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        """Look, and follow. Raises LinkError like ``RemoteRun``."""
        session, state = await asyncio.to_thread(glance, self._endpoint.socket, PATIENCE)
        async with AsyncExitStack() as stack:
            yield Watch(state, self._batches(stack, session, state.seq))

    async def _batches(
        self, stack: AsyncExitStack, session: str, after: int
    ) -> AsyncIterator[Sequence[Record] | RunState]:
        """What follows. The link is let go of with ``stack``."""
        make = await asyncio.to_thread(_library)
        remote = make(self._endpoint, gone=self._gone)
        remote.on_link(self._link)
        following = await stack.enter_async_context(remote.follow(session, after))
        self._remote = remote
        async for batch in following:
            yield batch

    def _link(self, state: LinkState) -> None:
        if state.up:
            self._linked.set()
        if self._linked.is_set():  # what was never up is not lost
            self._changed(state)

    async def _there(self) -> "RemoteRun | None":
        """The link, once it was up; None where it does not come about."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._linked.wait()
        return self._remote

    async def send(self, command: AnyCommand) -> Reply:
        remote = await self._there()
        if remote is None:
            return Reply(False, "The link to the run is not up yet; try again in a moment.")
        return await remote.send(command)

    async def picture(self, panel: str, take: int | None = None) -> bytes | None:
        remote = await self._there()
        return None if remote is None else await remote.picture(panel, take)

    async def history(self, after: int = 0) -> AsyncIterator[Sequence[Record]]:
        remote = await self._there()
        if remote is not None:
            async for batch in remote.history(after):
                yield batch


def _library() -> "type[RemoteRun]":
    """On a thread: it takes a while to load."""
    from core.link.client import RemoteRun

    return RemoteRun
