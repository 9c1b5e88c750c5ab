"""Measuring what belongs to no processor: our own process, the machine, and the limit we live under."""

import os
from pathlib import Path

import msgspec
import psutil

from core.offload import in_thread
from core.processes import Scale


class Surroundings(msgspec.Struct, frozen=True):
    """Bytes. ``own``: of this process; ``available``: what the machine (or our cgroup) could give now."""

    own: int
    available: int


_SCALE = Scale()


async def surroundings() -> Surroundings:
    """Measure them, beside the event loop."""
    own = os.getpid()
    return await in_thread(lambda: Surroundings(_SCALE.weigh([own])[own], available_bytes()))


def available_bytes() -> int:
    """Bytes that could be had now: the machine's, or what our cgroup has left where that is less."""
    free = int(psutil.virtual_memory().available)
    limit, used = cgroup_limit(), cgroup_used()
    return free if limit is None else min(free, max(0, limit - used))


def cgroup_limit(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> int | None:
    """The tightest limit this process lives under in bytes, cgroup v2 or v1; None where there is none."""
    limits = [_number(folder / name) for folder in _folders(root, own) for name in _LIMITS]
    real = [limit for limit in limits if limit is not None and limit < 2**60]
    return min(real, default=None)


def cgroup_used(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> int:
    """Bytes charged to the nearest cgroup that has a limit (pages of files not counted); 0 where there is none."""
    for folder in _folders(root, own):
        for limit, used in _LIMITS.items():
            bound = _number(folder / limit)
            if bound is not None and bound < 2**60:
                return max(0, (_number(folder / used) or 0) - _reclaimable(folder / "memory.stat"))
    return 0


_LIMITS = {
    "memory.max": "memory.current",
    "memory/memory.limit_in_bytes": "memory/memory.usage_in_bytes",
}


def _folders(root: Path, own: Path) -> list[Path]:
    """Our own cgroup's folder and those above it, the nearest first; just the root inside most containers."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return [root]
    path = next((line[3:].strip("/") for line in lines if line.startswith("0::")), "")
    parts = [] if ".." in path else [part for part in path.split("/") if part]
    return [root.joinpath(*parts[:n]) for n in range(len(parts), -1, -1)]


def _number(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _reclaimable(file: Path) -> int:
    """Bytes of cached files, which the kernel gives back before anybody is killed."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))
