"""Real bytes of real processes.

JavaScript's own figures are blind to pictures, so the processes are asked: PSS (proportional set size, shared
pages counted once over all who share them) where the system tells it, RSS elsewhere.
"""

import ctypes
from collections.abc import Iterable
from pathlib import Path

import psutil

_ARENA_MAX = -8
"""glibc's number for how many arenas there may be."""


def share_arenas() -> None:
    """Have the threads of this process share two arenas of memory; call it once, before there are any.

    glibc gives every thread one of its own, and each keeps what the largest picture ever decoded in it took. Threads
    that decode are seldom at it at once, so sharing costs nothing. With another C library this does nothing.
    """
    try:
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)
    except (OSError, AttributeError):
        return


def process_bytes(pid: int) -> int:
    """PSS of one process in bytes, RSS where there is no PSS; 0 for a process that is gone."""
    try:
        with Path(f"/proc/{pid}/smaps_rollup").open("rb") as lines:
            for line in lines:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # another system, or a process that just ended: ask psutil
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def family(pid: int) -> list[int]:
    """The process and all that descend from it; empty where it is gone."""
    try:
        process = psutil.Process(pid)
        return [pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.Error:
        return []


def started_here() -> list[int]:
    """Everything this process started: drivers, browsers, their renderers."""
    return family(psutil.Process().pid)[1:]


def bytes_of(pids: Iterable[int]) -> dict[int, int]:
    """Bytes by process id; about 2 ms of CPU each."""
    return {pid: process_bytes(pid) for pid in pids}
