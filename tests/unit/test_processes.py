"""What the tests start can be ended whole, frozen and orphaned processes too."""

import signal
import subprocess
import sys

import psutil

from tests.processes import _lives, end_all, family

TREE = """
import os, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; print('there', flush=True); signal.pause()"])
print(child.pid, flush=True)
signal.pause()
"""


def test_a_frozen_child_of_a_dead_parent_is_ended() -> None:
    parent = subprocess.Popen([sys.executable, "-c", TREE], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    said = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
    [pid] = [int(word) for word in said if word.isdigit()]
    child, whole = psutil.Process(pid), family(parent.pid)
    child.suspend()
    parent.kill()
    assert parent.wait(10) == -signal.SIGKILL and _lives(child)
    end_all(whole)
    assert not _lives(child)
    parent.stdout.close()


def test_the_exit_code_is_still_there() -> None:
    one = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    end_all(family(one.pid))
    assert one.wait(10) == -signal.SIGKILL and family(one.pid) == set()
