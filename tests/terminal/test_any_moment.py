"""Signals at awkward moments, outputs nobody reads, streams that are closed: an order is obeyed all the same."""

import os
import random
import shlex
import signal
import socket
import subprocess
import termios
import time
from contextlib import suppress
from pathlib import Path

import pytest

from core.sample import create_sample
from tests.terminal.terminals import (
    ROOT,
    ended,
    environment,
    finished,
    nothing_left,
    on_pty,
    owner,
    program,
    simulated,
    until,
)

pytestmark = pytest.mark.terminal


def child_of(process: int) -> int:
    """The first process that ``process`` has started; 0 while there is none."""
    with suppress(FileNotFoundError):
        started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return int(started[0]) if started else 0
    return 0


def listens_to(process: int, number: signal.Signals) -> bool:
    """Whether the process has a handler for the signal."""
    with suppress(FileNotFoundError):
        return _among("SigCgt", process, number)
    return False


def _among(which: str, process: int, number: signal.Signals) -> bool:
    """Whether the signal is one of those that the kernel lists for the process as ``which``."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return bool(int(status[which], 16) >> (number - 1) & 1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_the_first_frame_is_obeyed(tmp_path: Path, how: signal.Signals) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), on_pty(simulated(project), environment(tmp_path)) as terminal:
        child = until(lambda: child_of(terminal.process.pid), "it splits")
        until(lambda: listens_to(child, signal.SIGTERM), "it listens")  # and loads what it draws with
        terminal.process.send_signal(how)
        assert terminal.wait() == 4
    assert not finished(project)


def test_a_signal_while_a_run_without_screen_is_opened_is_obeyed(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    create_sample(project, 3000)
    with nothing_left(project):
        run = subprocess.Popen(
            simulated(project, "--headless"), env=environment(tmp_path), cwd=ROOT, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until((project / ".novelgen" / "lock.owner").exists, "it has the project")
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 4
    assert ended(project) == "stopped"


def test_a_run_that_ends_with_a_word_unread_is_no_mistake_of_ours(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), on_pty(simulated(project), environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 3, "panels are drawn")
        run = owner(project)
        os.kill(run, signal.SIGSTOP)
        terminal.process.send_signal(signal.SIGTSTP)  # told to the run, which does not hear it any more
        until(lambda: not _pending(terminal.process.pid, signal.SIGTSTP), "it is told")
        os.kill(run, signal.SIGKILL)
        assert terminal.wait() == 128 + signal.SIGKILL
        terminal.until("the next run goes on")


def _pending(process: int, number: signal.Signals) -> bool:
    """Whether the signal waits, or the process is still at work on it."""
    if _among("ShdPnd", process, number):
        return True
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "S"


def test_a_reader_that_has_stopped_reading_keeps_no_run(tmp_path: Path) -> None:
    """As a pager that nobody scrolls."""
    project = tmp_path / "novel"
    here, there = socket.socketpair()
    there.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            there.send(b"\n" * 4096)
    there.setblocking(True)
    with nothing_left(project), here, there:
        run = subprocess.Popen(
            simulated(project, "--panels", "3000", "--latency", "0.3", "--headless"), env=environment(tmp_path),
            cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL, stdout=there,
        )  # fmt: skip
        until(lambda: finished(project) >= 20, "the run goes on")
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 4
    assert ended(project) == "stopped"


def test_a_storm_of_sizes_is_weathered(tmp_path: Path) -> None:
    """A window that is dragged, down to nothing and up again, while panels are drawn."""
    project, sizes = tmp_path / "novel", random.Random(1)
    with nothing_left(project), on_pty(simulated(project, "--panels", "3000"), environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 3, "panels are drawn")
        storm = [(sizes.randrange(1, 220), sizes.randrange(1, 60)) for _ in range(300)]
        for columns, lines in (*storm, (1, 1), (200, 1), (1, 60), (80, 24)):
            termios.tcsetwinsize(terminal.slave, (lines, columns))
            terminal.process.send_signal(signal.SIGWINCH)
            time.sleep(0.004)  # as fast as a hand drags
        seen = len(terminal.seen)
        terminal.press("?")
        terminal.until("Leave; the next run goes on", seen)
        terminal.press("\x03")
        assert terminal.wait() == 4
    assert ended(project) == "stopped"


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_mistake(tmp_path: Path, closed: str) -> None:
    project = tmp_path / "novel"
    create_sample(project, 2)
    toml = project / "novel.toml"
    good = toml.read_text()
    toml.write_text(f"{good}\n[broken\n")
    for command, code in ((program("run", project, "--headless"), 2), (program("status", project), 2),
                          (program("--help"), 0)):  # fmt: skip
        with on_pty(["sh", "-c", f"{shlex.join(command)} {closed}"], environment(tmp_path)) as terminal:
            assert terminal.wait() == code, command
    with nothing_left(project):
        toml.write_text(good)
        command = simulated(project, "--headless", "--latency", "0.1")
        with on_pty(["sh", "-c", f"{shlex.join(command)} {closed}"], environment(tmp_path)) as terminal:
            assert terminal.wait() == 0
    assert ended(project) == "finished"


def test_an_output_that_knows_few_letters_is_told_by_number(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    create_sample(project, 2)
    toml = project / "novel.toml"
    toml.write_text(toml.read_text().replace("The Splinter and the Rose", "Dorn und Röslein — 漢字"))
    env = environment(tmp_path, PYTHONIOENCODING="iso-8859-1")
    with nothing_left(project):
        run = subprocess.run(
            simulated(project, "--headless", "--latency", "0.1"), env=env, cwd=ROOT, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    told = subprocess.run(program("status", project), env=env, cwd=ROOT, capture_output=True, timeout=60)
    assert told.returncode == 0 and "Dorn und Röslein \\u2014 \\u6f22\\u5b57" in told.stdout.decode("latin-1")
