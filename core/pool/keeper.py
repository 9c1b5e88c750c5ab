"""The memory keeper: measures now and then, asks the judge, and has the pool act on it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import anyio

from core import events as ev
from core.pool.memory import MemoryJudge, MemorySample
from core.pool.pool import Emit, Pool
from core.pool.tab import Tab

INTERVAL = 5.0
"""Seconds between two measurements."""

RETELL = 60.0
"""Seconds after which an unchanged figure is told again."""


class MeasureMemory(Protocol):
    """Measure the memory of the browser's processes and our own, with each tab's share."""

    def __call__(self, tabs: list[Tab]) -> Awaitable[MemorySample]: ...


class MemoryKeeper:
    """``may_start`` is False while memory is past the mark."""

    def __init__(self, pool: Pool, judge: MemoryJudge, measure: MeasureMemory, emit: Emit, poke: Callable[[], None]):
        self.may_start = True
        self._pool, self._judge, self._measure, self._emit, self._poke = pool, judge, measure, emit, poke
        self._told = (0.0, 0)  # when, and how many bytes

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            await self.look()
            await anyio.sleep(INTERVAL)

    async def look(self) -> None:
        """Measure once and act on it."""
        tabs = [tab for tab in self._pool.tabs.values() if tab.worker is not None]
        sample = await self._measure(tabs)
        for tab in tabs:
            tab.memory = sample.tabs.get(tab.id, 0)
        self._tell(sample)
        idle = self._pool.idle()
        verdict = self._judge.judge(
            sample, anyio.current_time(), tabs=len(tabs), idle=len(idle), wanted=self._pool.wanted
        )
        if self.may_start != verdict.may_start:
            self.may_start = verdict.may_start
            if not verdict.may_start:
                self._emit(ev.Noticed("warning", f"{verdict.why}: nothing new starts until there is room"))
        if verdict.recycle:
            worn = [tab for tab in idle if tab.pictures]
            if worn:
                self._pool.recycle(max(worn, key=lambda tab: (tab.memory, tab.pictures)), verdict.why)
        self._pool.set_limit(verdict.limit, verdict.why)
        self._poke()

    def _tell(self, sample: MemorySample) -> None:
        when, used = self._told
        now = anyio.current_time()
        if abs(sample.used - used) > 0.02 * self._judge.budget or now - when >= RETELL or not when:
            self._told = (now, sample.used)
            self._emit(ev.MemoryMeasured(sample.used, self._judge.budget, sample.browser, sample.own, sample.available))
