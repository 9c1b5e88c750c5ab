"""One attempt at one panel, from the durable intent to the picture on disk (or to what happened instead)."""

import anyio
import anyio.abc
import msgspec

from core import events as ev
from core.engine.desk import Desk
from core.engine.takes import TakeKeeper
from core.engine.verdicts import judge
from core.outcomes import AttemptError, Cause, Fault, Outcome, RunBlocked, TabLost
from core.pool.pool import Pool
from core.pool.tab import Tab
from core.processors.base import Drawing, Job, Worker
from core.state import PanelState

POISONOUS = (Fault.CRASHED, Fault.HUNG, Fault.STUCK)
"""Faults that may be the panel's own doing; a browser or a network that dies is nobody's."""


class Attempts:
    """Draws panels on tabs, or fetches what an earlier attempt left behind. Every end is an event."""

    def __init__(self, desk: Desk, pool: Pool, takes: TakeKeeper) -> None:
        self._desk, self._pool, self._takes = desk, pool, takes
        self._counter = 0

    def start(self, tab: Tab, panel: PanelState, group: anyio.abc.TaskGroup) -> None:
        """Give ``panel`` to the idle ``tab``; the rest happens in a task of ``group``."""
        scope = anyio.CancelScope()
        tab.begin(scope)
        self._desk.in_flight += 1
        harvesting = bool(panel.attempt)
        if harvesting:
            job = self._old_job(panel)
            self._desk.emit(ev.HarvestStarted(job.attempt, panel.id, tab.id))
        else:
            job = self._new_job(tab, panel)
            self._desk.governor.on_started(self._desk.clock.now(), job.attempt)
            self._desk.recorder.emit(
                ev.AttemptStarted(
                    job.attempt,
                    panel.id,
                    tab.id,
                    job.prompt,
                    self._desk.panels[panel.id].prompt_hash,
                    job.conversation,
                ),
                followed=True,
            )
        group.start_soon(self._run, tab, job, harvesting, scope, name=f"{panel.id} on {tab.id}")

    def _new_job(self, tab: Tab, panel: PanelState) -> Job:
        spec = self._desk.panels[panel.id]
        self._counter += 1
        attempt = f"r{self._desk.state.run}-{self._counter}"
        goes_on = tab.scene == spec.scene != "" and tab.scene_pictures < self._desk.settings.scene_pictures
        conversation = tab.conversation if goes_on else ""
        return Job(panel.id, attempt, spec.prompt, conversation, spec.references, spec.aspect, spec.seed)

    def _old_job(self, panel: PanelState) -> Job:
        attempt = self._desk.state.attempts[panel.attempt]
        return Job(panel.id, attempt.id, attempt.prompt, panel.conversation)

    async def _run(self, tab: Tab, job: Job, harvesting: bool, scope: anyio.CancelScope) -> None:
        started = anyio.current_time()
        try:
            with scope:
                drawing = await (self._harvest(tab, job) if harvesting else self._draw(tab, job))
                try:
                    await self._kept(job, drawing, harvesting)
                except AttemptError:
                    if harvesting or not drawing.conversation:
                        raise
                    # Half a picture is no reason to pay for another one: its conversation may show it whole.
                    drawing = await self._harvest(tab, msgspec.structs.replace(job, conversation=drawing.conversation))
                    await self._kept(job, drawing, True)
                self._finished(tab, job, drawing)
            if scope.cancelled_caught:
                self._in_doubt(job, tab.lost)
        except TabLost as lost:
            self._pool.lose(tab, lost)
            self._in_doubt(job, lost)
        except RunBlocked as error:
            self._blocked(job, error, anyio.current_time() - started)
        except AttemptError as error:
            self._failed(tab, job, error, anyio.current_time() - started)
        except anyio.get_cancelled_exc_class():
            self._in_doubt(job, None)
            raise
        finally:
            self._desk.in_flight -= 1
            self._desk.attempt_ended()
            self._pool.after_attempt(tab)

    async def _kept(self, job: Job, drawing: Drawing, harvested: bool) -> None:
        with self._desk.recorder.in_hand():
            await self._takes.keep(job, drawing, harvested=harvested)

    # --- the two ways to a picture ---

    async def _draw(self, tab: Tab, job: Job) -> Drawing:
        worker = self._worker(tab)
        await self._desk.recorder.durable()  # the intent, before anything can be paid for
        limit = self._desk.settings.timeout
        try:
            with anyio.fail_after(limit) as scope:
                return await worker.draw(job, _Told(self._desk, tab, job, scope))
        except TimeoutError:
            raise TabLost(Fault.STUCK, f"no picture of {job.panel} within {limit:.0f} s") from None

    async def _harvest(self, tab: Tab, job: Job) -> Drawing:
        if not job.conversation:
            raise AttemptError(
                Outcome.LOST, "cut off before its conversation was known: asked again, perhaps a second time"
            )
        worker = self._worker(tab)
        age = max(0.0, self._desk.clock.now() - self._desk.state.attempts[job.attempt].started)
        limit = max(self._desk.settings.harvest_timeout, self._desk.settings.timeout - age)
        try:
            with anyio.fail_after(limit):
                return await worker.harvest(job)
        except TimeoutError:
            raise AttemptError(Outcome.LOST, f"its conversation showed no picture within {limit:.0f} s") from None

    def _worker(self, tab: Tab) -> Worker:
        if tab.worker is None:
            raise TabLost(Fault.CLOSED, "the tab was gone before the panel reached it")
        return tab.worker

    # --- the ends ---

    def _finished(self, tab: Tab, job: Job, drawing: Drawing) -> None:
        now = self._desk.clock.now()
        self._desk.governor.on_finished(now, drawing.seconds, job.attempt)
        self._desk.governor.on_told(now, drawing.budgets)
        scene = self._desk.panels[job.panel].scene if job.panel in self._desk.panels else ""
        same = tab.scene == scene and tab.conversation == drawing.conversation
        tab.scene_pictures = tab.scene_pictures + 1 if same else 1
        tab.scene, tab.conversation = scene, drawing.conversation
        tab.pictures += 1
        self._pool.completed += 1
        tab.deaths_in_a_row = 0
        tab.alive()

    def _in_doubt(self, job: Job, lost: TabLost | None) -> None:
        """The tab (or the run) was cut off under the attempt: keep it, so that its picture is fetched first."""
        desk = self._desk
        if desk.state.attempts[job.attempt].ended is not None:
            return  # finished, and only waiting for a disk that fails
        desk.governor.on_doubt(job.attempt)
        fault = lost.fault if lost else None
        sentence = lost.sentence if lost else "interrupted; its picture is fetched later"
        desk.emit(ev.AttemptInDoubt(job.attempt, job.panel, sentence, fault if fault in POISONOUS else None))
        panel = desk.state.panels[job.panel]
        if panel.tab_deaths >= desk.settings.max_tab_deaths:
            sentence = f"set aside: {panel.tab_deaths} tabs died under it, the last one {fault}"
            desk.emit(ev.AttemptFailed(job.attempt, job.panel, Outcome.LOST, sentence, "failed", 0.0))
        else:
            desk.queue.put(job.panel)

    def _blocked(self, job: Job, error: RunBlocked, seconds: float) -> None:
        """The run cannot go on; if nothing was sent, nothing is owed and the panel just waits."""
        desk = self._desk
        if desk.state.attempts[job.attempt].sent:
            desk.governor.on_doubt(job.attempt)
            desk.emit(ev.AttemptInDoubt(job.attempt, job.panel, error.sentence))
        else:
            desk.governor.on_failed(desk.clock.now(), Outcome.WITHDRAWN, error.retry_after, error.sentence, job.attempt)
            desk.emit(ev.AttemptFailed(job.attempt, job.panel, Outcome.WITHDRAWN, error.sentence, "queued", seconds))
        desk.queue.put(job.panel)
        desk.block(error)

    def _failed(self, tab: Tab, job: Job, error: AttemptError, seconds: float) -> None:
        desk = self._desk
        now = desk.clock.now()
        panel = desk.state.panels[job.panel]
        verdict = judge(error.outcome, panel, desk.settings)
        desk.emit(
            ev.AttemptFailed(
                job.attempt,
                job.panel,
                error.outcome,
                error.sentence,
                verdict.then,
                seconds,
                error.said,
                error.retry_after,
            )
        )
        tab.alive()
        tab.scene = tab.conversation = ""  # whatever went wrong, it goes wrong again in the same conversation
        desk.governor.on_failed(now, error.outcome, error.retry_after, error.said, job.attempt)
        desk.governor.on_told(now, error.budgets)
        if verdict.then == "queued":
            rest = desk.governor.panel_backoff(panel.tries) if verdict.rest else None
            desk.queue.put(job.panel, not_before=None if rest is None else now + rest)
        if verdict.pause is not None:
            desk.pause(verdict.pause, error.sentence)
        if sentence := desk.governor.breaker(now):
            desk.pause(Cause.FAULTS, sentence, desk.governor.breaker_retry_after)
        self._rest_the_tab(tab)

    def _rest_the_tab(self, tab: Tab) -> None:
        errors = self._desk.state.tabs[tab.id].consecutive_errors if tab.id in self._desk.state.tabs else 0
        if errors >= 2:
            self._pool.rest(tab, 5.0 * 2 ** (errors - 2), f"{errors} errors in a row")


class _Told:
    """What the worker tells while it draws (``processors.base.Progress``)."""

    def __init__(self, desk: Desk, tab: Tab, job: Job, limit: anyio.CancelScope) -> None:
        self._desk, self._tab, self._job, self._limit = desk, tab, job, limit

    async def sent(self, conversation: str) -> None:
        self._tab.alive()
        left = self._limit.deadline - anyio.current_time()
        self._limit.deadline = float("inf")  # a full disk may take hours, and is not the tab's fault
        await self._desk.recorder.record(ev.AttemptSent(self._job.attempt, self._job.panel, conversation))
        self._limit.deadline = anyio.current_time() + left
