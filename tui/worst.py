"""The panels that cost the most, by any of five measures. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from typing import Literal, get_args

from core.outcomes import Outcome
from core.state import AttemptState

Order = Literal["time", "time lost", "attempts", "refusals", "failures"]
ORDERS: tuple[Order, ...] = get_args(Order)

_REFUSALS = (Outcome.REFUSED, Outcome.SOFT_REFUSED)
_NOBODYS = (Outcome.OK, Outcome.WITHDRAWN, Outcome.LOGIN, Outcome.HUMAN)


@dataclass
class Cost:
    """Of one panel. Seconds: of all its attempts, and of those without a picture. ``said``: the last complaint."""

    time: float = 0.0
    lost: float = 0.0
    attempts: int = 0
    refusals: int = 0
    failures: int = 0
    said: str = ""

    def by(self, order: Order) -> float:
        return {"time": self.time, "time lost": self.lost, "attempts": self.attempts, "refusals": self.refusals,
                "failures": self.failures}[order]  # fmt: skip


def worst(attempts: Iterable[AttemptState], order: Order, most: int) -> list[tuple[str, Cost]]:
    """The ids and costs of at most ``most`` panels that have any by ``order``, the greatest first."""
    found: dict[str, Cost] = {}
    for attempt in attempts:
        cost = found.setdefault(attempt.panel, Cost())
        cost.attempts += 1
        cost.time += attempt.seconds
        outcome = attempt.outcome
        if outcome is not None and outcome is not Outcome.OK:
            cost.lost += attempt.seconds
        if outcome in _REFUSALS:
            cost.refusals += 1
        elif outcome is not None and outcome not in _NOBODYS and not outcome.is_limit:
            cost.failures += 1
        cost.said = attempt.sentence or cost.said
    some = [(id, cost) for id, cost in found.items() if cost.by(order)]
    return nlargest(most, some, key=lambda item: (item[1].by(order), item[1].time))
