"""Whole nights told as events, with the real governor and fold, for estimates to be held against.

Small and by itself: tabs and panels are simulated, no engine. Deterministic from its seed.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from core import events as ev
from core.fold import apply
from core.outcomes import Outcome
from core.pacing.governor import Governor
from core.pacing.memory import PacingMemory
from core.state import PanelStatus, RunState
from tests.simulation.hidden_limits import START, Account, Limit


@dataclass(frozen=True)
class Night:
    """What the night is like. Latencies are lognormal; ``drift`` is how much slower it gets until the end.

    ``changes``: at which share of the panels the site gets how many times as slow as at the beginning, at one stroke.
    """

    panels: int
    tabs: int
    limits: Sequence[Limit] = ()
    told: bool = True
    median: float = 35.0
    spread: float = 0.5
    retryable: float = 0.04
    refused: float = 0.01
    deaths: float = 0.01
    drift: float = 0.0
    changes: Sequence[tuple[float, float]] = ()

    def slowness(self, progress: float) -> float:
        """How many times as long pictures take as at the beginning, once that share of the panels is settled."""
        times = 1.0 + self.drift * progress
        for at, factor in self.changes:
            if progress >= at:
                times = factor
        return times


class Sleeper:
    """Lives through one night. ``watch`` is called after every panel that is settled, and every minute."""

    def __init__(self, night: Night, seed: int, memory: PacingMemory | None = None, *, start: float = START) -> None:
        self.night, self.rng = night, random.Random(seed)
        self.governor = Governor("account", memory, random.Random(seed + 1))
        self.account = Account(night.limits)
        self.state = RunState()
        self.now = start
        self.settled = 0
        self._queue = [f"p{n:05}" for n in range(night.panels)]
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = self._attempts = self._in_flight = 0
        self._looking = float("inf")
        self._idle = [f"t{n + 1}" for n in range(night.tabs)]

    def tell(self, event: ev.Event) -> None:
        apply(self.state, ev.Record(self.state.seq + 1, self.now, event))  # type: ignore[arg-type]

    def at(self, moment: float, do: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._heap, (moment, self._order, do))

    def live(self, watch: Callable[["Sleeper"], None]) -> float:
        """Until every panel is settled; returns how many seconds it took."""
        begun = self.now
        self.tell(ev.RunStarted(1, 1, "host", "site", "account", self.night.tabs))
        plans = tuple(ev.PanelPlan(id, 1, 1, n, id, "h") for n, id in enumerate(self._queue, 1))
        self.tell(ev.PanelsPlanned(plans))
        for tab in self._idle:
            self.tell(ev.TabOpened(tab, "local", 1))
        self.at(self.now, self._start)

        def minute() -> None:
            self.tell(ev.MemoryMeasured(1, 2, 1, 0, 1))
            watch(self)
            self.at(self.now + 60, minute)

        self.at(self.now, minute)
        while self.settled < self.night.panels:
            self.now, _, do = heapq.heappop(self._heap)
            before = self.settled
            do()
            if self.settled > before:
                watch(self)
        return self.now - begun

    def _start(self) -> None:
        while self._idle and self._queue:
            permit = self.governor.permit(self.now, self._in_flight)
            shown = self.state.pacing.get("account")
            if not permit.allowed:
                if permit.until is not None:
                    if shown is None or shown.until is None or abs(shown.until - permit.until) > 1:
                        self.tell(ev.PacingWaiting("account", permit.until, permit.source or "learned", ""))
                    if permit.until < self._looking or self._looking <= self.now:
                        self._looking = permit.until
                        self.at(max(self.now, permit.until), self._start)
                return
            if shown is not None and shown.until is not None:
                self.tell(ev.PacingOpened("account"))
            self._send(self._queue.pop(0), self._idle.pop(0))

    def _send(self, panel: str, tab: str) -> None:
        self._attempts += 1
        attempt = f"a{self._attempts}"
        self._in_flight += 1
        self.governor.on_started(self.now, attempt)
        self.tell(ev.AttemptStarted(attempt, panel, tab, "prompt", "h"))
        self.at(self.now + self.rng.uniform(0.5, 2.5), lambda: self._arrive(attempt, panel, tab))

    def _arrive(self, attempt: str, panel: str, tab: str) -> None:
        opens, outcome = self.account.opens(self.now)
        if opens > self.now:
            told = opens - self.now if self.night.told else None
            self.at(self.now + 1.0, lambda: self._fail(attempt, panel, tab, outcome, "queued", told, 2.0))
            return
        self.account.accepted.append(self.now)
        slow = self.night.slowness(self.settled / self.night.panels)
        seconds = slow * self.night.median * self.rng.lognormvariate(0, self.night.spread)
        luck = self.rng.random()
        end = self.now + seconds
        for chance, ends, then in (
            (self.night.retryable, Outcome.RETRYABLE, "queued"),
            (self.night.refused, Outcome.REFUSED, "refused"),
        ):
            if luck < chance:
                self.at(end, lambda e=ends, t=then: self._fail(attempt, panel, tab, e, t, None, seconds))
                return
            luck -= chance
        if luck < self.night.deaths:
            self.at(end, lambda: self._die(attempt, panel, tab, seconds))
            return
        self.at(end, lambda: self._finish(attempt, panel, tab, seconds))

    def _finish(self, attempt: str, panel: str, tab: str, seconds: float) -> None:
        self.governor.on_finished(self.now, seconds, attempt)
        self.tell(ev.PanelFinished(attempt, panel, seconds))
        self.settled += 1
        self._free(tab, 0.5)

    def _fail(
        self, attempt: str, panel: str, tab: str, outcome: Outcome, then: str, told: float | None, seconds: float
    ) -> None:
        self.governor.on_failed(self.now, outcome, told, "no", attempt)
        self.tell(ev.AttemptFailed(attempt, panel, outcome, "no", then, seconds))  # type: ignore[arg-type]
        if then == "queued":
            self._queue.insert(0, panel)
        else:
            self.settled += 1
        self._free(tab, 0.5)

    def _die(self, attempt: str, panel: str, tab: str, seconds: float) -> None:
        self.governor.on_doubt(attempt)
        self.tell(ev.AttemptInDoubt(attempt, panel, "the tab died"))
        self._queue.insert(0, panel)
        self._free(tab, 20.0)

    def _free(self, tab: str, after: float) -> None:
        self._in_flight -= 1

        def free() -> None:
            self._idle.append(tab)
            self._start()

        self.at(self.now + after, free)
        self._start()

    @property
    def left(self) -> int:
        return sum(p.status in (PanelStatus.QUEUED, PanelStatus.GENERATING) for p in self.state.panels.values())


def night_before(night: Night, seed: int) -> PacingMemory:
    """What the account's governor remembers of such a night that ended ten hours ago."""
    before = Sleeper(night, seed + 1000, start=START)
    before.live(lambda _: None)
    memory = msgspec.json.decode(msgspec.json.encode(before.governor.memory), type=PacingMemory)
    return memory
