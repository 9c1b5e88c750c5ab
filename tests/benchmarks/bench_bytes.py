"""What the cockpit costs a terminal: bytes a second, time from key to paint, share of a processor.

Five tabs finish two panels a second on a real engine, store and pseudo-terminal; only the site is simulated. Key to
paint is wall clock from writing the key to reading the bytes that answer it; ``alone`` is that without the time the
program's main thread stood in line for a processor, which on a busy machine is others' doing.

    python -m pytest tests/benchmarks/bench_bytes.py -m benchmark -s
"""

import re
import time
from pathlib import Path

import psutil
import pytest

from tests.benchmarks.answers import Answer, percentile, waited
from tests.terminal.terminals import Pty, environment, events, finished, nothing_left, on_pty, owner, simulated, until

pytestmark = [pytest.mark.benchmark, pytest.mark.terminal]

WARM_UP, WINDOW, PAUSED, KEYS = 8.0, 20.0, 15.0, 200
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


def key_to_paint(terminal: Pty, process: psutil.Process, size: tuple[int, int]) -> list[Answer]:
    """From keys that move the cursor to the bytes that change the lines about the panel it is on."""
    lines = re.compile(PANEL_LINES[size])
    terminal.press("G")
    time.sleep(1.0)
    found = []
    for n in range(KEYS):
        before, since, pressed = waited(process.pid), len(terminal.seen), time.perf_counter()
        terminal.press("h" if n % 2 == 0 else "l")
        terminal.until_bytes(lambda seen: bool(lines.search(seen, since)))  # noqa: B023  # called before the next
        took = time.perf_counter() - pressed
        found.append(Answer(took, took - (waited(process.pid) - before)))
        time.sleep(0.07)
    terminal.press("g")
    return found


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
        answers = key_to_paint(terminal, process, size)
        terminal.press(" ")
        until(lambda: events(project, "run-paused"), "the run pauses")
        time.sleep(8)  # the answer in the footer goes away
        quiet, idle = measure(terminal, process, PAUSED)
        terminal.press("\x03")
        terminal.wait()
    times, alone = [one.seconds for one in answers], [one.alone for one in answers]
    print(
        f"\n{size[0]}x{size[1]}{' ssh' if ssh else ''}, {rate:.1f} panels a second: {sent:.0f} B/s (aim "
        f"{LIMITS[size]}), {busy:.1f} % of a processor (aim 5); paused: {quiet:.0f} B/s (aim 100), {idle:.1f} % (aim 1)"
        f"\nkey to paint, {len(times)} keys: p50 {percentile(times, 50):.0f} ms, p99 {percentile(times, 99):.0f} ms "
        f"(aim 50), most {percentile(times, 100):.0f} ms; alone p50 {percentile(alone, 50):.0f} ms, "
        f"p99 {percentile(alone, 99):.0f} ms"
    )
    assert rate > 1.0, "the load was not there"
