"""From the shell to the first frame, and to the help.

python -m pytest tests/benchmarks/bench_startup.py -m benchmark -s
"""

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.sample import create_sample
from tests.terminal.terminals import ROOT, environment, nothing_left, on_pty, program

pytestmark = [pytest.mark.benchmark, pytest.mark.terminal]

TIMES = 5
SHORT = ("-k", "help or 60")
A_FRAME = 1500
"""Bytes: more than what takes the terminal over, less than the first frame."""


def seconds(call: Callable[[], None]) -> str:
    """The middle and the longest of several runs; the first one, which may have to compile, does not count."""
    call()
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return f"{statistics.median(took):.2f} s, at most {max(took):.2f} s"


def test_help(tmp_path: Path) -> None:
    def ask() -> None:
        subprocess.run(program("--help"), env=environment(tmp_path), cwd=ROOT, stdout=subprocess.DEVNULL, check=True)

    print(f"\nhelp: {seconds(ask)} (0.2 s)")


@pytest.mark.parametrize("panels", [60, 3000])
def test_first_frame(tmp_path: Path, panels: int) -> None:
    """Until the first frame is on the terminal; the run is opened behind it."""
    project = tmp_path / "novel"
    create_sample(project, panels)
    took: list[float] = []

    def show() -> None:
        with nothing_left(project):
            began = time.perf_counter()
            with on_pty(program("run", project), environment(tmp_path)) as terminal:
                terminal.until_bytes(lambda seen: len(seen) > A_FRAME)
                took.append(time.perf_counter() - began)
                os.kill(terminal.process.pid, 9)

    show()
    took.clear()
    for _ in range(TIMES):
        show()
    print(f"\nfirst frame, {panels} panels: {statistics.median(took):.2f} s, at most {max(took):.2f} s (0.6 s)")
