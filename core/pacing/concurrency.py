"""The law of concurrency: how many at once, for a site that refuses and says neither why nor until when.

Additive increase, multiplicative decrease: a refusal beside others under way bounds them; after many pictures
one more is tried, each time later if in vain. A refusal below the bound shows that it was not about
concurrency at all: then there is no bound, and the windows must explain it. Elsewhere the tabs are the bound.
"""

PATIENCE = 20
"""Finished pictures for each attempt of the bound before one more is tried; doubled by every try in vain."""

SLOWEST = 16
"""The patience is never more than so many times longer."""


class Ceiling:
    """``most``: attempts at once; None where nothing bounds them."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self._finished = 0
        self._vain = 1
        self._raised = False

    def allows(self, in_flight: int) -> bool:
        """Whether one more may start beside ``in_flight``."""
        return self.most is None or in_flight < self.most

    def may_explain(self, others: int) -> bool:
        """Whether a refusal beside ``others`` may be about concurrency."""
        return others > 0 and (self.most is None or others >= self.most - 1)

    def refused(self, others: int) -> None:
        """A refusal beside ``others`` that no window explains."""
        if self.most is None:
            self.most = max(1, others)
        elif self._raised:  # one more was one too many
            self.most = max(1, self.most - 1)
            self._vain = min(SLOWEST, 2 * self._vain)
        else:
            self.most = max(1, min(self.most // 2, others))
        self._finished, self._raised = 0, False

    def disproved(self) -> bool:
        """Refused well below the bound: forget it. True if there was one."""
        was = self.most is not None
        self.most, self._finished, self._vain, self._raised = None, 0, 1, False
        return was

    def beside(self, others: int) -> None:
        """Another of the same moment was refused beside ``others``: so many are let through, not more."""
        if self.most is not None:
            self.most = max(1, min(self.most, others))

    def finished(self) -> bool:
        """A picture came; True when that raised the bound."""
        if self.most is None:
            return False
        self._finished += 1
        if self._finished < PATIENCE * self._vain * self.most:
            return False
        self.most += 1
        self._finished, self._raised = 0, True
        return True
