"""The ETA: silent until it knows, right where arithmetic can tell, steady, and honest about limits and pauses."""

import random
import statistics
from datetime import datetime
from itertools import pairwise

import pytest

from core import events as ev
from core.eta import EtaEstimator, end_in_words, estimate, eta_in_words
from core.eta.pace import ENOUGH, told_forward
from core.fold import apply
from core.outcomes import Outcome
from core.pacing.forecast import Forecast, Window
from core.pacing.governor import Governor
from core.state import EtaState, PacingState, PanelStatus, RunState
from tests.simulation.hidden_limits import HOUR, START, Limit
from tests.simulation.sleeper import Night, Sleeper, night_before


class Run:
    """A run whose pictures all take the same time."""

    def __init__(self, panels: int, tabs: int, seconds: float = 30.0) -> None:
        self.state, self.now, self.tabs, self.seconds = RunState(), START, tabs, seconds
        self.governor = Governor("account", None, random.Random(1))
        self._queue, self._under_way = [f"p{n}" for n in range(panels)], []
        self.tell(ev.RunStarted(1, 1, "host", "site", "account", tabs))
        plans = tuple(ev.PanelPlan(f"p{n}", 1, 1, n, "text", "h") for n in range(panels))
        self.tell(ev.PanelsPlanned(plans))
        for n in range(tabs):
            self.tell(ev.TabOpened(f"t{n}", "local", 1))

    def tell(self, event: ev.Event) -> None:
        apply(self.state, ev.Record(self.state.seq + 1, self.now, event))  # type: ignore[arg-type]

    def rounds(self, count: int) -> None:
        """Every tab draws so many panels, one ending after the other."""
        for _ in range(count * self.tabs):
            self._begin()
            self.now += self.seconds / self.tabs
            panel = self._under_way.pop(0)
            self.tell(ev.PanelFinished(f"a-{panel}", panel, self.seconds))

    def _begin(self) -> None:
        while self._queue and len(self._under_way) < self.tabs:
            panel = self._queue.pop(0)
            self.tell(ev.AttemptStarted(f"a-{panel}", panel, f"t{len(self._under_way)}", "prompt", "h"))
            self._under_way.append(panel)

    def estimate(self) -> ev.EtaEstimated:
        return estimate(self.state, self.now, self.governor.forecast(self.now))


def test_nothing_is_said_before_enough_is_known() -> None:
    run = Run(100, 2)
    for _ in range(ENOUGH):
        assert run.estimate() == ev.EtaEstimated()
        run.rounds(1)
    assert run.estimate().seconds is not None


def test_it_is_right_where_arithmetic_can_tell() -> None:
    run = Run(400, 4)
    run.rounds(20)
    eta = run.estimate()
    assert eta.seconds == pytest.approx(320 / 4 * 30, rel=0.01)
    assert eta.low < eta.seconds < eta.high
    assert eta.high - eta.low < 0.2 * eta.seconds


def test_nothing_left_is_no_time_left() -> None:
    run = Run(40, 4)
    run.rounds(10)
    assert run.estimate() == ev.EtaEstimated(0.0, 0.0, 0.0)


def test_more_tabs_mean_less_time_at_once() -> None:
    run = Run(400, 4)
    run.rounds(20)
    before = run.estimate().seconds
    run.tell(ev.PoolResized(8, "a person asked"))
    assert run.estimate().seconds == pytest.approx(before / 2, rel=0.05)


def test_held_panels_are_not_waited_for() -> None:
    run = Run(400, 4)
    run.rounds(20)
    before = run.estimate().seconds
    queued = [p.id for p in run.state.panels.values() if p.status is PanelStatus.QUEUED]
    run.tell(ev.PanelsHeld(tuple(queued[:160]), True))
    assert run.estimate().seconds == pytest.approx(before / 2, rel=0.05)


def test_limit_waits_ahead_are_counted() -> None:
    run = Run(100, 4)
    run.rounds(10)
    window = Window(40, 3 * HOUR, tuple(START + 7.5 * n for n in range(40)))
    eta = estimate(run.state, run.now, Forecast(run.now, run.now, (window,)))
    assert eta.seconds == pytest.approx(6 * HOUR - (run.now - START) + 20 * 7.5, rel=0.03)
    told = estimate(run.state, run.now, Forecast(run.now, run.now + HOUR))
    assert told.seconds == pytest.approx(HOUR + 15 * 30, rel=0.03)


def test_right_after_a_resume_it_uses_what_earlier_runs_took() -> None:
    run = Run(400, 4)
    run.rounds(20)
    run.tell(ev.RunEnded("stopped"))
    run.now += 9 * HOUR
    run.tell(ev.RunStarted(2, 2, "host", "site", "account", 2))
    assert run.estimate().seconds == pytest.approx(320 / 2 * 30, rel=0.02)


def test_it_stands_still_during_a_pause() -> None:
    run, estimator = Run(400, 4), EtaEstimator()
    run.rounds(20)
    first = estimator.estimate(run.state, run.now, run.governor)
    run.tell(ev.RunPaused("person", "a person paused"))
    run.now += 5 * HOUR
    later = estimator.estimate(run.state, run.now, run.governor)
    assert later.seconds == pytest.approx(first.seconds, rel=0.01)


def test_a_hundred_thousand_panels_are_estimated_quickly_and_rightly() -> None:
    run = Run(100_000, 40)
    run.rounds(10)
    assert run.estimate().seconds == pytest.approx(99_600 / 40 * 30, rel=0.02)


NIGHTS = [
    (Night(500, 5), False),
    (Night(300, 4, (Limit(60, 1800.0),)), False),
    (Night(120, 4, (Limit(40, 3 * HOUR), Limit(2, 60.0, Outcome.RATE)), told=False), True),
]


@pytest.mark.parametrize(("night", "known"), NIGHTS, ids=["no limit", "told quota", "learned quota"])
def test_simulated_nights_end_when_it_said(night: Night, known: bool) -> None:
    memory = night_before(night, 7) if known else None
    sleeper = Sleeper(night, 7, memory, start=START + 60 * HOUR)
    estimator = EtaEstimator()
    seen: list[tuple[float, float, ev.EtaEstimated]] = []
    total = sleeper.live(
        lambda s: seen.append(
            (s.settled / night.panels, s.now, estimator.estimate(s.state, s.now, s.governor))
            if not seen or s.now > seen[-1][1] + 30
            else seen.pop()
        )
    )
    end = sleeper.now
    for mark, worst in ((0.25, 0.16), (0.5, 0.12), (0.75, 0.10)):
        _, at, eta = next(entry for entry in seen if entry[0] >= mark)
        assert abs(eta.seconds - (end - at)) <= worst * (end - at)
    assert total > 0


def test_the_shown_end_does_not_jump() -> None:
    sleeper, estimator = Sleeper(Night(500, 5), 3), EtaEstimator()
    ends: list[tuple[float, float]] = []

    def look(s: Sleeper) -> None:
        if ends and s.now < ends[-1][0] + 10:
            return
        eta = estimator.estimate(s.state, s.now, s.governor)
        if eta.seconds is not None and s.settled > 50:
            ends.append((s.now, s.now + eta.seconds))

    total = sleeper.live(look)
    steps = [abs(b[1] - a[1]) for a, b in pairwise(ends)]
    assert statistics.quantiles(steps, n=100)[98] < 0.02 * total


NOON = datetime(2026, 11, 23, 12, 0).timestamp()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ((30, 20, 41), "done 12:00, in 30 seconds (20 to 41 seconds)"),
        ((47 * 60, 42 * 60, 55 * 60), "done 12:47, in 47 minutes (42 to 55)"),
        ((75 * 60, 70 * 60, 90 * 60), "done 13:15, in 1 hour and 15 minutes (70 to 90 minutes)"),
        ((9 * 3600, 8 * 3600, 10.5 * 3600), "done 21:00, in 9 hours (8.0 to 10.5 hours)"),
        ((14 * 3600, 13 * 3600, 16 * 3600), "done Tue 02:00, in 14 hours (13.0 to 16.0 hours)"),
        ((50 * 3600, 45 * 3600, 60 * 3600), "done Wed 14:00, in 2 days and 2 hours (1.9 to 2.5 days)"),
    ],
)
def test_in_words(seconds: tuple[float, float, float], words: str) -> None:
    assert eta_in_words(EtaState(NOON, *seconds), NOON) == words


def test_in_words_it_counts_down_and_stands_still_when_paused() -> None:
    eta = EtaState(NOON, 47 * 60, 42 * 60, 55 * 60)
    assert eta_in_words(eta, NOON + 600) == "done 12:47, in 37 minutes (32 to 45)"
    assert eta_in_words(eta, NOON + 600, active=False) == "47 minutes of work left (42 to 55)"
    assert eta_in_words(EtaState(), NOON) == "measuring"


def test_the_end_tells_the_wait_it_counts_in_and_stands_still_when_paused() -> None:
    state = RunState(phase="running", eta=EtaState(NOON, 47 * 60, 42 * 60, 55 * 60))
    assert end_in_words(state, NOON) == "done 12:47, in 47 minutes (42 to 55)"
    state.pacing["me"] = PacingState(NOON + 900, "learned", "about 50 pictures in 3 hours")
    assert end_in_words(state, NOON).endswith("(42 to 55), waits for a limit until 12:15 (learned)")
    assert "waits" not in end_in_words(state, NOON + 901)
    state.eta, state.pacing["me"] = EtaState(), PacingState(NOON + 15 * 3600, "told", "")
    assert end_in_words(state, NOON) == "measuring, waits for a limit until Tue 03:00 (told)"
    state.pacing["me"] = PacingState(NOON + 60, "backing off", "")
    assert end_in_words(state, NOON) == "measuring, backs off until 12:01"
    state.phase, state.eta = "paused", EtaState(NOON, 47 * 60, 42 * 60, 55 * 60)
    assert end_in_words(state, NOON + 600) == "47 minutes of work left (42 to 55)"


def test_a_gated_play_reads_off_by_periods_what_playing_every_send_would_give(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = (
        Window(40, 3 * HOUR, tuple(START + 7.5 * n for n in range(25))),
        Window(2, 60.0),
    )
    run = Run(1000, 4)
    run.rounds(10)
    forecast = Forecast(run.now, run.now, windows)
    quick = estimate(run.state, run.now, forecast)
    monkeypatch.setattr("core.eta.estimating.PLAYED", 10_000)
    whole = estimate(run.state, run.now, forecast)
    assert quick.seconds == pytest.approx(whole.seconds, rel=0.001)
    assert quick.high == pytest.approx(whole.high, rel=0.001)


def _told(night: Night, seed: int) -> list[tuple[float, float, ev.EtaEstimated]]:
    """(progress, seconds really left, what was told), about every half minute."""
    sleeper, estimator = Sleeper(night, seed), EtaEstimator()
    seen: list[tuple[float, float, ev.EtaEstimated]] = []

    def look(s: Sleeper) -> None:
        if not seen or s.now > seen[-1][1] + 30:
            seen.append((s.settled / night.panels, s.now, estimator.estimate(s.state, s.now, s.governor)))

    sleeper.live(look)
    return [(progress, sleeper.now - at, eta) for progress, at, eta in seen if eta.seconds is not None]


def _width(told: list[tuple[float, float, ev.EtaEstimated]], after: float, until: float) -> float:
    """The widest range told in between, relative to the time told."""
    return max((eta.high - eta.low) / eta.seconds for progress, _, eta in told if after <= progress <= until)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("slower", [2.0, 0.5])
def test_a_site_that_changes_its_pace_is_followed_and_the_range_widens_until_it_is_clear(
    slower: float, seed: int
) -> None:
    told = _told(Night(1000, 5, changes=((0.5, slower),)), seed)
    _, left, eta = next(entry for entry in told if entry[0] >= 0.62)
    assert abs(eta.seconds - left) < 0.2 * left
    assert eta.low <= left <= eta.high
    assert _width(told, 0.5, 0.58) > 1.5 * _width(told, 0.45, 0.5)
    assert _width(told, 0.75, 0.8) < _width(told, 0.5, 0.58)


@pytest.mark.parametrize("seed", range(3))
def test_a_site_that_was_slow_for_a_while_is_not_taken_for_slow(seed: int) -> None:
    told = _told(Night(1000, 5, changes=((0.3, 2.0), (0.5, 1.0))), seed)
    _, left, eta = next(entry for entry in told if entry[0] >= 0.65)
    assert abs(eta.seconds - left) < 0.15 * left


def test_a_site_that_gets_slower_and_slower_is_taken_to_go_on_so() -> None:
    means = [30.0 + 0.5 * n for n in range(30)]
    seconds, variance = told_forward(means, 4.0, 30.0)
    assert seconds == pytest.approx(30.0 + 0.5 * 45, rel=0.05)
    steady, _ = told_forward([30.0 + (-1) ** n for n in range(30)], 4.0, 30.0)
    assert steady == pytest.approx(30.0, rel=0.01)
    assert variance > 0
