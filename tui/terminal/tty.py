"""The terminal in our hands: descriptors of our own, so that nothing but the screen can write on it."""

import os
import struct
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl


class Tty:
    """``keys`` and ``screen`` are descriptors no child process inherits; both -1 once let go of."""

    def __init__(self) -> None:
        self._kept = [os.dup(number) for number in (0, 1, 2)]
        self._modes = termios.tcgetattr(self.keys)

    @property
    def keys(self) -> int:
        return self._kept[0]

    @property
    def screen(self) -> int:
        return self._kept[2]

    @property
    def held(self) -> bool:
        return self.keys >= 0

    def size(self) -> tuple[int, int]:
        """Columns and lines; 80 by 24 where the terminal does not know."""
        try:
            columns, lines = os.get_terminal_size(self.screen)
        except OSError:
            columns = lines = 0
        return columns or 80, lines or 24

    def cell(self) -> tuple[int, int] | None:
        """Width and height of a cell in pixels; None where the terminal does not know."""
        try:
            told = ioctl(self.screen, termios.TIOCGWINSZ, bytes(8))
        except OSError:
            return None
        lines, columns, width, height = struct.unpack("4H", told)
        cell = (width // columns, height // lines) if columns and lines else (0, 0)
        return cell if all(cell) else None

    def restore_modes(self) -> None:
        """The modes as they were found."""
        with suppress(termios.error, OSError):
            termios.tcsetattr(self.keys, termios.TCSANOW, self._modes)

    def give_back(self) -> None:
        """What is printed goes to the terminal again."""
        for number, kept in enumerate(self._kept):
            if kept >= 0:
                os.dup2(kept, number)

    def let_go(self) -> None:
        """The terminal is somebody else's, or gone: whatever is printed from now on goes nowhere."""
        for kept in self._kept:
            if kept >= 0:
                os.close(kept)
        self._kept = [-1, -1, -1]


@contextmanager
def taken() -> Iterator[Tty]:
    """Take the terminal: inside, printed text (of libraries and of child processes) goes nowhere."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    tty = Tty()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    try:
        yield tty
    finally:
        tty.give_back()
