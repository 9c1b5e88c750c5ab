"""Whether a long run leaves memory where it was: pictures of 1024x1024 through 4 tabs on the easel, the whole tree
weighed from beside it several times a second (PSS), the peak of the last third against that of the first.

    .venv/bin/python -m tests.benchmarks.bench_memory [--pictures 600] [--latency 0.4] [--size 1024] [--tabs 4]

The series that is printed tells what holds the memory when: our own process (the practice site works in it too), the
driver, the browser, its renderers. The first third begins with the first picture that is finished.
"""

import argparse
import tempfile
import time
from pathlib import Path

import anyio

from core import events as ev
from tests.browser.drill import drill
from tests.browser.scales import Scales

SHORT = ("--pictures", "120")

MIB = 2**20
COLUMNS = 60
ROWS = 12
BARS = "▁▂▃▄▅▆▇█"


async def measure(folder: Path, pictures: int, latency: float, size: int, tabs: int) -> tuple[Scales, list[float]]:
    """The weights of a whole run, and when every picture was finished."""
    with Scales() as scales:
        async with drill(folder, panels=pictures, tabs=tabs, latency=latency, size=size) as run:
            await run.until(ev.RunDone, patience=3600.0)
            await run.ends()
    run.check_whole()
    return scales, [record.at for record in run.records if isinstance(record.event, ev.PanelFinished)]


def line_of(scales: Scales, since: float, until: float) -> str:
    """The weights between two moments as a small chart from the least to the most there was."""
    cells: list[list[int]] = [[] for _ in range(COLUMNS)]
    for at, size in scales.weights:
        if since <= at < until:
            cells[int((at - since) / (until - since) * COLUMNS)].append(size)
    peaks = [max(cell) if cell else 0 for cell in cells]
    low, high = min(filter(None, peaks)), max(peaks)
    step = max(1, high - low)
    chart = "".join(BARS[(peak - low) * (len(BARS) - 1) // step] if peak else " " for peak in peaks)
    return f"{low / MIB:,.0f} MiB {chart} {high / MIB:,.0f} MiB"


def series(scales: Scales, since: float, until: float) -> list[str]:
    """Who held how much when: one line each for a number of moments."""
    kinds = ("python", "driver", "browser", "renderer", "gpu-process", "utility")
    rows = [" second    all " + " ".join(f"{kind:>11}" for kind in kinds)]
    moments = [since + (until - since) * number / ROWS for number in range(ROWS + 1)]
    for moment in moments:
        nearest = min(range(len(scales.weights)), key=lambda n: abs(scales.weights[n][0] - moment))
        at, size = scales.weights[nearest]
        parts = " ".join(f"{scales.parts[nearest].get(kind, 0) / MIB:11.0f}" for kind in kinds)
        rows.append(f"{at - since:7.0f} {size / MIB:6.0f} {parts}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.bench_memory")
    parser.add_argument("--pictures", type=int, default=600)
    parser.add_argument("--latency", type=float, default=0.4)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--tabs", type=int, default=4)
    asked = parser.parse_args()
    began = time.time()
    with tempfile.TemporaryDirectory() as folder:
        scales, finished = anyio.run(measure, Path(folder), asked.pictures, asked.latency, asked.size, asked.tabs)
    third = asked.pictures // 3
    thirds = [(finished[n * third], finished[(n + 1) * third - 1]) for n in range(3)]
    peaks = [scales.peak(*span) for span in thirds]
    what = f"{asked.pictures} pictures of {asked.size}x{asked.size} through {asked.tabs} tabs"
    print(f"{what} in {time.time() - began:.0f} s, {len(scales.weights)} weighings")
    print(line_of(scales, finished[0], finished[-1]))
    print("\n".join(series(scales, finished[0], finished[-1])))
    print("peak of each third: " + ", ".join(f"{peak / MIB:,.0f} MiB" for peak in peaks))
    print(f"last third to first: {peaks[2] / peaks[0]:.2f}")


if __name__ == "__main__":
    main()
