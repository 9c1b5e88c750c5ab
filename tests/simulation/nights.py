"""Many simulated nights at once, and what they came to:

    .venv/bin/python -m tests.simulation.nights                 20 full nights of 3,000 panels
    .venv/bin/python -m tests.simulation.nights --nights 1000   a thousand of them
    .venv/bin/python -m tests.simulation.nights --nights 50 --first 100 --jobs 1   seeds 100 to 149, on one core
    .venv/bin/python -m tests.simulation.nights --seed 17       one again, to look at a failure

Prints seeds, runs, simulated hours, what went wrong on purpose, by kind, and how many invariants were violated; exits
with 1 where any was, after the command that repeats it.
"""

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from tests.simulation.night import Night
from tests.simulation.plan import Plan

COMMAND = ".venv/bin/python -m tests.simulation.nights"


@dataclass
class Tally:
    """What a night, or many, came to. ``cpu``: seconds of processor time."""

    nights: int = 0
    panels: int = 0
    records: int = 0
    simulated: float = 0.0
    cpu: float = 0.0
    happened: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        for name in ("nights", "panels", "records", "simulated", "cpu"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.happened += other.happened
        self.results += other.results
        self.violations += other.violations


def play(seed: int, panels: int) -> Tally:
    """One night; whatever it raises is a violation."""
    began = time.process_time()
    night = Night(Plan.wild(seed, panels))
    tally = Tally(nights=1, panels=panels)
    try:
        report = night.play()
    except Exception as error:  # noqa: BLE001  # told with its seed
        tally.violations.append(f"seed {seed}: {told(error)}\n  repeat it: {COMMAND} --seed {seed} --panels {panels}")
    else:
        tally.records, tally.simulated = report.records, report.seconds
        tally.results[str(report.state.result)] += 1
    tally.happened.update(+night.site.faults)
    tally.happened["kill"] += max(0, night.lives - 1)
    tally.happened["clock jump"] += len(night.plan.jumps)
    tally.cpu = time.process_time() - began
    return tally


def told(error: BaseException) -> str:
    """The innermost reason, in a line."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {place.name}: {error}"


def summary(tally: Tally) -> str:
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in tally.happened.most_common() if count)
    results = ", ".join(f"{result} {count:,}" for result, count in tally.results.most_common())
    return (
        f"{tally.nights:,} nights ({results}), {tally.panels:,} panels, {tally.simulated / 3600:,.0f} simulated hours, "
        f"{tally.records:,} events checked\n"
        f"{sum(tally.happened.values()):,} things went wrong: {kinds}\n"
        f"{tally.panels / tally.cpu:,.0f} panels a second of processor time\n"
        f"violations: {len(tally.violations)}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.simulation.nights", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--nights", type=int, default=20, help="how many seeds to play (20)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--seed", type=int, help="play this one only, with its whole traceback")
    parser.add_argument("--panels", type=int, default=3000, help="panels of each night (3000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="nights at once (one a core)")
    asked = parser.parse_args()
    if asked.seed is not None:
        report = Night(Plan.wild(asked.seed, asked.panels)).play()
        print(f"seed {asked.seed} holds: {report.records:,} events, {report.state.result}")
        return 0
    everything, began = Tally(), time.monotonic()
    with ProcessPoolExecutor(asked.jobs) as processes:
        seeds = range(asked.first, asked.first + asked.nights)
        for done, tally in enumerate(processes.map(partial(play, panels=asked.panels), seeds), start=1):
            everything.add(tally)
            for violation in tally.violations:
                print(violation, flush=True)
            if sys.stderr.isatty():
                print(f"\r{done}/{asked.nights} nights", end="", file=sys.stderr, flush=True)
    print(
        f"seeds {asked.first} to {asked.first + asked.nights - 1}: {time.monotonic() - began:.0f} s, {asked.jobs} jobs"
    )
    print(summary(everything))
    return 1 if everything.violations else 0


if __name__ == "__main__":
    sys.exit(main())
