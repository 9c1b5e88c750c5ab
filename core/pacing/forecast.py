"""What lies ahead of an account: the waits and windows that the next sends will meet."""

import math
from collections.abc import Sequence

import msgspec


class Window(msgspec.Struct, frozen=True):
    """At most ``allowed`` sends in any ``seconds``; ``sends`` are those inside it now, oldest first."""

    allowed: int
    seconds: float
    sends: tuple[float, ...] = ()


class Forecast(msgspec.Struct, frozen=True):
    """As known at ``now`` (run clock). ``in_flight``: most attempts at once, None where only tabs bound it."""

    now: float
    not_before: float
    windows: tuple[Window, ...] = ()
    in_flight: int | None = None

    @property
    def period(self) -> int:
        """After so many sends their moments repeat, later by the longest window; 0 where there is none."""
        return max((window.allowed for window in self.windows), default=0)

    def play(self, free: Sequence[float], seconds: float, sends: int) -> list[float]:
        """When so many sends will go, in order.

        Args:
            free: when each tab can send, the earliest first; ``seconds`` after its send it can send again.
        """
        ready = [max(at, self.not_before) for at in free]
        windows = [w for w in self.windows if w.allowed > 0]
        # What was sent ``allowed`` sends before has to have left the window; where nothing was, nothing holds.
        before = [[-math.inf] * (w.allowed - len(w.sends)) + list(w.sends[-w.allowed :]) for w in windows]
        held = [(moments, w.seconds) for moments, w in zip(before, windows, strict=True)]
        found: list[float] = []
        for number in range(sends):
            at = ready[number]
            for moments, length in held:
                if moments[number] + length > at:
                    at = moments[number] + length
            found.append(at)
            ready.append(at + seconds)
            for moments in before:
                moments.append(at)
        return found
