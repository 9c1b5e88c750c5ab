"""The law of the throttle: the whole account is slowed, and asking again only deepens it."""

STEPS = (300.0, 600.0, 1200.0, 2400.0, 3600.0)
"""Seconds of quiet after the first, second, … throttle with no picture between them."""


class Throttle:
    """``level`` counts throttles since the last finished picture; while above 0, one picture at a time."""

    def __init__(self, level: int = 0) -> None:
        self.level = level

    def hit(self, told: float | None) -> float:
        """Seconds of quiet from now: the step's, or what was told where that is longer."""
        step = STEPS[min(self.level, len(STEPS) - 1)]
        self.level += 1
        return max(step, told or 0.0)

    def finished(self) -> bool:
        """A picture came: the account is free again. True if it was not before."""
        was = self.level > 0
        self.level = 0
        return was
