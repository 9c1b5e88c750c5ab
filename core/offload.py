"""Blocking work off the event loop, or on it where time is simulated.

Under a mock clock a thread looks like idleness and the clock would jump, so simulations work inline.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")


class Offload(Protocol):
    """Run ``work()`` and return its result."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]: ...


async def in_thread(work: Callable[[], T]) -> T:
    """``work`` in a thread: for a real clock. What it raises is raised here."""
    return await anyio.to_thread.run_sync(work)


async def inline(work: Callable[[], T]) -> T:
    """``work`` at once: for a mock clock."""
    return work()


async def to_the_end(offload: Offload, work: Callable[[], T]) -> T:
    """Like ``offload``, but a caller who is cancelled meanwhile waits for the result all the same."""
    if offload is inline:
        return work()  # nothing can come between; a scope costs more than many a small write
    with anyio.CancelScope(shield=True):
        result = await offload(work)
    return result
