"""Where one is in the past of a run, and how one moves in it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.complaint import Complaint
from core.events import Record
from core.recording import History

SPEEDS = (1, 10, 60, 600, 3600)


class Travel:
    """``n`` records have happened; ``state`` is how the run stood then, ``moment`` the clock on the wall."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.n = len(history)
        self.state = history.seek(self.n)
        self.moment = self.state.at
        self.speed, self.playing = 60, False
        self._since: list[Record] | None = None

    def since(self) -> Sequence[Record] | None:
        """What has been folded into ``state`` since the last call; None where it is another state than then."""
        found, self._since = self._since, []
        return found

    def go(self, n: int, moment: float | None = None) -> None:
        """To just after ``n`` records."""
        n = max(0, min(len(self.history), n))
        before = self.state
        self.state = self.history.seek(n, before if n >= self.n else None)
        if self.state is not before:
            self._since = None
        elif self._since is not None:
            self._since += self.history.records[self.n : n]
        self.n = n
        first = self.history.moments[0] if self.history.moments else 0.0
        self.moment = moment if moment is not None else (self.state.at or first)

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
