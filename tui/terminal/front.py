"""The foreground command: a thin process that waits in the shell's job for the real one.

A process with threads cannot put itself into the background, so the split is made before there are any: the
real process (screen, engine, store: everything) is the child, in a session of its own. Nothing that befalls the
terminal's session reaches it or its browsers as a signal: no hang-up, no Ctrl+C, no Ctrl+Z. This one stays in
the shell's job, passes signals on as words or signals, sleeps when the screen is put aside, and gives the prompt
back with the child's exit code, or at once when the child has detached itself.
"""

import os
import signal
import socket
import sys
import termios
from collections.abc import Callable
from contextlib import suppress

from tui.printed import printed
from tui.terminal.sequences import LEAVE

SUSPENDED, DETACHED = "suspended", "detached"
SUSPEND, RESUME, HUNG_UP = "suspend", "resume", "hung-up"
KILLED = "killed"


class Front:
    """The child's end of the line to the foreground process."""

    def __init__(self, line: socket.socket) -> None:
        self._line: socket.socket | None = line
        line.setblocking(False)

    def fileno(self) -> int:
        """To be watched for words; -1 once the line is closed."""
        return -1 if self._line is None else self._line.fileno()

    def heard(self) -> list[str]:
        """What was said since: SUSPEND, RESUME, HUNG_UP; KILLED where the foreground process died unasked."""
        if self._line is None:
            return []
        try:
            data = self._line.recv(4096)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        return data.decode().split() if data else [KILLED]

    def suspended(self) -> None:
        """The screen is put aside; the shell may have the terminal."""
        self._say(SUSPENDED)

    def detached(self, sentence: str) -> None:
        """The terminal is no longer ours; the foreground process says ``sentence`` and returns 0."""
        self._say(f"{DETACHED} {sentence}")
        self.close()

    def close(self) -> None:
        """From now on nobody waits for us, and nobody's death is ours."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _say(self, words: str) -> None:
        if self._line is not None:
            try:
                self._line.sendall(words.encode() + b"\n")
            except OSError:  # nobody there any more: nobody to tell
                self.close()


def enter(*, screen: bool = True) -> Front:
    """Split. Returns in the real process; the foreground process never leaves this function.

    To be called on the main thread, on a terminal, before any other thread is started. Without a ``screen`` the
    terminal's modes and foreground are nobody's business here: it only prints.
    """
    if screen:
        _wait_for_foreground()
    sys.stdout.flush()
    sys.stderr.flush()
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        here.close()
        os.setsid()
        return Front(there)
    there.close()
    os._exit(_Waiting(child, here, screen).wait())


def has_terminal() -> bool:
    """Whether this process belongs to a terminal, which may hang up on it, wherever its output goes."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _wait_for_foreground() -> None:
    """Started in the background, sleep until brought to the front: setting what is set already is enough."""
    try:
        termios.tcsetattr(0, termios.TCSANOW, termios.tcgetattr(0))
    except termios.error:
        return  # no terminal after all: whoever draws will notice


class _Waiting:
    """The foreground process, from the split to its end."""

    def __init__(self, child: int, line: socket.socket, screen: bool) -> None:
        self._child, self._line, self._screen = child, line, screen
        self._modes = self._terminal_modes()

    def wait(self) -> int:
        """Until the child ends or detaches; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGWINCH):
            signal.signal(number, self._pass_on)
        signal.signal(signal.SIGTSTP, self._telling(SUSPEND))
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._hung_up)
        said = b""
        while data := self._hear():
            said += data
            while b"\n" in said:
                words, said = said.split(b"\n", 1)
                self._obey(words.decode())
        _, status = os.waitpid(self._child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            return code
        if self._screen:
            self._give_terminal_back()
        printed(f"The run was ended by signal {-code}; nothing is lost, the next run goes on.", errors=True)
        return 128 - code

    def _hear(self) -> bytes:
        """What the child says next; nothing at its end."""
        try:
            return self._line.recv(4096)
        except ConnectionResetError:  # it ended without having read our last word
            return b""

    def _obey(self, words: str) -> None:
        if words == SUSPENDED:
            os.kill(os.getpid(), signal.SIGSTOP)  # the shell has the terminal until it continues us
            if self._screen:
                _wait_for_foreground()
            self._tell(RESUME)
        elif words.startswith(DETACHED):
            printed(words.removeprefix(DETACHED).strip())
            os._exit(0)

    def _tell(self, word: str) -> None:
        with suppress(OSError):  # the child is at its end; its exit code comes next
            self._line.sendall(word.encode() + b"\n")

    def _telling(self, word: str) -> Callable[[int, object], None]:
        return lambda number, frame: self._tell(word)

    def _pass_on(self, number: int, frame: object) -> None:
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(self._child, number)

    def _hung_up(self, number: int, frame: object) -> None:
        self._tell(HUNG_UP)
        os._exit(128 + number)

    def _terminal_modes(self) -> list[object] | None:
        try:
            return termios.tcgetattr(0)
        except termios.error:
            return None

    def _give_terminal_back(self) -> None:
        """A child that was killed could not: leave its screen and put the modes back."""
        with suppress(OSError, termios.error):  # the terminal may have gone with the child
            os.write(2, LEAVE.encode())
            if self._modes is not None:
                termios.tcsetattr(0, termios.TCSANOW, self._modes)  # type: ignore[arg-type]
