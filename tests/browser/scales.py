"""What a whole run weighs, measured from beside it: this process and all it started, several times a second."""

import threading
import time
from types import TracebackType

import psutil

from core.processes import bytes_of, started_here

EVERY = 0.15
"""Seconds between two weighings, at least."""


class Scales:
    """``weights``: (wall clock, bytes) of every weighing between entering and leaving; ``parts``: the same by kind.

    with Scales() as scales:
        ...
    print(scales.peak())
    """

    def __init__(self, every: float = EVERY) -> None:
        self.weights: list[tuple[float, int]] = []
        self.parts: list[dict[str, int]] = []
        self._every = every
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._weigh, name="scales", daemon=True)

    def __enter__(self) -> "Scales":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._enough.set()
        self._thread.join()

    def peak(self, since: float = 0.0, until: float = float("inf")) -> int:
        """The most there was between two moments, in bytes."""
        return max(size for at, size in self.weights if since <= at <= until)

    def _weigh(self) -> None:
        me = psutil.Process().pid
        kinds: dict[int, str] = {me: "python"}
        while not self._enough.wait(self._every):
            sizes = bytes_of([me, *started_here()])
            parts: dict[str, int] = {}
            for pid, size in sizes.items():
                kind = kinds.get(pid) or kinds.setdefault(pid, _kind(pid))
                parts[kind] = parts.get(kind, 0) + size
            self.weights.append((time.time(), sum(sizes.values())))
            self.parts.append(parts)


def _kind(pid: int) -> str:
    """A word for what a process of ours is: renderer, browser, gpu-process, utility, driver, or its program's name."""
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return "gone"
    for word in words:
        if word.startswith("--type="):
            return word.removeprefix("--type=")
    if any(word.startswith("--user-data-dir=") for word in words):
        return "browser"
    if "run-driver" in words:
        return "driver"
    return words[0].rpartition("/")[2] if words else "gone"
