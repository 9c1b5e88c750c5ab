"""Pacing against hidden quotas: the governor beside fixed backoff, plain AIMD and a scheduler that knows all."""

import random
from collections.abc import Callable

import pytest

from core.outcomes import Outcome
from tests.simulation.hidden_limits import (
    HOUR,
    Account,
    Clairvoyant,
    FixedBackoff,
    Governed,
    Limit,
    Pacer,
    PlainAimd,
    live,
)

BURST = Limit(2, 60.0, Outcome.RATE)


def change(first: int, then: int, rng: random.Random) -> tuple[Limit, ...]:
    """A quota that changes at some moment in the middle."""
    moment = rng.uniform(16, 32) * HOUR
    return Limit(first, 3 * HOUR, until=moment), Limit(then, 3 * HOUR, since=moment)


SCENES: dict[str, Callable[[random.Random], tuple[Limit, ...]]] = {
    "50 per 3 h": lambda rng: (Limit(50, 3 * HOUR),),
    "40 per 3 h, 2 in 60 s": lambda rng: (Limit(40, 3 * HOUR), BURST),
    "50, then 30 per 3 h": lambda rng: change(50, 30, rng),
    "30, then 50 per 3 h": lambda rng: change(30, 50, rng),
    "100 per 100 minutes": lambda rng: (Limit(100, 6000.0),),
    "200 per 24 h, 20 per h": lambda rng: (Limit(200, 24 * HOUR), Limit(20, HOUR)),
    "no limit": lambda rng: (),
}
PACERS: dict[str, Callable[[random.Random], Pacer]] = {
    "governor": Governed,
    "fixed backoff": lambda rng: FixedBackoff(),
    "plain AIMD": lambda rng: PlainAimd(),
}
SEEDS = range(10)
HOURS = 48.0


@pytest.mark.benchmark
def test_pacing_against_hidden_quotas() -> None:
    print(f"\n{HOURS} simulated hours, 4 tabs, {len(SEEDS)} seeds; share of a clairvoyant's pictures (worst seed),")
    print("refusals in all (worst seed), and most refusals in any window after the first refusal's own\n")
    print(f"{'hidden limit':24} {'refusals':9}" + "".join(f"{name:>28}" for name in PACERS))
    for scene, make_limits in SCENES.items():
        for told in (True, False):
            cells = []
            for make in PACERS.values():
                shares, refusals, worst = [], [], []
                for seed in SEEDS:
                    limits = make_limits(random.Random(seed))
                    account = Account(limits)
                    best = live(Clairvoyant(account), account, random.Random(seed), hours=HOURS, instant=True)
                    day = live(make(random.Random(seed)), Account(limits), random.Random(seed), hours=HOURS, told=told)
                    shares.append(day.pictures / best.pictures)
                    refusals.append(len(day.refused))
                    window = max((limit.seconds for limit in limits), default=HOUR)
                    worst.append(day.worst_window(window))
                cells.append(f"{sum(shares) / len(shares):7.1%} ({min(shares):4.0%}) {max(refusals):5} {max(worst):4}")
            print(f"{scene:24} {'told' if told else 'silent':9}" + "".join(f"{c:>28}" for c in cells))
