"""Coming back: the screen of a run that goes on without a terminal, in another one."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

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
    until,
)
from tests.terminal.test_screen import line

pytestmark = pytest.mark.terminal


def shown(screen: str) -> int:
    """How many panels the cockpit's progress says are finished."""
    found = re.search(r"(\d+) of \d+", screen)
    return int(found[1]) if found else -1


def told(folder: Path, project: Path) -> dict[str, object]:
    """What ``status --json`` says."""
    done = subprocess.run(
        program("status", project, "--json"),
        env=environment(folder),
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_terminal_is_closed_and_another_shows_the_same_run(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project):
        with on_pty(program("demo", project, "--panels", "30", "--tabs", "2"), environment(tmp_path)) as terminal:
            until(lambda: finished(project) >= 2, "panels are drawn")
            run = owner(project)
            terminal.hang_up()
            terminal.process.wait(30)
        with in_tmux(tmp_path) as tmux:
            tmux.type(line(program("attach", project)))
            screen = tmux.until("attached")
            assert "The Splinter and the Rose" in screen and finished(project) < 30
            tmux.press("Space")  # paused from here: what is shown and what is journaled stand still
            tmux.until("paused")
            until(lambda: events(project, "run-paused"), "the pause is complete")
            drawn = finished(project)
            until(lambda: shown(tmux.screen()) == drawn, "the counts are the same")
            status = told(tmp_path, project)
            assert status["state"] == "paused" and status["panels"]["finished"] == drawn  # type: ignore[index]
            tmux.press("q")  # leaves the screen, not the run
            assert "the run goes on" in tmux.until("EXIT=0")
            os.kill(run, 0)
            tmux.type("clear; " + line(program("attach", project)))
            tmux.until("attached")
            tmux.press("Space")
            assert "30 of 30 panels finished." in tmux.until("EXIT=0", 120.0)
    assert ended(project) == "finished" and len(events(project, "run-started")) == 1
    assert {event["event"]["by"] for event in events(project, "command-received")} >= {"link"}


def test_a_busy_project_offers_to_attach(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project):
        command = program("demo", project, "--headless", "--panels", "40", "--tabs", "2")
        run = subprocess.Popen(command, env=environment(tmp_path), cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            until(lambda: finished(project) >= 1, "panels are drawn")
            refused = subprocess.run(
                program("run", project), env=environment(tmp_path), cwd=ROOT, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=60,
            )  # fmt: skip
            assert refused.returncode == 5 and f"process {run.pid}" in refused.stderr
            assert "novelgen-tui attach" in refused.stderr
            with in_tmux(tmp_path) as tmux:
                tmux.type(line(program("run", project)))
                tmux.until(r"Attach to it\? \[Y/n\]")
                tmux.type("n")
                tmux.until("EXIT=5")
                tmux.type("clear; " + line(program("run", project)))
                tmux.until(r"Attach to it\? \[Y/n\]")
                tmux.press("Enter")
                tmux.until("attached")
                tmux.press("q")
                tmux.until("EXIT=0")
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(30)
    assert ended(project) == "stopped"


def test_a_run_killed_under_its_watcher_is_told(tmp_path: Path) -> None:
    project = tmp_path / "novel"
    with nothing_left(project), in_tmux(tmp_path) as tmux:
        command = program("demo", project, "--headless", "--panels", "40", "--tabs", "2")
        run = subprocess.Popen(command, env=environment(tmp_path), cwd=ROOT, stdout=subprocess.DEVNULL)
        until(lambda: finished(project) >= 1, "panels are drawn")
        tmux.type(line(program("attach", project)))
        tmux.until("attached")
        run.kill()
        run.wait()
        gone = tmux.until("EXIT=2").replace("\n", "")
        assert "is gone without a word" in gone and "novelgen-tui run" in gone
        tmux.type("clear; " + line(program("attach", project)))
        # not by the exit code: that of the command before may still be there
        until(lambda: "is not being run" in tmux.screen().replace("\n", ""), "nobody runs it")
        status = told(tmp_path, project)  # from the disk, then
        assert status["panels"]["finished"] == finished(project)  # type: ignore[index]
