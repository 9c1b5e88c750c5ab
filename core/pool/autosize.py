"""``tabs = "auto"``: finds the number of tabs at which throughput stops rising.

It climbs one tab at a time. A step up is kept when it brings at least a third of what a perfect step would
(n to n+1 tabs: 1/n more pictures a minute); otherwise it steps back, rests, and tries again later, because a
site is not the same at 2 a.m. as at midnight. Stretches in which the site or memory held the run back say
nothing about tabs and are not counted.
"""

FIRST = 2
"""Tabs to begin with."""

WINDOW = 60.0
"""Seconds of undisturbed work, at least, behind one judgement."""

PICTURES_PER_TAB = 3
"""Pictures per tab, at least, behind one judgement."""

REST = 900.0
"""Seconds before a step that did not pay is tried again."""


class AutoSize:
    """Feed it ``observe`` every few seconds; it answers with the number of tabs to use."""

    def __init__(self, most: int) -> None:
        self.tabs = FIRST
        self._most = most
        self._rates: dict[int, float] = {}  # pictures per second, by number of tabs
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
        if self._seconds >= WINDOW and self._pictures >= PICTURES_PER_TAB * self.tabs:
            self._judge(now)
        return self.tabs

    def _judge(self, now: float) -> None:
        rate = self._pictures / self._seconds
        self._rates[self.tabs] = rate
        below = self._rates.get(self.tabs - 1)
        paid = below is None or rate >= below * (1 + 1 / (3 * (self.tabs - 1)))
        if not paid:
            self._go_to(self.tabs - 1)
            self._rest_until = now + REST
        elif now >= self._rest_until and self.tabs < self._most:
            self._go_to(self.tabs + 1)
        else:
            self._go_to(self.tabs)

    def _go_to(self, tabs: int) -> None:
        self.tabs = max(1, tabs)
        self._seconds, self._pictures = 0.0, 0
