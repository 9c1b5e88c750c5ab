"""The clock of simulated nights: it leaps to whatever is waited for as soon as nothing else can be done."""

import math

import trio.abc


class LeapingClock(trio.abc.Clock):
    """Seconds from 0. Like trio's own mock clock with autojump, in half the turns of the event loop.

    Only for nights without threads and sockets: whoever waits for those is not seen waiting.
    """

    def __init__(self) -> None:
        self._now = 0.0

    def start_clock(self) -> None:
        pass

    def current_time(self) -> float:
        return self._now

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """Asked by the event loop when no task can run: what is due next is due now."""
        if deadline == math.inf:
            return deadline  # the loop itself is at work: it starts or ends
        self._now = max(self._now, deadline)
        return 0.0
