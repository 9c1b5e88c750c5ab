"""How fast simulated nights pass: panels a second of one core's time, from the first event to the last check."""

import time

import pytest

from tests.simulation.night import Night
from tests.simulation.plan import NIGHT, Plan

PANELS, TABS = 3000, 5
QUIET = Plan(seed=1, panels=PANELS, tabs=TABS, latency=0.85 * NIGHT * TABS / PANELS)
NIGHTS = {"a quiet night": QUIET, **{f"a wild night, seed {seed}": Plan.wild(seed, PANELS) for seed in range(3)}}


@pytest.mark.benchmark
def test_simulation_speed() -> None:
    titles = ("panels", "hours", "events", "lives", "core seconds", "panels a second")
    print("\n{:22} {:>7} {:>6} {:>7} {:>5} {:>13} {:>16}".format("night", *titles))
    for name, plan in NIGHTS.items():
        began = time.process_time()
        report = Night(plan).play()
        took = time.process_time() - began
        print(
            f"{name:22} {plan.panels:7,} {report.seconds / 3600:6.1f} {report.records:7,} {report.lives:5} "
            f"{took:13.1f} {plan.panels / took:16,.0f}"
        )
