"""The memory keeper: measures now and then, asks the judge, and has the pool act on it."""

from collections.abc import Awaitable, Callable

import anyio

from core import events as ev
from core.pool.appetite import Appetite
from core.pool.measure import Surroundings
from core.pool.memory import HIGH, LOW, MemoryJudge, MemorySample, PageMemory
from core.pool.pool import Emit, Pool

INTERVAL = 5.0
"""Seconds between two measurements, at least."""

SLOWEST = 10.0
"""Seconds between two measurements, at most."""

SHARE = 0.01
"""Measuring may take this share of a processor's time."""

COST, OTHERS = 0.0025, 8
"""Seconds of processor time to measure one process, and how many processes there are besides the tabs' own."""

CLOSE, SHARE_CLOSE = 1.0, 0.05
"""The same two, near the mark."""

QUICK, SHARE_QUICK = 0.2, 0.2
"""And where the mark would be passed before the next look."""

BARE, PAGE = 500 * 2**20, 150 * 2**20
"""Bytes that a browser and we are taken to hold without pages, and a page of it, until they were measured."""

RETELL = 60.0
"""Seconds after which an unchanged figure is told again."""

MeasureSurroundings = Callable[[], Awaitable[Surroundings]]


class MemoryKeeper:
    """Says whether another picture or another page fits; what the browsers hold the processor itself knows."""

    def __init__(
        self,
        pool: Pool,
        judge: MemoryJudge,
        measure: MeasureSurroundings,
        emit: Emit,
        poke: Callable[[], None],
    ) -> None:
        self._pool, self._judge, self._measure, self._emit, self._poke = pool, judge, measure, emit, poke
        self._appetite = Appetite()
        self._room = True  # as the judge said last
        self._held, self._pages = BARE, 0  # bytes and pages there were when last measured
        self._used, self._bound = 0, judge.budget  # the same, pages that were being opened counted in
        self._page = PAGE  # what one more page will hold
        self._completed = 0  # pictures of the pool by then
        self._asked = anyio.Event()  # somebody would start a picture if a new measurement showed room
        self._told = (0.0, 0)  # when, and how many bytes
        self._too_fat = False  # told that one page alone is too much
        pool.fits = self._fits

    @property
    def may_start(self) -> bool:
        """Whether there is room for one more picture, those counted in that were begun since the last measurement."""
        if not self._room:
            return False
        busy = sum(tab.busy for tab in self._pool.tabs.values())
        more = self._appetite.per_picture * (self._pool.completed - self._completed + busy + 1)
        if not busy or self._used + more <= HIGH * self._bound:
            return True
        if self._pool.completed > self._completed:
            self._asked.set()
        return False

    def _fits(self) -> bool:
        """Whether there is room for one more page, and for the pictures it and the others will draw."""
        busy = sum(tab.busy for tab in self._pool.tabs.values())
        opening = max(0, self._pool.places - self._pages)
        more = self._page * (opening + 1) + self._appetite.per_picture * (busy + 1)
        return self._room and self._held + more <= HIGH * self._bound

    async def run(self) -> None:
        """Measure until cancelled; the more tabs there are to measure, the seldomer."""
        await anyio.sleep(CLOSE)  # before its first page is there, a browser tells nothing
        when, used = anyio.current_time(), 0
        while True:
            now, now_used = anyio.current_time(), await self.look()
            rate = (now_used - used) / max(now - when, QUICK) if used else 0.0
            when, used = now, now_used
            cost = COST * (OTHERS + len(self._pool.tabs))
            quickest = anyio.current_time() + max(QUICK, cost / SHARE_QUICK)
            with anyio.move_on_after(self._pause(rate, cost)):
                await self._asked.wait()
            if (early := quickest - anyio.current_time()) > 0:
                await anyio.sleep(early)
            self._asked = anyio.Event()

    def _pause(self, rate: float, cost: float) -> float:
        """Seconds until the next look: far from the mark measuring is to be cheap, near it nothing may slip by, nor
        while it is not known yet what a picture adds.

        Args:
            rate: bytes a second that memory grows by; ``cost``: seconds of processor time of one measurement.
        """
        usual = min(max(INTERVAL, cost / SHARE), SLOWEST)
        if self._used > LOW * self._bound or not self._room or not self._appetite.learned:
            usual = min(max(CLOSE, cost / SHARE_CLOSE), 2 * CLOSE)
        room = HIGH * self._bound - self._used
        return usual if rate <= 0 else min(usual, room / (4 * rate))

    async def look(self) -> int:
        """Measure once and act on it; the bytes that are used."""
        sample = await self._sample()
        self._held, self._pages = sample.used if sample.pages else max(BARE, sample.used), len(sample.pages)
        self._used, self._bound = sample.used + sample.opening, self._judge.bound(sample)
        self._completed = self._pool.completed
        if sample.pages:  # of a page that tells nothing it is only known that it holds no more than all together
            self._page = sample.young or sample.browser // len(sample.pages)
        self._tell(sample)
        verdict = self._judge.judge(sample, anyio.current_time(), wanted=self._pool.wanted)
        if self._room != verdict.may_start:
            self._room = verdict.may_start
            if not self._room:
                self._emit(ev.Noticed("warning", f"{verdict.why}: nothing new starts until there is room"))
        for id in verdict.recycle:
            if tab := self._pool.tabs.get(id):
                self._pool.recycle(tab, verdict.why, afresh=True)
        self._pool.set_limit(verdict.limit, verdict.why)
        self._pool.let_in()
        self._poke()
        return sample.used

    async def _sample(self) -> MemorySample:
        tabs = [(tab, tab.worker) for tab in self._pool.tabs.values() if tab.worker is not None]
        usage = await self._pool.processor.usage([worker for _, worker in tabs])
        around = await self._measure()
        held = []
        for (tab, worker), bytes_ in zip(tabs, usage.workers, strict=False):
            if tab.worker is worker:
                tab.measured(bytes_)
                held.append(tab)
        self._appetite.learn(held, usage.browser + around.own, self._pool.completed)
        pages = [
            PageMemory(
                tab.id,
                tab.memory,
                self._appetite.lean(tab),
                tab.pictures,
                tab.busy,
                leaving=bool(tab.recycle_why) or tab.retired or tab.lost is not None,
            )
            for tab in held
        ]
        return MemorySample(
            usage.browser,
            around.own,
            around.available,
            tuple(pages),
            self._pool.places,
            self._appetite.per_picture,
            self._appetite.young,
        )

    def _tell(self, sample: MemorySample) -> None:
        if not self._too_fat and len(sample.pages) == 1 == sample.places and sample.used > HIGH * self._bound:
            self._too_fat = True
            self._emit(ev.Noticed("warning", self._alone(sample)))
        when, used = self._told
        now = anyio.current_time()
        if abs(sample.used - used) > 0.02 * self._judge.budget or now - when >= RETELL or not when:
            self._told = (now, sample.used)
            self._emit(ev.MemoryMeasured(sample.used, self._judge.budget, sample.browser, sample.own, sample.available))

    def _alone(self, sample: MemorySample) -> str:
        """What to say where a single page is too much already."""
        held, bound = sample.used / 2**20, self._bound / 2**20
        return (
            f"one tab alone holds {held:,.0f} MiB, more than {HIGH:.0%} of the {bound:,.0f} MiB that may be used: "
            "the run goes on with this tab only ([pool] memory says how much may be used)"
        )
