"""The production report: counts that add up, and words that stay words."""

import json
from pathlib import Path

import pytest

from core.complaint import Complaint
from core.outcomes import Outcome
from core.report import report
from core.state import AttemptState, PanelStatus
from tests.books.drawn import drawn_project
from tui.report import print_report, sections

NOON = 1_790_000_000.0


def test_what_was_drawn_and_what_needs_somebody(tmp_path: Path) -> None:
    _, state = drawn_project(tmp_path / "novel", skip=("ch01-p002", "ch01-p003"))
    refused, failed, doubtful = (state.panels[id] for id in ("ch01-p002", "ch01-p003", "ch02-p001"))
    refused.status, refused.message = PanelStatus.REFUSED, "violates <policy>"
    failed.status = PanelStatus.FAILED
    doubtful.doubts = ("it is blank, or nearly",)
    state.panels["ch01-p001"].attempts = 1
    for number, (outcome, seconds) in enumerate(
        [(Outcome.QUOTA, 1.0), (Outcome.QUOTA, 2.0), (Outcome.RETRYABLE, 30.0)]
    ):
        id = f"x{number}"
        state.attempts[id] = AttemptState(
            id, "ch01-p002", "t1", 0.0, "h", "the prompt", outcome=outcome, seconds=seconds
        )
    made = report(state, NOON)
    assert (made.finished, made.first_try, made.takes, made.today) == (2, 1, 2, 0)
    assert made.limits == {"quota": 2}
    assert list(made.lost.items()) == [("retryable", 30.0), ("quota", 3.0)]
    assert [(p.panel, p.why, p.prompt) for p in made.refused] == [("ch01-p002", "violates <policy>", "the prompt")]
    assert [p.panel for p in made.failed] == ["ch01-p003"] and [p.panel for p in made.doubtful] == ["ch02-p001"]
    assert ("left", "1 failed, 1 refused") in sections(made)[0][1]


def test_every_format_of_a_new_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "novel"
    drawn_project(folder)
    print_report(folder, format="text", out=None)
    assert "not known yet" in capsys.readouterr().out
    print_report(folder, format="json", out=None)
    assert json.loads(capsys.readouterr().out)["finished"] == 0
    print_report(folder, format="html", out=tmp_path / "r.html")
    assert "Content-Security-Policy" in (tmp_path / "r.html").read_text()
    with pytest.raises(Complaint, match="--format is text, html or json"):
        print_report(folder, format="doc", out=None)
    with pytest.raises(Complaint, match="is a folder; name the file in it"):
        print_report(folder, format="html", out=tmp_path)
