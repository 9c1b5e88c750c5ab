"""How near the tabs come to what the page allows, and what that costs: beside Crawlee and bare Playwright, in one run.

«share» is PROMPTS / TABS x LATENCY over «time», which is what the page itself saw, from the first prompt to the last
picture; the whole app runs headless, with journal, checkpoints and picture files, durable at every step. «start» is
the CPU of the program's own process until the first prompt, «own» that from there on, «driver» that of Playwright's
process, «tree» that of the program and all it started, browser included. Numbers of the environment: BENCH_PROMPTS
(100), BENCH_PEERS (1; 0 measures only ours), BENCH_ROUNDS (4: panels a tab, where there are 40 tabs). Below the table:
what the steps cost by themselves that the other two leave out, as a floor under «own».
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.doubts import look_at
from core.pictures import inspect
from core.store.disk import Disk
from tests.benchmarks.peers.contenders import BARE, CRAWLEE, HEAD, OURS, crawlee, draw, line
from tests.benchmarks.peers.slowpage import png

pytestmark = [pytest.mark.benchmark, pytest.mark.browser]
SHORT = ("BENCH_PROMPTS=20", "BENCH_PEERS=0", "-k", "beside_its_peers")


def test_beside_its_peers(tmp_path: Path) -> None:
    prompts, tabs, latency = int(os.environ.get("BENCH_PROMPTS", "100")), 5, 1.0
    limit = prompts / tabs * latency
    print(f"\n{prompts} prompts, {tabs} tabs, {latency} s each: at best {limit:.1f} s\n{HEAD}", flush=True)
    print(line(OURS, draw(OURS, tmp_path / "ours", prompts, tabs, latency), limit), flush=True)
    print(floor(tmp_path / "floor"), flush=True)
    if os.environ.get("BENCH_PEERS", "1") == "0":
        return
    print(line(BARE, draw(BARE, tmp_path / "bare", prompts, tabs, latency), limit), flush=True)
    with crawlee() as python:
        print(line(CRAWLEE, draw(CRAWLEE, tmp_path / "crawlee", prompts, tabs, latency, python), limit), flush=True)


def floor(folder: Path) -> str:
    """CPU of this process for a hundred pictures of the page's, step by step, nothing beside it."""
    disk, picture, record, written = Disk(), png(), b"x" * 500 + b"\n", 0
    folder.mkdir()

    def journal() -> None:
        nonlocal written
        disk.append(folder / "journal", record, written)
        written += len(record)

    steps: dict[str, tuple[Callable[[], object], int]] = {
        "three records, each synced": (journal, 3),
        "a file, whole or absent": (lambda: disk.replace(folder / "picture.png", picture), 1),
        "every pixel read once": (lambda: inspect(picture), 1),
        "a look for doubts": (lambda: look_at(picture), 1),
    }
    found = []
    for name, (step, times) in steps.items():
        step()
        began = time.process_time()
        for _ in range(100 * times):
            step()
        found.append(f"{name} {time.process_time() - began:.2f}")
    return f"  of which at least, CPU s a hundred pictures: {', '.join(found)}"


def test_forty_tabs(tmp_path: Path) -> None:
    tabs, latency, rounds = 40, 5.0, int(os.environ.get("BENCH_ROUNDS", "4"))
    print(f"\n{tabs * rounds} prompts, {tabs} tabs, {latency} s each: at best {rounds * latency:.0f} s\n{HEAD}")
    print(line(OURS, draw(OURS, tmp_path / "ours", tabs * rounds, tabs, latency), rounds * latency), flush=True)
