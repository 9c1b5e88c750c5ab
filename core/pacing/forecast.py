"""What lies ahead of an account: the waits and windows that the next sends will meet."""

from collections import deque

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

    def gate(self) -> "Gate":
        return Gate(self)


class Gate:
    """Plays sends against a forecast: ask ``earliest``, then ``send``; moments never go back."""

    def __init__(self, forecast: Forecast) -> None:
        self._not_before = forecast.not_before
        self._windows = [
            (w.seconds, deque(w.sends[-w.allowed :], maxlen=w.allowed)) for w in forecast.windows if w.allowed > 0
        ]

    @property
    def period(self) -> int:
        """After so many sends their moments repeat, later by the longest window; 0 where there is none."""
        return max((sends.maxlen or 0 for _, sends in self._windows), default=0)

    def earliest(self, at: float) -> float:
        """When a send wanted at ``at`` may go."""
        at = max(at, self._not_before)
        for seconds, sends in self._windows:
            if len(sends) == sends.maxlen:
                at = max(at, sends[0] + seconds)
        return at

    def send(self, at: float) -> None:
        for _, sends in self._windows:
            sends.append(at)
