"""The drawing that goes on behind the page: when each turn is due, and what happens then.

It goes on whether or not a page is looking, and after a restart it goes on where it was.
"""

import asyncio
import hashlib
import math
import time
from collections.abc import Callable
from statistics import NormalDist

from core.easel.faults import dice
from core.easel.ledger import Entry, Ledger

#: Part of the waiting after which a blurred preview is shown.
PREVIEW_AT = 0.6


def seconds_to_draw(median: float, sigma: float, seed: int, prompt: str, take: int) -> float:
    """Lognormal around ``median`` (heavy tail), always the same for the same prompt, take and seed.

    With ``sigma`` 0 it is exactly ``median``.
    """
    if sigma == 0:
        return median
    chance = min(max(dice(seed, "latency", prompt, take), 1e-6), 1 - 1e-6)
    return median * math.exp(sigma * NormalDist().inv_cdf(chance))


def file_id(turn: str, index: int) -> str:
    """``file_…``: the id of a turn's picture."""
    return "file_" + hashlib.sha256(f"{turn} {index}".encode()).hexdigest()[:24]


class Studio:
    """Timers for the turns under way. ``changed`` is called with every entry that has become another."""

    def __init__(self, ledger: Ledger, changed: Callable[[Entry], None]) -> None:
        self._ledger = ledger
        self._changed = changed
        self._timers: dict[str, list[asyncio.TimerHandle]] = {}
        self._previewed: set[str] = set()
        self._last_file = ""

    @property
    def under_way(self) -> int:
        """How many turns are awaited."""
        return len(self._timers)

    def begin(self, entry: Entry) -> None:
        """Wait for ``entry.due``, then let its verdict come true. A due of None never comes."""
        timers = self._timers[entry.turn] = []
        if entry.due is None:
            return
        loop, wait = asyncio.get_running_loop(), max(0.0, entry.due - time.time())
        if "preview" in entry.faults and entry.files:
            timers.append(loop.call_later(wait * PREVIEW_AT, self._preview, entry))
        timers.append(loop.call_later(wait, self._finish, entry))

    def resume(self) -> None:
        """After a restart: wait for what was under way; what is overdue is ready at once."""
        for entry in self._ledger.entries:
            if entry.outcome == "ok":
                self._last_file = entry.files[0]
            if entry.outcome == "generating":
                self.begin(entry)

    def previewing(self, turn: str) -> bool:
        """Whether the turn shows its blurred preview."""
        return turn in self._previewed

    def generating(self, conversation: str) -> Entry | None:
        """The turn under way in a conversation, if any."""
        turns = self._ledger.conversation(conversation)
        return turns[-1] if turns and turns[-1].outcome == "generating" else None

    def stop(self, turn: str) -> None:
        """The person pressed stop: no picture will come of it."""
        entry = self._ledger.by_turn(turn)
        if entry and entry.turn in self._timers:
            self._cancel(turn)
            changes = {"outcome": "stopped", "text": "You stopped this picture.", "ready": time.time()}
            self._changed(self._ledger.change(entry.number, **changes))

    def close(self) -> None:
        """Cancel every timer; the ledger keeps what is due."""
        for turn in list(self._timers):
            self._cancel(turn)

    def _preview(self, entry: Entry) -> None:
        self._previewed.add(entry.turn)
        self._changed(entry)

    def _finish(self, entry: Entry) -> None:
        self._cancel(entry.turn)
        changes: dict[str, object] = {"outcome": entry.verdict, "ready": time.time()}
        if entry.verdict == "ok":
            if "previous" in entry.faults:
                changes["same_as"] = self._last_file
            self._last_file = entry.files[0]
        self._changed(self._ledger.change(entry.number, **changes))

    def _cancel(self, turn: str) -> None:
        for timer in self._timers.pop(turn, ()):
            timer.cancel()
        self._previewed.discard(turn)
