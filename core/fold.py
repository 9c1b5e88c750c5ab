"""The fold: how each event changes the state.

``apply(state, record)`` depends on nothing but its arguments, so the live screen, recovery after a crash, a
watcher over the link and time travel are all this code: start from a state, apply the records after it.
"""

from collections.abc import Iterable

import msgspec

from core import events as ev
from core.outcomes import Outcome
from core.state import (
    LOG_LINES,
    AttemptState,
    EtaState,
    LogLine,
    MemoryState,
    PacingState,
    PanelState,
    PanelStatus,
    RunState,
    TabState,
    Take,
)
from core.telling import tell


def apply(state: RunState, record: ev.Record) -> None:
    """Fold one record into ``state``. Records come in order; one already applied is ignored."""
    if record.seq <= state.seq:
        return
    state.seq, state.at = record.seq, record.at
    told = tell(record.event, state)
    if told is not None:
        _log(state, LogLine(record.seq, record.at, told.level, told.text, told.panel, told.tab))
    record.event.deliver(_FOLD, record.at, state)
    state.metrics.apply(record)


def fold(records: Iterable[ev.Record], state: RunState | None = None) -> RunState:
    """The state after ``records``, from an empty one unless given."""
    state = RunState() if state is None else state
    for record in records:
        apply(state, record)
    return state


def _log(state: RunState, line: LogLine) -> None:
    state.log.append(line)
    if len(state.log) > 2 * LOG_LINES:
        del state.log[:-LOG_LINES]


def _new(plan: ev.PanelPlan) -> PanelState:
    return PanelState(plan.id, plan.chapter, plan.page, plan.number, plan.text, plan.prompt_hash)


def _place(places: dict[int, int], panel: PanelState | ev.PanelPlan) -> tuple[int, int]:
    """Where a panel stands in the book; chapters nobody has announced stand by their numbers."""
    return places.get(panel.chapter, panel.chapter), panel.number


def _reorder(panels: dict[str, PanelState], order: list[PanelState]) -> None:
    """The same dict, which others hold too, in another order."""
    panels.clear()
    panels.update((panel.id, panel) for panel in order)


class _Fold:
    """One method an event: (event, moment, state)."""

    # --- the run ---

    def on_run_started(self, event: ev.RunStarted, at: float, s: RunState) -> None:
        s.run, s.pid, s.host, s.site, s.account = event.run, event.pid, event.host, event.site, event.account
        s.tabs_wanted, s.tabs_limit = event.tabs, None
        s.phase, s.cause, s.sentence, s.retry_after, s.result = "running", None, "", None, None
        s.tabs.clear()  # those of a process that is gone
        s.edits = None  # a start reads the script as it is
        s.eta = EtaState()
        s.memory = MemoryState(peak=s.memory.peak)

    def on_book_planned(self, event: ev.BookPlanned, at: float, s: RunState) -> None:
        before = [chapter.number for chapter in s.chapters]
        s.title, s.chapters = event.title, list(event.chapters)
        if s.panels and before != [chapter.number for chapter in s.chapters]:
            self._sort(s)

    def on_panels_planned(self, event: ev.PanelsPlanned, at: float, s: RunState) -> None:
        places = {chapter.number: index for index, chapter in enumerate(s.chapters)}
        last = _place(places, s.panels[next(reversed(s.panels))]) if s.panels else None
        in_order = True
        for plan in event.panels:
            panel = s.panels.get(plan.id)
            if panel is None:
                panel = s.panels[plan.id] = s.dropped.pop(plan.id) if plan.id in s.dropped else _new(plan)
                in_order = in_order and (last is None or last < _place(places, plan))
                last = _place(places, plan)
            else:
                in_order = in_order and (panel.chapter, panel.number) == (plan.chapter, plan.number)
            panel.chapter, panel.page, panel.number = plan.chapter, plan.page, plan.number
            panel.text, panel.prompt_hash, panel.caption = plan.text, plan.prompt_hash, plan.caption
            panel.folder, panel.script_text = plan.folder, plan.script_text
        if not in_order:
            self._sort(s)

    def _sort(self, s: RunState) -> None:
        """Panels in book order again."""
        places = {chapter.number: index for index, chapter in enumerate(s.chapters)}
        _reorder(s.panels, sorted(s.panels.values(), key=lambda panel: _place(places, panel)))

    def on_edits_waiting(self, event: ev.EditsWaiting, at: float, s: RunState) -> None:
        s.edits = event if event.lines else None

    def on_script_compared(self, event: ev.ScriptCompared, at: float, s: RunState) -> None:
        s.edits = None

    def on_panels_dropped(self, event: ev.PanelsDropped, at: float, s: RunState) -> None:
        for id in event.panels:
            panel = s.panels.pop(id, None)
            if panel is not None and (panel.takes or panel.attempt):
                s.dropped[id] = panel
        s.first = [id for id in s.first if id in s.panels]

    def on_panels_renamed(self, event: ev.PanelsRenamed, at: float, s: RunState) -> None:
        names = dict(event.names)
        for panel in s.panels.values():
            panel.id = names.get(panel.id, panel.id)
        _reorder(s.panels, list(s.panels.values()))
        s.first = [names.get(id, id) for id in s.first]
        for attempt in s.attempts.values():
            attempt.panel = names.get(attempt.panel, attempt.panel)

    def on_run_pausing(self, event: ev.RunPausing, at: float, s: RunState) -> None:
        s.phase, s.cause, s.sentence, s.retry_after = "pausing", event.cause, event.sentence, event.retry_after

    def on_run_paused(self, event: ev.RunPaused, at: float, s: RunState) -> None:
        s.phase, s.cause, s.sentence, s.retry_after = "paused", event.cause, event.sentence, event.retry_after

    def on_run_resumed(self, event: ev.RunResumed, at: float, s: RunState) -> None:
        s.phase, s.cause, s.sentence, s.retry_after = "running", None, "", None

    def on_run_done(self, event: ev.RunDone, at: float, s: RunState) -> None:
        s.phase, s.result, s.cause, s.sentence = "done", event.result, None, ""

    def on_run_ended(self, event: ev.RunEnded, at: float, s: RunState) -> None:
        s.phase, s.result = "ended", event.result
        s.tabs.clear()

    # --- attempts ---

    def on_attempt_started(self, event: ev.AttemptStarted, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        s.attempts[event.attempt] = AttemptState(
            event.attempt, event.panel, event.tab, at, event.prompt_hash, event.prompt, event.conversation, site=s.site
        )
        panel.attempts += 1
        panel.attempt, panel.conversation = event.attempt, event.conversation
        self._draws(s, panel, event.tab, event.attempt, at)

    def on_harvest_started(self, event: ev.HarvestStarted, at: float, s: RunState) -> None:
        self._draws(s, s.panels[event.panel], event.tab, event.attempt, at)

    def _draws(self, s: RunState, panel: PanelState, tab_id: str, attempt: str, at: float) -> None:
        panel.status, panel.tab = PanelStatus.GENERATING, tab_id
        if panel.id in s.first:
            s.first.remove(panel.id)
        tab = s.tabs.get(tab_id)
        if tab is not None:
            tab.phase, tab.panel, tab.attempt, tab.since, tab.why = "generating", panel.id, attempt, at, ""

    def on_attempt_sent(self, event: ev.AttemptSent, at: float, s: RunState) -> None:
        attempt = s.attempts[event.attempt]
        attempt.sent, attempt.conversation = True, event.conversation
        s.panels[event.panel].conversation = event.conversation

    def on_picture_received(self, event: ev.PictureReceived, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        attempt = s.attempts[event.attempt]
        attempt.told = event.told
        take = Take(
            event.file, event.bytes, event.sha256, event.width, event.height, event.attempt, attempt.prompt_hash, at
        )
        # Received twice (a crash between this record and the finish): the later bytes are the ones on disk.
        self._keeps(panel, [*(old for old in panel.takes if old.file != take.file), take])

    def _keeps(self, panel: PanelState, takes: list[Take]) -> None:
        """These are the panel's takes now; the chosen one stays chosen while it is among them."""
        chosen = panel.take
        panel.takes = takes
        panel.chosen = takes.index(chosen) if chosen in takes else None

    def on_panel_finished(self, event: ev.PanelFinished, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        mine = [i for i, take in enumerate(panel.takes) if take.attempt == event.attempt]
        panel.status, panel.chosen = PanelStatus.FINISHED, mine[0] if mine else panel.chosen
        panel.outcome, panel.message, panel.seconds = Outcome.OK, "", event.seconds
        panel.tries = panel.soft_refusals = panel.tab_deaths = 0
        panel.redraw = False
        self._unseen(panel)
        self._ends(s, event.attempt, at, Outcome.OK, "", event.seconds, event.harvested)
        tab = self._releases(s, panel, at)
        if tab is not None:
            tab.completed += 1
            tab.pictures += 1
            tab.consecutive_errors = 0

    def on_attempt_failed(self, event: ev.AttemptFailed, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        panel.status = PanelStatus(event.then)
        panel.outcome, panel.message = event.outcome, event.said or event.sentence
        if event.outcome is Outcome.SOFT_REFUSED:
            panel.soft_refusals += 1
        elif event.outcome is Outcome.RETRYABLE:
            panel.tries += 1
        if any(take.attempt == event.attempt for take in panel.takes):  # received, but cut off before it was written
            self._keeps(panel, [take for take in panel.takes if take.attempt != event.attempt])
        self._ends(s, event.attempt, at, event.outcome, event.said or event.sentence, event.seconds, False)
        tab = self._releases(s, panel, at)
        if tab is not None and event.outcome is Outcome.RETRYABLE:
            tab.errors += 1
            tab.consecutive_errors += 1

    def on_attempt_in_doubt(self, event: ev.AttemptInDoubt, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        attempt, conversation = panel.attempt, panel.conversation
        self._releases(s, panel, at)
        panel.attempt, panel.conversation = attempt, conversation
        panel.status, panel.message = PanelStatus.QUEUED, event.sentence
        if event.fault is not None:
            panel.tab_deaths += 1

    def _ends(
        self,
        s: RunState,
        id: str,
        at: float,
        outcome: Outcome,
        sentence: str,
        seconds: float,
        harvested: bool,
    ) -> None:
        attempt = s.attempts[id]
        attempt.ended, attempt.outcome, attempt.sentence = at, outcome, sentence
        attempt.seconds, attempt.harvested = seconds, harvested

    def _releases(self, s: RunState, panel: PanelState, at: float) -> TabState | None:
        tab = s.tabs.get(panel.tab)
        panel.tab = panel.attempt = panel.conversation = ""
        if tab is not None and tab.panel == panel.id:
            tab.panel = tab.attempt = ""
            tab.since = at
            if tab.phase == "generating":
                tab.phase = "idle"
        return tab

    # --- panels ---

    def on_panels_queued(self, event: ev.PanelsQueued, at: float, s: RunState) -> None:
        for id in event.panels:
            panel = s.panels[id]
            panel.status, panel.redraw, panel.message = PanelStatus.QUEUED, event.redraw, event.sentence
            panel.tries = panel.soft_refusals = panel.tab_deaths = 0

    def on_panels_skipped(self, event: ev.PanelsSkipped, at: float, s: RunState) -> None:
        for id in event.panels:
            s.panels[id].status = PanelStatus.SKIPPED

    def on_panels_held(self, event: ev.PanelsHeld, at: float, s: RunState) -> None:
        for id in event.panels:
            s.panels[id].held = event.held

    def on_panels_moved_first(self, event: ev.PanelsMovedFirst, at: float, s: RunState) -> None:
        moved = set(event.panels)
        s.first = [*event.panels, *(id for id in s.first if id not in moved)]

    def on_panel_edited(self, event: ev.PanelEdited, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        script = panel.script_text or panel.text
        panel.text, panel.prompt_hash = event.text, event.prompt_hash
        panel.script_text = "" if event.text == script else script

    def on_take_lost(self, event: ev.TakeLost, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        kept = [take for take in panel.takes if take.file != event.file]
        chosen = panel.take
        panel.takes = kept
        panel.chosen = kept.index(chosen) if chosen in kept else (len(kept) - 1 if kept else None)
        if panel.chosen is None and panel.status is PanelStatus.FINISHED:
            panel.status, panel.message = PanelStatus.QUEUED, event.sentence

    def on_take_adopted(self, event: ev.TakeAdopted, at: float, s: RunState) -> None:
        panel, drawn = s.panels[event.panel], event.drawn or at
        s.attempts[event.attempt] = AttemptState(
            event.attempt, panel.id, "", drawn - event.seconds, event.prompt_hash, event.prompt, event.conversation,
            ended=drawn, outcome=Outcome.OK, seconds=event.seconds, harvested=True, site=event.site, told=event.told,
        )  # fmt: skip
        panel.takes.append(
            Take(
                event.file,
                event.bytes,
                event.sha256,
                event.width,
                event.height,
                event.attempt,
                event.prompt_hash,
                drawn,
            )
        )
        panel.status, panel.chosen, panel.outcome = PanelStatus.FINISHED, len(panel.takes) - 1, Outcome.OK
        self._unseen(panel)

    def on_take_moved(self, event: ev.TakeMoved, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        panel.takes = [
            msgspec.structs.replace(take, file=event.to) if take.file == event.file else take for take in panel.takes
        ]

    def on_take_chosen(self, event: ev.TakeChosen, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        panel.chosen = event.take
        self._unseen(panel)

    def _unseen(self, panel: PanelState) -> None:
        """Another picture is the chosen one: what was thought of the one before says nothing of it."""
        panel.look, panel.doubts, panel.kept = None, (), False

    def on_picture_seen(self, event: ev.PictureSeen, at: float, s: RunState) -> None:
        panel = s.panels[event.panel]
        if panel.take is not None and panel.take.file == event.file:
            panel.look = event.look

    def on_panel_doubted(self, event: ev.PanelDoubted, at: float, s: RunState) -> None:
        s.panels[event.panel].doubts = event.doubts

    def on_panels_kept(self, event: ev.PanelsKept, at: float, s: RunState) -> None:
        for id in event.panels:
            s.panels[id].kept = True

    # --- tabs and memory ---

    def on_tab_opened(self, event: ev.TabOpened, at: float, s: RunState) -> None:
        tab = s.tabs.setdefault(event.tab, TabState(event.tab))
        tab.endpoint, tab.generation = event.endpoint, event.generation
        tab.phase, tab.since, tab.heartbeat, tab.why = "idle", at, at, ""
        tab.pictures = tab.consecutive_errors = 0

    def on_tab_changed(self, event: ev.TabChanged, at: float, s: RunState) -> None:
        tab = s.tabs.setdefault(event.tab, TabState(event.tab))
        tab.phase, tab.health, tab.why, tab.since = event.phase, event.health, event.why, at

    def on_tab_pulse(self, event: ev.TabPulse, at: float, s: RunState) -> None:
        tab = s.tabs.get(event.tab)
        if tab is not None:
            tab.heartbeat, tab.latency, tab.health = at, event.latency, event.health
            tab.memory = event.memory

    def on_tab_faulted(self, event: ev.TabFaulted, at: float, s: RunState) -> None:
        tab = s.tabs.get(event.tab)
        if tab is not None:
            tab.phase, tab.since, tab.why = "dead", at, event.sentence
            tab.errors += 1
            tab.consecutive_errors += 1

    def on_tab_closed(self, event: ev.TabClosed, at: float, s: RunState) -> None:
        s.tabs.pop(event.tab, None)

    def on_pool_resized(self, event: ev.PoolResized, at: float, s: RunState) -> None:
        s.tabs_wanted, s.tabs_limit = event.tabs, event.limit

    def on_memory_measured(self, event: ev.MemoryMeasured, at: float, s: RunState) -> None:
        s.memory = MemoryState(
            event.used,
            event.budget,
            event.browser,
            event.own,
            event.available,
            max(s.memory.peak, event.used),
        )

    # --- pacing and ETA ---

    def on_pacing_waiting(self, event: ev.PacingWaiting, at: float, s: RunState) -> None:
        s.pacing[event.account] = PacingState(event.until, event.source, event.sentence)

    def on_pacing_opened(self, event: ev.PacingOpened, at: float, s: RunState) -> None:
        s.pacing[event.account] = PacingState()

    def on_pacing_learned(self, event: ev.PacingLearned, at: float, s: RunState) -> None:
        s.learned[event.account] = event.memory

    def on_eta_estimated(self, event: ev.EtaEstimated, at: float, s: RunState) -> None:
        s.eta = EtaState(at, event.seconds, event.low, event.high)


_FOLD = _Fold()
