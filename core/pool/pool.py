"""The pool: N tabs, each tended by one task of its own, opened, replaced and closed as needed.

Measure, judge, act: workers and ``measure`` measure, ``health`` and ``memory`` judge, this module acts.
"""

from collections.abc import Callable

import anyio
import anyio.abc
import msgspec

from core import events as ev
from core.outcomes import AttemptError, Cause, Fault, NoRoom, RunBlocked, TabLost
from core.pool import health
from core.pool.tab import Tab
from core.processors.base import Processor, Worker
from core.state import RunState, TabState

Emit = Callable[[ev.Event], object]


class PoolSettings(msgspec.Struct, frozen=True):
    """Times in seconds."""

    tabs: int = 5  #: to begin with
    auto: int | None = None  #: find the best number by trying, up to this one; None keeps ``tabs``
    heartbeat: float = 15.0  #: within which a page that hangs is found: a heartbeat and the wait for its answer
    patience: float = 5.0  #: a page that takes longer to answer is hung
    pictures_per_tab: int = 100  #: then its page is replaced, before it grows fat
    open_timeout: float = 60.0
    open_failures: int = 5  #: so many pages in a row that cannot be opened pause the run
    slowest_reopening: float = 60.0


class Pool:
    """Owns the tabs. ``poke`` is called whenever a tab may have become idle; ``blocked`` when nothing can be opened."""

    def __init__(
        self,
        processor: Processor,
        state: RunState,
        emit: Emit,
        settings: PoolSettings,
        *,
        poke: Callable[[], None],
        blocked: Callable[[RunBlocked], None],
    ) -> None:
        self.processor, self.state, self.settings = processor, state, settings
        self.tabs: dict[str, Tab] = {}
        self.wanted = settings.tabs
        self.limit: int | None = None
        self.chosen = settings.auto is None  #: a person said how many
        self.fits: Callable[[], bool] = lambda: True  #: whether there is memory for one more page
        self.completed = 0  #: pictures drawn by all tabs, those that are closed by now included
        self._emit, self._poke, self._blocked = emit, poke, blocked
        self._group: anyio.abc.TaskGroup | None = None
        self._open = anyio.Event()  # set while pages may be opened
        self._open.set()
        self._parked = False
        self._failed_openings = 0

    # --- size ---

    async def run(self, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        """Tend the tabs until cancelled; every page is closed when this returns."""
        async with anyio.create_task_group() as group:
            self._group = group
            self._adjust()
            task_status.started()
            await anyio.sleep_forever()

    def resize(self, tabs: int, why: str) -> None:
        """Use ``tabs`` tabs from now on."""
        self.wanted = tabs
        self._resized(why)

    def set_limit(self, limit: int | None, why: str) -> None:
        """Never use more than ``limit`` tabs, whatever is wanted; None lifts it."""
        if limit != self.limit:
            self.limit = limit
            self._resized(why)

    def _resized(self, why: str) -> None:
        self._emit(ev.PoolResized(self.wanted, why, self.limit))
        self._adjust()

    def park(self) -> None:
        """Close every tab: there is nothing to do."""
        self._parked = True
        self._adjust()

    def unpark(self) -> None:
        self._parked = False
        self._adjust()

    def hold_openings(self) -> None:
        """Open no more pages until ``allow_openings`` (the run is paused because they cannot be opened)."""
        self._open = anyio.Event()

    def allow_openings(self) -> None:
        self._failed_openings = 0
        self._open.set()

    @property
    def target(self) -> int:
        """How many tabs there should be now: as wanted, as memory allows, none while parked."""
        return 0 if self._parked else min(self.wanted, self.limit or self.wanted)

    @property
    def places(self) -> int:
        """Tabs that have a page, or whose page is being opened or replaced."""
        return sum(tab.admitted for tab in self.tabs.values())

    def let_in(self) -> None:
        """Open pages that wait for memory, as many as fit. One tab may always work."""
        for tab in self.tabs.values():
            if not tab.admitted and (not self.places or self.fits()):
                tab.admission.set()

    def _adjust(self) -> None:
        if self._group is None:
            return
        staying = [tab for tab in self.tabs.values() if not tab.retired]
        for _ in range(self.target - len(staying)):
            number = next(n for n in range(1, len(self.tabs) + 2) if f"t{n}" not in self.tabs)
            tab = self.tabs[f"t{number}"] = Tab(f"t{number}")
            self._group.start_soon(self._tend, tab, name=tab.id)
        self.let_in()
        leaving = sorted(staying, key=lambda tab: (tab.busy, tab.worker is not None, self.health(tab)))
        for tab in leaving[: max(0, len(staying) - self.target)]:
            tab.retire()

    # --- choice ---

    def idle(self) -> list[Tab]:
        """Tabs that can take a panel now, the healthiest first."""
        return sorted((tab for tab in self.tabs.values() if tab.idle), key=lambda tab: (-self.health(tab), tab.id))

    def health(self, tab: Tab) -> int:
        """0 (replace it) to 100 (as good as new)."""
        record = self.state.tabs.get(tab.id) or TabState(tab.id)
        return health.score(record, tab.seconds_silent() if tab.worker else 0.0, self.settings.heartbeat)

    # --- faults and rest ---

    def lose(self, tab: Tab, lost: TabLost) -> None:
        """The tab's worker is gone or useless: end its attempt and replace it. Told once for each worker."""
        if tab.lost is not None or tab.worker is None:
            return
        tab.lost = lost
        tab.deaths_in_a_row += 1
        self._emit(ev.TabFaulted(tab.id, lost.fault, lost.sentence, tab.seconds_silent()))
        tab.interrupt()
        tab.leave.set()

    def recycle(self, tab: Tab, why: str, *, afresh: bool = False) -> None:
        """Replace the tab's page by a new one at its next idle moment; ``afresh``: in a new conversation.

        A conversation of many pictures is as heavy in a new page as it was in the old one.
        """
        tab.afresh = tab.afresh or afresh
        if not tab.recycle_why:
            tab.recycle_why = why
            tab.ask_to_leave()

    def rest(self, tab: Tab, seconds: float, why: str) -> None:
        """Give the tab nothing for a while."""
        if self._group is not None and not tab.resting:
            tab.resting = True
            self._emit(ev.TabChanged(tab.id, "cooling", self.health(tab), why))
            self._group.start_soon(self._rest, tab, tab.generation, seconds)

    async def _rest(self, tab: Tab, generation: int, seconds: float) -> None:
        with anyio.move_on_after(seconds):
            await tab.leave.wait()
        tab.resting = False
        if tab.generation == generation and not tab.leave.is_set():
            self._emit(ev.TabChanged(tab.id, "idle", self.health(tab)))
        self._poke()

    def after_attempt(self, tab: Tab) -> None:
        """An attempt on this tab ended: replace the page if it is due, and let it take the next panel."""
        if tab.lost is None and not tab.recycle_why:
            if tab.pictures >= self.settings.pictures_per_tab:
                self.recycle(tab, f"planned after {tab.pictures} pictures")
            elif self.health(tab) < health.SICK:
                self.recycle(tab, f"health {self.health(tab)}")
        tab.end()
        self._poke()

    # --- one tab's life ---

    async def _tend(self, tab: Tab) -> None:
        """Open the tab's page, keep it, replace it, until the tab is retired."""
        try:
            repairing: tuple[Fault, float] | None = None
            while not tab.retired:
                worker = await self._opened(tab)
                if worker is None:
                    continue
                try:
                    tab.born(worker)
                    self._emit(ev.TabOpened(tab.id, worker.endpoint, tab.generation))
                    if repairing is not None:
                        fault, since = repairing
                        self._emit(ev.TabRepaired(tab.id, fault, anyio.current_time() - since))
                    self._poke()
                    await self._keep(tab)
                finally:
                    tab.worker = None
                    with anyio.CancelScope(shield=True):
                        await worker.close()
                repairing = None if tab.lost is None else (tab.lost.fault, anyio.current_time())
                await tab.wait_free()
        finally:
            del self.tabs[tab.id]
            self.let_in()
            self._emit(ev.TabClosed(tab.id, "no longer needed" if tab.retired and not self._parked else ""))
            self._poke()

    async def _opened(self, tab: Tab) -> Worker | None:
        """A new worker, or None where it could not be opened this time (the tab has waited for it)."""
        await self._open.wait()
        if not tab.admitted:
            self._emit(ev.TabChanged(tab.id, "cooling", 100, "there is no memory for its page yet"))
            await tab.admission.wait()
        if tab.retired:
            return None
        if not tab.room_told:
            phase: ev.TabPhase = "recycling" if tab.recycle_why else "opening"
            self._emit(ev.TabChanged(tab.id, phase, 100, tab.recycle_why))
        await self._rest_before_opening(tab)
        try:
            with anyio.fail_after(self.settings.open_timeout):
                worker = await self.processor.open_worker()
        except NoRoom as error:
            await self._wait_for_room(tab, error)
            return None
        except RunBlocked as error:
            self._give_up_opening(tab, error)
            return None
        except (TabLost, AttemptError, TimeoutError) as error:
            tab.deaths_in_a_row += 1
            self._failed_openings += 1
            sentence = str(error) or f"no page within {self.settings.open_timeout:.0f} s"
            self._emit(ev.TabChanged(tab.id, "dead", 0, sentence))
            if self._failed_openings >= self.settings.open_failures:
                self._give_up_opening(
                    tab, RunBlocked(Cause.BROWSER, f"No tab can be opened: {sentence}", retry_after=60.0)
                )
            return None
        self._failed_openings = 0
        tab.room_told = ""
        return worker

    async def _wait_for_room(self, tab: Tab, error: NoRoom) -> None:
        """The browsers that are there are full, or lost: wait with the others until one has room."""
        if tab.room_told != error.sentence:
            tab.room_told = error.sentence
            self._emit(ev.TabChanged(tab.id, "cooling", 100, error.sentence))
        with anyio.move_on_after(error.retry_after):
            await tab.dismissed.wait()

    async def _rest_before_opening(self, tab: Tab) -> None:
        """At once the first time, then longer and longer for a tab that keeps dying."""
        if tab.deaths_in_a_row > 1:
            with anyio.move_on_after(min(2.0 ** (tab.deaths_in_a_row - 2), self.settings.slowest_reopening)):
                await tab.dismissed.wait()

    def _give_up_opening(self, tab: Tab, error: RunBlocked) -> None:
        self._emit(ev.TabChanged(tab.id, "dead", 0, error.sentence))
        if self._open.is_set():
            self.hold_openings()
            self._blocked(error)

    async def _keep(self, tab: Tab) -> None:
        """Heartbeats, until the tab has to leave."""
        heartbeat, patience = self.settings.heartbeat, self.settings.patience
        between = max(heartbeat / 2, heartbeat - patience)
        while not tab.leave.is_set():
            with anyio.move_on_after(between):
                await tab.leave.wait()
                return
            await self._beat(tab)

    async def _beat(self, tab: Tab) -> None:
        assert tab.worker is not None
        try:
            with anyio.fail_after(self.settings.patience):
                pulse = await tab.worker.pulse()
        except TimeoutError:
            self.lose(tab, TabLost(Fault.HUNG, f"the page gave no answer for {self.settings.patience:.0f} s"))
        except TabLost as lost:
            self.lose(tab, lost)
        except RunBlocked as error:
            self._blocked(error)
        except AttemptError:
            tab.alive()  # it answers, if only to complain; the next attempt will hear it
        else:
            tab.alive()
            memory = pulse.memory or tab.memory
            self._emit(ev.TabPulse(tab.id, pulse.latency, self.health(tab), memory))
