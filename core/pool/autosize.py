"""``tabs = "auto"``: finds the number of tabs at which throughput stops rising.

It climbs by a quarter at a time. A step is kept when it brings a good part (``WORTH``) of what a perfect one would:
from 4 to 5 tabs, a quarter more pictures a minute. Otherwise it steps back, rests, and tries again later, because a
site is not the same at 2 a.m. as at midnight. After each rest, on all that was seen meanwhile, the last step that was
kept is judged once more: it may have been chance. Where pictures come hardly faster than half as many tabs once drew
them, it goes back to that half; of a step for which there is no memory it takes back at once what does not fit.

Pictures take now longer, now shorter, so each judgement waits for as many as tell such a step from chance: judged
every minute, any number would be talked down sooner or later. Stretches in which the site or memory held the run
back say nothing about tabs and are not counted.
"""

FIRST = 2
"""Tabs to begin with."""

STEP = 4
"""A step is the tabs there are, divided by this and rounded up."""

WORTH = 1 / 3
"""The part of a perfect step's gain that a step has to bring."""

HARDLY = 1.15
"""So many times as fast is hardly faster: twice the tabs might draw twice as fast.

As far from the same as chance moves it; a site that draws less at once than there are tabs is found out so.
"""

WINDOW = 60.0
"""Seconds of undisturbed work, at least, behind one judgement."""

PICTURES = 5
"""Pictures behind one judgement, at least, divided by the square of a perfect step's gain (as a share).

Where the time for a picture varies by 40 %, what is measured is then off by a quarter of that gain.
"""

REST = 900.0
"""Seconds before a step that did not pay is tried again."""


def _step(tabs: int) -> int:
    """How many more are tried from so many on."""
    return -(-tabs // STEP)


class AutoSize:
    """Feed it ``observe`` every few seconds; it answers with the number of tabs to use."""

    def __init__(self, most: int) -> None:
        self.tabs = min(FIRST, most)
        self._most = most
        self._rates: dict[int, float] = {}  # pictures per second, by number of tabs
        self._tried_from: int | None = None  # where the step that is being tried began
        self._kept_from: int | None = None  # where the last step that was kept began
        self._settling = 0  # pictures to come before counting: those of new tabs begin late
        self._seconds = 0.0
        self._pictures = 0
        self._last: tuple[float, int] | None = None
        self._rest_until = 0.0

    def observe(self, now: float, finished: int, *, open_tabs: int, undisturbed: bool, fits: bool = True) -> int:
        """The number of tabs to use from now on.

        Args:
            now: seconds on a monotonic clock.
            finished: pictures finished in all.
            open_tabs: tabs that work at present.
            undisturbed: neither paused, nor waiting for the site, nor short of memory since the last call.
            fits: no tab waits for memory.
        """
        last, self._last = self._last, (now, finished)
        if not fits and self._tried_from is not None:
            self._step_back(now, max(self._tried_from, open_tabs))
        if last is None or not undisturbed or open_tabs != self.tabs:
            return self.tabs
        if self._settling > 0:
            self._settling -= finished - last[1]
            return self.tabs
        self._seconds += now - last[0]
        self._pictures += finished - last[1]
        rested = self._tried_from is not None or now >= self._rest_until
        if rested and self._seconds >= WINDOW and self._pictures >= self._enough:
            self._judge(now)
        return self.tabs

    @property
    def _enough(self) -> float:
        """Pictures that a judgement takes."""
        origin = self._tried_from or self.tabs
        return PICTURES * (origin / _step(origin)) ** 2

    def _judge(self, now: float) -> None:
        rate, origin = self._pictures / self._seconds, self._tried_from
        pays = rate >= self._worth(origin if origin is not None else self._kept_from)
        self._rates[self.tabs] = rate
        if origin is not None and not pays:
            self._step_back(now, origin)
        elif rate <= HARDLY * self._rates.get(self.tabs // 2, 0.0):
            self._fall_back(self.tabs // 2)
        elif not pays and self._kept_from is not None:  # now that more was seen
            self._fall_back(self._kept_from)
        else:
            self._kept_from = origin or self._kept_from
            before = self.tabs
            self._use(min(self._most, before + _step(before)))
            self._tried_from = before if self.tabs > before else None

    def _worth(self, origin: int | None) -> float:
        """Pictures a second that a step from ``origin`` has to bring."""
        return 0.0 if origin is None else self._rates[origin] * (1 + WORTH * _step(origin) / origin)

    def _fall_back(self, tabs: int) -> None:
        """With so many, and without what was known of more: the site draws otherwise than it did."""
        self._use(tabs)
        self._rates = {number: rate for number, rate in self._rates.items() if number < tabs}
        self._kept_from = None

    def _step_back(self, now: float, to: int) -> None:
        self._use(to)
        self._rest_until = now + REST

    def _use(self, tabs: int) -> None:
        """Go on with so many; what was seen up to now says nothing about the next judgement."""
        self._settling = 0 if tabs == self.tabs else tabs
        self.tabs, self._tried_from = tabs, None
        self._seconds, self._pictures = 0.0, 0
