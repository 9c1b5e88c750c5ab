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


def panels_left(state: RunState) -> int:
    """Panels that are drawn now or will be; held ones do not count."""
    queued, generating = PanelStatus.QUEUED, PanelStatus.GENERATING
    return len(
        [p for p in state.panels.values() if (p.status is queued or p.status is generating) and not p.held]
    )  # a plain loop: it goes over every panel of the book


def estimate(
    state: RunState, now: float, forecast: Forecast, keeper: PaceKeeper | None = None, left: int | None = None
) -> EtaEstimated:
    """Seconds of work left at ``now`` (run clock); all None while there is too little to say.

    Paused or not, it is the time needed once the run goes on. ``keeper``: the run's, where it is asked again and again.
    ``left``: ``panels_left``, where they are counted already.
    """
    left = panels_left(state) if left is None else left
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

    def play(seconds_by: float, *sends_by: float) -> list[float]:
        """How long it takes with what is not known off by so much (logarithms)."""
        sends = [max(len(started), round(left * known.sends * math.exp(by))) for by in sends_by]
        return _play(now, sends, started, tabs, each * math.exp(seconds_by), forecast)

    middle, fewest, most = play(0.0, 0.0, -sends_doubt, sends_doubt)
    (quickest,), (slowest,) = play(-doubt, 0.0), play(doubt, 0.0)
    # Neither is at its worst just when the other is.
    less = math.hypot(middle - quickest, middle - fewest, Z * LEAST_DOUBT * middle)
    more = math.hypot(slowest - middle, most - middle, Z * LEAST_DOUBT * middle)
    last = each * known.spread  # the last panels end one by one, the slowest last
    return EtaEstimated(middle + 0.5 * last, max(0.0, middle - less - 0.5 * last), middle + more + Z * last)


def _play(
    now: float, sends: Sequence[int], started: list[float], tabs: int, seconds: float, forecast: Forecast
) -> list[float]:
    """For each number of sends (those ``started`` included): seconds from ``now`` until the last has ended."""
    free = sorted(max(now, begun + seconds) for begun in started[:tabs])
    last = max(free, default=now)
    begun = len(free)
    free = [now] * (tabs - begun) + free
    if not forecast.period:  # nothing but the tabs holds it up, and they take turns
        free = forecast.play(free, seconds, tabs)
    found = []
    moments: list[float] = []
    most, period = max(sends) - begun, 0
    if forecast.period and most > 0:
        period = forecast.period * math.ceil(2 * tabs / forecast.period)
        moments = forecast.play(free, seconds, min(most, max(PLAYED, forecast.period + tabs) + period))
    for number in sends:
        todo = number - begun
        if todo <= 0:
            end = last
        elif moments:
            end = max(free[-1], _nth(moments, todo, period) + seconds)
        else:
            rounds, rest = divmod(todo, tabs)
            end = max(at + seconds * (rounds + (i < rest)) for i, at in enumerate(free))
        found.append(end - now)
    return found


def _nth(moments: Sequence[float], number: int, period: int) -> float:
    """When the ``number``-th send goes (from 1), by the ``moments`` of those that were played.

    Once every window has been full, sends repeat from one period to the next: what was not played is read off.
    """
    beyond = number - len(moments)
    if beyond <= 0:
        return moments[number - 1]
    periods = math.ceil(beyond / period)
    return moments[number - 1 - periods * period] + periods * (moments[-1] - moments[-1 - period])


class EtaEstimator:
    """Keeps the shown estimate steady: it counts down by itself and moves toward news, jumping only for cause."""

    def __init__(self) -> None:
        self._at = 0.0
        self._keeper = PaceKeeper()
        self._shown: EtaEstimated | None = None

    def estimate(self, state: RunState, now: float, pacer: Pacer, left: int | None = None) -> EtaEstimated:
        """The estimate to show at ``now`` (run clock); it stands still while the run is paused."""
        fresh = estimate(state, now, pacer.forecast(now), self._keeper, left)
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
