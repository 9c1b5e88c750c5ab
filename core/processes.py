"""Real bytes of real processes.

JavaScript's own figures are blind to pictures, so the processes are asked: PSS (proportional set size, shared
pages counted once over all who share them) where the system tells it, RSS elsewhere.
"""

import ctypes
import os
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec
import psutil

TABLE = Path("/proc")

PAGE = os.sysconf("SC_PAGE_SIZE")

MOVED = 1 / 16
"""Share of its resident bytes by which a process may grow or shrink before its PSS is asked for again."""

FRESH = 30.0
"""Seconds after which it is asked for again anyway."""

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
        with (TABLE / str(pid) / "smaps_rollup").open("rb") as lines:
            for line in lines:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # another system, or a process that just ended: ask psutil
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def resident_bytes(pid: int) -> int:
    """RSS of one process in bytes, a hundred times as fast as its PSS; 0 where it cannot be told so fast."""
    try:
        return int(_read(f"{TABLE}/{pid}/statm").split(None, 2)[1]) * PAGE
    except (OSError, IndexError):
        return 0


def bytes_of(pids: Iterable[int]) -> dict[int, int]:
    """Bytes by process id; 2 to 5 ms of CPU each."""
    return {pid: process_bytes(pid) for pid in pids}


class _Weighed(msgspec.Struct):
    """One process when it was last asked for its PSS, and when that was."""

    bytes: int
    resident: int
    at: float


class Scale:
    """Weighs the same processes again and again, asking for PSS only where it may be another one by now.

    The kernel counts a process page by page for its PSS. In between its resident bytes tell by how much it has
    grown or shrunk, shared pages counted in full: the figure is off by ``MOVED`` of it at most, and rather too high.
    """

    def __init__(self) -> None:
        self._known: dict[int, _Weighed] = {}

    def weigh(self, pids: Iterable[int]) -> dict[int, int]:
        """Bytes by process id; those not named are forgotten."""
        now = time.monotonic()
        found = {pid: self._one(pid, now) for pid in pids}
        self._known = {pid: self._known[pid] for pid in found}
        return found

    def _one(self, pid: int, now: float) -> int:
        resident = resident_bytes(pid)
        known = self._known.get(pid)
        if known is not None and resident and known.resident and now - known.at < FRESH:
            more = resident - known.resident
            if abs(more) <= MOVED * known.resident:
                return max(0, known.bytes + more)
        self._known[pid] = _Weighed(process_bytes(pid), resident, now)
        return self._known[pid].bytes


def family(pid: int) -> list[int]:
    """The process and all that descend from it; empty where it is gone."""
    return families([pid])[pid]


def started_here() -> list[int]:
    """Everything this process started: drivers, browsers, their renderers."""
    return family(os.getpid())[1:]


def families(pids: Iterable[int]) -> dict[int, list[int]]:
    """``family`` of each, from one look at all that runs here."""
    parents = _parents()
    children: dict[int, list[int]] = defaultdict(list)
    for pid, parent in parents.items():
        if pid != parent:
            children[parent].append(pid)
    found: dict[int, list[int]] = {}
    for pid in pids:
        members = [pid] if pid in parents else []
        for member in members:  # grows while it is read
            members.extend(children[member])
        found[pid] = members
    return found


def _parents() -> dict[int, int]:
    """The parent of every process."""
    if not (TABLE / "self" / "stat").exists():
        return {process.pid: process.info["ppid"] for process in psutil.process_iter(["ppid"])}
    found = {}
    with os.scandir(TABLE) as entries:
        pids = [entry.name for entry in entries if entry.name.isdigit()]
    for pid in pids:
        try:
            told = _read(f"{TABLE}/{pid}/stat")
        except OSError:
            continue  # it has just ended
        found[int(pid)] = int(told[told.rindex(b")") + 4 :].split(None, 1)[0])  # behind "(its name) S "
    return found


def _read(path: str) -> bytes:
    """A short file of the kernel's, without all that a file object does."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(handle, 1024)
    finally:
        os.close(handle)
