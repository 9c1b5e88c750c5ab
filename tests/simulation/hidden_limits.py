"""An account with hidden limits, tabs that draw on it, and several ways to pace them, in simulated time.

Small and by itself: no engine, so that pacing alone is measured. Deterministic from its seed.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.outcomes import Outcome
from core.pacing.governor import Governor

HOUR = 3600.0
START = 1_800_000_000.0


@dataclass(frozen=True)
class Limit:
    """At most ``count`` accepted in any ``seconds``, from ``since`` to ``until`` (seconds from the start)."""

    count: int
    seconds: float
    outcome: Outcome = Outcome.QUOTA
    since: float = 0.0
    until: float = float("inf")


class Account:
    """Counts accepted prompts; the limits in force at the moment decide."""

    def __init__(self, limits: Sequence[Limit], at_once: int | None = None) -> None:
        self.limits, self.at_once = limits, at_once
        self.accepted: list[float] = []
        self.refused: list[float] = []

    def opens(self, at: float) -> tuple[float, Outcome]:
        """When the next prompt would be accepted (``at`` if now), and what refuses it until then."""
        found = (at, Outcome.OK)
        for limit in self.limits:
            if limit.since <= at - START + 0.001 < limit.until and len(self.accepted) >= limit.count:
                release = self.accepted[-limit.count] + limit.seconds
                if release > found[0]:
                    found = (release, limit.outcome)
        return found


class Pacer(Protocol):
    def permit(self, now: float, in_flight: int) -> tuple[bool, float | None]: ...
    def started(self, now: float, attempt: str) -> None: ...
    def finished(self, now: float, attempt: str) -> None: ...
    def refused(self, now: float, attempt: str, outcome: Outcome, told: float | None) -> None: ...


class Governed:
    """The real governor."""

    def __init__(self, rng: random.Random) -> None:
        self.governor = Governor("account", None, rng)

    def permit(self, now: float, in_flight: int) -> tuple[bool, float | None]:
        permit = self.governor.permit(now, in_flight)
        return permit.allowed, permit.until

    def started(self, now: float, attempt: str) -> None:
        self.governor.on_started(now, attempt)

    def finished(self, now: float, attempt: str) -> None:
        self.governor.on_finished(now, 40.0, attempt)

    def refused(self, now: float, attempt: str, outcome: Outcome, told: float | None) -> None:
        self.governor.on_failed(now, outcome, told, "limit", attempt)


class FixedBackoff:
    """Wait what is told, else the same time after every refusal."""

    def __init__(self, seconds: float = 300.0) -> None:
        self.seconds, self.not_before = seconds, 0.0

    def permit(self, now: float, in_flight: int) -> tuple[bool, float | None]:
        return now >= self.not_before, self.not_before

    def started(self, now: float, attempt: str) -> None: ...

    def finished(self, now: float, attempt: str) -> None: ...

    def refused(self, now: float, attempt: str, outcome: Outcome, told: float | None) -> None:
        self.not_before = max(self.not_before, now + (self.seconds if told is None else told + 1.0))


class PlainAimd:
    """A rate: a little faster with every picture, half as fast after every refusal (told waits are kept)."""

    def __init__(self) -> None:
        self.rate, self.next, self.not_before = 0.1, 0.0, 0.0  # sends a second

    def permit(self, now: float, in_flight: int) -> tuple[bool, float | None]:
        at = max(self.next, self.not_before)
        return now >= at, at

    def started(self, now: float, attempt: str) -> None:
        self.next = now + 1.0 / self.rate

    def finished(self, now: float, attempt: str) -> None:
        self.rate = min(1.0, self.rate + 0.0005)

    def refused(self, now: float, attempt: str, outcome: Outcome, told: float | None) -> None:
        self.rate = max(1 / 1800.0, self.rate / 2)
        self.not_before = max(self.not_before, now + (told or 0.0))


class Clairvoyant:
    """Knows the account's books: sends the moment something is free, and is never refused."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def permit(self, now: float, in_flight: int) -> tuple[bool, float | None]:
        opens, _ = self.account.opens(now)
        changes = [START + limit.since for limit in self.account.limits if START + limit.since > now]
        return opens <= now, min([opens, *changes])

    def started(self, now: float, attempt: str) -> None: ...

    def finished(self, now: float, attempt: str) -> None: ...

    def refused(self, now: float, attempt: str, outcome: Outcome, told: float | None) -> None:
        raise AssertionError("a clairvoyant is never refused")


@dataclass
class Day:
    """What happened. Moments are seconds from the start."""

    pictures: int = 0
    refused: list[float] = field(default_factory=list)
    most_in_flight: int = 0

    def worst_window(self, seconds: float) -> int:
        """Most refusals in any window of that length after the first refusal's own window."""
        if not self.refused:
            return 0
        later = [moment for moment in self.refused if moment >= self.refused[0] + seconds]
        return max((sum(1 for m in later if start <= m < start + seconds) for start in later), default=0)


def live(
    pacer: Pacer,
    account: Account,
    rng: random.Random,
    *,
    hours: float = 24.0,
    tabs: int = 4,
    told: bool = True,
    instant: bool = False,
    one_word: bool = False,
    watch: Callable[[float, Pacer], None] | None = None,
) -> Day:
    """Draw for so long. ``told``: refusals name the reset. ``instant``: prompts count at once (the tab is
    busy as long).
    ``one_word``: every refusal is called a rate limit, whatever it is."""
    day = Day()
    heap: list[tuple[float, int, str, str]] = [(START, 0, "look", "")]
    order = in_flight = drawing = 0
    looking: float | None = None
    end = START + hours * HOUR

    def push(at: float, kind: str, attempt: str = "") -> None:
        nonlocal order
        order += 1
        heapq.heappush(heap, (at, order, kind, attempt))

    waits: dict[str, tuple[Outcome, float | None]] = {}
    while heap and heap[0][0] < end:
        now, _, kind, attempt = heapq.heappop(heap)
        if kind == "arrive":
            opens, outcome = account.opens(now)
            if opens <= now and account.at_once is not None and drawing >= account.at_once:
                opens, outcome = float("inf"), Outcome.RATE
            if opens <= now:
                account.accepted.append(now)
                drawing += 1
                push(now + rng.lognormvariate(3.55, 0.5), "picture", attempt)
                continue
            day.refused.append(now - START)
            known = None if not told or opens == float("inf") else opens - now
            waits[attempt] = (Outcome.RATE if one_word else outcome, known)
            push(now + rng.uniform(0.5, 2.0), "refusal", attempt)
            continue
        if kind == "picture":
            in_flight -= 1
            drawing -= 1
            day.pictures += 1
            pacer.finished(now, attempt)
        elif kind == "refusal":
            in_flight -= 1
            pacer.refused(now, attempt, *waits.pop(attempt))
        elif looking == now:
            looking = None
        if watch is not None:
            watch(now, pacer)
        while in_flight < tabs:
            allowed, until = pacer.permit(now, in_flight)
            if not allowed:
                if until is not None and (looking is None or until < looking):
                    looking = until
                    push(max(now, until), "look")
                break
            in_flight += 1
            day.most_in_flight = max(day.most_in_flight, in_flight)
            name = f"a{order}"
            pacer.started(now, name)
            if instant:
                account.accepted.append(now)
                drawing += 1
                push(now + rng.uniform(0.5, 2.5) + rng.lognormvariate(3.55, 0.5), "picture", name)
            else:
                push(now + rng.uniform(0.5, 2.5), "arrive", name)
    return day
