"""Whole nights in seconds. Repeat a failing seed: ``pytest tests/simulation -k 'wild and 7-'`` (see README there)."""

import pytest

from tests.simulation.night import Night, Plan, check
from tests.simulation.site import Chances, Window


@pytest.mark.parametrize("seed", range(20))
def test_a_wild_night_loses_nothing_and_asks_nothing_twice(seed: int) -> None:
    check(Night(Plan.wild(seed)).play())


def test_a_quiet_night_is_drawn_once_and_in_full() -> None:
    report = Night(Plan(seed=1, panels=500)).play()
    check(report)
    assert set(report.site.asked.values()) == {1}
    assert report.state.result == "finished"


def test_every_kill_is_followed_by_a_harvest_not_by_a_second_asking() -> None:
    report = Night(Plan(seed=2, panels=60, kills=[30.0, 70.0, 110.0])).play()
    check(report)
    assert report.lives == 4
    unsent = [a for a in report.state.attempts.values() if not a.sent]
    assert sum(report.site.asked.values()) <= 60 + len(unsent)
    assert any(a.harvested for a in report.state.attempts.values())


def test_a_limit_costs_no_panel_a_try() -> None:
    report = Night(Plan(seed=3, panels=80, windows=[Window(20, 600.0)])).play()
    check(report)
    assert report.state.result == "finished"
    assert all(panel.tries == 0 for panel in report.state.panels.values())


def test_a_poisonous_site_pauses_instead_of_failing_everything() -> None:
    report = Night(Plan(seed=4, panels=40, chances=Chances(retryable=0.3))).play()
    check(report)
