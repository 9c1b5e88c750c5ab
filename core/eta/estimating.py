"""When will it be done? A range, not a number, and nothing at all until there is something to go by.

What is left is played forward: every queued panel needs a tab for a while (``pace``: failures, retries and dead
tabs included) and a send that the account's windows allow. The best guess
is that play with the mean; the ends of the range are the same play with the means moved by what is not known
about them.
"""

import math
from collections.abc import Sequence
from typing import Protocol

from core.eta.pace import PaceKeeper
from core.events import EtaEstimated
from core.state import PanelStatus, RunState

Z = 1.4
"""Standard deviations from the best guess to the ends of the range: nine simulated nights in ten end within it."""

LEAST_DOUBT = 0.01
"""Relative; nothing is known better."""

PLAYED = 100
"""Sends that are played one by one, at least; then what comes after repeats them."""


class Forecast(Protocol):
    """What the next sends will meet (``core.pacing.forecast``).

    ``in_flight``: most attempts at once, or None. ``period``: after so many sends their moments repeat, later by a
    whole window; 0 where there is no window. ``play``: when the next sends will go, tabs being free at those moments.
    """

    @property
    def in_flight(self) -> int | None: ...

    @property
    def period(self) -> int: ...

    def play(self, free: Sequence[float], seconds: float, sends: int) -> list[float]: ...


class Pacer(Protocol):
    """Who can say what lies ahead: the account's governor."""

    def forecast(self, now: float) -> Forecast: ...


def estimate(state: RunState, now: float, forecast: Forecast, keeper: PaceKeeper | None = None) -> EtaEstimated:
    """Seconds of work left at ``now`` (run clock); all None while there is too little to say.

    Paused or not, it is the time needed once the run goes on. ``keeper``: the run's, where it is asked again and again.
    """
    queued, generating = PanelStatus.QUEUED, PanelStatus.GENERATING
    left = len(
        [p for p in state.panels.values() if (p.status is queued or p.status is generating) and not p.held]
    )  # a plain loop: it goes over every panel of the book, every few seconds
    if not left:
        return EtaEstimated(0.0, 0.0, 0.0)
    known = (keeper or PaceKeeper()).pace(state.metrics, left)
    if known is None:
        return EtaEstimated()
    tabs = max(1, state.metrics.tabs_wanted or state.tabs_wanted)
    if forecast.in_flight is not None:
        tabs = min(tabs, forecast.in_flight)
    started = [a.started for p in state.under_way() if (a := state.attempts.get(p.attempt)) is not None]
    doubt = Z * math.hypot(known.error, known.spread / math.sqrt(left))
    sends_doubt = Z * known.sends_error
    each = known.seconds / known.sends

    def play(seconds_by: float = 0.0, sends_by: float = 0.0) -> float:
        """With these two off by so much (logarithms)."""
        sends = max(len(started), round(left * known.sends * math.exp(sends_by)))
        return _play(now, sends, started, tabs, each * math.exp(seconds_by), forecast)

    middle = play()
    # Neither is at its worst just when the other is.
    less = math.hypot(middle - play(-doubt), middle - play(0.0, -sends_doubt), Z * LEAST_DOUBT * middle)
    more = math.hypot(play(doubt) - middle, play(0.0, sends_doubt) - middle, Z * LEAST_DOUBT * middle)
    last = each * known.spread  # the last panels end one by one, the slowest last
    return EtaEstimated(middle + 0.5 * last, max(0.0, middle - less - 0.5 * last), middle + more + Z * last)


def _play(now: float, sends: int, started: list[float], tabs: int, seconds: float, forecast: Forecast) -> float:
    """Seconds from ``now`` until the last of so many sends (those ``started`` among them) has ended."""
    free = sorted(max(now, begun + seconds) for begun in started[:tabs])
    todo = max(0, sends - len(free))
    if not todo:
        return max(free, default=now) - now
    free = [now] * (tabs - len(free)) + free
    if not forecast.period:  # nothing but the tabs holds it up, and they take turns
        free = forecast.play(free, seconds, tabs)
        rounds, rest = divmod(todo, tabs)
        return max(at + seconds * (rounds + (i < rest)) for i, at in enumerate(free)) - now
    return _play_gated(todo, free, seconds, forecast) - now


def _play_gated(todo: int, free: list[float], seconds: float, forecast: Forecast) -> float:
    """When the last of ``todo`` sends has ended, tabs being ``free`` at those moments, the earliest first.

    Once every window has been full, sends repeat from one period to the next: so many are played, the rest is read off.
    """
    tabs = len(free)
    period = forecast.period * math.ceil(2 * tabs / forecast.period)
    played = min(todo, max(PLAYED, forecast.period + tabs) + period)
    moments = forecast.play(free, seconds, played)
    if todo > played:
        periods = math.ceil((todo - played) / period)
        lasts = moments[-1] - moments[-1 - period]
        return moments[todo - 1 - periods * period] + periods * lasts + seconds
    return max(free[-1], moments[-1] + seconds)


class EtaEstimator:
    """Keeps the shown estimate steady: it counts down by itself and moves toward news, jumping only for cause."""

    def __init__(self) -> None:
        self._at = 0.0
        self._keeper = PaceKeeper()
        self._shown: EtaEstimated | None = None

    def estimate(self, state: RunState, now: float, pacer: Pacer) -> EtaEstimated:
        """The estimate to show at ``now`` (run clock); it stands still while the run is paused."""
        fresh = estimate(state, now, pacer.forecast(now), self._keeper)
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
