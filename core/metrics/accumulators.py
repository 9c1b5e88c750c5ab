"""What is counted while events are folded, and the figures that are read from it."""

import msgspec

from core import events as ev
from core.metrics.figures import Figures, TabFigures
from core.metrics.series import Series
from core.outcomes import Outcome

GAP = 300.0
"""Seconds of active time that one gap between records can add at most."""

SLOT = 10.0
"""Seconds of active time in one slot of the recent finishes."""

SLOTS = 60
"""Slots the recent rate looks back: ten minutes."""

LATENCIES = 240
"""How many of the latest picture times are kept at least, for the ETA."""

MARKS = 256
"""How many marks of progress are kept; then every second goes."""

_NOT_JUDGED = frozenset(
    {Outcome.QUOTA, Outcome.RATE, Outcome.THROTTLE, Outcome.LOGIN, Outcome.HUMAN, Outcome.WITHDRAWN}
)
"""Outcomes that say nothing about how drawing goes: limits, sign-in, and what was never sent."""


class Recoveries(msgspec.Struct):
    """What went wrong and was put right, or was not: processes, tabs, attempts, each counted once it is decided."""

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
    possible_duplicates: int = 0  #: panels asked for again because nothing could tell what became of the first time
    slots: list[int] = []  #: finishes by slot of active time, the latest last
    slot: int = 0  #: number of the latest slot
    latencies: list[float] = []  #: generation seconds of the latest pictures
    sends: int = 0  #: attempts begun, less those a limit or a sign-in turned away
    settled: int = 0  #: panels that left the queue for good (finished, failed, refused)
    marks: list[float] = []  #: worked_seconds at every ``stride``-th settled panel, from the first on
    stride: int = 1
    recoveries: Recoveries = msgspec.field(default_factory=Recoveries)
    tabs: dict[str, TabFigures] = {}
    series: Series = msgspec.field(default_factory=Series)

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
            self.series.at(self.last_at).waiting += seconds
        else:
            self.worked_seconds += seconds * wanted

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
        self.sends += 1

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
        self.series.at(at).finished += 1
        self._process_recovered()
        if event.attempt in self.recoveries.attempts_pending:
            self.recoveries.attempts_pending.discard(event.attempt)
            self.recoveries.succeeded += 1

    def on_attempt_failed(self, event: ev.AttemptFailed, at: float) -> None:
        tab = self._over(event.attempt)
        self.longest = max(self.longest, event.seconds)
        self.possible_duplicates += event.outcome is Outcome.LOST and event.then == "queued"
        if event.attempt in self.recoveries.attempts_pending and event.outcome not in _NOT_JUDGED:
            self.recoveries.attempts_pending.discard(event.attempt)
            self.recoveries.failed += 1
        if event.outcome in _NOT_JUDGED:
            self.sends -= 1
        else:
            tab.errors += 1
            self.judged += 1
            self.batch = 0
            self.series.at(at).failures += 1
        if event.then != "queued":
            self._settles()

    def on_attempt_in_doubt(self, event: ev.AttemptInDoubt, at: float) -> None:
        self._over(event.attempt)
        self.recoveries.attempts_pending.add(event.attempt)

    def _settles(self) -> None:
        self.settled += 1
        if self.settled % self.stride:
            return
        self.marks.append(self.worked_seconds)
        if len(self.marks) >= MARKS:
            del self.marks[::2]  # the 1st, 3rd …: those left are every second
            self.stride *= 2

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
        self.series.at(at).failures += 1

    def on_tab_repaired(self, event: ev.TabRepaired, at: float) -> None:
        if event.tab in self.recoveries.tabs_pending:
            self.recoveries.tabs_pending.discard(event.tab)
            self.recoveries.succeeded += 1

    def on_pool_resized(self, event: ev.PoolResized, at: float) -> None:
        self.tabs_wanted = event.tabs if event.limit is None else min(event.tabs, event.limit)

    def on_memory_measured(self, event: ev.MemoryMeasured, at: float) -> None:
        self.memory_peak = max(self.memory_peak, event.used)
        moment = self.series.at(at)
        moment.memory = max(moment.memory, event.used)

    def on_pacing_waiting(self, event: ev.PacingWaiting, at: float) -> None:
        self.waiting.add(event.account)

    def on_pacing_opened(self, event: ev.PacingOpened, at: float) -> None:
        self.waiting.discard(event.account)


def _keep(values: list[float], value: float) -> None:
    values.append(value)
    if len(values) >= 2 * LATENCIES:
        del values[:-LATENCIES]
