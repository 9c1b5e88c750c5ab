"""The law of faults: unknown errors are retried ever more slowly, and when everything fails the run pauses.

Three counters, never one: faults (network, «something went wrong»), answers in words, and refusals. A long row
of any of them, with no picture between, is not the panels' doing.
"""

import random

from core.outcomes import Outcome

FIRST = 2.0
"""Seconds: the bound of the first backoff; it doubles from there."""

SLOWEST = 300.0
"""Seconds: no backoff is longer."""

CALM = 3
"""Faults in a row that are borne before the whole account slows down."""

ROWS = {Outcome.RETRYABLE: 8, Outcome.SOFT_REFUSED: 12, Outcome.REFUSED: 20}
"""So many in a row, with no picture between, open the breaker."""

FIRST_REST, LONGEST_REST = 60.0, 1800.0
"""Seconds until an open breaker is worth trying again: doubled every time."""


def full_jitter(tries: int, rng: random.Random, *, first: float = FIRST, slowest: float = SLOWEST) -> float:
    """Seconds to wait after ``tries`` (1 …) failures: uniform between 0 and a bound that doubles."""
    return rng.uniform(0.0, min(slowest, first * 2.0 ** min(max(0, tries - 1), 60)))


class Breaker:
    """Opens when everything fails; a picture closes it, a try after a pause is one picture at a time."""

    def __init__(self) -> None:
        self._rows: dict[Outcome, int] = {}
        self._openings = 0
        self._said = ""
        self._tabs = 0
        self.trying = False  #: True from a resume until a picture came

    @property
    def faults(self) -> int:
        """Faults in a row."""
        return self._rows.get(Outcome.RETRYABLE, 0)

    def failed(self, outcome: Outcome, said: str, in_flight: int) -> None:
        """Count a failure; those that were under way together are one piece of news, so more tabs need more."""
        kind = Outcome.RETRYABLE if outcome is Outcome.LOST else outcome
        if kind in ROWS:
            self._rows[kind] = self._rows.get(kind, 0) + 1
            self._said = said
            self._tabs = max(self._tabs, in_flight)

    def _most(self, kind: Outcome) -> int:
        return max(ROWS[kind], 2 * self._tabs)

    def finished(self) -> None:
        """A picture came: no row of failures goes on."""
        self._rows.clear()
        self._openings, self.trying = 0, False

    def resumed(self) -> None:
        """The run goes on after the breaker paused it: one more failure is enough to pause it again."""
        if self.sentence() is not None:
            self._openings += 1
            self.trying = True
            self._rows = {kind: min(row, self._most(kind) - 1) for kind, row in self._rows.items()}

    def sentence(self) -> str | None:
        """Why the run should pause, and what to do; None while it should not."""
        for kind, row in self._rows.items():
            if row >= self._most(kind):
                return _SENTENCES[kind].format(row=row, said=self._said or "no reason given")
        return None

    @property
    def retry_after(self) -> float | None:
        """Seconds after which trying again by ourselves is worth it; None where a person must look."""
        if self.faults < self._most(Outcome.RETRYABLE):
            return None
        return min(LONGEST_REST, FIRST_REST * 2.0**self._openings)


_SENTENCES = {
    Outcome.RETRYABLE: "{row} attempts in a row failed, the last with «{said}»: look at the site, then resume",
    Outcome.SOFT_REFUSED: "{row} answers in a row were words without a picture, the last «{said}»: "
    "look at a conversation; perhaps image making is switched off",
    Outcome.REFUSED: "{row} prompts in a row were refused, the last with «{said}»: "
    "look at the account and the style before going on",
}
