"""How long to wait before another try."""

import random


class Backoff:
    """Exponential, with full jitter and a cap: many watchers of a run that comes back do not all knock at once.

    Seconds. The first wait is anything up to ``first``, the next up to twice that, never more than ``most``.
    """

    def __init__(self, first: float = 0.25, most: float = 15.0, rng: random.Random | None = None) -> None:
        self._first, self._most = first, most
        self._rng = rng or random.Random()
        self._tries = 0

    def next(self) -> float:
        """The next wait."""
        bound = min(self._most, self._first * 2.0 ** min(self._tries, 60))
        self._tries += 1
        return self._rng.uniform(0.0, bound)

    def worked(self) -> None:
        """Begin with short waits again."""
        self._tries = 0
