"""The run's clock: monotonic seconds that read like the wall clock.

Waits and windows must not be confused by a clock that is set, or by a machine that slept. So the run reads
the wall clock once, at its start, and counts on from there by the event loop's monotonic clock (which under
trio's mock clock is the simulated one).
"""

import time
from collections.abc import Callable

import anyio


class RunClock:
    """``now()``: seconds since the epoch as of the run's start plus the monotonic time since."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self.wall = wall
        self._anchor = wall() - anyio.current_time()

    def now(self) -> float:
        return self._anchor + anyio.current_time()
