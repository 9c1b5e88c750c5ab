"""Waits that pages tell by the clock: midnight, time zones, nights in which clocks change, minutes just over."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from core.sites.waits import seconds_in_groups, seconds_to_wait

HOUR = 3600.0


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in Berlin; no time zone files are needed for this way to say so."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("now", "words", "hours"),
    [
        ("2026-11-25T23:50", "Try again at 12:15 AM.", 25 / 60),
        ("2026-11-25T23:50", "Try again after 0:15", 25 / 60),
        ("2026-11-26T00:10", "Try again at 11:55 PM.", 23.75),
        ("2026-11-25T11:00", "resets at 12 PM", 1.0),
        ("2026-11-25T12:00", "resets at 12 AM", 12.0),
        ("2026-12-31T23:00", "Try again at 1 a.m.", 2.0),
        ("2026-11-25T22:00", "Try again tomorrow at 9 AM.", 11.0),
        ("2026-11-25T02:00", "Try again tomorrow at 9 AM.", 31.0),
        ("2026-11-25T22:00", "Your limit resets after Nov 27, 4:15 PM.", 42.25),
        ("2026-12-31T22:00", "Try again on January 1 at 4 AM", 6.0),
        ("2026-11-25T22:00", "Try again on Nov 31 at 11 PM", 1.0),  # no such day
        ("2026-11-25T22:00", "at 25:00", None),
        ("2026-11-25T22:00", "at 13 PM", None),
    ],
)
def test_times_of_day_over_midnight(zone: None, now: str, words: str, hours: float | None) -> None:
    told = seconds_to_wait(words, datetime.fromisoformat(now))
    assert told == (None if hours is None else pytest.approx(hours * HOUR))


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2026-11-25T16:14:50", 10.0),
        ("2026-11-25T16:15:00", 0.0),
        ("2026-11-25T16:15:40", 0.0),  # said in the minute it names, or by a clock a little behind ours
        ("2026-11-25T16:20:00", 24 * HOUR - 300),
    ],
)
def test_a_minute_just_over_is_now_and_not_a_day_away(zone: None, now: str, seconds: float) -> None:
    assert seconds_to_wait("Try again at 4:15 PM.", datetime.fromisoformat(now)) == seconds


@pytest.mark.parametrize(
    ("words", "hours"),
    [  # at 22:00 in Berlin it is 21:00 UTC
        ("Try again at 11:15 PM UTC.", 2.25),
        ("Try again at 23:15 GMT", 2.25),
        ("Try again at 23:15 (GMT+3)", 23.25),
        ("Try again at 1:30 PM PST", 0.5),
        ("Try again after 5 PM EST, please", 1.0),
        ("Try again at 4:15 PM XYT", None),  # nobody knows when that is: it has to be learned
        ("Try again at 11:15 PM but not before", 1.25),
    ],
)
def test_times_in_the_pages_own_time_zone(zone: None, words: str, hours: float | None) -> None:
    told = seconds_to_wait(words, datetime(2026, 11, 25, 22, 0))
    assert told == (None if hours is None else pytest.approx(hours * HOUR))


def test_a_night_in_which_clocks_change_is_an_hour_longer_or_shorter(zone: None) -> None:
    spring, autumn = datetime(2027, 3, 28, 1, 0), datetime(2026, 10, 25, 1, 0)
    assert seconds_to_wait("Try again at 4:15 AM.", spring) == 2.25 * HOUR
    assert seconds_to_wait("Try again at 4:15 AM.", autumn) == 4.25 * HOUR
    assert seconds_in_groups({"clock": "4:15 AM"}, autumn) == 4.25 * HOUR
    again = datetime(2026, 10, 25, 2, 15, fold=1)  # the second time it is a quarter past two that night
    assert seconds_to_wait("Try again at 2:30 AM.", again) == 15 * 60
    assert seconds_to_wait("Try again at 12:30 AM.", autumn) == 24.5 * HOUR
