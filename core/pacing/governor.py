"""The governor: one for an account, over all its tabs, asked before anything is sent.

Pure and deterministic: it reads no clock, does no I/O and takes its chance from a ``random.Random``. What the
site says is obeyed to the second; what it does not say is learned. Every kind of trouble has its own law:
``told`` waits, ``windows`` (quota, rate), ``throttle``, ``concurrency`` and ``faults``.
"""

import math
import random
from collections.abc import Iterable

import msgspec

from core.events import WaitSource
from core.outcomes import Budget, Outcome
from core.pacing.budgets import ToldBudgets
from core.pacing.concurrency import Ceiling
from core.pacing.faults import CALM, Breaker, full_jitter
from core.pacing.forecast import Forecast, Window
from core.pacing.memory import LawKind, LawMemory, PacingMemory
from core.pacing.sends import Sends
from core.pacing.throttle import Throttle
from core.pacing.vain import VainWaits
from core.pacing.windows import WindowLaw
from core.pacing.words import span

TOLD_MARGIN = 1.0
"""Seconds added to a told wait: clocks and roundings differ."""

MOST_LAWS = 4
UNDECIDED = 600.0
"""Seconds after which nobody waits any longer to hear what became of a send."""


class Permit(msgspec.Struct, frozen=True):
    """May something be sent now? If not: ask again at ``until`` (run clock), or, None, when something changed."""

    allowed: bool
    until: float | None = None
    source: WaitSource | None = None
    sentence: str = ""


_YES = Permit(True)


class Governor:
    """``now`` is always the run clock in seconds; ``attempt`` the attempt's id."""

    def __init__(
        self,
        account: str,
        memory: PacingMemory | None,
        rng: random.Random,
        *,
        max_in_flight: int | None = None,
    ) -> None:
        self.account = account
        self._rng, self._max_in_flight = rng, max_in_flight
        known = PacingMemory() if memory is None else memory
        self._not_before, self._source, self._sentence = known.not_before or 0.0, known.source, known.sentence
        self._throttle = Throttle(known.throttle_level)
        self._ceiling = Ceiling(known.ceiling)
        self._breaker = Breaker()
        self._vain = VainWaits()
        self._told = ToldBudgets(known.budgets)
        self._sends = Sends(known.sends)
        self._laws = [WindowLaw(law, self._sends) for law in known.laws]
        self._undecided: dict[str, float] = {}
        self._last_refusal = 0.0
        self.changed = False  #: whether ``memory`` holds news; whoever keeps it sets this back

    # --- before a send ---

    def permit(self, now: float, in_flight: int) -> Permit:
        """May an attempt be sent at ``now`` while ``in_flight`` others are under way?"""
        if now < self._not_before:
            return Permit(False, self._not_before, self._source, self._sentence)
        if self._max_in_flight is not None and in_flight >= self._max_in_flight:
            return Permit(False, None, "told", f"at most {self._max_in_flight} at once")
        if (told := self._told.opens(now, self._sends)) is not None:
            return Permit(False, told[0], "told", told[1])
        if in_flight and (self._throttle.level or self._breaker.trying):
            return Permit(False, None, "backing off", "one picture first, then all tabs again")
        if not self._ceiling.allows(in_flight):
            return Permit(False, None, "learned", f"this site takes {in_flight} at once")
        if not self._laws:
            return _YES
        undecided, recent = len(self._undecided), self._recent_refusals(now)
        wait = max(((law.opens(now, undecided, recent), law) for law in self._laws), key=lambda pair: pair[0])
        if wait[0] <= now:
            return _YES
        until = None if math.isinf(wait[0]) else wait[0]
        return Permit(False, until, "learned", self._window_sentence(wait[1]))

    def _recent_refusals(self, now: float) -> int:
        longest = max((law.memory.window or 0.0 for law in self._laws), default=0.0)
        return sum(1 for law in self._laws for moment in law.memory.refusals if moment > now - longest)

    def _window_sentence(self, law: WindowLaw) -> str:
        m = law.memory
        if law.closed or m.window is None:
            return "the site refused and does not say for how long; trying again carefully"
        pictures = "1 picture" if m.allowed == 1 else f"{m.allowed} pictures"
        return f"about {m.allowed} at once" if m.window < 1.0 else f"about {pictures} in {span(m.window)}"

    def on_started(self, now: float, attempt: str = "") -> None:
        """An attempt is about to be sent. Call it before the next ``permit``, or windows are overrun."""
        now = _hundredths(now)
        self._sends.add(now)
        self._undecided[attempt or f"at {now!r}"] = now
        if self._laws:
            self._settle(now)

    def _settle(self, now: float) -> None:
        for attempt, sent in list(self._undecided.items()):
            if sent < now - UNDECIDED:
                self.on_doubt(attempt)

    # --- after it ---

    def on_finished(self, now: float, seconds: float, attempt: str = "") -> None:
        """A picture came after ``seconds``."""
        self._passed(attempt)
        self._breaker.finished()
        self.changed |= self._throttle.finished()
        self.changed |= self._ceiling.finished()

    def on_doubt(self, attempt: str) -> None:
        """The tab was lost under the attempt: its send counts, but says nothing about limits."""
        self._undecided.pop(attempt, None)

    def on_failed(self, now: float, outcome: Outcome, retry_after: float | None, said: str, attempt: str = "") -> None:
        """An attempt ended without a picture."""
        now = _hundredths(now)
        in_flight = len(self._undecided)
        if outcome.is_limit:
            sent = self._take_back(attempt, now)
            self._limited(now, sent, outcome, retry_after)
            return
        if outcome in (Outcome.WITHDRAWN, Outcome.LOGIN, Outcome.HUMAN):
            self._take_back(attempt, now)
            return
        if outcome is Outcome.LOST:
            self.on_doubt(attempt)
        else:
            self._passed(attempt)
        self._breaker.failed(outcome, said, in_flight)
        if retry_after is not None:
            self._wait(now + retry_after + TOLD_MARGIN, "told", said or "the site asks us to wait")
        elif outcome is Outcome.RETRYABLE and self._breaker.faults > CALM:
            rest = self.panel_backoff(self._breaker.faults - CALM)
            self._wait(now + rest, "backing off", f"{self._breaker.faults} attempts in a row failed")

    def _limited(self, now: float, sent: float, outcome: Outcome, retry_after: float | None) -> None:
        same_news = sent < self._last_refusal  # sent before the last refusal was heard: nothing new
        self._last_refusal = max(self._last_refusal, now)
        self.changed = True
        if outcome is Outcome.THROTTLE:
            if not same_news:
                quiet = self._throttle.hit(retry_after)
                source: WaitSource = "told" if retry_after and retry_after >= quiet else "backing off"
                self._wait(now + quiet, source, f"the account is slowed: quiet for {span(quiet)}")
            elif retry_after is not None:
                self._wait(now + retry_after + TOLD_MARGIN, "told", "the account is slowed")
            return
        if retry_after is not None:
            self._wait(now + retry_after + TOLD_MARGIN, "told", f"the site asks us to wait {span(retry_after)}")
        if same_news:
            for law in self._laws:
                law.unsent(sent)
            self._ceiling.beside(len(self._undecided))
            return
        if retry_after is not None and (rest := self._vain.refused()) > retry_after:
            self._wait(now + rest, "backing off", f"the site named {span(retry_after)}, and refused after that again")
        if outcome is Outcome.RATE and retry_after is None and self._is_concurrency(sent):
            self._ceiling.refused(len(self._undecided))
            self._wait(now + 1.0, "learned", "the site takes fewer at once")
            return
        law = self._law_of("quota" if outcome is Outcome.QUOTA else "rate", sent, retry_after)
        if law.known and law.closed and not law.count(sent) and len(self._laws) < MOST_LAWS:
            law = WindowLaw(LawMemory(law.kind, blocked=[law.acquit()]), self._sends)
            self._laws.append(law)
        law.refused(sent, now, retry_after)
        self._merge()

    def _is_concurrency(self, sent: float) -> bool:
        """Whether a refusal that says nothing is about how many are under way, not about a window."""
        if any(law.closed or law.may_explain(sent, None) > 1.0 for law in self._laws if law.kind == "rate"):
            return False
        if self._ceiling.may_explain(len(self._undecided)):
            return True
        self._ceiling.disproved()
        return False

    def _law_of(self, kind: LawKind, sent: float, told: float | None) -> WindowLaw:
        """The law a refusal belongs to: the one that explains it best, else a new one."""
        mine = [law for law in self._laws if law.kind == kind]
        best = max(mine, key=lambda law: law.may_explain(sent, told), default=None)
        if best is not None and (best.may_explain(sent, told) > 0 or len(self._laws) >= MOST_LAWS):
            return best
        law = WindowLaw(LawMemory(kind), self._sends)
        self._laws.append(law)
        return law

    def _merge(self) -> None:
        """Two laws with one window are one law; the stricter (and younger) stands."""
        for old in list(self._laws):
            if not old.closed and any(law.supersedes(old) for law in self._laws if law is not old):
                self._laws.remove(old)

    def _passed(self, attempt: str) -> None:
        self._vain.passed()
        sent = self._pop(attempt)
        if sent is not None:
            for law in self._laws:
                before = (law.memory.allowed, law.memory.window, law.closed)
                law.passed(sent)
                self.changed |= before != (law.memory.allowed, law.memory.window, law.closed)
            if self.changed:
                self._merge()

    def _take_back(self, attempt: str, now: float) -> float:
        """The send was not counted by the site: forget it; returns when it was sent."""
        sent = self._pop(attempt)
        if sent is None:
            return now
        self._sends.discard(sent)
        return sent

    def _pop(self, attempt: str) -> float | None:
        if attempt:
            return self._undecided.pop(attempt, None)
        return self._undecided.pop(next(iter(self._undecided))) if self._undecided else None

    def _wait(self, until: float, source: WaitSource, sentence: str) -> None:
        if until > self._not_before:
            self._not_before, self._source, self._sentence = until, source, sentence
            self.changed = True

    def on_told(self, now: float, budgets: Iterable[Budget]) -> None:
        """A reply said what is left (``x-ratelimit-remaining`` and its like): nothing is sent beyond it."""
        for budget in budgets:
            self.changed |= self._told.hear(now, budget)

    # --- faults ---

    def panel_backoff(self, tries: int) -> float:
        """Seconds a panel rests after its ``tries``-th (1 …) unknown error: exponential, full jitter, capped."""
        return full_jitter(tries, self._rng)

    def breaker(self, now: float) -> str | None:
        """Why the run should pause because everything fails, and what to do; None while it should not."""
        return self._breaker.sentence()

    @property
    def breaker_retry_after(self) -> float | None:
        """Seconds after which an open breaker is worth trying again; None where a person must look first."""
        return self._breaker.retry_after

    def on_resumed(self) -> None:
        """The run goes on after a pause: an open breaker lets one picture try."""
        self._breaker.resumed()

    # --- restart and forecast ---

    def recall(self, sends: Iterable[float]) -> None:
        """Sends of earlier processes (run clock; those that were refused left out), so that windows are
        counted over a restart. Those the memory covers are known already."""
        first, last = self._sends.latest(len(self._sends)), self._sends.latest(1)
        for moment in sends:
            if first is None or last is None or not first - 1.0 <= moment <= last + 1.0:
                self._sends.add(moment)

    @property
    def memory(self) -> PacingMemory:
        """What to keep for a restart."""
        longest = max((law.memory.window or 0.0 for law in self._laws), default=0.0)
        latest = self._sends.latest(1) or 0.0
        return PacingMemory(
            not_before=self._not_before or None,
            source=self._source,
            sentence=self._sentence,
            throttle_level=self._throttle.level,
            laws=[law.memory for law in self._laws],
            sends=self._sends.since(latest - longest) if longest else [],
            ceiling=self._ceiling.most,
            budgets=self._told.kept,
        )

    def forecast(self, now: float) -> Forecast:
        """What the next sends will meet, for the ETA."""
        windows = [
            Window(m.allowed, m.window, tuple(self._sends.since(now - m.window, now)))
            for m in (law.memory for law in self._laws)
            if m.allowed is not None and m.window is not None
        ]
        bounds = [b for b in (self._max_in_flight, self._ceiling.most) if b is not None]
        told = self._told.opens(now, self._sends)
        not_before = max(now, self._not_before, told[0] if told is not None else now)
        return Forecast(now, not_before, tuple(windows), min(bounds, default=None))


def _hundredths(moment: float) -> float:
    """Moments that are kept are no finer, and never later than they were: order among them stays."""
    return math.floor(moment * 100) / 100
