"""What a test has started, with all that was started by it in turn, so that nothing outlives the test."""

import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

import psutil


def family(pid: int) -> set[psutil.Process]:
    """The process and everything it has started so far; empty where it is gone. Ask before it is killed: the children
    of a dead process are nobody's."""
    try:
        parent = psutil.Process(pid)
        return {parent, *parent.children(recursive=True)}
    except psutil.NoSuchProcess:
        return set()


def end_all(processes: Iterable[psutil.Process]) -> None:
    """kill -9 whatever of them is still there, and wait until it is gone. Frozen ones end by it too.

    The exit codes are left to whoever started them.
    """
    left = [one for one in processes if _lives(one)]
    for one in left:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    end = time.monotonic() + 10.0
    while left := [one for one in left if _lives(one)]:
        assert time.monotonic() < end, f"kill -9 does not end {left}"
        time.sleep(0.02)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def speaking(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A process in a session of its own and what it says; it and all it has started end with the context."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert process.stdout is not None
    try:
        with process.stdout:
            yield process, process.stdout
    finally:
        end_all(family(process.pid))
        process.wait(30)
