"""Measuring memory: real bytes of real processes.

JavaScript's own figures are blind to pictures, so the browser's processes are asked: PSS (proportional set
size, shared pages counted once over all who share them) where the system tells it, RSS elsewhere.
"""

from pathlib import Path

import psutil


def process_bytes(process: psutil.Process) -> int:
    """PSS of one process in bytes, RSS where there is no PSS; 0 for a process that is gone."""
    try:
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass  # another system, or a process that just ended: ask psutil
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def children_bytes() -> int:
    """Bytes of everything this process started: browsers, drivers, their renderers."""
    return sum(process_bytes(child) for child in psutil.Process().children(recursive=True))


def own_bytes() -> int:
    """Bytes of this process."""
    return process_bytes(psutil.Process())


def available_bytes() -> int:
    """Bytes the machine could give now."""
    return int(psutil.virtual_memory().available)


def cgroup_limit(root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """The limit this process lives under in bytes, cgroup v2 or v1; None where there is none."""
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            text = (root / name).read_text().strip()
        except OSError:
            continue
        if text.isdigit() and int(text) < 2**60:
            return int(text)
    return None
