"""Bytes to the terminal, never waited for: a terminal that takes none loses frames, not our time.

Pictures go in pieces behind the frames: a key's answer waits for one piece at most.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Collection

LATE = 0.5
"""Seconds without a byte taken after which the terminal is stuck."""

MOST_LATE = 8 * 1024
"""Bytes kept for a stuck terminal; a whole screen is about as much, and newer."""

MOST = 1024 * 1024
"""Bytes kept in any case."""


class FrameWriter(threading.Thread):
    """Writes whole frames in order, or drops all that are waiting and asks for a whole new screen later.

    Args:
        file: descriptor of the terminal.
        caught_up: called (on this thread) when the terminal takes bytes again after frames were dropped.
        lost: called (on this thread) once, when the terminal is gone.
    """

    def __init__(self, file: int, caught_up: Callable[[], None], lost: Callable[[], None]) -> None:
        super().__init__(name="terminal-output", daemon=True)  # a write into a stuck terminal ends with us
        self._file, self._caught_up, self._on_lost = file, caught_up, lost
        self._news = threading.Condition()
        self._frames: deque[bytes] = deque()
        self._waiting = 0  # bytes in the frames
        self._later: deque[bytes] = deque()
        self._writing = False
        self._dropped = self._stopped = self.lost = False
        self._progress = time.monotonic()

    def write(self, text: str) -> None:
        """Queue a frame: whole escape sequences only. Never blocks."""
        frame = text.encode("utf-8", "replace")
        with self._news:
            if self.lost or self._stopped or self._dropped:
                return
            if self._waiting + len(frame) > (MOST_LATE if self._late() else MOST) and self._waiting:
                self._frames.clear()
                self._later.clear()
                self._waiting = 0
                self._dropped = True
                return
            self._put(frame)

    def later(self, pieces: Collection[str]) -> None:
        """Queue pieces of pictures, each whole escape sequences: sent in order whenever no frame waits."""
        with self._news:
            if not (self.lost or self._stopped or self._dropped):
                self._later += [piece.encode("ascii") for piece in pieces]
                self._news.notify_all()

    def cut(self) -> int:
        """Take back the pieces that are not sent yet; returns how many those were."""
        with self._news:
            left = len(self._later)
            self._later.clear()
            return left

    def last(self, text: str) -> None:
        """Queue what must be said in any case, instead of all frames that are still waiting if they are late."""
        with self._news:
            if self.lost or self._stopped:
                return
            self._later.clear()
            if self._dropped or self._late():
                self._frames.clear()
                self._waiting = 0
            self._put(text.encode())

    def drain(self, at_most: float) -> bool:
        """Wait until all is written, for so many seconds at most; False where it is not."""
        with self._news:
            return self._news.wait_for(lambda: self.lost or not (self._frames or self._writing), at_most)

    def stop(self) -> None:
        """Write nothing more than what is queued. Does not wait."""
        with self._news:
            self._stopped = True
            self._news.notify_all()

    def _put(self, frame: bytes) -> None:
        if not self._frames and not self._writing:
            self._progress = time.monotonic()
        self._frames.append(frame)
        self._waiting += len(frame)
        self._news.notify_all()

    def _late(self) -> bool:
        return (self._writing or bool(self._frames)) and time.monotonic() - self._progress > LATE

    def run(self) -> None:
        while True:
            with self._news:
                self._writing = False
                self._news.notify_all()
                if self._dropped and not self._frames:
                    self._dropped = False
                    self._caught_up()
                self._news.wait_for(lambda: self._frames or self._later or self._stopped)
                if not self._frames and (self._stopped or not self._later):
                    return
                data = b"".join(self._frames) or self._later.popleft()
                self._frames.clear()
                self._waiting, self._writing = 0, True
                self._progress = time.monotonic()
            if not self._all(data):
                return

    def _all(self, data: bytes) -> bool:
        """Write all of ``data``, however long that takes; False where the terminal is gone."""
        while data:
            try:
                count = os.write(self._file, data[:4096])
            except OSError:
                with self._news:
                    self.lost, self._writing = True, False
                    self._frames.clear()
                    self._later.clear()
                    self._news.notify_all()
                self._on_lost()
                return False
            data = data[count:]
            self._progress = time.monotonic()
        return True
