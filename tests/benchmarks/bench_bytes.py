"""What the cockpit costs a terminal: bytes a second, time from key to paint, share of a processor.

Five tabs finish two panels a second on a real engine, store and pseudo-terminal; only the site is simulated.

    python -m pytest tests/benchmarks/bench_bytes.py -m benchmark -s
"""

import re
import statistics
import time
from pathlib import Path

import psutil
import pytest

from tests.terminal.terminals import Pty, environment, events, finished, nothing_left, on_pty, owner, simulated, until

pytestmark = [pytest.mark.benchmark, pytest.mark.terminal]

WARM_UP, WINDOW, PAUSED, KEYS = 8.0, 20.0, 15.0, 60
SHORT = ("-k", "80x24-local")
LIMITS = {(80, 24): 1000, (200, 50): 2000}
PANEL_LINES = {(80, 24): rb"\x1b\[1[678];\d\d?H", (200, 50): rb"\x1b\[4[678];\d\d?H"}
"""A move to the left half of the lines that tell of the panel under the cursor."""


def measure(terminal: Pty, process: psutil.Process, seconds: float) -> tuple[float, float]:
    """Bytes a second and percent of one processor, over ``seconds``."""
    spent, seen, began = sum(process.cpu_times()[:2]), len(terminal.seen), time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    return (len(terminal.seen) - seen) / took, 100 * (sum(process.cpu_times()[:2]) - spent) / took


def key_to_paint(terminal: Pty, size: tuple[int, int]) -> list[float]:
    """Seconds from a key that moves the cursor to the bytes that change the lines about the panel it is on."""
    lines = re.compile(PANEL_LINES[size])
    terminal.press("G")
    time.sleep(1.0)
    times = []
    for n in range(KEYS):
        since, pressed = len(terminal.seen), time.perf_counter()
        terminal.press("h" if n % 2 == 0 else "l")
        terminal.until_bytes(lambda seen: bool(lines.search(seen, since)))  # noqa: B023  # called before the next
        times.append(time.perf_counter() - pressed)
        time.sleep(0.07)
    terminal.press("g")
    return sorted(times)


@pytest.mark.parametrize("ssh", [False, True], ids=["local", "ssh"])
@pytest.mark.parametrize("size", LIMITS, ids=lambda size: "x".join(map(str, size)))
def test_what_a_terminal_is_sent(tmp_path: Path, size: tuple[int, int], ssh: bool) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3000", *(["--ssh"] if ssh else []))
    with nothing_left(project), on_pty(command, environment(tmp_path), size) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn")
        process = psutil.Process(owner(project))
        time.sleep(WARM_UP)
        before, began = finished(project), time.monotonic()
        sent, busy = measure(terminal, process, WINDOW)
        rate = (finished(project) - before) / (time.monotonic() - began)
        times = key_to_paint(terminal, size)
        terminal.press(" ")
        until(lambda: events(project, "run-paused"), "the run pauses")
        time.sleep(8)  # the answer in the footer goes away
        quiet, idle = measure(terminal, process, PAUSED)
        terminal.press("\x03")
        terminal.wait()
    p99 = times[int(len(times) * 0.99) - 1]
    print(
        f"\n{size[0]}x{size[1]}{' ssh' if ssh else ''}: {rate:.1f} panels/s: {sent:.0f} B/s (at most {LIMITS[size]}), "
        f"{busy:.1f} % CPU (5); paused: {quiet:.0f} B/s (100), {idle:.1f} % CPU (1); key to paint p50 "
        f"{1000 * statistics.median(times):.0f} ms, p99 {1000 * p99:.0f} ms (50), most {1000 * times[-1]:.0f} ms"
    )
    assert rate > 1.0, "the load was not there"
