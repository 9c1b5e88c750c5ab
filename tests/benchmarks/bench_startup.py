"""From the shell to the help, and to the first frame, beside the smallest app Textual can make.

    python -m pytest tests/benchmarks/bench_startup.py -m benchmark -s

Wall clock from starting the interpreter in a pseudo-terminal until the first frame is on it; the run is opened behind
that frame. The floor is an app of six lines on Textual's own driver: its imports and its first frame are in ours, too.
The runs take turns, so that a busy machine is busy for all of them; the first turn, which may have to compile, does
not count. Every start of ours but the first finds what a killed run left.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.sample import create_sample
from tests.terminal.terminals import ROOT, environment, nothing_left, on_pty, program

pytestmark = [pytest.mark.benchmark, pytest.mark.terminal]

TIMES = 7
A_FRAME = 1500
"""Bytes: more than what takes the terminal over, less than the first frame."""

SMALLEST = """
from textual.app import App
from textual.widgets import Static
class Smallest(App):
    def compose(self):
        yield from (Static("word " * 14) for _ in range(6))
Smallest().run()
"""


def frame(command: Sequence[str], folder: Path) -> float:
    """Seconds until the first frame."""
    began = time.perf_counter()
    with on_pty(command, environment(folder)) as terminal:
        terminal.until_bytes(lambda seen: len(seen) > A_FRAME)
        took = time.perf_counter() - began
        os.kill(terminal.process.pid, 9)
    return took


def test_start(tmp_path: Path) -> None:
    ways: dict[str, Callable[[], float]] = {}

    def asked() -> float:
        began = time.perf_counter()
        subprocess.run(program("--help"), env=environment(tmp_path), cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - began

    ways["--help (0.2 s)"] = asked
    ways["smallest Textual app"] = lambda: frame([sys.executable, "-c", SMALLEST], tmp_path)
    for panels in (60, 3_000, 100_000):
        project = tmp_path / f"novel-{panels}"
        create_sample(project, panels)

        def shown(project: Path = project) -> float:
            with nothing_left(project):
                return frame(program("run", project), tmp_path)

        ways[f"run, {panels:,} panels" + (" (0.6 s)" if panels == 3_000 else "")] = shown
    took: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(TIMES + 1):
        for name, way in ways.items():
            seconds = way()
            if turn:
                took[name].append(seconds)
    floor = statistics.median(took["smallest Textual app"])
    print(f"\n{'seconds':26}{'median':>8}{'least':>8}{'most':>8}{'beside the smallest':>22}")
    for name, found in took.items():
        middle = statistics.median(found)
        print(f"{name:26}{middle:8.2f}{min(found):8.2f}{max(found):8.2f}{middle / floor:22.2f}")
