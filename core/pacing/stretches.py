"""The evidence for a window's length: stretches in which it let nothing through, and how each ended.

A window of so many seconds, full at a stretch's first refusal, opens when the oldest send in it leaves it. That
moment explains the stretch, or it does not.
"""

from bisect import bisect_right
from collections.abc import Iterable

from core.pacing.memory import Blocked

_MINUTE, _HOUR = 60.0, 3600.0
USUAL = (
    10.0, 15.0, 20.0, 30.0, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 20 * _MINUTE,
    30 * _MINUTE, _HOUR, 2 * _HOUR, 3 * _HOUR, 4 * _HOUR, 5 * _HOUR, 6 * _HOUR, 8 * _HOUR, 12 * _HOUR, 24 * _HOUR,
)  # fmt: skip
"""Windows sites are known to use, in seconds."""

LONG = 600.0
"""Seconds: a refusal below the count of a shorter window is somebody else's; a longer one may hold fewer now."""

ARRIVAL = 3.0
"""Seconds from our send to the moment the site counts it, at most."""


def margin(window: float) -> float:
    """Seconds by which a window of so many seconds may last longer: clocks and counters are not exact."""
    return 1.0 + min(5.0, 0.0005 * window)


def near(window: float) -> float:
    """Seconds by which a slot can be missed without anything being wrong."""
    return 5.0 + 0.002 * window


def rounding(told: float) -> float:
    """How far a told wait may be rounded up, in seconds: whole minutes look like whole minutes."""
    return 60.0 if told >= 60.0 and told % 60.0 == 0.0 else 1.0


def releases(stretch: Blocked, windows: Iterable[float]) -> list[tuple[float, float]]:
    """For each window with a send in it: when its next slot opens, if it was full at the first refusal."""
    found = []
    for window in windows:
        at = bisect_right(stretch.sends, stretch.first - window - margin(window))
        if at < len(stretch.sends):
            found.append((window, stretch.sends[at] + window))
    return found


def explains(window: float, stretch: Blocked) -> bool:
    """Whether a full window of that length would have opened just when this one did."""
    assert stretch.opened is not None
    slack = 3.0 + 0.002 * window
    doubt = slack if stretch.told else ARRIVAL if window < LONG else 0.0
    earliest = stretch.last - doubt
    return any(earliest < release <= stretch.opened + slack for _, release in releases(stretch, (window,)))


def overran(window: float, stretch: Blocked) -> bool:
    """Whether more was let through, not long before, than such a window would have held."""
    slack = ARRIVAL + 0.002 * window
    holds = sum(1 for s in stretch.sends if s > stretch.first - window - margin(window))
    before = [s for s in stretch.sends if s > stretch.first - 3 * window]
    return any(late - early < window - slack for early, late in zip(before, before[holds:], strict=False))


def exact(stretch: Blocked) -> list[float]:
    """The length that opens exactly when it was told, if the window began with the first send known."""
    assert stretch.opened is not None
    return [stretch.opened - stretch.sends[0]] if stretch.sends and stretch.told else []


def score(window: float, ended: list[Blocked]) -> float:
    """How many stretches it explains (the latest counts most), with a little for being usual."""
    score, weight = 0.0, 1.0
    for stretch in reversed(ended):
        score += weight if explains(window, stretch) else 0.0
        weight *= 0.7
    return score + (0.3 if score and window in USUAL else 0.0)
