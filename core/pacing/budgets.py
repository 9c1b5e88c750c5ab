"""The law of budgets: where the site says how many are left until when, no more are sent before then.

Nothing is learned here. The latest word on a budget counts; sends after it are taken off; at its reset it is
forgotten, and the next reply tells anew.
"""

from core.outcomes import Budget
from core.pacing.memory import ToldBudget
from core.pacing.sends import Sends
from core.pacing.words import span

MARGIN = 1.0
"""Seconds added to a reset: clocks and roundings differ."""

WORTH_KEEPING = 30.0
"""Seconds: a budget that is full again sooner is not worth a line in the journal."""


class ToldBudgets:
    """All budgets of an account, by name. ``now``: run clock."""

    def __init__(self, known: list[ToldBudget]) -> None:
        self._budgets = {budget.name: budget for budget in known}

    def hear(self, now: float, budget: Budget) -> bool:
        """A reply at ``now`` said what is left; True where that is worth keeping."""
        told = ToldBudget(budget.name, now, budget.remaining, now + budget.reset + MARGIN)
        self._budgets[budget.name] = told
        return _worth_keeping(told)

    def opens(self, now: float, sends: Sends) -> tuple[float, str] | None:
        """When the next send may go and why not sooner; None where it may go now."""
        waits = [
            budget
            for budget in self._budgets.values()
            if now < budget.until and sends.count(budget.told, now) >= budget.remaining
        ]
        if not waits:
            return None
        last = max(waits, key=lambda budget: budget.until)
        return last.until, f"the site says that no {last.name} are left for {span(last.until - last.told - MARGIN)}"

    @property
    def kept(self) -> list[ToldBudget]:
        """What is worth knowing after a restart: budgets that are used up."""
        return [budget for budget in self._budgets.values() if _worth_keeping(budget)]


def _worth_keeping(budget: ToldBudget) -> bool:
    return budget.remaining <= 0 and budget.until - budget.told > WORTH_KEEPING
