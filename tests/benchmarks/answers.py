"""How quickly a program on a pseudo-terminal answers a key, and how much of that was its own doing."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.terminal.terminals import Pty

QUIET = 0.15
"""Seconds without a byte after which an answer is whole."""


class Answer(NamedTuple):
    """Seconds of wall clock; ``alone`` without those the main thread stood in line for a processor."""

    seconds: float
    alone: float


def waited(process: int) -> float:
    """Seconds the process's main thread has stood in line for a processor, ever; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{process}/task/{process}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def answer(terminal: Pty, process: int, keys: str) -> Answer:
    """From writing ``keys`` to the last byte of what is drawn thereupon; nothing else may be drawn meanwhile."""
    before, since, pressed = waited(process), len(terminal.seen), time.perf_counter()
    terminal.press(keys)
    terminal.until_bytes(lambda seen: len(seen) > since, keys)
    seen, last = len(terminal.seen), time.perf_counter()
    while time.perf_counter() - last < QUIET:
        time.sleep(0.001)
        if len(terminal.seen) > seen:
            seen, last = len(terminal.seen), time.perf_counter()
    return Answer(last - pressed, last - pressed - (waited(process) - before))


def percentile(seconds: Sequence[float], percent: int) -> float:
    """In milliseconds: so many percent took no longer."""
    ordered = sorted(seconds)
    return 1000 * ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
