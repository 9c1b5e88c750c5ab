"""Keeps a desktop or laptop from falling asleep while a run is going on, where the system offers that."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def inhibitor() -> list[str] | None:
    """The command that keeps this system awake as long as its input is open, or None where there is none.

    However we end, our end of the pipe is closed: a machine that nobody lets sleep again would be worse.
    """
    if sys.platform == "darwin" and shutil.which("caffeinate"):
        return ["caffeinate", "-i", "cat"]
    if shutil.which("systemd-inhibit"):
        why = ["--who=novelgen-tui", "--why=drawing a graphic novel", "--what=sleep:idle", "--mode=block"]
        return ["systemd-inhibit", *why, "cat"]
    return None


@contextmanager
def kept_awake() -> Iterator[bool]:
    """Yields whether sleep is inhibited; a system that refuses is no reason not to draw."""
    command = inhibitor()
    if command is None:
        yield False
        return
    try:
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        yield False
        return
    try:
        yield process.poll() is None
    finally:
        process.terminate()
        process.communicate()
