"""Limits an account meets: a sliding quota, bursts and throttles, and how a page words the wait."""

import math
from collections import deque
from dataclasses import dataclass

from core.easel.options import Limit


@dataclass(frozen=True)
class Told:
    """What a limited account is told. ``kind``: quota, rate or throttle; ``wait`` is in seconds."""

    kind: str
    wait: float
    text: str


class Limits:
    """Every limit of the one account. Times are wall-clock seconds, passed in: nothing here reads a clock."""

    def __init__(self, limit: Limit | None) -> None:
        self.limit = limit
        self._accepted: deque[float] = deque(maxlen=100_000)
        self._quota_until = self._burst_until = 0.0
        self._throttle_quiet = self._throttle_until = 0.0

    def accepted(self, now: float) -> None:
        """Count one accepted prompt at ``now``."""
        self._accepted.append(now)

    def check(self, now: float) -> Told | None:
        """What a prompt at ``now`` is told; None when it may go on. Asking during a throttle prolongs it."""
        if self.throttled(now):
            self.disturb(now)
            return Told("throttle", self._throttle_until - now, TOO_MANY)
        if now < self._burst_until:
            return Told("rate", self._burst_until - now, burst_text(self._burst_until - now))
        wait = max(self._quota_until - now, self._window_wait(now))
        return Told("quota", wait, quota_text(wait)) if wait > 0 else None

    def start_quota(self, now: float, seconds: float) -> None:
        """Nothing more for ``seconds``, whatever the window says."""
        self._quota_until = now + seconds

    def start_burst(self, now: float, seconds: float) -> None:
        """Prompts come too quickly: a wait of ``seconds``."""
        self._burst_until = now + seconds

    def start_throttle(self, now: float, quiet: float) -> None:
        """The account is slowed until ``quiet`` seconds pass in which nobody asks for anything."""
        self._throttle_quiet, self._throttle_until = quiet, now + quiet

    def throttled(self, now: float) -> bool:
        """Whether the account is slowed at ``now``."""
        return now < self._throttle_until

    def disturb(self, now: float) -> None:
        """A page was loaded or a prompt sent: while throttled, the quiet starts over."""
        if self.throttled(now):
            self._throttle_until = now + self._throttle_quiet

    def _window_wait(self, now: float) -> float:
        if self.limit is None:
            return 0.0
        while self._accepted and self._accepted[0] <= now - self.limit.seconds:
            self._accepted.popleft()
        if len(self._accepted) < self.limit.pictures:
            return 0.0
        # The limit may have been lowered meanwhile: wait until enough of the window has passed.
        return self._accepted[-self.limit.pictures] + self.limit.seconds - now


TOO_MANY = "You're making requests too quickly. We've temporarily limited access. Please wait a few minutes."


def quota_text(wait: float) -> str:
    """«You've hit your limit. Try again in 4 minutes.»"""
    return f"You've hit your limit. Try again in {wait_in_words(wait)}."


def burst_text(wait: float) -> str:
    """«You're generating images too quickly … wait for 2 minutes …»"""
    return (
        "You're generating images too quickly. To ensure the best experience for everyone, we have rate "
        f"limits in place. Please wait for {wait_in_words(wait)} before generating more images."
    )


def wait_in_words(wait: float) -> str:
    """Seconds as a page says them, rounded up so that nobody comes back too early.

    ``40 seconds``, ``4 minutes``, ``2 hours and 5 minutes``.
    """
    seconds = max(1, math.ceil(wait))
    if seconds < 60:
        return _count(seconds, "second")
    minutes = math.ceil(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _count(minutes, "minute")
    return _count(hours, "hour") + (f" and {_count(minutes, 'minute')}" if minutes else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
