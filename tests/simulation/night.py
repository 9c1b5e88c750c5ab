"""A simulated night: the real engine, queue, pool, pacing, ETA and store under trio's mock clock.

Deterministic from its seed. The process is killed at random moments and started again on what its disk kept; the
site outside goes on. Invariants are checked at every event.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path

import trio
import trio.testing

from core import events as ev
from core.commands import Resume
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.fold import apply, fold
from core.offload import inline
from core.outcomes import Cause
from core.pool.measure import Surroundings
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.project import Config, PanelSpec, Project
from core.scripts.model import Script, ScriptChapter
from core.state import PanelStatus, RunState
from core.store.journal import Journal
from core.store.store import FOLDER, Store
from tests.simulation.disk import MemoryDisk
from tests.simulation.site import Chances, SimulatedProcessor, SimulatedSite, Window

EPOCH = 1_800_000_000.0
"""The wall clock at the start of every night."""

FOLDER_OF_NIGHT = Path("/night")


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass
class Plan:
    """What a night is made of. ``kills``: simulated seconds at which the process dies."""

    seed: int
    panels: int = 300
    tabs: int = 5
    latency: float = 20.0
    chances: Chances = field(default_factory=Chances)
    windows: list[Window] = field(default_factory=list)
    refuses: int = 0
    kills: list[float] = field(default_factory=list)
    jumps: dict[float, float] = field(default_factory=dict)  #: when the wall clock is set, and by how much
    checkpoint_interval: float = 30.0

    @staticmethod
    def wild(seed: int, panels: int = 300) -> "Plan":
        """A night in which everything goes wrong now and then."""
        rng = random.Random(seed)

        def some(most: float) -> float:
            return rng.choice((0.0, most * rng.random()))

        chances = Chances(
            some(0.02), some(0.01), some(0.01), some(0.01), some(0.004), some(0.002), some(0.01), some(0.003),
            some(0.03), some(0.01),
        )  # fmt: skip
        windows = []
        if rng.random() < 0.5:
            windows.append(Window(rng.randint(30, 60), rng.choice((600.0, 1800.0)), told=rng.random() < 0.5))
        length = panels * 25.0 / 5
        return Plan(
            seed,
            panels,
            rng.randint(1, 8),
            rng.uniform(5.0, 30.0),
            chances,
            windows,
            rng.randint(0, 3),
            sorted(rng.uniform(0.0, length) for _ in range(rng.randint(0, 4))),
            {rng.uniform(0.0, length): rng.uniform(-7200, 7200) for _ in range(rng.randint(0, 2))},
        )


@dataclass
class Report:
    """What a night came to."""

    plan: Plan
    state: RunState
    site: SimulatedSite
    seconds: float
    records: int
    lives: int


class Watcher:
    """Checks the invariants at every record, on a fold of its own."""

    def __init__(self, tabs: int) -> None:
        self.tabs = tabs
        self.state = RunState()
        self.records = 0

    def see(self, record: ev.Record) -> None:
        event, state = record.event, self.state
        if record.seq != state.seq + 1:
            raise Broken(f"record {record.seq} follows {state.seq}")
        panel = state.panels.get(getattr(event, "panel", ""))
        if panel is not None and panel.status is PanelStatus.FINISHED:
            if isinstance(event, ev.AttemptStarted):
                raise Broken(f"{panel.id} is finished and is asked for again")
            if isinstance(event, ev.PanelFinished):
                raise Broken(f"{panel.id} is finished twice")
        if isinstance(event, (ev.AttemptStarted, ev.HarvestStarted)):
            if state.phase != "running":
                raise Broken(f"{event.panel} is started while the run is {state.phase}")
            if any(tab.panel == event.panel for tab in state.tabs.values()):
                raise Broken(f"two tabs draw {event.panel}")
        apply(state, record)
        self.records += 1
        if sum(1 for tab in state.tabs.values() if tab.panel) > self.tabs:
            raise Broken(f"more than {self.tabs} in flight")


def project_of(plan: Plan) -> Project:
    """A project of so many panels, without files."""
    panels = tuple(
        PanelSpec(f"ch01-p{n:04d}", 1, 1, n, "ch01", f"picture {n}", "", f"prompt {n}", f"hash{n}")
        for n in range(1, plan.panels + 1)
    )
    config = Config(title="night", script="script.md")
    return Project(FOLDER_OF_NIGHT, config, Script((ScriptChapter(1, ""),), ()), panels)


class Night:
    """Plays a plan to its end."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        rng = random.Random(plan.seed)
        refuses = frozenset(f"ch01-p{n:04d}" for n in rng.sample(range(1, plan.panels + 1), plan.refuses))
        self.site = SimulatedSite(rng, plan.latency, chances=plan.chances, windows=plan.windows, refuses=refuses)
        self.disk = MemoryDisk()
        self.lives = 0
        self.records = 0
        self._jumped = 0.0

    def play(self) -> Report:
        """Run the whole night; raises Broken where an invariant does not hold."""
        clock = trio.testing.MockClock(autojump_threshold=0)
        trio.run(self._live_until_done, clock=clock)
        state = self._on_disk()
        return Report(self.plan, state, self.site, self.ended, self.records, self.lives)

    def _wall(self) -> float:
        return EPOCH + trio.current_time() + sum(by for at, by in self.plan.jumps.items() if at <= trio.current_time())

    def _on_disk(self) -> RunState:
        return fold(Journal(self.disk, FOLDER_OF_NIGHT / FOLDER).records())

    async def _live_until_done(self) -> None:
        started = trio.current_time()
        kills = [started + seconds for seconds in self.plan.kills]
        while True:
            self.lives += 1
            until = kills.pop(0) if kills else None
            if await self._one_life(until):
                break
        self.ended = trio.current_time() - started

    async def _one_life(self, until: float | None) -> bool:
        """One process, until it is done (True) or killed (False)."""
        plan = self.plan
        durable = self._on_disk()
        store = Store.open(FOLDER_OF_NIGHT, disk=self.disk, offload=inline, wall=self._wall, locked=False)
        self._compare(durable, store.state)
        engine = Engine(
            project_of(plan),
            store,
            SimulatedProcessor(self.site),
            EngineSettings(
                "simulated",
                "simulated",
                PoolSettings(tabs=plan.tabs),
                timeout=plan.latency * 10,
                checkpoint_interval=plan.checkpoint_interval,
            ),
            judge=MemoryJudge(16 * 2**30),
            measure=_measure,
            wall=self._wall,
            offload=inline,
            seed=plan.seed + self.lives,
        )
        watcher = Watcher(plan.tabs)
        watcher.state = fold(Journal(self.disk, FOLDER_OF_NIGHT / FOLDER).records())

        def look() -> None:
            for record in mailbox.drain():
                if not self.disk.frozen:
                    watcher.see(record)

        mailbox = Mailbox(look)
        engine.subscribe(mailbox)
        finished = False
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._person, engine, watcher)

            async def run() -> None:
                nonlocal finished
                await engine.run()
                finished = not self.disk.frozen
                nursery.cancel_scope.cancel()

            nursery.start_soon(run)
            if until is not None:
                await trio.sleep_until(until)
                self.disk.frozen = True
                nursery.cancel_scope.cancel()
        self.records += watcher.records
        self.disk = self.disk.survivors()
        if finished and self._on_disk() != watcher.state:
            raise Broken("the state is not the fold of the journal")
        return finished

    def _compare(self, durable: RunState, recovered: RunState) -> None:
        for id, panel in durable.panels.items():
            if recovered.panels[id] != panel:
                raise Broken(f"recovery lost {id}: {panel} became {recovered.panels[id]}")

    async def _person(self, engine: Engine, watcher: Watcher) -> None:
        """Signs in again and presses space, now and then."""
        while True:
            await trio.sleep(180.0)
            if watcher.state.phase == "paused":
                self.site.signed_in = True
                if watcher.state.cause in (Cause.LOGIN, Cause.FAULTS, Cause.BROWSER):
                    await engine.send(Resume())


async def _measure() -> Surroundings:
    return Surroundings(own=2**26, available=8 * 2**30)


def check(report: Report) -> None:
    """What must hold at the end of every night."""
    plan, state, site = report.plan, report.state, report.site
    counts = state.counts()
    if len(state.panels) != plan.panels:
        raise Broken(f"{len(state.panels)} panels of {plan.panels}")
    if counts[PanelStatus.REFUSED] < plan.refuses:
        raise Broken(f"{counts[PanelStatus.REFUSED]} refused, {plan.refuses} expected")
    if counts[PanelStatus.QUEUED] or counts[PanelStatus.GENERATING]:
        raise Broken(f"left over: {counts}")
    if state.tabs:
        raise Broken(f"ghost tabs: {list(state.tabs)}")
    takes = [panel.take for panel in state.panels.values() if panel.status is PanelStatus.FINISHED]
    if len({take.sha256 for take in takes if take}) != len(takes):
        raise Broken("two panels share a picture")
    for id, times in site.asked.items():
        ended = [a for a in state.attempts.values() if a.panel == id and a.sent and a.outcome != "ok"]
        doubtful = [a for a in state.attempts.values() if a.panel == id and not a.sent]
        if times > 1 + len(ended) + len(doubtful):
            raise Broken(f"{id} was asked for {times} times without cause")
