"""A simulated night: the real engine, queue, pool, pacing, ETA and store under trio's mock clock.

Deterministic from its seed. The process is killed at random moments, in the middle of a write too, and started again
on what its disk kept; the site outside goes on. Invariants are checked at every event (``invariants``).
"""

import random
from dataclasses import dataclass
from pathlib import Path

import trio

from core.commands import Resume
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.eta import panels_left
from core.fold import fold
from core.offload import inline
from core.outcomes import Cause
from core.pool.measure import Surroundings
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.project import Config, PanelSpec, Project
from core.scripts.model import Script, ScriptChapter
from core.state import RunState
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.store import Store
from tests.simulation.clock import LeapingClock
from tests.simulation.disk import MemoryDisk
from tests.simulation.invariants import Broken, Watcher, check_end, same
from tests.simulation.plan import Plan
from tests.simulation.site import SimulatedProcessor, SimulatedSite

EPOCH = 1_800_000_000.0
"""The wall clock at the start of every night."""

FOLDER_OF_NIGHT = Path("/night")

TOO_LONG = 14 * 86_400.0
"""Simulated seconds after which a night that has not ended never will."""

COMPARE = 5_000
"""Records between two comparisons of the engine's whole state with the fold of what it has told."""


@dataclass
class Report:
    """What a night came to."""

    plan: Plan
    state: RunState
    site: SimulatedSite
    seconds: float
    records: int
    lives: int


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
        self._rng = random.Random(plan.seed + 1_000_000)  # of what happens to us, not to the site
        refuses = frozenset(f"ch01-p{n:04d}" for n in rng.sample(range(1, plan.panels + 1), plan.refuses))
        self.site = SimulatedSite(rng, plan.latency, chances=plan.chances, windows=plan.windows, refuses=refuses)
        self.disk = MemoryDisk()
        self.lives = 0
        self.records = 0

    def play(self) -> Report:
        """Run the whole night; raises Broken (perhaps in an ExceptionGroup) where an invariant does not hold."""
        # Trio runs what is due at one moment in random order; here it is random by the seed.
        trio._core._run._ALLOW_DETERMINISTIC_SCHEDULING = True
        trio._core._run._r.seed(self.plan.seed)
        state, seconds = trio.run(self._live_until_done, clock=LeapingClock())
        check_end(self.plan, state, self.site)
        return Report(self.plan, state, self.site, seconds, self.records, self.lives)

    def _wall(self) -> float:
        now = trio.current_time()
        return EPOCH + now + (sum(by for at, by in self.plan.jumps.items() if at <= now) if self.plan.jumps else 0.0)

    def _on_disk(self) -> RunState:
        return fold(Journal(self.disk, FOLDER_OF_NIGHT / FOLDER).records())

    async def _live_until_done(self) -> tuple[RunState, float]:
        """All lives; the state at the end and the simulated seconds it took."""
        started = trio.current_time()
        kills = [started + seconds for seconds in self.plan.kills]
        state = RunState()
        with trio.move_on_after(TOO_LONG) as limit:
            while True:
                self.lives += 1
                state, done = await self._one_life(state, kills.pop(0) if kills else None)
                if done:
                    break
        if limit.cancelled_caught:
            raise Broken(f"the night does not end: {state.counts()}")
        return state, trio.current_time() - started

    async def _one_life(self, durable: RunState, until: float | None) -> tuple[RunState, bool]:
        """One process, killed at ``until`` unless it is done before; what is durable then, and whether it is done."""
        plan = self.plan
        store = Store.open(FOLDER_OF_NIGHT, disk=self.disk, offload=inline, wall=self._wall, locked=False)
        same(durable, store.state, "recovery")
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
        watcher = Watcher(plan, durable)

        def look() -> None:
            for record in mailbox.drain():
                if not self.disk.frozen:
                    watcher.see(record)
                    if watcher.records % COMPARE == 0:
                        same(watcher.state, engine.state, "the live state")

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
                self.disk.freeze(torn=self._rng.random() if self._rng.random() < 0.5 else 0.0)
                nursery.cancel_scope.cancel()
        self.records += watcher.records
        self.disk = self.disk.survivors()
        state = self._on_disk()
        if finished:
            same(watcher.state, state, "the journal's fold")
        return state, finished

    async def _person(self, engine: Engine, watcher: Watcher) -> None:
        """Signs in again and presses space, now and then."""
        while True:
            await trio.sleep(180.0)
            watcher.look_at_pool(trio.current_time())
            if engine.left() != (left := panels_left(engine.state)):
                raise Broken(f"{engine.left()} panels are left for the estimate, {left} in the book")
            if watcher.state.phase == "paused":
                self.site.signed_in = True
                if watcher.state.cause in (Cause.LOGIN, Cause.FAULTS, Cause.BROWSER):
                    await engine.send(Resume())


async def _measure() -> Surroundings:
    return Surroundings(own=2**26, available=8 * 2**30)
