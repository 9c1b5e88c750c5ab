"""What a person who looks elsewhere hears, and what a terminal shows around the screen."""

import sys
import time
from pathlib import Path

import pytest

from core.outcomes import Cause
from core.state import PacingState, PanelState, PanelStatus, RunState
from tui.alerts import Alert, Alerts, alert_of
from tui.terminal.signs import Signs


def running() -> RunState:
    state = RunState(title="A\x1b]2;owned\x07 novel", phase="running", at=1000.0)
    for number in range(4):
        status = PanelStatus.FINISHED if number == 0 else PanelStatus.QUEUED
        state.panels[f"p{number}"] = PanelState(f"p{number}", 1, 1, number, "", "", status=status)
    return state


def test_each_alert_once_and_what_stands_at_the_start_is_no_news() -> None:
    state, alerts = running(), Alerts()
    assert alerts.look(state) is None
    state.phase, state.cause, state.sentence = "paused", Cause.LOGIN, "signed out"
    assert alerts.look(state) == Alert("person", "signed out")
    assert alerts.look(state) is None
    state.phase, state.cause = "running", None
    assert alerts.look(state) is None
    state.pacing["a"] = PacingState(1030.0, "told", "a short wait")
    assert alerts.look(state) is None
    state.pacing["a"] = PacingState(1400.0, "told", "50 in 3 hours")
    assert alerts.look(state) == Alert("limit", "50 in 3 hours")
    state.pacing.clear()
    state.phase, state.result = "done", "finished"
    assert alerts.look(state) == Alert("done", "every panel is finished")
    late = Alerts()
    assert late.look(state) is None


@pytest.mark.parametrize(
    ("cause", "kind"),
    [(Cause.DISK, "stopped"), (Cause.HUMAN, "person"), (Cause.FAULTS, "stopped"), (Cause.SITE, "person")],
)
def test_why_a_run_pauses(cause: Cause, kind: str) -> None:
    state = running()
    state.phase, state.cause, state.sentence = "paused", cause, "why"
    assert alert_of(state) == Alert(kind, "why")
    state.cause = Cause.PERSON
    assert alert_of(state) is None


def test_the_command_gets_its_words_as_data(tmp_path: Path) -> None:
    told = tmp_path / "told"
    words = "os.environ['NOVELGEN_EVENT'] + '|' + os.environ['NOVELGEN_SENTENCE']"
    script = f"import os, sys; open(sys.argv[1], 'w').write({words})"
    state, alerts = running(), Alerts([sys.executable, "-c", script, str(told)], tmp_path)
    alerts.look(state)
    state.phase, state.cause, state.sentence = "paused", Cause.LOGIN, "; rm -rf $(x) \x1b[31m"
    alerts.look(state)
    deadline = time.monotonic() + 20
    while alerts._running and time.monotonic() < deadline:
        alerts._running[0].wait(20)
        alerts.look(state)
    assert told.read_text() == "person|; rm -rf $(x) ␛[31m"


def in_short(said: str) -> str:
    return repr(said)[:20]


@pytest.mark.parametrize("said", ["a\0b", "x" * 1_000_000, "\ud800\udfff", "=\n=\n", "\x1b]0;x\x07"], ids=in_short)
def test_whatever_a_page_says_the_command_runs_and_runs_the_next_time_too(tmp_path: Path, said: str) -> None:
    script = "import os, sys; open(sys.argv[1], 'a').write(os.environ['NOVELGEN_EVENT'] + ' ')"
    told = tmp_path / "told"
    state, alerts = running(), Alerts([sys.executable, "-c", script, str(told)], tmp_path)
    alerts.look(state)
    for cause in (Cause.LOGIN, None, Cause.DISK):
        state.title, state.phase, state.cause, state.sentence = said, "paused" if cause else "running", cause, said
        alerts.look(state)
        for process in alerts._running:
            process.wait(60)
    assert told.read_text() == "person stopped "


def test_a_command_that_is_not_there_stops_nothing(tmp_path: Path) -> None:
    state, alerts = running(), Alerts(["/nowhere/at-all"])
    alerts.look(state)
    state.phase, state.result = "done", "incomplete"
    assert alerts.look(state) == Alert("done", "done; some panels need you")


def test_title_and_bar_only_when_they_differ_and_never_with_foreign_codes() -> None:
    signs, state = Signs({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}), running()
    first = signs.standing(state)
    assert first.startswith("\x1b]2;A␛]2;owned") and first.count("\x07") == 2 and "25 %" in first
    assert first.endswith("\x1b]9;4;1;25\x07")
    assert signs.standing(state) == ""
    state.phase, state.cause = "paused", Cause.PERSON
    assert "\x1b]9;4;4;25\x07" in signs.standing(state)
    assert signs.alert(Alert("limit", "wait; then\x07go")) == "\x07\x1b]777;notify;novelgen-tui;wait, then␇go\x07"
    assert (
        Signs({"TERM": "linux"}).standing(state) == "" and Signs({"TERM": "xterm"}).alert(Alert("done", "x")) == "\x07"
    )
