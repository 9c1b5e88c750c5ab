"""Pacing against hidden quotas: the governor beside fixed backoff, plain AIMD and a scheduler that knows all."""

import random
from collections.abc import Callable
from dataclasses import dataclass

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
PROMISED = ("50 per 3 h", "40 per 3 h, 2 in 60 s", "50, then 30 per 3 h", "30, then 50 per 3 h")
"""Here the governor must get 95 % of what a clairvoyant gets."""

PACERS: dict[str, Callable[[random.Random], Pacer]] = {
    "governor": Governed,
    "fixed backoff": lambda rng: FixedBackoff(),
    "plain AIMD": lambda rng: PlainAimd(),
}
SEEDS = range(10)
HOURS = 48.0


@pytest.mark.benchmark
def test_pacing_against_hidden_quotas() -> None:
    print(f"\n{HOURS:.0f} simulated hours, 4 tabs, {len(SEEDS)} seeds; share of a clairvoyant's pictures (worst seed),")
    print("refusals in all (worst seed), and most refusals in any window after the first refusal's own")
    print("told: refusals name the reset; silent: only the kind of limit; one word: not even that\n")
    print(f"{'hidden limit':24} {'refusals':9}" + "".join(f"{name:>28}" for name in PACERS))
    for scene in SCENES:
        for mode in ("told", "silent", "one word"):
            cells = {name: tried(scene, mode, name) for name in PACERS}
            print(f"{scene:24} {mode:9}" + "".join(f"{cell.text:>28}" for cell in cells.values()))
            if scene in PROMISED and mode != "one word":
                assert cells["governor"].share >= 0.95
                assert cells["governor"].refusals <= 2


@dataclass
class Tried:
    share: float
    refusals: int
    text: str


def tried(scene: str, mode: str, pacer: str) -> Tried:
    """All seeds of one scene with one pacer."""
    shares, refusals, worst = [], [], []
    for seed in SEEDS:
        limits = SCENES[scene](random.Random(seed))
        account = Account(limits)
        best = live(Clairvoyant(account), account, random.Random(seed), hours=HOURS, instant=True)
        day = live(
            PACERS[pacer](random.Random(seed)),
            Account(limits),
            random.Random(seed),
            hours=HOURS,
            told=mode == "told",
            one_word=mode == "one word",
        )
        shares.append(day.pictures / best.pictures)
        refusals.append(len(day.refused))
        worst.append(day.worst_window(max((limit.seconds for limit in limits), default=HOUR)))
    share = sum(shares) / len(shares)
    return Tried(share, max(worst), f"{share:7.1%} ({min(shares):4.0%}) {max(refusals):5} {max(worst):4}")
