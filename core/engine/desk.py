"""What the parts of the engine share: the record, the queue, the clock, and the bell that wakes the scheduler."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

import anyio
import msgspec

from core import events as ev
from core.engine.bus import Letterbox
from core.engine.clock import RunClock
from core.engine.queue import PanelQueue
from core.engine.recorder import Recorder
from core.engine.settings import EngineSettings
from core.eta import EtaEstimator, panels_left
from core.offload import Offload
from core.outcomes import Cause, RunBlocked
from core.pacing.governor import Governor
from core.project import PanelSpec
from core.state import PanelStatus, RunState

_REQUEUING = (ev.PanelsPlanned, ev.PanelsDropped, ev.PanelsQueued, ev.PanelsSkipped, ev.PanelsHeld, ev.TakeLost)
"""What changes how many panels are left to draw, besides the ends of attempts."""


class Desk:
    """Shared, single-threaded: everything here belongs to the engine's event loop."""

    def __init__(
        self,
        *,
        recorder: Recorder,
        governor: Governor,
        clock: RunClock,
        settings: EngineSettings,
        panels: Mapping[str, PanelSpec],
        offload: Offload,
    ) -> None:
        self.recorder, self.governor, self.clock = recorder, governor, clock
        self.settings, self.panels, self.offload = settings, panels, offload
        self.rewording: Callable[[str, str], PanelSpec | None] = lambda id, text: None
        """(panel's id, words) -> the panel with these words, None where it left the script; raises Complaint."""
        self.apply_edits: Callable[[], bool] = lambda: False
        """Let the edited script count that waits for a person's word; False where none does."""
        self._leaving: set[str] = set()
        self._eta = EtaEstimator()
        self._requeued = Letterbox(*_REQUEUING)
        recorder.bus.add(self._requeued)
        self._counted: int | None = None  # panels left and settled in all, when last counted
        self.queue = PanelQueue(recorder.state)
        self.in_flight = 0
        self.stopping = False
        self._told_to_stop = anyio.Event()
        self.lingers = settings.linger
        self._stop_when_idle = False
        self._by_person = False
        self._look_again_at: float | None = None
        self._paused = anyio.Event()
        self._bell = anyio.Event()
        self.on_resume: list[Callable[[], None]] = []
        self.on_work: list[Callable[[], None]] = []
        self.verifying = False  #: pictures are still being read again: the run is not done before that
        self.on_paused: list[Callable[[], None]] = []

    @property
    def state(self) -> RunState:
        return self.recorder.state

    def emit(self, event: ev.Event) -> None:
        """Tell an event: record, state and everybody who listens have it when this returns."""
        self.recorder.emit(event)
        if isinstance(event, ev.RunPaused):
            self._paused.set()
            for call in self.on_paused:
                call()

    async def wait_paused(self) -> None:
        """Until the next pause is complete."""
        await self._paused.wait()
        self._paused = anyio.Event()

    # --- the bell ---

    def poke(self) -> None:
        """Something changed: the scheduler should look again."""
        self._bell.set()

    async def wait_for_news(self, at_most: float | None) -> None:
        """Until poked, or for so many seconds."""
        if at_most is None:
            await self._bell.wait()
        else:
            with anyio.move_on_after(at_most):
                await self._bell.wait()
        self._bell = anyio.Event()

    # --- what is told of pacing and the end ---

    def estimate(self) -> ev.EtaEstimated:
        """How long it will still take, as far as one can say."""
        return self._eta.estimate(self.state, self.clock.now(), self.governor, self.left())

    def left(self) -> int:
        """Panels that are still to be drawn, held ones left out.

        A book is long: it is gone through again only when something but an attempt's end may have changed the count.
        """
        settled = self.state.metrics.settled
        changed = bool(self._requeued.drain())
        if changed or self._counted is None:
            count = panels_left(self.state)
            held = any(panel.held for panel in self.state.panels.values())
            self._counted = None if held else count + settled  # a held one may be under way, and end uncounted
            return count
        return self._counted - settled

    def learned(self) -> ev.PacingLearned:
        """What the governor knows, to be known again after a restart."""
        self.governor.changed = False
        return ev.PacingLearned(self.settings.account, msgspec.to_builtins(self.governor.memory))

    # --- pause and resume ---

    def pause(self, cause: Cause, sentence: str, retry_after: float | None = None) -> None:
        """Start nothing new; a stronger reason replaces a person's, never the other way round."""
        if self.state.phase == "running":
            self._by_person = cause is Cause.PERSON
            if self.in_flight:
                self.emit(ev.RunPausing(cause, sentence, retry_after))
            else:
                self.emit(ev.RunPaused(cause, sentence, retry_after))
        elif self.state.phase in ("pausing", "paused"):
            self._by_person = self._by_person or cause is Cause.PERSON
            if cause is Cause.PERSON or self.state.cause is not Cause.PERSON:
                return self.poke()
            kind = ev.RunPausing if self.state.phase == "pausing" else ev.RunPaused
            self.emit(kind(cause, sentence))  # the person's pause stands: no looking again by itself
            retry_after = None
        self._look_again_at = None if retry_after is None else self.clock.now() + retry_after
        self.poke()

    def disk_works_again(self) -> None:
        """What the disk had stopped goes on, unless a person wants it paused."""
        if self.state.cause is not Cause.DISK:
            return
        if self._by_person:
            kind = ev.RunPausing if self.state.phase == "pausing" else ev.RunPaused
            self.emit(kind(Cause.PERSON, "you pressed pause"))
        else:
            self.resume()

    def resume_if_done(self) -> None:
        """There is something to draw again after all."""
        for call in self.on_work:
            call()
        if self.state.phase == "done":
            self.resume()
        self.poke()

    def block(self, error: RunBlocked) -> None:
        """Pause for what only a person or time can mend."""
        self.pause(error.cause, error.sentence, error.retry_after)

    def look_again(self) -> float | None:
        """A run that paused itself goes on after a while; the seconds until then, None where a person must act."""
        if self.state.phase != "paused" or self._look_again_at is None:
            return None
        seconds = self._look_again_at - self.clock.now()
        if seconds > 0:
            return seconds
        self.resume()
        return 0.0

    def stop(self) -> None:
        """Leave the run, in order."""
        self.stopping = True
        self._told_to_stop.set()
        self.poke()

    async def unless_stopping(self, work: Callable[[], Awaitable[None]]) -> None:
        """``work``, to its end or until the run is told to stop, whichever comes first."""
        async with anyio.create_task_group() as group:

            async def stopped() -> None:
                await self._told_to_stop.wait()
                group.cancel_scope.cancel()

            group.start_soon(stopped)
            await work()
            group.cancel_scope.cancel()

    def stop_when_idle(self) -> None:
        """Leave the run once the pictures under way are there."""
        self._stop_when_idle = True
        self.pause(Cause.PERSON, "leaving as soon as the pictures under way are there")
        self.attempt_ended()

    def attempt_ended(self) -> None:
        """A pause or a leave may have waited for the last picture under way."""
        state = self.state
        if self._leaving:
            self.drop(self._leaving)
        if state.phase == "pausing" and not self.in_flight:
            self.emit(ev.RunPaused(state.cause or Cause.PERSON, state.sentence, state.retry_after))
        if self._stop_when_idle and not self.in_flight:
            self.stop()

    def drop(self, panels: Iterable[str]) -> None:
        """These are no longer in the script; one that is being drawn leaves when its attempt ends."""
        state = self.state
        self._leaving = {id for id in panels if id in state.panels}
        gone = tuple(id for id in self._leaving if state.panels[id].status is not PanelStatus.GENERATING)
        if gone:
            self._leaving.difference_update(gone)
            self.emit(ev.PanelsDropped(tuple(id for id in state.panels if id in set(gone))))

    def resume(self) -> None:
        """Go on after a pause, or after everything was done."""
        if self.state.phase in ("paused", "pausing", "done"):
            self.emit(ev.RunResumed())
            for call in self.on_resume:
                call()
        self.poke()
