"""When will it be done? A range, not a number, and nothing at all until there is something to go by.

What is left is played forward: every queued panel needs a tab for a while (as long as panels have taken
lately, failures and retries and dead tabs included) and a send that the account's windows allow. The best guess
is that play with the mean; the ends of the range are the same play with the mean moved by what is not known
about it.
"""

import heapq
import math
from datetime import datetime, timedelta
from typing import Protocol

import humanize
import msgspec

from core.events import EtaEstimated
from core.metrics import Metrics
from core.state import EtaState, PanelStatus, RunState

ENOUGH = 8
"""Panels that must have been settled before anything is said."""

Z = 1.65
"""Standard deviations from the best guess to the ends of the range: nine cases in ten."""

PLAYED = 3000
"""Sends that are played one by one; what comes after goes on at their pace."""


class Gate(Protocol):
    """Plays sends against what is known of limits: ask ``earliest``, then ``send``; moments never go back."""

    def earliest(self, at: float) -> float: ...

    def send(self, at: float) -> None: ...


class Forecast(Protocol):
    """What the next sends will meet (``core.pacing.forecast``). ``in_flight``: most attempts at once, or None."""

    @property
    def in_flight(self) -> int | None: ...

    def gate(self) -> Gate: ...


class Pacer(Protocol):
    """Who can say what lies ahead: the account's governor."""

    def forecast(self, now: float) -> Forecast: ...


class Pace(msgspec.Struct, frozen=True):
    """Tab-seconds a panel needs until it is settled: mean, relative standard error, relative deviation."""

    seconds: float
    error: float
    spread: float


def pace(metrics: Metrics) -> Pace | None:
    """What a panel has taken lately; None while too few were settled."""
    marks = metrics.settled
    if len(marks) < ENOUGH + 1:
        return None
    mean = (marks[-1] - marks[0]) / (len(marks) - 1)
    if mean <= 0:
        return None
    times = metrics.latencies[-len(marks) :]
    spread = 0.5
    if len(times) >= ENOUGH:
        middle = sum(times) / len(times)
        spread = math.sqrt(sum((t - middle) ** 2 for t in times) / len(times)) / middle if middle else 0.5
    return Pace(mean, spread / math.sqrt(len(marks) - 1), spread)


def estimate(state: RunState, now: float, forecast: Forecast) -> EtaEstimated:
    """Seconds of work left at ``now`` (run clock); all None while there is too little to say.

    Paused or not, it is the time needed once the run goes on.
    """
    left = sum(
        1 for p in state.panels.values() if p.status in (PanelStatus.QUEUED, PanelStatus.GENERATING) and not p.held
    )
    if not left:
        return EtaEstimated(0.0, 0.0, 0.0)
    known = pace(state.metrics)
    if known is None:
        return EtaEstimated()
    tabs = max(1, state.metrics.tabs_wanted or state.tabs_wanted)
    if forecast.in_flight is not None:
        tabs = min(tabs, forecast.in_flight)
    started = [a.started for p in state.under_way() if (a := state.attempts.get(p.attempt)) is not None]
    doubt = math.hypot(known.error, known.spread / math.sqrt(left), 0.02)
    runs = [
        _play(now, left, started, tabs, known.seconds * factor, forecast)
        for factor in (1.0, math.exp(-Z * doubt), math.exp(Z * doubt))
    ]
    return EtaEstimated(*runs)


def _play(now: float, left: int, started: list[float], tabs: int, seconds: float, forecast: Forecast) -> float:
    """Seconds from ``now`` until the last of ``left`` panels is settled."""
    gate = forecast.gate()
    free = [max(now, begun + seconds) for begun in started[:tabs]]
    under_way = len(free)
    free += [now] * (tabs - under_way)
    end = max(free)
    heapq.heapify(free)
    todo = max(0, left - under_way)
    played = min(todo, PLAYED)
    middle = now
    for i in range(played):
        at = gate.earliest(free[0])
        gate.send(at)
        heapq.heapreplace(free, at + seconds)
        end = max(end, at + seconds)
        if i == played // 2:
            middle = at
    if todo > played:
        end += (todo - played) * (end - middle) / (played - played // 2)
    return end - now


class EtaEstimator:
    """Keeps the shown estimate steady: it counts down by itself and moves toward news, jumping only for cause."""

    def __init__(self) -> None:
        self._at = 0.0
        self._shown: EtaEstimated | None = None

    def estimate(self, state: RunState, now: float, pacer: Pacer) -> EtaEstimated:
        """The estimate to show at ``now`` (run clock); it stands still while the run is paused."""
        fresh = estimate(state, now, pacer.forecast(now))
        return self._steady(fresh, now, active=state.phase in ("running", "pausing"))

    def _steady(self, estimate: EtaEstimated, now: float, *, active: bool) -> EtaEstimated:
        before, passed = self._shown, now - self._at if active else 0.0
        self._at = now
        if (
            estimate.seconds is None
            or before is None
            or before.seconds is None
            or before.low is None
            or before.high is None
            or estimate.low is None
            or estimate.high is None
        ):
            self._shown = estimate
            return estimate
        expected = max(0.0, before.seconds - passed)
        if abs(expected - estimate.seconds) > max(30.0, 0.25 * estimate.seconds):
            self._shown = estimate
            return estimate
        share = 0.2
        mixed = [
            max(0.0, old - passed) * (1 - share) + new * share
            for old, new in (
                (before.seconds, estimate.seconds),
                (before.low, estimate.low),
                (before.high, estimate.high),
            )
        ]
        self._shown = EtaEstimated(*mixed)
        return self._shown


def eta_in_words(eta: EtaState, now: float) -> str:
    """``done 16:48, in 47 minutes (42 to 55)``; ``measuring`` while nothing can be said yet."""
    if eta.seconds is None or eta.low is None or eta.high is None:
        return "measuring"
    passed = max(0.0, now - eta.at)
    left, low, high = (max(0.0, value - passed) for value in (eta.seconds, eta.low, eta.high))
    done = datetime.fromtimestamp(now) + timedelta(seconds=left)
    day = "" if left < 12 * 3600 else done.strftime("%a ")
    return f"done {day}{done:%H:%M}, in {humanize.naturaldelta(left)} ({_span(low, high)})"


def _span(low: float, high: float) -> str:
    unit, name = (3600.0, " hours") if high >= 2 * 3600 else (60.0, "") if high >= 60 else (1.0, " seconds")
    if unit == 3600.0:
        return f"{low / unit:.1f} to {high / unit:.1f}{name}"
    return f"{low / unit:.0f} to {high / unit:.0f}{name}"
