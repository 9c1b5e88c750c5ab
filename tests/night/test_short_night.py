"""The night of ``tests.night``, short: all that can befall a run befalls it, and nothing is lost or paid twice."""

from pathlib import Path

import pytest

from tests.night.night import Plan, night
from tests.night.report import as_text
from tests.night.verdict import judge

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.terminal]


def test_a_short_night_holds(tmp_path: Path) -> None:
    with night(Plan(panels=150, tabs=3, latency=0.3, size=256), tmp_path / "night") as played:
        verdict = judge(played)
        assert verdict.holds, as_text(played, verdict, "tests/night/test_short_night.py")
