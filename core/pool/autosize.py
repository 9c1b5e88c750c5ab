"""``tabs = "auto"``: finds the number of tabs at which throughput stops rising.

It climbs one tab at a time. A step up is kept when it brings at least a third of what a perfect step would
(n to n+1 tabs: 1/n more pictures a minute); otherwise it steps back, rests, and tries again later, because a
site is not the same at 2 a.m. as at midnight. Where pictures come no faster than half as many tabs once drew
them, it goes back to that half. Only a step that is being tried is judged by its gain: pictures take now longer,
now shorter, and a judgement every minute would sooner or later talk any number down. Stretches in which the site
or memory held the run back say nothing about tabs and are not counted.
"""

FIRST = 2
"""Tabs to begin with."""

WINDOW = 60.0
"""Seconds of undisturbed work, at least, behind one judgement."""

PICTURES = 3
"""Pictures behind one judgement, at least, times the square of the tabs: one more of many changes little."""

MOST_PICTURES = 120
"""So many are enough for any judgement."""

REST = 900.0
"""Seconds before a step that did not pay is tried again."""


class AutoSize:
    """Feed it ``observe`` every few seconds; it answers with the number of tabs to use."""

    def __init__(self, most: int) -> None:
        self.tabs = min(FIRST, most)
        self._most = most
        self._rates: dict[int, float] = {}  # pictures per second, by number of tabs
        self._tried_from: int | None = None  # where the step that is being tried began
        self._seconds = 0.0
        self._pictures = 0
        self._last: tuple[float, int] | None = None
        self._rest_until = 0.0

    def observe(self, now: float, finished: int, *, open_tabs: int, undisturbed: bool) -> int:
        """The number of tabs to use from now on.

        Args:
            now: seconds on a monotonic clock.
            finished: pictures finished in all.
            open_tabs: tabs that work at present.
            undisturbed: neither paused, nor waiting for the site, nor short of memory since the last call.
        """
        last, self._last = self._last, (now, finished)
        if last is None or not undisturbed or open_tabs != self.tabs:
            return self.tabs
        self._seconds += now - last[0]
        self._pictures += finished - last[1]
        if self._seconds >= WINDOW and self._pictures >= min(MOST_PICTURES, PICTURES * self.tabs**2):
            self._judge(now)
        return self.tabs

    def _judge(self, now: float) -> None:
        rate, origin = self._pictures / self._seconds, self._tried_from
        self._seconds, self._pictures, self._tried_from = 0.0, 0, None
        self._rates[self.tabs] = rate
        if origin is not None and rate < self._rates[origin] * (1 + 1 / (3 * origin)):
            self.tabs, self._rest_until = origin, now + REST
        elif rate <= self._rates.get(self.tabs // 2, 0.0):
            self.tabs //= 2
            self._rates.clear()
        elif now >= self._rest_until and self.tabs < self._most:
            self._tried_from = self.tabs
            self.tabs += 1
