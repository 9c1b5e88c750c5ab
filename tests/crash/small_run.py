"""A small run of the real engine on a machine that can crash, and what must hold on every disk a crash leaves."""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import trio
import trio.testing

from core import events as ev
from core.commands import ChooseTake, Pause, RejectPanels, Resume, Stop
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.fold import fold
from core.offload import inline
from core.pictures import inspect
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.state import PanelStatus, RunState
from core.store.disk import Disk, is_part
from core.store.folder import FOLDER
from core.store.store import Store
from tests.crash.machine import Image, Inode, Machine
from tests.simulation.invariants import Broken
from tests.simulation.night import EPOCH, FOLDER_OF_NIGHT, _measure, project_of
from tests.simulation.plan import Plan
from tests.simulation.site import Conversation, SimulatedProcessor, SimulatedSite

JOURNAL = FOLDER_OF_NIGHT / FOLDER / "journal.jsonl"


def seconds() -> float:
    return EPOCH + trio.current_time()


@dataclass
class Told:
    """What the run had been promised, and had promised the world, when the crash came."""

    durable: int  #: every record up to this number had been reported as on disk
    sends: tuple[tuple[str, str], ...]  #: panel and conversation of every prompt the site had accepted


@dataclass
class SmallRun:
    """One life of the engine on ``machine``; ``crashed`` is called with each disk a crash may leave."""

    panels: int = 4
    tabs: int = 2
    cuts: Callable[[int], Iterator[int]] = lambda n: iter(sorted({0, 1, n // 2, n - 1} - {n}))
    records: list[ev.Record] = field(default_factory=list)
    durable: int = 0
    calls: int = 0
    on_crash: Callable[[Image, Told], None] | None = None

    def __post_init__(self) -> None:
        self.machine = Machine()
        self._news = trio.Event()
        self.plan = Plan(seed=5, panels=self.panels, tabs=self.tabs, latency=8.0)
        self.site = SimulatedSite(random.Random(5), self.plan.latency)

    def play(self) -> RunState:
        """Run to the end."""
        if self.on_crash is not None:
            self.machine.watch = self._at_a_call
            self.machine.torn = self._in_a_write
        return trio.run(self._live, clock=trio.testing.MockClock(autojump_threshold=0))

    async def _live(self) -> RunState:
        store = Store.open(FOLDER_OF_NIGHT, disk=Disk(self.machine), offload=inline, wall=seconds, locked=False)
        self._listen(store)
        engine = new_engine(self.plan, store, self.site, linger=True)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._person, engine)
            with trio.fail_after(3600.0):
                await engine.run()
            nursery.cancel_scope.cancel()
        return engine.state

    async def _person(self, engine: Engine) -> None:
        """Pauses once, has the first panel drawn again, likes the first take better after all, and leaves."""
        first = f"ch01-p{1:04d}"
        await trio.sleep(6.0)
        await engine.send(Pause())
        await trio.sleep(30.0)
        while engine.state.phase in ("pausing", "paused"):
            await engine.send(Resume())  # refused while the disk fails
            await trio.sleep(10.0)
        await self._until(lambda: engine.state.panels[first].status is PanelStatus.FINISHED)
        await engine.send(RejectPanels((first,)))
        await self._until(lambda: engine.state.phase == "done")
        await engine.send(ChooseTake(first, 0))
        await self._until(lambda: engine.state.panels[first].chosen == 0)
        await engine.send(Stop())

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self._news.wait()
            self._news = trio.Event()

    def _listen(self, store: Store) -> None:
        append, commit = store.append, store.commit

        def heard(event: ev.AnyEvent) -> ev.Record:
            record = append(event)
            self.records.append(record)
            self._news.set()
            return record

        async def committed() -> None:
            upto = len(self.records)
            await commit()
            self.durable = max(self.durable, upto)

        store.append, store.commit = heard, committed  # type: ignore[method-assign]

    # --- the crash ---

    def _told(self) -> Told:
        return Told(self.durable, tuple((c.panel, url) for url, c in self.site.conversations.items()))

    def _at_a_call(self, call: str) -> None:
        assert self.on_crash is not None
        self.calls += 1
        told = self._told()
        self.on_crash(self.machine.image(), told)
        for image in self.machine.after_power_cut(self.cuts):
            self.on_crash(image, told)

    def _in_a_write(self, inode: Inode, at: int, data: bytes) -> None:
        """Killed in the middle of a write: some of its bytes came."""
        assert self.on_crash is not None
        path = next(path for path, node in self.machine.names.items() if node is inode)
        before, told = self.machine.image(), self._told()
        for came in self.cuts(len(data)):
            self.on_crash({**before, path: before[path][:at] + data[:came]}, told)


def new_engine(plan: Plan, store: Store, site: SimulatedSite, **more: Any) -> Engine:
    return Engine(
        project_of(plan),
        store,
        SimulatedProcessor(site),
        EngineSettings("simulated", "simulated", PoolSettings(tabs=plan.tabs), timeout=plan.latency * 10, **more),
        judge=MemoryJudge(16 * 2**30),
        measure=_measure,
        wall=seconds,
        offload=inline,
        seed=plan.seed,
    )


def check(image: Image, told: Told, records: list[ev.Record]) -> RunState:
    """Recover on ``image``; raises Broken where a promise does not hold."""
    machine = Machine(image)
    store = Store.open(FOLDER_OF_NIGHT, disk=Disk(machine), offload=inline, wall=lambda: EPOCH, locked=False)
    state = store.state
    if state.seq < told.durable:
        raise Broken(f"records {state.seq + 1} to {told.durable} were durable and are gone")
    if "missing" not in str(store.recovery.repairs) and state != fold(records[: state.seq]):
        raise Broken(f"the state after record {state.seq} is not the fold of what happened")
    for id, panel in fold(records[: told.durable]).panels.items():
        if panel.take is not None and panel.take.sha256 not in _on_disk(machine, state, id):
            raise Broken(f"the picture of {id} was on disk and is gone")
    for id, panel in state.panels.items():
        if panel.status is PanelStatus.FINISHED:
            _whole(machine, state, id)
    for panel, _ in told.sends:
        if not state.panels[panel].attempts:
            raise Broken(f"{panel} was asked for before its intent was on disk")
    for path, data in machine.image().items():
        if path.suffix == ".png" and not is_part(path.name):
            inspect(data)
    again = Store.open(FOLDER_OF_NIGHT, disk=Disk(machine), offload=inline, wall=lambda: EPOCH, locked=False)
    if again.state != state:
        raise Broken("a second recovery finds another state")
    return state


def _on_disk(machine: Machine, state: RunState, id: str) -> set[str]:
    """The checksums of the panel's pictures that are where the state says."""
    found = (machine.read(FOLDER_OF_NIGHT / take.file) for take in state.panels[id].takes)
    return {hashlib.sha256(data).hexdigest() for data in found if data is not None}


def _whole(machine: Machine, state: RunState, id: str) -> None:
    panel = state.panels[id]
    if panel.status is not PanelStatus.FINISHED or panel.take is None:
        raise Broken(f"{id} was finished and is {panel.status}")
    data = machine.read(FOLDER_OF_NIGHT / panel.take.file)
    if data is None or hashlib.sha256(data).hexdigest() != panel.take.sha256:
        raise Broken(f"the picture of {id} is not on disk as journaled")


def go_on(
    image: Image, told: Told, run: SmallRun, look: Callable[[Machine, RunState], None] = lambda machine, state: None
) -> int:
    """Start again on ``image`` with the site as it was, and draw to the end. Returns how many were asked twice.

    ``look`` sees what is on disk at the end.
    """
    before = check(image, told, run.records)
    site = SimulatedSite(random.Random(6), run.plan.latency)
    for panel, url in told.sends:
        site.conversations[url] = Conversation(panel, 0.0, run.site.conversations[url].picture)
    site.sends = [0.0] * len(told.sends)  # so that new conversations get new names
    machine = Machine(image)

    async def live() -> RunState:
        store = Store.open(FOLDER_OF_NIGHT, disk=Disk(machine), offload=inline, wall=seconds, locked=False)
        engine = new_engine(run.plan, store, site)
        engine.subscribe(Mailbox(lambda: None))
        with trio.fail_after(3600.0):
            await engine.run()
        return engine.state

    state = trio.run(live, clock=trio.testing.MockClock(autojump_threshold=0))
    if any(panel.status is not PanelStatus.FINISHED for panel in state.panels.values()):
        raise Broken(f"not drawn to the end: {state.counts()}")
    if len(state.panels) != run.panels:
        raise Broken(f"{len(state.panels)} panels of {run.panels}")
    look(machine, state)
    twice = 0
    known = {attempt.conversation for attempt in before.attempts.values() if attempt.sent}
    for id in state.panels:
        _whole(machine, state, id)
        if not site.asked.get(id):
            continue
        panel = before.panels.get(id)
        if panel is not None and panel.status is PanelStatus.FINISHED:
            raise Broken(f"{id} was finished and was asked for again")
        unknown = [url for name, url in told.sends if name == id and url not in known]
        if panel is not None and panel.attempt and before.attempts[panel.attempt].sent:
            raise Broken(f"{id} was asked for again though its conversation was known")
        twice += bool(unknown)
    return twice
