"""The real program on a real terminal: keys in, screen out, the prompt back, and the run unharmed."""

import os
import shlex
import signal
import termios
from pathlib import Path

import pytest

from tests.terminal.terminals import (
    asked,
    ended,
    environment,
    events,
    finished,
    in_tmux,
    nothing_left,
    on_pty,
    owner,
    program,
    simulated,
    until,
)

pytestmark = pytest.mark.terminal


def line(command: list[str]) -> str:
    """A command line that says the exit code at the end."""
    return f"clear; {shlex.join(command)}; echo EXIT=$?"


def test_the_demo_in_80_by_24_with_the_screen_terminal(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), in_tmux(tmp_path, TERM="screen") as tmux:
        tmux.type(line(program("demo", project, "--panels", "6", "--tabs", "2")))
        first = tmux.until(r"The Splinter and the Rose +easel")
        assert "tabs" in first and "events" in first
        tmux.until(r"[1-5] of 6")
        tmux.press("Space")
        tmux.until("paused: you pressed pause")
        tmux.until("space resume")
        tmux.press("?")
        tmux.until("Leave; the next run goes on from here")
        tmux.press("Escape")
        tmux.until("space resume")
        tmux.press("Space")
        tmux.until("every panel is finished")
        tmux.press("q")
        gone = tmux.until("EXIT=")
        assert "EXIT=0" in gone and "6 of 6 panels finished" in gone
        assert "━" not in gone, "the screen was not given back"
    assert len(list((project / "panels").rglob("*.png"))) == 6
    assert set(asked(project).values()) == {1}


@pytest.mark.parametrize("key", ["C-c", "q"])
def test_keys_leave_in_order_and_the_next_run_goes_on(tmp_path: Path, key: str) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "30", "--latency", "0.6")
    with nothing_left(project), in_tmux(tmp_path) as tmux:
        tmux.type(line(command))
        until(lambda: finished(project) >= 3, "panels are drawn")
        tmux.press(key)
        if key == "q":
            tmux.until("Leave\\?")
            tmux.press("n")
        assert "EXIT=4" in tmux.until("EXIT=")
        assert ended(project) == "stopped"
        tmux.type(line(command))
        tmux.until("every panel is finished")
        tmux.press("q")
        assert "EXIT=0" in tmux.until("EXIT=0")
    assert finished(project) == 30


def test_a_terminate_signal_leaves_in_order_and_gives_the_terminal_back(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), on_pty(simulated(project), environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 3, "panels are drawn")
        assert termios.tcgetattr(terminal.slave) != terminal.modes
        terminal.process.terminate()
        assert terminal.wait() == 4
        assert termios.tcgetattr(terminal.slave) == terminal.modes
        terminal.until("\x1b[?1049l")
    assert ended(project) == "stopped"


def test_killed_outright_the_terminal_comes_back_and_the_next_run_goes_on(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = program("demo", project, "--panels", "8", "--tabs", "2")
    with nothing_left(project):
        with on_pty(command, environment(tmp_path)) as terminal:
            until(lambda: finished(project) >= 3, "panels are drawn")
            os.kill(owner(project), signal.SIGKILL)
            assert terminal.wait() == 128 + signal.SIGKILL
            assert termios.tcgetattr(terminal.slave) == terminal.modes
            terminal.until("\x1b[?1049l")
            terminal.until("the next run goes on")
        with on_pty(command, environment(tmp_path)) as terminal:
            until(lambda: events(project, "run-done"), "all is drawn")
            terminal.press("q")
            assert terminal.wait() == 0
    assert finished(project) == 8
    assert sum(asked(project).values()) == 8, "an attempt cut off was asked again instead of fetched"


def test_killing_the_waiting_process_is_killing_the_run(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), on_pty(simulated(project), environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 3, "panels are drawn")
        run = owner(project)
        assert run != terminal.process.pid
        terminal.process.kill()
        until(lambda: not Path(f"/proc/{run}").exists() or "Z" in _state(run), "the run is gone")
        until(lambda: termios.tcgetattr(terminal.slave) == terminal.modes, "the terminal is given back")


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


def test_put_aside_the_run_goes_on_and_fg_brings_the_screen_back(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), in_tmux(tmp_path) as tmux:
        tmux.type(line(simulated(project, "--panels", "200", "--latency", "1")))
        until(lambda: finished(project) >= 3, "panels are drawn")
        tmux.press("C-z")
        tmux.until("Stopped")
        before = finished(project)
        until(lambda: finished(project) > before + 10, "the run goes on without its screen")
        assert "events" not in tmux.screen()
        tmux.type("fg")
        tmux.until(r"─ events ─")
        tmux.press("C-c")
        until(lambda: ended(project) == "stopped", "the run was left")


def test_detached_the_prompt_is_back_and_the_run_goes_on_to_its_end(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), in_tmux(tmp_path) as tmux:
        tmux.type(line(program("demo", project, "--panels", "8", "--tabs", "2")))
        until(lambda: finished(project) >= 2, "panels are drawn")
        tmux.press("d")
        gone = tmux.until("EXIT=")
        assert "EXIT=0" in gone and "novelgen-tui attach" in gone.replace("\n", "")
        assert not ended(project)
        until(lambda: ended(project) == "finished", "the run ends by itself")
    assert [record["event"]["how"] for record in events(project, "terminal-lost")] == ["detached"]
    assert set(asked(project).values()) == {1} and len(asked(project)) == 8


def test_a_new_size_is_a_new_layout(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), in_tmux(tmp_path) as tmux:
        tmux.type(line(simulated(project, "--panels", "200")))
        tmux.until("─ events ─")
        assert "figures" not in tmux.screen()
        tmux.resize(130, 40)
        wide = tmux.until("─ figures ─")
        assert max(len(row) for row in wide.splitlines()) > 120
        tmux.resize(60, 18)
        narrow = tmux.until(r"quit")
        assert max(len(row) for row in narrow.splitlines()) <= 60
        tmux.press("C-c")
        until(lambda: ended(project) == "stopped", "the run was left")
