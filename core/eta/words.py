"""The ETA and the waits in it, in words for a person."""

from datetime import datetime, timedelta

import humanize

from core.state import EtaState, RunState


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
