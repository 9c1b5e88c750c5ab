"""When will it be done? A range, not a number, and nothing at all until there is something to go by.

What is left is played forward: every queued panel needs a tab for a while (as long as panels have taken
lately, failures and retries and dead tabs included) and a send that the account's windows allow. The best guess
is that play with the mean; the ends of the range are the same play with the mean moved by what is not known
about it.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Protocol

import humanize
import msgspec

from core.events import EtaEstimated
from core.metrics import Metrics
from core.state import EtaState, PanelStatus, RunState

ENOUGH = 4
"""Panels a tab must have settled, on average, before anything is said."""

Z = 1.65
"""Standard deviations from the best guess to the ends of the range: nine cases in ten."""

BLOCKS = 24
"""The run so far is looked at in so many blocks to see whether it gets slower."""

CLEAR = 2.5
"""A trend is believed when it is so many times its standard error."""

DRIFT = 0.5
"""Share of the doubt about a trend that goes into the range."""

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


class Pace(msgspec.Struct, frozen=True):
    """What a panel will take until it is settled.

    ``seconds``: of a tab's time. ``error``: relative standard error of that mean. ``spread``: relative deviation
    of one picture. ``sends``: prompts sent for each panel. ``sends_error``: relative, of what is to come.
    """

    seconds: float
    error: float
    spread: float
    sends: float = 1.0
    sends_error: float = 0.0


def pace(metrics: Metrics, left: int) -> Pace | None:
    """What each of the ``left`` panels will take, from what they have taken; None while too few were settled.

    Where panels have clearly become slower or faster over the run, that is taken to go on.
    """
    marks = metrics.marks
    if metrics.settled < ENOUGH * max(2, metrics.tabs_wanted) or len(marks) < 3:
        return None
    blocks = [(late - early) / metrics.stride for early, late in pairwise(marks)]
    size = max(1, len(blocks) // BLOCKS)
    means = [fmean(blocks[i : i + size]) for i in range(0, len(blocks) - size + 1, size)]
    mean = fmean(means)
    if mean <= 0:
        return None
    spread = _spread(metrics.latencies)
    sends = max(1.0, metrics.sends / metrics.settled)
    sends_error = math.sqrt((sends - 1.0 + 0.005) * sends * (1 / left + 1 / metrics.settled))
    sampled = spread * math.sqrt(sends / metrics.settled)
    trend, trend_error = _trend(means, ahead=left / (size * metrics.stride))
    seconds = max(0.2 * mean, mean + trend)
    return Pace(seconds, math.hypot(sampled, trend_error / mean), spread, sends, sends_error)


def _spread(times: Sequence[float]) -> float:
    if len(times) < 8:
        return 0.6
    mean = fmean(times)
    return math.sqrt(fmean((time - mean) ** 2 for time in times)) / (mean or 1.0)


def _trend(means: Sequence[float], ahead: float) -> tuple[float, float]:
    """How much the mean of what is ``ahead`` (in blocks) differs from the mean so far, and its error.

    Nothing, unless a straight line through the blocks is clearly not level.
    """
    n = len(means)
    if n < 6:
        return 0.0, 0.0
    middle = (n - 1) / 2
    around = sum((i - middle) ** 2 for i in range(n))
    mean = fmean(means)
    slope = sum((i - middle) * (y - mean) for i, y in enumerate(means)) / around
    rest = sum((y - mean - slope * (i - middle)) ** 2 for i, y in enumerate(means)) / (n - 2)
    error = math.sqrt(rest / around)
    reach = min((n + ahead) / 2, n)  # no farther than has been seen
    if abs(slope) <= CLEAR * error:
        return 0.0, DRIFT * error * reach
    sure = 1.0 - (error / slope) ** 2
    return sure * slope * reach, DRIFT * error * reach


def estimate(state: RunState, now: float, forecast: Forecast) -> EtaEstimated:
    """Seconds of work left at ``now`` (run clock); all None while there is too little to say.

    Paused or not, it is the time needed once the run goes on.
    """
    queued, generating = PanelStatus.QUEUED, PanelStatus.GENERATING
    left = len(
        [p for p in state.panels.values() if (p.status is queued or p.status is generating) and not p.held]
    )  # a plain loop: it goes over every panel of the book, every few seconds
    if not left:
        return EtaEstimated(0.0, 0.0, 0.0)
    known = pace(state.metrics, left)
    if known is None:
        return EtaEstimated()
    tabs = max(1, state.metrics.tabs_wanted or state.tabs_wanted)
    if forecast.in_flight is not None:
        tabs = min(tabs, forecast.in_flight)
    started = [a.started for p in state.under_way() if (a := state.attempts.get(p.attempt)) is not None]
    doubt = math.hypot(known.error, known.spread / math.sqrt(left), LEAST_DOUBT)
    each = known.seconds / known.sends

    def play(sign: int) -> float:
        sends = left * known.sends * math.exp(sign * Z * math.hypot(known.sends_error, LEAST_DOUBT))
        seconds = each * math.exp(sign * Z * doubt)
        return _play(now, max(len(started), round(sends)), started, tabs, seconds, forecast)

    last = each * known.spread  # the last panels end one by one, the slowest last
    middle, low, high = play(0), play(-1), play(1)
    return EtaEstimated(middle + 0.5 * last, max(0.0, low - 0.5 * last), high + Z * last)


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


def eta_in_words(eta: EtaState, now: float, *, active: bool = True) -> str:
    """``done 16:48, in 47 minutes (42 to 55)``, local time; ``measuring`` while nothing can be said yet.

    ``active``: False while the run is paused: then ``47 minutes of work left (42 to 55)``, and nothing counts down.
    """
    if eta.seconds is None or eta.low is None or eta.high is None:
        return "measuring"
    passed = max(0.0, now - eta.at) if active else 0.0
    left, low, high = (max(0.0, value - passed) for value in (eta.seconds, eta.low, eta.high))
    words = f"{_delta(left)}{'' if active else ' of work left'} ({_span(low, high)})"
    if not active:
        return words
    today, done = datetime.fromtimestamp(now), datetime.fromtimestamp(now) + timedelta(seconds=left)
    day = "" if done.date() == today.date() else f"{done:%a} " if left < 6 * 86400 else f"{done:%d %b} "
    return f"done {day}{done:%H:%M}, in {words}"


def end_in_words(state: RunState, now: float) -> str:
    """``eta_in_words`` for a run as it stands: still while paused, and with the wait it is under.

    ``measuring, waits for a limit until 03:10 (learned)``
    """
    active = state.phase in ("running", "pausing")
    words = eta_in_words(state.eta, now, active=active)
    waits = [wait for wait in state.pacing.values() if wait.until is not None and wait.until > now]
    if not active or not waits:
        return words
    last = max(waits, key=lambda wait: wait.until or 0.0)
    until = datetime.fromtimestamp(last.until or 0.0)
    day = "" if until.date() == datetime.fromtimestamp(now).date() else f"{until:%a} "
    why = "backs off" if last.source == "backing off" else "waits for a limit"
    source = "" if last.source in (None, "backing off") else f" ({last.source})"
    return f"{words}, {why} until {day}{until:%H:%M}{source}"


def _delta(seconds: float) -> str:
    if seconds < 3600:
        return humanize.naturaldelta(seconds)
    step, unit = (300, "minutes") if seconds < 86400 else (3600, "hours")
    return humanize.precisedelta(round(seconds / step) * step, minimum_unit=unit, format="%d")


def _span(low: float, high: float) -> str:
    if high < 60:
        return f"{low:.0f} to {high:.0f} seconds"
    if high < 2 * 3600:
        return f"{low / 60:.0f} to {high / 60:.0f}" + ("" if high < 3600 else " minutes")
    if high < 2 * 86400:
        return f"{low / 3600:.1f} to {high / 3600:.1f} hours"
    return f"{low / 86400:.1f} to {high / 86400:.1f} days"
