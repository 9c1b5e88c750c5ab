"""A cockpit on a real engine, store and terminal, drawing on a simulated site at a steady rate.

    python -m tests.terminal.simulated DIR [--panels N] [--tabs N] [--latency S] [--ssh] [--headless]

For tests and benchmarks of the terminal alone: no browser stands between them and the screen.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.link.local import LocalRun
from core.pool.measure import Surroundings
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.project import load
from core.run import RunOptions
from core.sample import create_sample
from core.store.store import Store
from tests.simulation.site import SimulatedProcessor, SimulatedSite
from tui.ending import exit_code
from tui.options import ScreenOptions
from tui.run import _headless
from tui.session import run_on_screen
from tui.streams import make_good
from tui.terminal.stage import stage


async def _measure() -> Surroundings:
    """What is around five tabs of an image page, moving a little as memory does."""
    return Surroundings(own=90_000_000 + random.randrange(20_000_000), available=6_000_000_000)


@contextmanager
def open_simulated(folder: Path, options: RunOptions, *, latency: float) -> Iterator[LocalRun]:
    project = load(folder)
    site = SimulatedSite(random.Random(1), latency=latency, sigma=0.05)
    settings = EngineSettings(
        site="simulated",
        account="simulated",
        pool=PoolSettings(tabs=options.tabs or 5),
        stop_on_hangup=project.config.run.on_hangup == "stop",
        linger=options.linger,
    )
    engine = Engine(
        project,
        Store.open(folder),
        SimulatedProcessor(site),
        settings,
        judge=MemoryJudge(4_000_000_000),
        measure=_measure,
    )
    with LocalRun(engine) as run:
        yield run


def main() -> int:
    make_good()
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--panels", type=int, default=60)
    parser.add_argument("--tabs", type=int, default=5)
    parser.add_argument("--latency", type=float, default=2.2)
    parser.add_argument("--ssh", action="store_true")
    parser.add_argument("--headless", action="store_true")
    given = parser.parse_args()

    def prepare() -> None:
        if not given.folder.exists():
            create_sample(given.folder, given.panels)

    options = RunOptions(tabs=given.tabs, linger=not given.headless)
    opener = partial(open_simulated, given.folder, options, latency=given.latency)
    if given.headless:
        return _headless(given.folder, opener, prepare)
    with stage() as here:
        state = run_on_screen(here, given.folder, opener, ScreenOptions(ssh=given.ssh), prepare)
    return 4 if state is None else exit_code(state)


if __name__ == "__main__":
    sys.exit(main())
