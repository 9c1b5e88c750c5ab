"""The program as somebody starts it, and what can be done to it and to what it has started."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from tests.processes import end_all, family
from tests.terminal.terminals import ROOT, Pty, environment, owner, program

PRINTED = "said.log"
"""What runs without a screen have printed, in the folder of the user's own files."""


class Life:
    """One start of the program, on a terminal of its own or without a screen, until it is gone.

    Args:
        project: to be run.
        folder: for the user's own files and the log of what a run without a screen says.
        screen: whether it is started full-screen.
        tabs: how many.
    """

    def __init__(self, project: Path, folder: Path, *, screen: bool, tabs: int) -> None:
        self.project, self.screen = project, screen
        self.terminal: Pty | None = None
        self.began = time.time()
        self._family: set[psutil.Process] = set()
        self._runner: psutil.Process | None = None  # as seen last
        command, env = program("run", project, "--tabs", str(tabs)), environment(folder)
        if screen:
            self.terminal = Pty(command, env)
            self.process = self.terminal.process
        else:
            with (folder / PRINTED).open("ab") as log:
                self.process = subprocess.Popen(
                    [*command, "--headless"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=env,
                    cwd=ROOT,
                    start_new_session=True,
                )

    # --- who is there ---

    @property
    def run(self) -> psutil.Process:
        """The process that runs the project; a screen may have left a waiting one in front of it."""
        return psutil.Process(owner(self.project))

    def alive(self) -> bool:
        """Whether anybody of this life still runs the project."""
        with suppress(psutil.NoSuchProcess, FileNotFoundError, ValueError):
            if (run := self.run).create_time() >= self.began - 1.0:
                self._runner = run
        if self.process.poll() is None:
            return True
        try:  # it gives the project back before it has said its last words
            return self._runner is not None and self._runner.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def started(self, what: str, but: str = "\0") -> list[psutil.Process]:
        """Living descendants of the run by words of their command line."""
        return list(_named(self.run, what, but))

    def remember(self) -> None:
        """Who belongs to it, before a blow scatters them."""
        with suppress(psutil.NoSuchProcess, FileNotFoundError, ValueError):
            self._family |= family(self.run.pid)

    # --- blows ---

    def kill(self) -> None:
        """kill -9 of the run alone; what it had started is left to look after itself."""
        self.run.kill()
        self._gone()

    def kill_everybody(self) -> None:
        """kill -9 of the run and of all it had started, as when a machine loses its power."""
        end_all(family(self.run.pid))
        self._gone()

    def hang_up(self) -> None:
        """The terminal is closed under it; the run goes on."""
        assert self.terminal is not None
        self.terminal.hang_up()
        self.process.wait(60)
        self._close_terminal()

    def leave(self) -> None:
        """SIGTERM: in order, and the next run goes on."""
        self.run.send_signal(signal.SIGTERM)
        self._gone()

    def kill_renderer(self) -> None:
        """That of a tab at work."""
        self._at_work().kill()

    def kill_browser(self) -> None:
        self._first("--user-data-dir=", but="--type=").kill()

    def kill_driver(self) -> None:
        self._first("run-driver").kill()

    def freeze_renderer(self) -> None:
        """It lives, and never answers again."""
        self._at_work().suspend()

    def press(self, keys: str) -> None:
        assert self.terminal is not None
        self.terminal.press(keys)

    def wait(self) -> int:
        """The exit code, once it has ended by itself."""
        code = self.process.wait(120)
        self._gone()
        return code

    def close(self) -> None:
        """The run is ended, if it is there, and whatever it has started with it."""
        if self.alive():
            self.remember()
            self.end_family()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._close_terminal()

    def end_family(self) -> None:
        """Ends all that ever belonged to it: browsers that were left to look after themselves, frozen ones too."""
        end_all(self._family)

    def _first(self, what: str, but: str = "\0") -> psutil.Process:
        end = time.monotonic() + 30.0
        while time.monotonic() < end:
            if found := self.started(what, but):
                return found[0]
            time.sleep(0.05)  # a browser that is being opened
        raise AssertionError(f"no process {what} was found under the run")

    def _at_work(self) -> psutil.Process:
        """The renderer that has done most within a second; a browser keeps others in reserve."""
        self._first("--type=renderer")
        before = {one: _worked(one) for one in self.started("--type=renderer")}
        time.sleep(1.0)  # what is measured is work over time
        return max(before, key=lambda one: _worked(one) - before[one])

    def _gone(self) -> None:
        """Until the process somebody started, and the one behind it, have ended."""
        self.process.wait(60)
        end = time.monotonic() + 60.0
        while self.alive():
            assert time.monotonic() < end, "the run does not end"
            time.sleep(0.02)
        self._close_terminal()

    def _close_terminal(self) -> None:
        if self.terminal is not None:
            self.terminal.close()
            self.terminal = None


def left_behind(project: Path) -> list[str]:
    """Command lines of browsers that still use the project's folder."""
    mine = f"--user-data-dir={project}"
    return [" ".join(_words(one))[:120] for one in psutil.process_iter() if mine in " ".join(_words(one))]


def _named(root: psutil.Process, what: str, but: str) -> Iterator[psutil.Process]:
    for one in root.children(recursive=True):
        words = " ".join(_words(one))
        if what in words and but not in words:
            yield one


def _words(process: psutil.Process) -> list[str]:
    try:
        return [] if process.status() == psutil.STATUS_ZOMBIE else process.cmdline()
    except psutil.Error:
        return []


def _worked(process: psutil.Process) -> float:
    """Seconds of processor time so far."""
    try:
        return float(sum(process.cpu_times()[:2]))
    except psutil.Error:
        return 0.0
