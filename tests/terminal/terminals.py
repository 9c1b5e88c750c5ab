"""Real terminals for tests: a bare pseudo-terminal, and tmux with a server of its own."""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.processes import end_all, family

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds a busy machine is given for anything."""


def program(*arguments: str | Path) -> list[str]:
    """The real command."""
    return [sys.executable, "-c", "from tui.cli import main; main()", *map(str, arguments)]


def simulated(*arguments: str | Path) -> list[str]:
    """The cockpit on a simulated site."""
    return [sys.executable, "-m", "tests.terminal.simulated", *map(str, arguments)]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A plain terminal's, with the user's own files in ``folder``."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PLAYWRIGHT_BROWSERS_PATH") if name in os.environ}
    own = {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    return {**kept, **own, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **more}


def until(holds: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait for another process: the first true answer of ``holds``."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = holds()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {patience:.0f} s in vain: {what}")


# --- what a project knows -------------------------------------------------------------------------------


def events(project: Path, kind: str = "") -> list[dict[str, Any]]:
    """The journaled records (``at``, ``seq``, ``event``) so far, all or of one kind; a torn last line is left out."""
    found = []
    with suppress(FileNotFoundError):
        for line in (project / ".novelgen" / "journal.jsonl").read_bytes().splitlines():
            with suppress(ValueError):
                record = json.loads(line)
                if "event" in record and (not kind or record["event"]["type"] == kind):
                    found.append(record)
    return found


def finished(project: Path) -> int:
    return len({record["event"]["panel"] for record in events(project, "panel-finished")})


def owner(project: Path) -> int:
    """The process that runs the project."""
    return int(json.loads((project / ".novelgen" / "lock.owner").read_bytes())["pid"])


def ended(project: Path) -> str:
    """How the last run ended, "" while it goes on."""
    last = events(project)
    return str(last[-1]["event"]["result"]) if last and last[-1]["event"]["type"] == "run-ended" else ""


def asked(project: Path) -> Counter[str]:
    """How often each prompt was accepted, by the practice site's own books."""
    from core.easel import Ledger

    ledger = Ledger()
    ledger.open(project / ".novelgen" / "easel" / "easel.jsonl")
    return Counter(entry.prompt for entry in ledger.accepted)


# --- terminals ------------------------------------------------------------------------------------------


class Pty:
    """A program alone on a pseudo-terminal of its own. ``reading`` cleared: the terminal takes no more bytes."""

    def __init__(self, command: Sequence[str], env: dict[str, str], size: tuple[int, int] = (80, 24)) -> None:
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (size[1], size[0]))
        self.modes = termios.tcgetattr(slave)
        self.seen = bytearray()
        self._news = threading.Condition()
        self.reading = threading.Event()
        self.reading.set()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=env,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.slave = slave
        self._over, self._end = os.pipe()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            self.reading.wait()
            if self._over in select.select([self.master, self._over], [], [])[0]:
                return
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            with self._news:
                self.seen += data
                self._news.notify_all()

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def answer(self, keys: str) -> None:
        """Press, and wait until what is drawn thereupon has come to rest (or nothing is)."""
        before = len(self.seen)
        self.press(keys)
        quiet = 0.2  # a lone escape is a key after a tenth of a second
        with self._news:
            self._news.wait_for(lambda: len(self.seen) > before, 1.0)
            while True:
                before = len(self.seen)
                if not self._news.wait_for(lambda: len(self.seen) > before, quiet):  # noqa: B023
                    return

    def until(self, words: str, since: int = 0, patience: float = PATIENCE) -> int:
        """Wait until ``words`` were drawn in one piece after byte ``since``; returns where they end."""
        wanted = words.encode()
        self.until_bytes(lambda seen: seen.find(wanted, since) >= 0, words, patience)
        return self.seen.index(wanted, since) + len(wanted)

    def until_bytes(self, holds: Callable[[bytearray], bool], what: str = "it", patience: float = PATIENCE) -> None:
        """Wait until ``holds`` of all that was drawn so far; it is asked whenever more is."""
        with self._news:
            if not self._news.wait_for(lambda: holds(self.seen), patience):
                raise AssertionError(f"{what!r} never came; the last bytes were {bytes(self.seen[-2000:])!r}")

    def wait(self) -> int:
        """The exit code."""
        return self.process.wait(PATIENCE)

    def hang_up(self) -> None:
        """Close the terminal under the program."""
        self._stop_reading()
        for end in (self.slave, self.master):
            os.close(end)
        self.slave = self.master = -1

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._stop_reading()
        for end in (self.slave, self.master, self._over, self._end):
            if end >= 0:
                os.close(end)

    def _stop_reading(self) -> None:
        """Before the descriptors go: their numbers are the next terminal's, and the reader would read that one's."""
        os.write(self._end, b".")
        self.reading.set()
        self._reader.join()


@contextmanager
def on_pty(command: Sequence[str], env: dict[str, str], size: tuple[int, int] = (80, 24)) -> Iterator[Pty]:
    terminal = Pty(command, env, size)
    try:
        yield terminal
    finally:
        terminal.close()


class Tmux:
    """A shell in a tmux of its own."""

    def __init__(self, folder: Path, size: tuple[int, int] = (80, 24), **more: str) -> None:
        self._socket = str(folder / "tmux.sock")
        self._env = environment(folder, **more)
        self._do("-f", "/dev/null", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), "bash --norc")
        self._do("set-option", "-g", "status", "off")
        self._do("set-option", "-g", "default-terminal", "screen")
        self._do("respawn-pane", "-k", "TERM=screen PS1='$ ' bash --norc")
        self.server = int(self._do("display-message", "-p", "#{pid}"))

    def _do(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *arguments],
            env=self._env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def type(self, line: str) -> None:
        """A command line and Enter."""
        self._do("send-keys", "-l", line)
        self._do("send-keys", "Enter")

    def press(self, *keys: str) -> None:
        """Keys by tmux's names."""
        self._do("send-keys", *keys)

    def screen(self) -> str:
        return self._do("capture-pane", "-p")

    def until(self, words: str, patience: float = PATIENCE) -> str:
        """Wait for ``words`` (a regular expression) on the screen; returns the screen."""

        def found() -> str:
            screen = self.screen()
            return screen if re.search(words, screen) else ""

        try:
            return str(until(found, words, patience))
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.screen()}") from None

    def resize(self, columns: int, lines: int) -> None:
        self._do("resize-window", "-x", str(columns), "-y", str(lines))

    def kill_session(self) -> None:
        self._do("kill-session")

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.server, signal.SIGCONT)
        with suppress(subprocess.CalledProcessError):
            self._do("kill-server")


@contextmanager
def in_tmux(folder: Path, size: tuple[int, int] = (80, 24), **more: str) -> Iterator[Tmux]:
    assert shutil.which("tmux"), "these tests need tmux"
    tmux = Tmux(folder, size, **more)
    try:
        yield tmux
    finally:
        tmux.close()


@contextmanager
def nothing_left(project: Path) -> Iterator[None]:
    """Whatever a failing test left running is ended."""
    try:
        yield
    finally:
        with suppress(FileNotFoundError, ValueError):
            end_all(family(owner(project)))
