"""The engine: queue, pool, pacing and store put together. Commands in, events out.

Pure anyio: it runs under asyncio in the real program and under trio with a mock clock in simulations.
"""

import os
import random
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

import anyio
import anyio.abc
import msgspec

from core import commands as cmd
from core import events as ev
from core.engine.afterwards import Afterwards
from core.engine.attempts import Attempts
from core.engine.beside import Beside
from core.engine.bus import Bus, Mailbox
from core.engine.clock import RunClock
from core.engine.commander import Commander
from core.engine.custody import Custody
from core.engine.desk import Desk
from core.engine.doubting import Doubting
from core.engine.recorder import Recorder
from core.engine.reloading import Edits, Reloader
from core.engine.resume import resume
from core.engine.scheduler import Scheduler
from core.engine.settings import EngineSettings
from core.engine.sidecars import Sidecars
from core.engine.takes import TakeKeeper
from core.engine.upkeep import Upkeep
from core.offload import Offload, in_thread
from core.outcomes import Cause, RunBlocked
from core.pacing.governor import Governor
from core.pacing.memory import PacingMemory
from core.pool.keeper import MeasureSurroundings, MemoryKeeper
from core.pool.memory import MemoryJudge
from core.pool.pool import Pool
from core.pool.sizer import Sizer
from core.processors.base import Processor
from core.processors.post import PostProcessor
from core.project import Project
from core.state import RunState, Take
from core.store.disk import DiskError
from core.store.store import Store

ESTIMATING = "estimating how long it takes"
AFTERWARDS = "what is done with pictures afterwards"
DOUBTING = "looking for doubtful pictures"
SIDECARS = "writing beside each picture what made it"


class Engine:
    """One run of one project.

    Args:
        project: what to draw.
        store: open, recovered and locked; the engine closes it.
        processor: how a panel becomes a picture; entered and left by the engine.
        settings: times, sizes, names.
        judge: what memory allows.
        measure: how the memory around the processor is measured.
        wall: the wall clock, seconds since the epoch.
        offload: where blocking work runs.
        postprocessors: what finished pictures go through afterwards, by name.
        seed: of every random choice (back-off jitter).
        edits: where edits of the script come from while it runs; None: they count from the next run.
    """

    def __init__(
        self,
        project: Project,
        store: Store,
        processor: Processor,
        settings: EngineSettings,
        *,
        judge: MemoryJudge,
        measure: MeasureSurroundings,
        wall: Callable[[], float] = time.time,
        offload: Offload = in_thread,
        postprocessors: Mapping[str, PostProcessor] | None = None,
        seed: int | None = None,
        edits: Edits | None = None,
    ) -> None:
        self._project, self._store, self._processor, self._settings = project, store, processor, settings
        self._judge, self._measure, self._wall, self._offload = judge, measure, wall, offload
        self._postprocessors = postprocessors or {}
        self._rng, self._edits = random.Random(seed), edits
        self._bus = Bus()
        self._recorder = Recorder(store, self._bus, self._disk_failed)
        self._desk: Desk | None = None
        self._commander: Commander | None = None
        self._stop_at_once = False
        self._left = False
        self._early: list[cmd.ReportTerminal] = []

    @property
    def state(self) -> RunState:
        """The live state. Read it on the engine's own event loop only."""
        return self._recorder.state

    @property
    def folder(self) -> Path:
        """The project's."""
        return self._project.folder

    async def run(self, *, task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> ev.RunResult:
        """Draw until everything is drawn (for ever, if it lingers) or until told to stop; started once it obeys."""
        try:
            return await self._run(task_status)
        finally:
            self._left = True
            self._bus.close()  # whatever ended it: nobody waits for more

    async def _run(self, task_status: anyio.abc.TaskStatus[None]) -> ev.RunResult:
        desk = self._desk = self._new_desk()
        takes = TakeKeeper(desk)
        upkeep, custody = Upkeep(desk), Custody(desk)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._leave, upkeep)
            processor = await stack.enter_async_context(self._processor)
            pool = Pool(processor, self.state, desk.emit, self._settings.pool, poke=desk.poke, blocked=desk.block)
            keeper = MemoryKeeper(pool, self._judge, self._measure, desk.emit, desk.poke)
            desk.on_paused.append(lambda: self._leave_to_the_person(pool))
            desk.on_work.append(pool.unpark)
            desk.on_resume += [pool.allow_openings, pool.unpark, desk.governor.on_resumed]
            async with anyio.create_task_group() as group:
                self._commander = Commander(desk, pool, takes, group)
                for mending in (upkeep.flush, custody.mend):
                    group.start_soon(mending)
                self._begin(desk)
                if self._stop_at_once:
                    desk.stop()
                await resume(desk, self._project, self._offload)
                for report in self._early:
                    self._commander.obey(report)
                task_status.started()
                if desk.queue.is_empty():
                    pool.park()
                await group.start(pool.run)
                afterwards = Afterwards(desk, self._postprocessors)
                doubting = Doubting(desk)
                sidecars = Sidecars(desk)
                beside = Beside(desk, self.folder)
                for loop in (upkeep.checkpoints, upkeep.life_signs, keeper.run, custody.verify):
                    group.start_soon(loop)
                for what, loop in (
                    (ESTIMATING, upkeep.estimates),
                    (AFTERWARDS, afterwards.run),
                    (DOUBTING, doubting.run),
                    (SIDECARS, sidecars.run),
                ):
                    group.start_soon(beside.run, what, loop)
                if self._settings.pool.auto is not None:
                    group.start_soon(Sizer(pool, self._settings.pool.auto, self.state, desk.queue.holds).run)
                if self._edits is not None:
                    group.start_soon(Reloader(desk, self._edits).run)
                await Scheduler(desk, pool, keeper, Attempts(desk, pool, takes)).run(group)
                if self.state.phase == "done":
                    await beside.run(AFTERWARDS, afterwards.catch_up)
                    await beside.run(DOUBTING, doubting.catch_up)
                await beside.run(SIDECARS, sidecars.catch_up)
                group.cancel_scope.cancel()
            self._left = True  # what is asked for while the browser is closed would be lost or half done
        return self.state.result or "stopped"

    def _new_desk(self) -> Desk:
        clock = RunClock(self._wall)
        governor = Governor(self._settings.account, self._remembered(), self._rng)
        governor.recall(attempt.started for attempt in self.state.attempts.values() if attempt.sent)
        return Desk(
            recorder=self._recorder,
            governor=governor,
            clock=clock,
            settings=self._settings,
            panels={panel.id: panel for panel in self._project.panels},
            offload=self._offload,
        )

    def _remembered(self) -> PacingMemory | None:
        """What earlier runs have learned of the site's limits; None where another version wrote it otherwise."""
        known = self.state.learned.get(self._settings.account)
        try:
            return None if known is None else msgspec.convert(known, PacingMemory)
        except msgspec.ValidationError:
            return None

    def _begin(self, desk: Desk) -> None:
        desk.emit(
            ev.RunStarted(
                self.state.run + 1,
                os.getpid(),
                socket.gethostname(),
                self._settings.site,
                self._settings.account,
                self._settings.pool.tabs,
            )
        )
        desk.emit(self._store.recovery)
        if self._settings.start_paused:
            desk.pause(Cause.PERSON, "this project starts paused; press space to go on")

    def _leave_to_the_person(self, pool: Pool) -> None:
        """Whoever has to sign in, or to answer the site, needs the browser profile that the tabs use."""
        if self.state.cause in (Cause.LOGIN, Cause.HUMAN):
            pool.park()

    async def _leave(self, upkeep: Upkeep) -> None:
        """Whatever ends the run: the last word, the last checkpoint, and the lock is given back."""
        with anyio.CancelScope(shield=True):
            desk = self._desk
            assert desk is not None
            if desk.governor.changed:
                desk.emit(desk.learned())
            desk.emit(ev.RunEnded(self.state.result or "stopped"))
            self._left = True
            try:
                await self._store.commit()
                await self._store.checkpoint(self.state)
            except DiskError as error:
                desk.emit(ev.Noticed("error", str(error)))
                desk.recorder.disk_failed(error)
                await desk.recorder.last_words()
            await self._store.close()

    def _disk_failed(self, error: DiskError) -> None:
        if self._desk is not None:
            self._desk.block(RunBlocked(Cause.DISK, f"{error}; the run goes on by itself once it can be written"))

    # --- for whoever watches and steers; call these on the engine's own event loop ---

    def subscribe(self, mailbox: Mailbox) -> bytes:
        """Every record from now on goes to ``mailbox``; returns the state before them (MessagePack of RunState)."""
        self.listen(mailbox)
        return self.snapshot()[1]

    def listen(self, mailbox: Mailbox) -> int:
        """Every record from now on goes to ``mailbox``; returns the number of the last one before them."""
        self._bus.add(mailbox)
        return self.state.seq

    def snapshot(self) -> tuple[int, bytes]:
        """The state as MessagePack, and the number of the last record in it."""
        return self.state.seq, msgspec.msgpack.encode(self.state)

    def left(self) -> int:
        """Panels that are still to be drawn, as the estimate counts them."""
        return 0 if self._desk is None else self._desk.left()

    def take(self, panel: str, index: int | None) -> Take | None:
        """A take of a panel (None: the chosen one), None where there is no such take."""
        found = self.state.panels.get(panel)
        if found is None or index is None:
            return None if found is None else found.take
        return found.takes[index] if 0 <= index < len(found.takes) else None

    def note(self, level: Literal["info", "warning", "error"], text: str) -> None:
        """A line for the log from somebody beside the engine; lost where the run is over."""
        if not self._left:
            self._recorder.emit(ev.Noticed(level, text))

    def unsubscribe(self, mailbox: Mailbox) -> None:
        self._bus.remove(mailbox)

    async def send(self, command: cmd.AnyCommand, by: str = "screen") -> cmd.Reply:
        """Obey ``command``; before the run has begun there is nobody to obey it, and nobody after it has ended."""
        if self._left:
            return cmd.Reply(False, "The run has ended.")
        if self._commander is None:
            if isinstance(command, cmd.Stop):
                self._stop_at_once = True
                return cmd.Reply(True, "Leaving.")
            if isinstance(command, cmd.ReportTerminal):
                self._early.append(command)
                return cmd.Reply(True, "Going on without a screen.")
            return cmd.Reply(False, "The run is still opening; try again in a moment.")
        return self._commander.obey(command, by)
