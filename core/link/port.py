"""The one door between a run and whoever watches and steers it.

To a screen, a run in this process and a run behind a socket look the same: first a snapshot of the state,
then every record after it, in batches, without gap or repeat; commands go the other way.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, Protocol

import msgspec

from core.commands import AnyCommand, Reply
from core.events import Record
from core.state import RunState

Way = Literal["here", "websocket", "polling"]


class LinkState(msgspec.Struct, frozen=True):
    """How the run is reached: in this process, over a WebSocket, or by asking again and again over HTTP where no
    WebSocket can be had. ``sentence`` says what is wrong while ``up`` is False."""

    up: bool = True
    way: Way = "here"
    sentence: str = ""


class Watch(msgspec.Struct):
    """A subscription. ``state`` is the watcher's own copy; fold the batches into it.

    A batch may be a whole ``RunState`` instead: it replaces the copy. That happens to a watcher that fell far
    behind, or when the run was taken up by another process. ``batches`` ends when the run's process lets go of
    the project.
    """

    state: RunState
    batches: AsyncIterator[Sequence[Record] | RunState]


class RunPort(Protocol):
    """A run that can be watched and steered."""

    @property
    def link_state(self) -> LinkState:
        """How the run is reached at this moment."""
        ...

    def on_link(self, changed: Callable[[LinkState], None]) -> None:
        """Call ``changed``, on the watcher's loop, whenever ``link_state`` is another."""
        ...

    def watch(self) -> AbstractAsyncContextManager[Watch]:
        """Subscribe; leaving the context unsubscribes."""
        ...

    async def send(self, command: AnyCommand) -> Reply:
        """Ask something of the run and wait for its answer."""
        ...

    async def picture(self, panel: str, take: int | None = None) -> bytes | None:
        """The file of a panel's take (index; None for the chosen one) as it came; None where there is none."""
        ...

    def history(self, after: int = 0) -> AsyncIterator[Sequence[Record]]:
        """Every journaled record after ``after``, in batches, oldest first; ends with the newest on disk."""
        ...
