"""The run's clock: monotonic seconds that read like the wall clock.

Waits and windows must not be confused by a clock that is set. So the run reads the wall clock once, at its start,
and counts on from there by the event loop's monotonic clock (which under trio's mock clock is the simulated one).
A machine that sleeps stops the monotonic clock but not the site's quotas: what was slept through is added.
"""

import time
from collections.abc import Callable

import anyio

NAP = 1.0
"""Seconds; less is not worth waking anybody for."""


def machine_slept() -> float:
    """Seconds this machine has slept since it was started; 0 where the system does not say."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if boot is None else time.clock_gettime(boot) - time.clock_gettime(time.CLOCK_MONOTONIC)


class RunClock:
    """``now()``: seconds since the epoch as of the run's start plus the time since, awake or asleep."""

    def __init__(self, wall: Callable[[], float] = time.time, slept: Callable[[], float] = machine_slept) -> None:
        self.wall, self._slept = wall, slept
        self._sleep_before = self._sleep_seen = slept()
        self._anchor = wall() - anyio.current_time()
        self._set_by = 0.0

    def now(self) -> float:
        """Seconds of the run clock: the wall clock at its start, then steady, however the wall clock is set."""
        slept = self._slept() - self._sleep_before
        return self._anchor + anyio.current_time() + (slept if slept >= NAP else 0.0)

    def on_the_wall(self, moment: float) -> float:
        """What the wall clock, as it is set now, will show at ``moment`` of this clock."""
        return moment + self.wall() - self.now()

    def was_set(self) -> bool:
        """True once after the wall clock was set: moments that are shown read otherwise now."""
        by = self.wall() - self.now()
        was_set = abs(by - self._set_by) >= NAP
        if was_set:
            self._set_by = by
        return was_set

    def woke_up(self) -> bool:
        """True once after every sleep of the machine: waits that began before it may be over."""
        slept = self._slept()
        woke = slept - self._sleep_seen >= NAP
        if woke:
            self._sleep_seen = slept
        return woke
