"""The figures of a run, folded from its events.

``Metrics`` is plain data inside the state: it goes into every checkpoint, so it is bounded whatever the size
of the book, and folding a record costs about a microsecond, since recovery folds a million of them.

Active time is what rates are measured in: the time between records while a run is on (from ``RunStarted`` or
``RunResumed`` to ``RunPaused``, ``RunDone`` or ``RunEnded``; «pausing» still counts, pictures are being
finished). Pauses and the time between runs do not count; waits for a limit do. A gap of more than ``GAP``
between two records (a machine asleep, a clock that was set) counts as ``GAP``.
"""

import msgspec

from core import events as ev
from core.outcomes import Outcome

GAP = 300.0
"""Seconds of active time that one gap between records can add at most."""

SLOT = 10.0
"""Seconds of active time in one slot of the recent finishes."""

SLOTS = 60
"""Slots the recent rate looks back: ten minutes."""

SETTLED = 240
"""How many of the latest settled panels (and picture times) are kept for the ETA."""

_NOT_JUDGED = frozenset(
    {Outcome.QUOTA, Outcome.RATE, Outcome.THROTTLE, Outcome.LOGIN, Outcome.HUMAN, Outcome.WITHDRAWN}
)
"""Outcomes that say nothing about how drawing goes: limits, sign-in, and what was never sent."""


class Figures(msgspec.Struct, frozen=True):
    """The nine figures. None means that nothing has been measured yet; a 0 is a measured nothing."""

    images_per_minute: float | None
    """Pictures finished per minute of active time over the latest ten active minutes (over all active time
    while that is shorter). Harvested pictures count. None before the first second of active time."""

    average_generation_seconds: float | None
    """Mean seconds from the send to the picture in hand, over all finished pictures that were not harvested
    (a harvested one includes the time nobody looked). None before the first such picture."""

    parallel_efficiency: float | None
    """Share (0 to 1) of the tabs' active time spent on attempts: seconds of attempts under way, summed over
    tabs, divided by the active seconds times the tabs wanted (or allowed by memory, where fewer) at the time.
    Waits for limits, dead tabs and idle tabs all lower it. None before the first such second."""

    success_rate: float | None
    """Pictures finished divided by all attempts judged (0 to 1). Judged are finished ones and those that ended
    retryable, refused, soft-refused, chat-full or lost; limits, sign-ins, challenges and withdrawn attempts say
    nothing about drawing and do not count, nor do attempts still in doubt. None before the first."""

    recovery_success_rate: float | None
    """Recoveries that succeeded divided by all that are decided (0 to 1). Three kinds count alike. A process
    that starts after one that did not end in order: succeeded with the first picture or orderly end after it,
    failed if the next process finds the same again first. A tab something befell: succeeded when repaired,
    failed when closed or hit again before. An attempt in doubt: succeeded when its picture was harvested, failed
    when it was lost. None before the first is decided."""

    memory_peak_bytes: int
    """Most bytes ever measured in use (browser processes and our own). 0 before the first measurement."""

    max_concurrent_operations: int
    """Most attempts (drawing or harvesting) ever under way at once. 0 before the first."""

    largest_successful_batch: int
    """Most pictures finished in a row with no judged attempt failing between them. 0 before the first."""

    longest_operation_seconds: float
    """Seconds of the longest attempt that ended: a picture's generation (harvested ones excepted) or a failed
    attempt from start to end, limits included. 0 before the first."""


class TabFigures(msgspec.Struct):
    """One tab over all runs, by its name. Seconds are of active time."""

    completed: int = 0  #: pictures, harvested ones included
    errors: int = 0  #: judged attempts that failed, and faults of the tab
    seconds: float = 0.0  #: sum of generation seconds
    timed: int = 0  #: pictures in that sum
    busy: float = 0.0  #: seconds with an attempt under way
    open: float = 0.0  #: seconds it was there

    @property
    def average_seconds(self) -> float | None:
        """Mean seconds of a picture; None before the first."""
        return self.seconds / self.timed if self.timed else None

    @property
    def busy_fraction(self) -> float | None:
        """Busy seconds by open seconds, 0 to 1; None before the first."""
        return min(1.0, self.busy / self.open) if self.open > 0 else None


class Moment(msgspec.Struct, array_like=True):
    """One step of the series over time, for charts and export."""

    at: float  #: its beginning, wall clock
    finished: int = 0
    failures: int = 0
    memory: int = 0  #: most bytes measured in it; 0 where nothing was measured
    waiting: float = 0.0  #: active seconds under a limit


MOMENTS = 720
"""Steps kept at most; then neighbours are joined and a step is twice as long."""


class Recoveries(msgspec.Struct):
    succeeded: int = 0
    failed: int = 0
    process_pending: bool = False
    tabs_pending: set[str] = set()
    attempts_pending: set[str] = set()


class Metrics(msgspec.Struct):
    """Accumulators. ``apply`` folds a record in; ``figures`` reads them."""

    last_at: float = 0.0
    active: bool = False
    waiting: set[str] = set()  #: accounts under a limit
    active_seconds: float = 0.0
    waiting_seconds: float = 0.0
    slot_seconds: float = 0.0  #: active seconds times tabs wanted
    busy_seconds: float = 0.0
    worked_seconds: float = 0.0  #: like slot_seconds, but busy tabs only while under a limit
    tabs_wanted: int = 0
    running: dict[str, str] = {}  #: attempt under way -> tab
    began: dict[str, float] = {}  #: attempt under way -> active seconds at its start
    opened: dict[str, float] = {}  #: open tab -> active seconds up to which ``open`` is counted
    finished: int = 0
    judged: int = 0
    generation_seconds: float = 0.0
    generations: int = 0
    longest: float = 0.0
    most_running: int = 0
    batch: int = 0
    best_batch: int = 0
    memory_peak: int = 0
    slots: list[int] = []  #: finishes by slot of active time, the latest last
    slot: int = 0  #: number of the latest slot
    latencies: list[float] = []  #: generation seconds of the latest pictures
    settled: list[float] = []  #: worked_seconds as each of the latest panels left the queue for good
    settled_total: int = 0
    recoveries: Recoveries = msgspec.field(default_factory=Recoveries)
    tabs: dict[str, TabFigures] = {}
    step: float = 60.0  #: seconds of one moment of the series
    series: list[Moment] = []

    def apply(self, record: ev.Record) -> None:
        """Fold one record in."""
        at = record.at
        passed = at - self.last_at
        self.last_at = at
        if self.active and passed > 0.0:
            self._pass(passed if passed < GAP else GAP)
        record.event.deliver(self, at)

    def figures(self, now: float) -> Figures:
        """The nine figures at ``now`` (wall clock, seconds)."""
        ahead = min(GAP, max(0.0, now - self.last_at)) if self.active else 0.0
        slots = self.slot_seconds + ahead * self.tabs_wanted
        busy = self.busy_seconds + ahead * len(self.running)
        decided = self.recoveries.succeeded + self.recoveries.failed
        return Figures(
            images_per_minute=self._recent_rate(self.active_seconds + ahead),
            average_generation_seconds=self.generation_seconds / self.generations if self.generations else None,
            parallel_efficiency=min(1.0, busy / slots) if slots > 0 else None,
            success_rate=self.finished / self.judged if self.judged else None,
            recovery_success_rate=self.recoveries.succeeded / decided if decided else None,
            memory_peak_bytes=self.memory_peak,
            max_concurrent_operations=self.most_running,
            largest_successful_batch=self.best_batch,
            longest_operation_seconds=self.longest,
        )

    def overall_rate(self) -> float | None:
        """Pictures per minute over all active time of all runs; None before the first second."""
        return 60.0 * self.finished / self.active_seconds if self.active_seconds >= 1.0 else None

    def _recent_rate(self, active: float) -> float | None:
        if active < 1.0:
            return None
        ahead = int(active // SLOT) - self.slot  # slots that nothing was finished in
        recent = sum(self.slots[-max(0, SLOTS - ahead) :]) if ahead < SLOTS else 0
        return 60.0 * recent / min(active, (SLOTS - 1) * SLOT + active % SLOT)

    def _pass(self, seconds: float) -> None:
        running, wanted = len(self.running), self.tabs_wanted
        self.active_seconds += seconds
        self.slot_seconds += seconds * wanted
        self.busy_seconds += seconds * running
        if self.waiting:
            self.waiting_seconds += seconds
            self.worked_seconds += seconds * running
            self._moment(self.last_at).waiting += seconds
        else:
            self.worked_seconds += seconds * wanted

    def _moment(self, at: float) -> Moment:
        begins = at - at % self.step
        if self.series and self.series[-1].at >= begins:  # a clock set back writes on where it was
            return self.series[-1]
        if len(self.series) >= MOMENTS:
            self._join()
            begins = at - at % self.step
        if not self.series or self.series[-1].at < begins:
            self.series.append(Moment(begins))
        return self.series[-1]

    def _join(self) -> None:
        self.step *= 2
        joined: list[Moment] = []
        for moment in self.series:
            begins = moment.at - moment.at % self.step
            if joined and joined[-1].at == begins:
                last = joined[-1]
                last.finished += moment.finished
                last.failures += moment.failures
                last.memory = max(last.memory, moment.memory)
                last.waiting += moment.waiting
            else:
                moment.at = begins
                joined.append(moment)
        self.series = joined

    # --- the run ---

    def on_run_started(self, event: ev.RunStarted, at: float) -> None:
        self.active, self.tabs_wanted = True, event.tabs
        self.running.clear()
        self.began.clear()
        self.opened.clear()
        self.waiting.clear()
        self.recoveries.tabs_pending.clear()  # their process is gone, and they with it

    def on_recovery_reported(self, event: ev.RecoveryReported, at: float) -> None:
        if event.source != "fresh" and not event.clean:
            self.recoveries.failed += self.recoveries.process_pending
            self.recoveries.process_pending = True

    def on_run_paused(self, event: ev.RunPaused, at: float) -> None:
        self.active = False

    def on_run_resumed(self, event: ev.RunResumed, at: float) -> None:
        self.active = True

    def on_run_done(self, event: ev.RunDone, at: float) -> None:
        self.active = False
        self._process_recovered()

    def on_run_ended(self, event: ev.RunEnded, at: float) -> None:
        self.active = False
        self._process_recovered()

    def _process_recovered(self) -> None:
        self.recoveries.succeeded += self.recoveries.process_pending
        self.recoveries.process_pending = False

    # --- attempts ---

    def on_attempt_started(self, event: ev.AttemptStarted, at: float) -> None:
        self._began(event.attempt, event.tab)

    def on_harvest_started(self, event: ev.HarvestStarted, at: float) -> None:
        self._began(event.attempt, event.tab)

    def _began(self, attempt: str, tab: str) -> None:
        self.running[attempt] = tab
        self.began[attempt] = self.active_seconds
        if len(self.running) > self.most_running:
            self.most_running = len(self.running)

    def _over(self, attempt: str) -> TabFigures:
        tab = self._tab(self.running.pop(attempt, ""))
        tab.busy += self.active_seconds - self.began.pop(attempt, self.active_seconds)
        return tab

    def on_panel_finished(self, event: ev.PanelFinished, at: float) -> None:
        tab = self._over(event.attempt)
        tab.completed += 1
        self.finished += 1
        self.judged += 1
        self.batch += 1
        self.best_batch = max(self.best_batch, self.batch)
        if not event.harvested:
            tab.seconds += event.seconds
            tab.timed += 1
            self.generation_seconds += event.seconds
            self.generations += 1
            self.longest = max(self.longest, event.seconds)
            _keep(self.latencies, event.seconds)
        self._count_slot()
        self._settles()
        self._moment(at).finished += 1
        self._process_recovered()
        if event.attempt in self.recoveries.attempts_pending:
            self.recoveries.attempts_pending.discard(event.attempt)
            self.recoveries.succeeded += 1

    def on_attempt_failed(self, event: ev.AttemptFailed, at: float) -> None:
        tab = self._over(event.attempt)
        self.longest = max(self.longest, event.seconds)
        if event.attempt in self.recoveries.attempts_pending and event.outcome not in _NOT_JUDGED:
            self.recoveries.attempts_pending.discard(event.attempt)
            self.recoveries.failed += 1
        if event.outcome not in _NOT_JUDGED:
            tab.errors += 1
            self.judged += 1
            self.batch = 0
            self._moment(at).failures += 1
        if event.then != "queued":
            self._settles()

    def on_attempt_in_doubt(self, event: ev.AttemptInDoubt, at: float) -> None:
        self._over(event.attempt)
        self.recoveries.attempts_pending.add(event.attempt)

    def _settles(self) -> None:
        self.settled_total += 1
        _keep(self.settled, self.worked_seconds)

    def _count_slot(self) -> None:
        slot = int(self.active_seconds // SLOT)
        new = slot - self.slot if self.slots else 1
        if new > 0:
            self.slots.extend([0] * min(new, SLOTS))
            del self.slots[:-SLOTS]
            self.slot = slot
        self.slots[-1] += 1

    # --- tabs, memory, limits ---

    def _tab(self, id: str) -> TabFigures:
        found = self.tabs.get(id)
        if found is None:
            found = TabFigures()
            if id:
                self.tabs[id] = found
        return found

    def on_tab_opened(self, event: ev.TabOpened, at: float) -> None:
        self._tab(event.tab)
        self.opened.setdefault(event.tab, self.active_seconds)

    def on_tab_closed(self, event: ev.TabClosed, at: float) -> None:
        since = self.opened.pop(event.tab, None)
        if since is not None:
            self._tab(event.tab).open += self.active_seconds - since
        if event.tab in self.recoveries.tabs_pending:
            self.recoveries.tabs_pending.discard(event.tab)
            self.recoveries.failed += 1

    def on_tab_faulted(self, event: ev.TabFaulted, at: float) -> None:
        self._tab(event.tab).errors += 1
        self.batch = 0
        if event.tab in self.recoveries.tabs_pending:
            self.recoveries.failed += 1
        self.recoveries.tabs_pending.add(event.tab)
        self._moment(at).failures += 1

    def on_tab_repaired(self, event: ev.TabRepaired, at: float) -> None:
        if event.tab in self.recoveries.tabs_pending:
            self.recoveries.tabs_pending.discard(event.tab)
            self.recoveries.succeeded += 1

    def on_pool_resized(self, event: ev.PoolResized, at: float) -> None:
        self.tabs_wanted = event.tabs if event.limit is None else min(event.tabs, event.limit)

    def on_memory_measured(self, event: ev.MemoryMeasured, at: float) -> None:
        self.memory_peak = max(self.memory_peak, event.used)
        moment = self._moment(at)
        moment.memory = max(moment.memory, event.used)

    def on_pacing_waiting(self, event: ev.PacingWaiting, at: float) -> None:
        self.waiting.add(event.account)

    def on_pacing_opened(self, event: ev.PacingOpened, at: float) -> None:
        self.waiting.discard(event.account)


def _keep(values: list[float], value: float) -> None:
    values.append(value)
    if len(values) >= 2 * SETTLED:
        del values[:-SETTLED]
