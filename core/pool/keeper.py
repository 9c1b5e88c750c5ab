"""The memory keeper: measures now and then, asks the judge, and has the pool act on it."""

from collections.abc import Awaitable, Callable

import anyio

from core import events as ev
from core.pool.measure import Surroundings
from core.pool.memory import HIGH, LOW, MemoryJudge, MemorySample
from core.pool.pool import Emit, Pool
from core.pool.tab import Tab

INTERVAL = 5.0
"""Seconds between two measurements, at least."""

SLOWEST = 10.0
"""Seconds between two measurements, at most."""

SHARE = 0.01
"""Measuring may take this share of the time: the processes of 40 tabs cost about 0.1 s to ask."""

CLOSE, SHARE_CLOSE = 1.0, 0.05
"""The same two, near the mark."""

RETELL = 60.0
"""Seconds after which an unchanged figure is told again."""

MeasureSurroundings = Callable[[], Awaitable[Surroundings]]


class MemoryKeeper:
    """``may_start`` is False while memory is past the mark; what the browsers hold the processor itself knows."""

    def __init__(
        self,
        pool: Pool,
        judge: MemoryJudge,
        measure: MeasureSurroundings,
        emit: Emit,
        poke: Callable[[], None],
    ) -> None:
        self.may_start = True
        self._pool, self._judge, self._measure, self._emit, self._poke = pool, judge, measure, emit, poke
        self._told = (0.0, 0)  # when, and how many bytes

    async def run(self) -> None:
        """Measure until cancelled; the more a measurement costs, the seldomer."""
        await anyio.sleep(CLOSE)  # before its first page is there, a browser tells nothing
        when, used = anyio.current_time(), 0
        while True:
            started = anyio.current_time()
            now_used = await self.look()
            took = anyio.current_time() - started
            rate = (now_used - used) / max(started - when, CLOSE) if used else 0.0
            when, used = started, now_used
            await anyio.sleep(self._pause(used, rate, took))

    def _pause(self, used: int, rate: float, took: float) -> float:
        """Seconds until the next look: far from the mark measuring is to be cheap, near it nothing may slip by.

        Args:
            used: bytes; ``rate``: bytes a second they grow; ``took``: seconds the last measurement took.
        """
        usual = min(max(INTERVAL, took / SHARE), SLOWEST)
        if used > LOW * self._judge.budget:
            usual = min(max(CLOSE, took / SHARE_CLOSE), 2 * CLOSE)
        room = HIGH * self._judge.budget - used
        return usual if rate <= 0 else min(usual, max(CLOSE, room / (2 * rate)))

    async def look(self) -> int:
        """Measure once and act on it; the bytes that are used."""
        sample = await self._sample()
        self._tell(sample)
        idle = self._pool.idle()
        open_tabs = sum(1 for tab in self._pool.tabs.values() if tab.worker is not None)
        verdict = self._judge.judge(
            sample, anyio.current_time(), tabs=open_tabs, idle=len(idle), wanted=self._pool.wanted
        )
        if self.may_start != verdict.may_start:
            self.may_start = verdict.may_start
            if not verdict.may_start:
                self._emit(ev.Noticed("warning", f"{verdict.why}: nothing new starts until there is room"))
        if verdict.recycle:
            worn = [tab for tab in (idle or self._alone()) if tab.worn]
            if worn:
                self._pool.recycle(max(worn, key=lambda tab: (tab.memory, tab.pictures)), verdict.why)
        self._pool.set_limit(verdict.limit, verdict.why)
        self._poke()
        return sample.used

    def _alone(self) -> list[Tab]:
        """The one tab that works on although memory is short: it is replaced between two pictures."""
        tabs = [tab for tab in self._pool.tabs.values() if tab.worker is not None]
        return tabs if len(tabs) == 1 else []

    async def _sample(self) -> MemorySample:
        held: list[tuple[Tab, int]] = []
        tabs = [(tab, tab.worker) for tab in self._pool.tabs.values() if tab.worker is not None]
        usage = await self._pool.processor.usage([worker for _, worker in tabs])
        for (tab, worker), bytes_ in zip(tabs, usage.workers, strict=False):
            if tab.worker is worker:
                tab.measured(bytes_)
                held.append((tab, bytes_))
        around = await self._measure()
        return MemorySample(usage.browser, around.own, around.available, {tab.id: bytes_ for tab, bytes_ in held})

    def _tell(self, sample: MemorySample) -> None:
        when, used = self._told
        now = anyio.current_time()
        if abs(sample.used - used) > 0.02 * self._judge.budget or now - when >= RETELL or not when:
            self._told = (now, sample.used)
            self._emit(ev.MemoryMeasured(sample.used, self._judge.budget, sample.browser, sample.own, sample.available))
