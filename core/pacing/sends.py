"""The account's own sends, in order of time: what windows are counted on."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

KEPT = 20_000
"""Sends that are remembered at most; no page allows so many in a window."""


class Sends:
    """Moments (run clock, seconds) at which something was sent and, as far as known, counted."""

    def __init__(self, moments: Iterable[float] = ()) -> None:
        self._moments = sorted(moments)[-KEPT:]

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, moment: float) -> None:
        """A send at ``moment`` (run clock, seconds)."""
        insort(self._moments, moment)
        if len(self._moments) > 2 * KEPT:
            del self._moments[:-KEPT]

    def discard(self, moment: float) -> None:
        """Forget a send that was refused: the site did not count it."""
        at = bisect_left(self._moments, moment)
        if at < len(self._moments) and self._moments[at] == moment:
            del self._moments[at]

    def count(self, after: float, until: float) -> int:
        """How many lie in the half-open window (after, until]."""
        return bisect_right(self._moments, until) - bisect_right(self._moments, after)

    def latest(self, nth: int, until: float | None = None) -> float | None:
        """The nth latest (1 = the latest) at or before ``until``; None where there are fewer."""
        end = len(self._moments) if until is None else bisect_right(self._moments, until)
        return self._moments[end - nth] if 0 < nth <= end else None

    def since(self, after: float, until: float | None = None) -> list[float]:
        """All in (after, until], oldest first."""
        end = len(self._moments) if until is None else bisect_right(self._moments, until)
        return self._moments[bisect_right(self._moments, after) : end]
