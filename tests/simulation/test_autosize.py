"""``tabs = "auto"`` in simulated time: the real engine, pool, sizer, memory keeper and pacing find the number."""

import random

import anyio
import pytest
import trio

from core import events as ev
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.offload import inline
from core.pool.measure import Surroundings
from core.pool.memory import HIGH, MemoryJudge
from core.pool.pool import PoolSettings
from core.state import PanelStatus
from core.store.store import Store
from tests.simulation.clock import LeapingClock
from tests.simulation.disk import MemoryDisk
from tests.simulation.night import EPOCH, FOLDER_OF_NIGHT, project_of
from tests.simulation.plan import Plan
from tests.simulation.site import SimulatedProcessor, SimulatedSite, Window

HOUR = 3600.0
GIB = 2**30
OWN = 2**26


class Auto:
    """One run with ``tabs = "auto"``. ``sizes``: the numbers of tabs asked for, each with when (simulated seconds)."""

    def __init__(self, site: SimulatedSite, panels: int, *, most: int = 40, budget: int = 16 * GIB) -> None:
        self.site, self.panels, self.most, self.budget = site, panels, most, budget
        self.sizes: list[tuple[float, int]] = [(0.0, 2)]
        self.told: list[ev.Event] = []
        self.seconds = 0.0

    def play(self, lifted_at: float | None = None, at_once: int | None = None) -> "Auto":
        """Draw everything; from ``lifted_at`` on the site draws ``at_once`` at a time."""

        async def run() -> None:
            async with anyio.create_task_group() as group:
                if lifted_at is not None:
                    group.start_soon(self._lift, lifted_at, at_once)
                await self._engine().run()
                self.seconds = trio.current_time()
                group.cancel_scope.cancel()

        # Trio runs what is due at one moment in random order; here it is random by the seed.
        trio._core._run._ALLOW_DETERMINISTIC_SCHEDULING = True
        trio._core._run._r.seed(1)
        trio.run(run, clock=LeapingClock())
        return self

    async def _lift(self, at: float, at_once: int | None) -> None:
        await trio.sleep_until(at)
        self.site.at_once = at_once

    def _engine(self) -> Engine:
        def wall() -> float:
            return EPOCH + trio.current_time()

        async def measure() -> Surroundings:
            return Surroundings(own=OWN, available=16 * GIB)

        engine = Engine(
            project_of(Plan(seed=1, panels=self.panels)),
            Store.open(FOLDER_OF_NIGHT, disk=MemoryDisk(), offload=inline, wall=wall, locked=False),
            SimulatedProcessor(self.site),
            EngineSettings("simulated", "simulated", PoolSettings(tabs=2, auto=self.most), timeout=600.0),
            judge=MemoryJudge(self.budget),
            measure=measure,
            wall=wall,
            offload=inline,
            seed=1,
        )
        mailbox = Mailbox(lambda: self._see(engine, mailbox))
        engine.subscribe(mailbox)
        self.engine = engine
        return engine

    def _see(self, engine: Engine, mailbox: Mailbox) -> None:
        for record in mailbox.drain():
            self.told.append(record.event)
            if isinstance(record.event, ev.PoolResized) and record.event.tabs != self.sizes[-1][1]:
                self.sizes.append((record.at - EPOCH, record.event.tabs))

    # --- what is asked of it ---

    def share(self, since: float, until: float, sizes: range) -> float:
        """Of the time between the two, the share with so many tabs asked for."""
        ends = [at for at, _ in self.sizes[1:]] + [until]
        spans = [(max(at, since), min(end, until), tabs) for (at, tabs), end in zip(self.sizes, ends, strict=True)]
        return sum(max(0.0, end - at) for at, end, tabs in spans if tabs in sizes) / (until - since)

    def changes(self, since: float, until: float) -> int:
        return sum(since <= at < until for at, _ in self.sizes[1:])

    def check_all_drawn(self) -> None:
        statuses = {panel.status for panel in self.engine.state.panels.values()}
        assert statuses == {PanelStatus.FINISHED}
        assert len(self.engine.state.panels) == self.panels


@pytest.mark.parametrize(("at_once", "seed"), [(3, 0), (6, 1)])
def test_it_finds_what_the_site_draws_at_once_and_stays_there(at_once: int, seed: int) -> None:
    run = Auto(SimulatedSite(random.Random(seed), at_once=at_once), panels=400 * at_once).play()
    run.check_all_drawn()
    half, end = run.seconds / 2, run.seconds
    assert run.share(half, end, range(at_once, at_once + 4)) > 0.8
    assert max(tabs for _, tabs in run.sizes) <= 2 * at_once
    assert run.changes(half, end) <= 2 * (1 + (end - half) / 900.0), "a try and its end, with a rest between two"


def test_it_grows_again_when_the_limit_goes() -> None:
    run = Auto(SimulatedSite(random.Random(4), at_once=3), panels=1800).play(lifted_at=HOUR, at_once=6)
    run.check_all_drawn()
    assert run.share(HOUR / 2, HOUR, range(3, 6)) > 0.8
    assert run.share(run.seconds - 1800.0, run.seconds, range(6, 10)) > 0.8


@pytest.mark.parametrize("seed", [5, 11])
def test_it_lets_go_of_tabs_that_the_site_uses_no_more(seed: int) -> None:
    run = Auto(SimulatedSite(random.Random(seed), at_once=6), panels=1600).play(lifted_at=HOUR, at_once=2)
    run.check_all_drawn()
    assert run.share(HOUR / 2, HOUR, range(6, 10)) > 0.8
    assert run.share(run.seconds - HOUR, run.seconds, range(2, 6)) > 0.8


def test_it_stays_within_memory() -> None:
    """300 MB for the browser and 80 MB for each page: eight pages fit under the mark, the site would draw more."""
    site = SimulatedSite(random.Random(6))
    budget = int((300_000_000 + 8.5 * 80_000_000 + OWN) / HIGH)
    run = Auto(site, panels=1500, budget=budget).play()
    run.check_all_drawn()
    assert 6 <= site.most_in_flight <= 8
    assert max(event.used for event in run.told if isinstance(event, ev.MemoryMeasured)) <= HIGH * budget
    assert run.changes(run.seconds / 2, run.seconds) <= 2 * (1 + run.seconds / 2 / 900.0)


def test_it_stays_within_pacing() -> None:
    """The site takes twelve prompts in five minutes: one tab could draw them all, so more are no use."""
    site = SimulatedSite(random.Random(7), windows=[Window(12, 300.0)])
    run = Auto(site, panels=240).play()
    run.check_all_drawn()
    assert max(tabs for _, tabs in run.sizes) <= 3
    assert site.refusals <= 10
