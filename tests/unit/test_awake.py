"""Keeping the machine awake while a run is going on: the system's own command is held, and let go."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from core.pool.awake import kept_awake


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that commands are found in."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.fixture
def inhibit(commands: Path) -> Path:
    """A ``systemd-inhibit`` that takes what the real one takes, and waits for the end of its input as ``cat`` does."""
    file = commands / "systemd-inhibit"
    file.write_text("#!/bin/sh\nwhile read line; do :; done\n")
    file.chmod(0o755)
    return file


def inhibitors(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children() if "--who=novelgen-tui" in child.cmdline()]


def test_sleep_is_inhibited_as_long_as_the_run_goes_on(inhibit: Path) -> None:
    with kept_awake() as inhibited:
        assert inhibited
        [process] = inhibitors(psutil.Process())
        assert "--what=sleep:idle" in process.cmdline() and "--mode=block" in process.cmdline()
    assert not process.is_running() and not inhibitors(psutil.Process())


def test_a_run_that_is_killed_lets_the_machine_sleep_again(inhibit: Path) -> None:
    code = "from core.pool.awake import kept_awake\nwith kept_awake() as on: print(on, flush=True); input()"
    run = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "True\n"
    [process] = inhibitors(psutil.Process(run.pid))
    run.kill()
    run.communicate()
    process.wait(timeout=10)


def test_a_system_without_such_a_command_draws_all_the_same(commands: Path) -> None:
    with kept_awake() as inhibited:
        assert not inhibited
