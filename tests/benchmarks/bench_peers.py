"""Ours, Crawlee and bare Playwright on the same page, by latency and number of tabs: time, CPU and memory in one table.

The columns are those of the throughput benchmark. The full version draws more panels a tab, which takes most of an
hour; ``--latency``, ``--tabs`` and ``--only`` measure a part.
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.__main__ import machine
from tests.benchmarks.peers.contenders import BARE, CRAWLEE, HEAD, OURS, crawlee, draw, line

SHORT = ("--short",)

LATENCIES, TABS, NAMES = (0.2, 1.0, 5.0), (1, 5, 20), (OURS, BARE, CRAWLEE)

ROUNDS = {0.2: (100, 40, 20), 1.0: (30, 20, 10), 5.0: (8, 6, 5)}
"""Panels a tab, by latency and number of tabs."""

FEW = {0.2: (25, 12, 5), 1.0: (6, 6, 3), 5.0: (2, 2, 2)}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.bench_peers")
    parser.add_argument("--short", action="store_true", help="fewer panels a tab: a few minutes")
    parser.add_argument("--latency", type=float, choices=LATENCIES, action="append", help="again for more")
    parser.add_argument("--tabs", type=int, choices=TABS, action="append", help="again for more")
    parser.add_argument("--only", choices=NAMES, action="append", help="again for more")
    given = parser.parse_args(arguments)
    rounds = FEW if given.short else ROUNDS
    names = given.only or NAMES
    print(machine())
    with ExitStack() as stack:
        python = stack.enter_context(crawlee()) if CRAWLEE in names else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for latency in given.latency or LATENCIES:
            for tabs in given.tabs or TABS:
                prompts = tabs * rounds[latency][TABS.index(tabs)]
                limit = prompts / tabs * latency
                print(f"\n{latency} s, {tabs} tabs, {prompts} prompts: at best {limit:.1f} s\n{HEAD}", flush=True)
                for name in names:
                    place = folder / f"{name} {latency} {tabs}".replace(" ", "-")
                    print(line(name, draw(name, place, prompts, tabs, latency, python), limit), flush=True)


if __name__ == "__main__":
    main()
