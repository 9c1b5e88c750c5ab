"""Simulated nights of a tenth of the usual length; whole ones are played by ``tests.simulation.nights``."""

import pytest

from tests.simulation.night import Night
from tests.simulation.nights import COMMAND, play
from tests.simulation.plan import Plan
from tests.simulation.site import Chances, SimulatedSite, Window


@pytest.mark.parametrize("seed", range(20))
def test_a_wild_night_loses_nothing_and_asks_nothing_twice(seed: int) -> None:
    tally = play(seed, 300)
    assert not tally.violations, "\n".join(tally.violations)


def test_a_quiet_night_is_drawn_once_and_in_full() -> None:
    report = Night(Plan(seed=1, panels=500)).play()
    assert set(report.site.asked.values()) == {1}
    assert report.state.result == "finished"


def test_every_kill_is_followed_by_a_harvest_not_by_a_second_asking() -> None:
    report = Night(Plan(seed=2, panels=60, kills=[30.0, 70.0, 110.0])).play()
    assert report.lives == 4
    unsent = [a for a in report.state.attempts.values() if not a.sent]
    assert sum(report.site.asked.values()) <= 60 + len(unsent)
    assert any(a.harvested for a in report.state.attempts.values())


def test_a_limit_costs_no_panel_a_try() -> None:
    report = Night(Plan(seed=3, panels=80, windows=[Window(20, 600.0)])).play()
    assert report.state.result == "finished"
    assert all(panel.tries == 0 for panel in report.state.panels.values())


def test_a_poisonous_site_pauses_instead_of_failing_everything() -> None:
    report = Night(Plan(seed=4, panels=40, chances=Chances(retryable=0.3))).play()
    assert report.site.faults["retryable"] > 0


def test_the_same_seed_is_the_same_night() -> None:
    one, two = (Night(Plan.wild(12, 100)).play() for _ in range(2))
    assert one.state == two.state
    assert (one.seconds, one.records, one.site.faults) == (two.seconds, two.records, two.site.faults)


def test_a_violation_is_told_with_the_command_that_repeats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    send = SimulatedSite.send

    def twice(site: SimulatedSite, panel: str) -> str:
        send(site, panel)
        return send(site, panel)

    monkeypatch.setattr(SimulatedSite, "send", twice)
    (violation,) = play(5, 20).violations
    assert "without cause" in violation
    assert f"{COMMAND} --seed 5 --panels 20" in violation
