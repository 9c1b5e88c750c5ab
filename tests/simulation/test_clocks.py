"""Clocks that are set and machines that sleep: waits go by the time that really passed."""

import functools

import pytest
import trio
import trio.testing

from core import events as ev
from core.engine.clock import NAP, RunClock
from tests.simulation.invariants import Watcher
from tests.simulation.night import Night
from tests.simulation.plan import Plan
from tests.simulation.site import Window


def plan(jumps: dict[float, float]) -> Plan:
    return Plan(seed=11, panels=60, windows=[Window(20, 900.0)], jumps=jumps)


def test_a_wall_clock_that_is_set_changes_no_wait() -> None:
    quiet = Night(plan({})).play()
    for jumps in ({30.0: 7200.0}, {30.0: -7200.0}, {200.0: 86_400.0, 700.0: -90_000.0, 1100.0: 3.0}):
        report = Night(plan(jumps)).play()
        assert report.seconds == quiet.seconds, "the night took another time because a clock was set"
        assert report.site.asked == quiet.site.asked
        assert report.site.refusals == quiet.site.refusals


async def _a_sleep() -> None:
    slept = 5.0
    clock = RunClock(wall=lambda: 1000.0, slept=lambda: slept)
    assert clock.now() == 1000.0
    await trio.sleep(10.0)
    assert clock.now() == 1010.0 and not clock.woke_up()
    slept += NAP / 2
    assert clock.now() == 1010.0 and not clock.woke_up(), "the two clocks are read one after the other: no sleep"
    slept += 3600.0
    assert clock.now() == pytest.approx(1010.0 + 3600.0 + NAP / 2)
    assert clock.woke_up() and not clock.woke_up()


def test_the_run_clock_counts_what_the_machine_slept_through() -> None:
    trio.run(_a_sleep, clock=trio.testing.MockClock(autojump_threshold=0))


def test_a_wait_that_ended_while_the_machine_slept_is_over_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(Plan(seed=12, panels=24, tabs=2, windows=[Window(12, 4 * 3600.0)]))
    whole = Night(night.plan).play().seconds
    lid_closed_at, hours = 600.0, 5.0
    seen: list[float] = []

    def slept() -> float:
        """The lid is closed for five hours; the site's clock goes on, the loop's does not."""
        if trio.current_time() < lid_closed_at:
            return 0.0
        if not seen:
            seen.append(trio.current_time())
            night.site.sends = [moment - hours * 3600.0 for moment in night.site.sends]
        return hours * 3600.0

    monkeypatch.setattr("core.engine.engine.RunClock", functools.partial(RunClock, slept=slept))
    report = night.play()
    assert report.site.refusals <= 1
    assert whole > 4 * 3600.0
    assert report.seconds < lid_closed_at + 1200.0


def test_a_wait_is_shown_by_the_clock_on_the_wall_even_after_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, float]] = []  # when, and when it will open, both by the time that really passed
    see = Watcher.see

    def watch(self: Watcher, record: ev.Record) -> None:
        if isinstance(record.event, ev.PacingWaiting):
            told.append((trio.current_time(), trio.current_time() + record.event.until - record.at))
        see(self, record)

    monkeypatch.setattr(Watcher, "see", watch)
    Night(plan({300.0: 7200.0, 500.0: -5400.0})).play()
    opens = [until for at, until in told if at < 300.0][-1]
    for set_at in (300.0, 500.0):
        anew = [until for at, until in told if set_at <= at <= set_at + 10.0]
        assert anew, "its time of day is another one now, and nobody said so"
        assert anew == pytest.approx([opens] * len(anew), abs=1.5)
