"""The one door between a run and whoever watches and steers it.

To a screen, a run in this process and a run behind a socket look the same: first a snapshot of the state,
then every record after it, in batches, without gap or repeat; commands go the other way.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from core.commands import AnyCommand, Reply
from core.events import Record
from core.state import RunState


class Watch(msgspec.Struct):
    """A subscription. ``state`` is the watcher's own copy; fold the batches into it.

    ``batches`` ends when the run's process lets go of the project.
    """

    state: RunState
    batches: AsyncIterator[Sequence[Record]]


class RunPort(Protocol):
    """A run that can be watched and steered."""

    def watch(self) -> AbstractAsyncContextManager[Watch]:
        """Subscribe; leaving the context unsubscribes."""
        ...

    async def send(self, command: AnyCommand) -> Reply:
        """Ask something of the run and wait for its answer."""
        ...
