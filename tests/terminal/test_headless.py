"""Without a screen: whatever becomes of the terminal it was started in, the run does as its project wants it."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from core.sample import create_sample
from tests.terminal.terminals import (
    ROOT,
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


def how(project: Path) -> list[tuple[str, bool]]:
    """What the run was told of its terminal."""
    return [(record["event"]["how"], record["event"]["stops"]) for record in events(project, "terminal-lost")]


def test_a_terminal_closed_in_the_middle_leaves_run_and_browser_alone(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = program("demo", project, "--panels", "8", "--tabs", "2", "--headless")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn")
        terminal.hang_up()
        terminal.process.wait(30)
        until(lambda: ended(project), "the run ends by itself")
        assert ended(project) == "finished" and finished(project) == 8
    assert how(project) == [("hung up", False)]
    assert len(events(project, "run-started")) == 1
    assert not events(project, "tab-faulted"), "the hang-up reached the browser"


def test_a_project_may_want_to_stop_at_a_hang_up(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    create_sample(project, 200)
    with (project / "novel.toml").open("a") as file:
        file.write('\n[run]\non_hangup = "stop"\n')
    with nothing_left(project), on_pty(simulated(project, "--headless"), environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn")
        terminal.hang_up()
        until(lambda: ended(project) == "stopped", "the run stops")
    assert how(project) == [("hung up", True)]


@pytest.mark.parametrize("ignored", [False, True])
def test_a_hang_up_signal_without_any_terminal(ignored: bool, tmp_path: Path) -> None:
    """As under a service manager, or (``ignored``) under nohup; what it prints goes to a reader that leaves."""
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "20", "--latency", "0.5", "--headless")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        run = subprocess.Popen(
            command, env=environment(tmp_path), cwd=ROOT, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGHUP, before)
    with nothing_left(project):
        until(lambda: finished(project) >= 2, "panels are drawn")
        assert run.stdout is not None and run.stderr is not None
        run.stdout.close()
        run.stderr.close()
        run.send_signal(signal.SIGHUP)
        run.send_signal(signal.SIGHUP)
        assert run.wait(60) == 0
    assert ended(project) == "finished" and finished(project) == 20
    assert how(project) == ([] if ignored else [("hung up", False)])


def test_a_stuck_terminal_neither_slows_it_nor_keeps_it(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3000", "--latency", "0.3", "--headless")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 5, "panels are drawn")
        terminal.reading.clear()
        before = finished(project)
        until(lambda: finished(project) >= before + 200, "the run goes on")
        os.kill(owner(project), signal.SIGTERM)
        until(lambda: ended(project) == "stopped", "the run stops although its terminal takes no byte")
        terminal.reading.set()
        assert terminal.wait() == 4


def test_put_aside_it_goes_on_and_ctrl_c_leaves_in_order(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), in_tmux(tmp_path) as tmux:
        tmux.type(line(simulated(project, "--panels", "3000", "--latency", "0.5", "--headless")))
        until(lambda: finished(project) >= 3, "panels are drawn")
        tmux.press("C-z")
        tmux.until("Stopped")
        before = finished(project)
        until(lambda: finished(project) > before + 10, "the run goes on")
        tmux.type("fg")
        tmux.press("C-c")
        until(lambda: ended(project) == "stopped", "the run was left")


def test_killed_in_the_shell_it_is_killed(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3000", "--headless")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 2, "panels are drawn")
        run = owner(project)
        assert run != terminal.process.pid
        terminal.process.kill()
        until(lambda: not Path(f"/proc/{run}").exists(), "the run is gone")
    assert not ended(project)


def test_a_signal_right_after_detaching_ends_the_run_in_order(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3000", "--latency", "0.5")
    with nothing_left(project), on_pty(command, environment(tmp_path)) as terminal:
        until(lambda: finished(project) >= 3, "panels are drawn")
        run = owner(project)
        terminal.press("d")
        assert terminal.wait() == 0
        os.kill(run, signal.SIGHUP)  # whoever left on purpose is not hung up on
        os.kill(run, signal.SIGTERM)
        until(lambda: ended(project) == "stopped", "the run was left")
    assert how(project) == [("detached", False)]


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(tmp_path: Path) -> None:
    """A bar that is drawn over itself would not be seen there before the end."""
    project = tmp_path / "novel"
    command = simulated(project, "--panels", "3", "--latency", "0.3", "--headless")
    with nothing_left(project), on_pty(command, environment(tmp_path, TERM="dumb")) as terminal:
        terminal.until("ch01-p001 finished")
        terminal.until("3 panels: 3 finished")
        assert terminal.wait() == 0
        assert b"\x1b[" not in terminal.seen
