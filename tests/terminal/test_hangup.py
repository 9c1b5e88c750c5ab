"""A terminal that goes away or takes nothing: the run does not notice."""

import os
import signal
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.terminal.terminals import (
    Pty,
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
from tests.terminal.test_screen import line

pytestmark = pytest.mark.terminal


def test_a_terminal_closed_in_the_middle_leaves_the_run_to_its_end(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = program("demo", project, "--panels", "10", "--tabs", "2")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn")
        run = owner(project)
        terminal.hang_up()
        terminal.process.wait(30)
        until(lambda: ended(project), "the run ends by itself")
        assert ended(project) == "finished" and finished(project) == 10
    told = [record["event"] for record in events(project, "terminal-lost")]
    assert told == [{"type": "terminal-lost", "how": "hung up", "stops": False}]
    assert {record["event"]["pid"] for record in events(project, "run-started")} == {run}
    assert not events(project, "tab-faulted"), "the hang-up reached the browser"


def test_a_session_killed_in_the_middle_leaves_the_run_to_its_end(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project):
        with in_tmux(tmp_path) as tmux:
            tmux.type(line(program("demo", project, "--panels", "10", "--tabs", "2")))
            until(lambda: finished(project) >= 2, "panels are drawn")
            tmux.kill_session()
        until(lambda: ended(project), "the run ends by itself")
        assert ended(project) == "finished" and finished(project) == 10
    assert len(events(project, "run-started")) == 1
    assert not events(project, "tab-faulted"), "the hang-up reached the browser"


def test_a_project_may_want_to_stop_at_a_hang_up(tmp_path: Path) -> None:
    from core.sample import create_sample

    project = tmp_path / "novel"
    create_sample(project, 200)
    with (project / "novel.toml").open("a") as file:
        file.write('\n[run]\non_hangup = "stop"\n')
    with nothing_left(project), on_pty(simulated(project), environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn")
        terminal.hang_up()
        until(lambda: ended(project), "the run stops")
        assert ended(project) == "stopped"
    assert events(project, "terminal-lost")[0]["event"]["stops"]


def test_a_hang_up_signal_alone_gives_the_terminal_back(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "30", "--latency", "0.5")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn")
        terminal.process.send_signal(signal.SIGHUP)
        terminal.until("\x1b[?1049l")
        until(lambda: ended(project) == "finished", "the run ends by itself")


def stall(terminal: Pty, project: Path, seconds: float) -> list[float]:
    """Take no bytes for a while, though whole screens are asked for; returns the pauses between heartbeats then."""
    terminal.reading.clear()
    began = time.time()
    while time.time() < began + seconds:
        terminal.press("TTTT")  # another theme: all of the screen anew
        time.sleep(0.25)
    ended_at = time.time()
    beats = [r["at"] for r in events(project) if began <= r["at"] <= ended_at]
    return [after - before for before, after in pairwise([began, *beats, ended_at])]


@pytest.mark.parametrize("seconds", [6.0, pytest.param(30.0, marks=pytest.mark.long)])
def test_a_stuck_terminal_loses_frames_and_the_run_loses_nothing(tmp_path: Path, seconds: float) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3000", "--latency", "1")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 5, "panels are drawn")
        before = finished(project)
        quiet = stall(terminal, project, seconds)
        drawn = finished(project) - before
        assert max(quiet) < 2.0, "the engine held its breath"
        assert drawn >= seconds * 2, "the engine was slowed"
        since = len(terminal.seen)
        terminal.reading.set()
        end = terminal.until("The Splinter and the Rose", since)
        terminal.until("events ", end)  # a whole screen, not a change to one that never came
        assert len(terminal.seen) - since < 250_000, "frames were kept for a terminal that took none"
        terminal.press("\x03")
        assert terminal.wait() == 4


def test_leaving_does_not_wait_for_a_stuck_terminal(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3000", "--latency", "1")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 5, "panels are drawn")
        stall(terminal, project, 3.0)
        terminal.process.send_signal(signal.SIGTERM)
        until(lambda: ended(project) == "stopped", "the run stops although its terminal takes no byte")


def test_a_stopped_reader_of_the_terminal_is_a_stuck_terminal(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), in_tmux(tmp_path, size=(200, 50)) as tmux:
        tmux.type(line(simulated(project, "--panels", "3000", "--latency", "1")))
        until(lambda: finished(project) >= 5, "panels are drawn")
        os.kill(tmux.server, signal.SIGSTOP)
        before = finished(project)
        until(lambda: finished(project) >= before + 20, "the run goes on")
        os.kill(tmux.server, signal.SIGCONT)
        tmux.press("Space")
        screen = tmux.until("paused: you pressed pause")
        shown = int(screen.split(" of 3,000")[0].split()[-1])
        assert shown >= before + 20
        tmux.press("C-c")
        until(lambda: ended(project) == "stopped", "the run was left")


@pytest.mark.parametrize("keys", ["", " "], ids=["looked at", "playing"])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_run_is_stopped_in_order_while_its_past_is_shown(tmp_path: Path, how: signal.Signals, keys: str) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3000", "--latency", "1")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        in_the_past(terminal, project, keys)
        before = finished(project)
        until(lambda: finished(project) > before, "the run goes on behind its past")
        terminal.process.send_signal(how)
        assert terminal.wait() == 4
        terminal.until("\x1b[?1049l")
        assert ended(project) == "stopped"


@pytest.mark.parametrize("keys", ["", " "], ids=["looked at", "playing"])
def test_the_run_goes_on_to_its_end_when_the_terminal_goes_while_its_past_is_shown(tmp_path: Path, keys: str) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "30", "--latency", "0.5")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        in_the_past(terminal, project, keys)
        run = owner(project)
        terminal.process.send_signal(signal.SIGHUP)
        terminal.until("\x1b[?1049l")
        until(lambda: ended(project), "the run ends by itself")
        assert ended(project) == "finished" and finished(project) == 30
    assert [record["event"]["how"] for record in events(project, "terminal-lost")] == ["hung up"]
    assert {record["event"]["pid"] for record in events(project, "run-started")} == {run}


def in_the_past(terminal: Pty, project: Path, keys: str) -> None:
    """Wait until panels are drawn, then look at how it was."""
    until(lambda: finished(project) >= 3, "panels are drawn")
    terminal.press("t")
    terminal.until("time travel")
    terminal.press(f"\x1b[H{keys}")
    terminal.until("record ")
