"""The law of windows: so many sends in any so many seconds, learned from refusals and our own sends.

A refusal after n sends says that the window holds n. How long the window is shows when it opens again: the
site tells that moment, or it is tried at the moments the usual windows (a minute, an hour, three hours …)
would open. Both end in the same piece of evidence, a stretch that was closed until a known moment, and the
window's length is the one that explains the latest stretches best. A count is believed until a later send
contradicts it; more is tried about once a window, with one send.
"""

import math

from core.pacing.memory import Blocked, LawKind, LawMemory
from core.pacing.sends import Sends
from core.pacing.stretches import (
    ARRIVAL,
    LONG,
    USUAL,
    exact,
    explains,
    margin,
    near,
    overran,
    releases,
    rounding,
    score,
)

FIRST_GAP = {"rate": 5.0, "quota": 60.0}
"""Seconds from an unexplained refusal to the first try, by kind; doubled with every try."""

STRETCHES = 4
"""How many closed stretches are kept as evidence."""

REFUSALS_A_WINDOW = 2
"""No more than this many are provoked in any window once it is known."""

PROBING = 0.9
"""Of a window: time between two tries whether more is allowed."""

USUAL_ENOUGH = 0.8
"""A usual window is taken for exact when it is known to be longer than this share of it."""

TIGHT = 0.98
"""A window known to be longer than this share of its estimate is known well enough."""

LAST_DOUBT = 6
"""So many refusals in one stretch, where a known window should have opened, and the window is forgotten."""

LESS = 0.6
"""A window that holds fewer than thought, and does not say how many, is tried with this share next."""

HEARING = 5.0
"""Seconds within which a refusal is usually heard."""

TICK = 0.001
"""Seconds that do not matter: sums of floats differ by less."""

PATIENT_PROBES = 8
"""After so many tries in vain, more is tried half as often."""

SHORTEST_PROBING = {"quota": 1800.0, "rate": 10800.0}
"""Seconds between two tries for more, at least: a burst limit is not worth a refusal a minute."""


class WindowLaw:
    """One window of an account. ``sends`` are the account's, shared by all its laws; ``now`` the run clock."""

    def __init__(self, memory: LawMemory, sends: Sends) -> None:
        self.memory, self._sends = memory, sends

    # --- asking ---

    @property
    def kind(self) -> LawKind:
        return self.memory.kind

    @property
    def known(self) -> bool:
        """Whether its length and how many it lets through are known."""
        return self.memory.window is not None and self.memory.allowed is not None

    @property
    def closed(self) -> bool:
        """True from a refusal until something went through again, or until the moment told."""
        return bool(self.memory.blocked) and self.memory.blocked[-1].opened is None

    def supersedes(self, other: "WindowLaw") -> bool:
        """Both are known, their windows are about the same, and this one is the stricter."""
        mine, its = self.memory, other.memory
        if mine.window is None or its.window is None or mine.allowed is None or its.allowed is None:
            return False
        return abs(mine.window - its.window) < 0.1 * its.window and mine.allowed <= its.allowed

    def count(self, now: float) -> int:
        """Sends inside the window that ends now; 0 while its length is unknown."""
        if self.memory.window is None:
            return 0
        return self._sends.count(now - self.memory.window - self.margin + TICK, now)

    @property
    def margin(self) -> float:
        """Seconds added to the window: the site counts when a prompt arrives, not when it leaves us."""
        return self.memory.margin + margin(self.memory.window or 0.0)

    def opens(self, now: float, undecided: int, recent: int) -> float:
        """When the next send is due; at most ``now`` when it may go, infinite while it waits for news.

        ``undecided``: sends of which is not yet known whether they were let through. ``recent``: refusals of
        the account within its longest window.
        """
        m = self.memory
        if self.closed:
            return math.inf if undecided else self._next_try(now)
        if m.window is None or m.allowed is None:
            return m.rest
        if m.wary and undecided:
            return math.inf
        if (count := self.count(now)) < m.allowed:
            if count < m.allowed - 1:
                return m.rest
            return max(m.rest, (self._sends.latest(1) or 0.0) + HEARING)  # at the edge, one after the other
        release = self._release(m.allowed)
        more = self._tries_more_at(now, recent)
        if undecided and more < release:
            more = release if more > now else math.inf  # asked again when the one before is decided
        return min(release, more) if more != math.inf else release

    def _release(self, nth: int) -> float:
        oldest = self._sends.latest(nth)
        assert oldest is not None and self.memory.window is not None
        return oldest + self.memory.window + self.margin

    def _tries_more_at(self, now: float, recent: int) -> float:
        """When one send beyond what is known is worth it: inf for not now."""
        m = self.memory
        assert m.window is not None and m.allowed is not None
        if recent >= REFUSALS_A_WINDOW:
            return math.inf
        if m.too_many is None or m.allowed < m.too_many:
            return now  # no wall known between here and there: climb, one at a time
        oldest = self._sends.latest(m.allowed)
        assert oldest is not None
        pace = max(PROBING * m.window, SHORTEST_PROBING[m.kind]) * (1.0 if m.vain_probes < PATIENT_PROBES else 2.0)
        due = max(now, now if m.probed is None else m.probed + pace)
        if m.shortest < TIGHT * m.window:  # perhaps the window is shorter: try in the middle of the doubt
            return max(due, oldest + (m.shortest + m.window) / 2)
        return due if due < oldest + m.shortest else math.inf  # later, a slot that opens would look like more

    def _next_try(self, now: float) -> float:
        """While closed and told nothing: when to try whether it is open again."""
        m, stretch = self.memory, self.memory.blocked[-1]
        if m.window is not None and m.allowed is not None and m.allowed <= len(self._sends):
            return max(self._release(m.allowed), stretch.last + FIRST_GAP[m.kind])
        oldest = stretch.sends[0] if stretch.sends else stretch.first
        gap = FIRST_GAP[m.kind] * 2.0 ** min(stretch.refusals - 1, 16)
        earliest = stretch.last + min(gap, max(FIRST_GAP[m.kind], 0.3 * (stretch.last - oldest)))
        tries = (release + margin(window) for window, release in releases(stretch, USUAL))
        return min((moment for moment in tries if moment >= earliest), default=earliest)

    def may_explain(self, sent: float, told: float | None) -> float:
        """How well a refusal of a send at ``sent`` fits this law: 0 (not at all) to 3."""
        m = self.memory
        if m.window is None or m.allowed is None:
            return 1.0
        if told is not None and told > m.window + 60.0:
            return 0.0
        if self.closed or self.count(sent) >= m.allowed:
            return 3.0
        if self._near_miss(sent, told):
            return 2.0
        return 1.5 if m.window >= LONG and self.count(sent) >= 0.5 * m.allowed else 0.0

    # --- learning ---

    def refused(self, sent: float, now: float, told: float | None) -> None:
        """A send at ``sent`` was refused at ``now``; ``told``: seconds from now until it opens, if said."""
        m = self.memory
        m.refusals = [*m.refusals[-9:], now]
        if self.known and not self.closed and self._near_miss(sent, told):
            m.margin = min(0.01 * (m.window or 0.0) + 5.0, m.margin + 2.0)
            window = m.window or 0.0
            before = [moment for moment in m.refusals[:-1] if moment > now - window]
            m.rest, m.wary = max([now + near(window), *(moment + window for moment in before[-1:])]), True
            return
        if self.closed:
            stretch = m.blocked[-1]
            stretch.refusals += 1
            stretch.last = max(stretch.last, sent)
            if told is None and self.known:
                self._less(stretch)
        else:
            self._close(sent, now)
        if told is not None:
            stretch = m.blocked[-1]
            stretch.last, stretch.opened, stretch.told = now + told - rounding(told), now + told, True
            self._learn(stretch)

    def _near_miss(self, sent: float, told: float | None) -> bool:
        """A slot was about to open: our clock and the site's are a little apart, nothing else is wrong."""
        m = self.memory
        assert m.window is not None and m.allowed is not None
        close = near(m.window)
        if self.count(sent) >= m.allowed or (told is not None and told > close) or sent < m.rest + 10 * close:
            return False
        return self._sends.count(sent - m.window - self.margin - close, sent) >= m.allowed

    def _close(self, sent: float, now: float) -> None:
        m = self.memory
        stretch = Blocked(sent, sent, self._sends.since(sent - USUAL[-1]))
        m.blocked = [*m.blocked[1 - STRETCHES :], stretch]
        m.probed = now
        if m.window is None or m.allowed is None:
            return
        count = max(1, self.count(sent))
        if count < m.allowed and m.unsure is not None:  # it was not shorter, it holds more
            m.window, m.unsure = m.unsure, None
            m.allowed = count = max(1, self.count(sent))
        elif count >= m.allowed:  # a try for more
            m.vain_probes += 1
        else:
            m.before, m.allowed = m.allowed, max(1, int(LESS * count))
            m.vain_probes, stretch.surprise = 0, True
        m.too_many = count

    def _less(self, stretch: Blocked) -> None:
        """Refused again where room was expected: the window holds fewer than thought."""
        m = self.memory
        if stretch.refusals > LAST_DOUBT:
            m.window = m.allowed = m.too_many = None
            return
        assert m.window is not None and m.allowed is not None
        count = max(1, self.count(stretch.last))
        m.too_many = min(count, m.too_many or count)
        m.allowed = max(1, int(LESS * min(count, m.allowed)))

    def acquit(self) -> Blocked:
        """Refused with nothing in the window: it is another's doing. Hands over the stretch, as if never met."""
        m = self.memory
        stretch = m.blocked.pop()
        m.allowed = m.too_many = m.before or m.allowed
        m.before = None
        stretch.surprise = False
        return stretch

    def unsent(self, sent: float) -> None:
        """A send beside the one refused was refused too: it did not count either."""
        m = self.memory
        if not m.blocked or sent not in m.blocked[-1].sends:
            return
        stretch = m.blocked[-1]
        inside = sum(1 for s in stretch.sends if s > stretch.first - (m.window or 0.0) - self.margin)
        if m.allowed == m.too_many == inside and inside > 1:  # it was counted in
            m.allowed = m.too_many = inside - 1
        stretch.sends.remove(sent)

    def passed(self, sent: float) -> None:
        """The send at ``sent`` was let through."""
        m = self.memory
        if not m.refusals or sent > m.refusals[-1]:
            m.wary = False
        if self.closed:
            stretch = m.blocked[-1]
            if sent > m.refusals[-1]:  # else it was sent before that was heard and says nothing new
                stretch.opened = sent
                self._learn(stretch)
        elif m.window is not None and m.allowed is not None:
            self._passed_beyond(sent, m.window, m.allowed)

    def _passed_beyond(self, sent: float, window: float, allowed: int) -> None:
        m = self.memory
        before = self.count(sent) - 1
        if before < allowed or (m.refusals and sent < m.refusals[-1]):
            return
        m.vain_probes = 0
        oldest = self._sends.latest(allowed + 1, sent)
        assert oldest is not None
        if sent - oldest >= m.shortest:  # perhaps it had left the window already: then the window is shorter
            if m.shortest >= TIGHT * window:
                return
            m.unsure = m.unsure or window
            m.window = min(window, sent - oldest)
            self._settle()
            return
        m.allowed = before + 1
        if m.too_many is not None and m.allowed > m.too_many:
            m.too_many = None

    def _settle(self) -> None:
        """Once the length is known well enough, doubt ends."""
        m = self.memory
        assert m.window is not None
        if m.window in USUAL and m.shortest >= USUAL_ENOUGH * m.window:
            m.shortest = m.window - near(m.window)
        if m.shortest >= TIGHT * m.window:
            m.unsure = None

    def _learn(self, stretch: Blocked) -> None:
        """The stretch has an end: read the window's length from it and its like, then the count."""
        m = self.memory
        assert stretch.opened is not None
        if m.window is None or (not stretch.surprise and not self._fits_one_of_two(m.window)):
            self._learn_window(stretch)
        if m.window is None:
            return
        inside = [s for s in stretch.sends if s > stretch.first - m.window - self.margin]
        if m.allowed is None:
            m.allowed = m.too_many = max(1, len(inside))
        if stretch.told:
            # What is told is when ONE send may go: those that count then are all but one of what it holds.
            most = max(1, sum(1 for s in inside if s >= stretch.last - m.window - ARRIVAL))
            if stretch.surprise or most < m.allowed:
                least = sum(1 for s in inside if s >= stretch.opened - m.window - ARRIVAL)
                m.allowed, m.too_many = max(1, least), most
        stretch.sends = inside  # older ones told of longer windows only
        if inside and not stretch.surprise:
            m.shortest = max(m.shortest, min(m.window, stretch.last - inside[0]))
            self._settle()

    def _learn_window(self, latest: Blocked) -> None:
        m = self.memory
        ended = [stretch for stretch in m.blocked if stretch.opened is not None and not stretch.surprise]
        if not ended:
            return
        candidates = {*USUAL, *exact(latest)}
        if m.window is None:
            candidates = {window for window in candidates if not overran(window, latest)} or candidates
        else:
            candidates.add(m.window)
        scores = {window: score(window, ended) for window in candidates}
        # Of equals, a quota's is the longest (safe), a rate's the shortest (it is about being quick).
        sign = 1.0 if m.kind == "quota" else -1.0
        best = max(scores, key=lambda window: (scores[window], sign * window))
        needed = 0.0 if m.window is None else scores[m.window] + 1.0
        if scores[best] > needed:
            m.window, m.allowed, m.too_many, m.shortest, m.vain_probes = best, None, None, 0.0, 0

    def _fits_one_of_two(self, window: float) -> bool:
        """Whether the window still explains one of the latest two stretches it should."""
        should = [b for b in self.memory.blocked if b.opened is not None and not b.surprise][-2:]
        return len(should) < 2 or any(explains(window, stretch) for stretch in should)
