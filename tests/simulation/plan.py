"""What a simulated night is made of, drawn from its seed."""

import math
import random
from dataclasses import dataclass, field

from core.outcomes import Outcome
from tests.simulation.site import Chances, Window

NIGHT = 8 * 3600.0
"""Seconds a full night is meant to take; limits, faults and kills make most of them longer."""


@dataclass
class Plan:
    """``kills``: simulated seconds at which the process dies; ``jumps``: when the clock is set, and by how much."""

    seed: int
    panels: int = 300
    tabs: int = 5
    latency: float = 20.0
    chances: Chances = field(default_factory=Chances)
    windows: list[Window] = field(default_factory=list)
    refuses: int = 0
    kills: list[float] = field(default_factory=list)
    jumps: dict[float, float] = field(default_factory=dict)
    checkpoint_interval: float = 30.0

    @staticmethod
    def wild(seed: int, panels: int = 300) -> "Plan":
        """A night in which everything goes wrong now and then: every kind of fault in half of the nights."""
        rng = random.Random(seed)
        length = NIGHT * panels / 3000
        tabs = rng.randint(1, 8)
        return Plan(
            seed=seed,
            panels=panels,
            tabs=tabs,
            latency=length * tabs / panels * rng.uniform(0.4, 0.85),
            chances=Chances.some(rng),
            windows=_windows(rng, panels / length),
            refuses=rng.randint(0, 3),
            kills=sorted(rng.uniform(0.0, length) for _ in range(rng.randint(0, 5))),
            jumps={rng.uniform(0.0, length): rng.uniform(-7200, 7200) for _ in range(rng.randint(0, 3))},
            checkpoint_interval=rng.choice((30.0, 60.0, 120.0)),
        )


def _windows(rng: random.Random, pace: float) -> list[Window]:
    """Hidden limits, near the ``pace`` (sends a second) a night without limits would have."""
    windows = []
    if rng.random() < 0.6:
        seconds = rng.choice((600.0, 1800.0, 3600.0))
        count = math.ceil(pace * seconds * rng.uniform(0.9, 1.5))
        windows.append(Window(count, seconds, told=rng.random() < 0.5))
    if rng.random() < 0.3:
        windows.append(Window(3, 15.0, told=rng.random() < 0.5, outcome=Outcome.RATE))
    return windows
