"""What is printed without a screen: to a terminal that may be gone or stuck at any moment, or to a reader that left
or has stopped reading (a pager nobody scrolls)."""

import fcntl
import io
import os
import select
import stat
import sys
from contextlib import suppress
from typing import Any

PATIENCE = 500
"""Milliseconds a terminal or a reader is waited for; what it does not take then is not said."""

PIECE = 256
"""Bytes a terminal takes without blocking once it says that it takes any."""

ROOM = 2**20
"""Bytes a pipe holds for a reader that pauses, where the system lets us say so: a whole night's lines."""


class Outlet(io.RawIOBase):
    """A descriptor to write to that never raises, and never blocks for long unless it is a file's."""

    def __init__(self, file: int) -> None:
        super().__init__()
        kind = os.fstat(file).st_mode
        self._file, self._terminal, self._patient = file, os.isatty(file), stat.S_ISREG(kind)
        self._piece = select.PIPE_BUF if stat.S_ISFIFO(kind) else PIECE
        self._gone = self._stuck = False
        if stat.S_ISFIFO(kind) and hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):  # it keeps the room it has
                fcntl.fcntl(file, fcntl.F_SETPIPE_SZ, ROOM)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file

    def isatty(self) -> bool:
        return self._terminal

    def write(self, data: Any) -> int:
        rest = memoryview(data).cast("B")
        said = len(rest)
        while rest and not self._gone and self._takes():
            try:
                rest = rest[os.write(self._file, rest if self._patient else rest[: self._piece]) :]
            except OSError:  # hung up, or nobody reads any more: there is nobody to tell, and the run goes on
                self._gone = True
        return said

    def _takes(self) -> bool:
        if self._patient:
            return True
        waits = select.poll()
        waits.register(self._file, select.POLLOUT)
        self._stuck = not waits.poll(0 if self._stuck else PATIENCE)
        return not self._stuck


def endure() -> None:
    """From now on, to the end of the process, printing raises nothing and waits for no terminal and no reader."""
    if sys.stdout is not None and sys.stdout is sys.__stdout__:
        sys.stdout = _text(sys.stdout)
    if sys.stderr is not None and sys.stderr is sys.__stderr__:
        sys.stderr = _text(sys.stderr)


def _text(stream: Any) -> io.TextIOWrapper:
    stream.flush()
    outlet = io.BufferedWriter(Outlet(stream.fileno()))
    return io.TextIOWrapper(outlet, encoding=stream.encoding, errors=stream.errors, line_buffering=True)
