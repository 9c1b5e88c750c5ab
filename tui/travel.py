"""Where one is in the past of a run, and how one moves in it."""

import time
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta

from core.complaint import Complaint
from core.recording import History, Moved

SPEEDS = (1, 10, 60, 600, 3600)


MANY = 5000
"""Records and panels after which the book is read anew rather than looked up panel by panel."""


class Travel:
    """``n`` records have happened; ``state`` is how the run stood then, ``moment`` the clock on the wall.

    ``patience``: seconds a move may take before the keys get a turn; it has not ``arrived`` then, and ``approach``
    goes on with it. None: however long it takes.
    """

    def __init__(self, history: History, patience: float | None = None) -> None:
        self.history, self.state = history, history.state
        self._patience, self._goal = patience, history.n
        self._clock: float | None = None  # at the goal, where it is between two records
        self.moment = self.state.at
        self.speed, self.playing = 60, False
        self._moved = Moved(None, ())

    @property
    def n(self) -> int:
        return self.history.n

    def moved(self) -> Moved:
        """What has been done to ``state`` since the last call; at first everything has."""
        found, self._moved = self._moved, Moved(set(), ())
        return found

    def go(self, n: int, moment: float | None = None) -> None:
        """To just after ``n`` records."""
        self._goal, self._clock = max(0, min(len(self.history), n)), moment
        self.approach()

    @property
    def arrived(self) -> bool:
        return self.history.n == self._goal

    def approach(self) -> None:
        """Go on to where one wanted to."""
        if self._patience is None:
            self._note(self.history.seek(self._goal))
        else:
            end = time.monotonic() + self._patience
            while not self.arrived:
                self._note(self.history.toward(self._goal))
                if time.monotonic() > end:
                    break
        first = self.history.moments[0] if self.history.moments else 0.0
        on_the_way = self.state.at or first
        self.moment = self._clock if self.arrived and self._clock is not None else on_the_way

    def _note(self, moved: Moved) -> None:
        (before, then), (back, now) = self._moved, moved
        if before is None or back is None or len(then) + len(now) + len(before) + len(back) > MANY:
            self._moved = Moved(None, ())
        else:
            self._moved = Moved(before | back, [*then, *now])

    def to(self, moment: float) -> None:
        """To a moment by the clock on the wall; not before the first record or behind the last."""
        if self.history.moments:
            moment = max(self.history.moments[0], min(self.history.moments[-1], moment))
            self.go(self.history.at(moment), moment)

    def step(self, records: int) -> None:
        self.go(self.n + records)

    def wind(self, seconds: float) -> None:
        self.to(self.moment + seconds)

    def jump(self, places: list[int], direction: int) -> bool:
        """To the next of ``places`` (or the one before); False where there is none."""
        at = bisect_right(places, self.n) if direction > 0 else bisect_left(places, self.n) - 1
        if not 0 <= at < len(places):
            return False
        self.go(places[at])
        return True

    def play(self, seconds: float) -> None:
        """So many seconds pass for the one who watches; stops at the end."""
        self.wind(seconds * self.speed)
        self.playing = self.playing and self.n < len(self.history)

    def quicker(self, step: int) -> None:
        at = SPEEDS.index(self.speed) + step
        self.speed = SPEEDS[max(0, min(len(SPEEDS) - 1, at))]


def moment_of(text: str, last: float) -> float:
    """``22:41`` or ``22:41:07`` (the latest one no later than ``last``), or a date and time as ISO writes it.

    Raises Complaint for anything else.
    """
    end = datetime.fromtimestamp(last)
    for form in ("%H:%M", "%H:%M:%S"):
        try:
            clock = datetime.strptime(text, form)
        except ValueError:
            continue
        found = end.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
        return (found if found <= end else found - timedelta(days=1)).timestamp()
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise Complaint(f'--at "{text}" is no time; write 22:41, 22:41:07 or 2026-11-24T22:41') from None


__all__ = ["SPEEDS", "Travel", "moment_of"]
