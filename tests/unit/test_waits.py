"""Waits that pages tell by the clock: midnight, time zones, nights in which clocks change, minutes just over."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sites.waits import LONGEST, seconds_in_groups, seconds_to_wait

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


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("You've made 50 images in the last 3 hours. Try again in 40 minutes.", 2400.0),
        ("The limit is 40 pictures per 3 hours; try again in 12 minutes", 720.0),
        ("40 pictures every 3 hours, that is all there is", None),
        ("Try again in 40 minutes. You can make 50 pictures in 3 hours.", 2400.0),
        ("Your limit resets in 12 hours and 43 minutes.", 12.0 * HOUR + 2580.0),
        ("available again in 1 day, 2 hours, and 3 minutes", 26.0 * HOUR + 180.0),
        ("try again in 5min", 300.0),
        ("try again in 120ms", 0.12),
        ("in 1h30", 5400.0),
        ("in 1h5m10s", HOUR + 310.0),
        ("resets in 02:15:00", 2.25 * HOUR),
        ("after 1,000 seconds", 1000.0),
        ("in 1,5 hours", 1.5 * HOUR),
        ("in half an hour", 0.5 * HOUR),
        ("in an hour and a half", 1.5 * HOUR),
        ("Please wait one more hour", HOUR),
        ("in a couple of minutes", 120.0),
        ("30 seconds left", 30.0),
        ("the 3 d artist", None),
        ("in 3 ſ", None),  # letters that only look like units in some alphabets
        ("in ٣ minutes", None),
        ("try again in 99999999999 hours", None),  # nobody means that; the law is learned instead
        ("try again in " + "9" * 400 + " hours", None),
    ],
)
def test_of_several_spans_the_wait_counts(zone: None, words: str, seconds: float | None) -> None:
    assert seconds_to_wait(words, datetime(2026, 11, 25, 22, 0)) == seconds


@pytest.mark.parametrize(
    ("words", "hours"),
    [  # at 22:00 in Berlin it is 21:00 UTC
        ("Your limit resets on Nov 24, 4:15 PM.", None),  # a word of yesterday: not a year to wait, and not «now»
        ("resets on 26 November at 9:00", 11.0),
        ("resets tomorrow at 12:00 AM UTC", 3.0),
        ("resets at 2026-11-26T04:00:00Z", 7.0),
        ("resets at 2026-11-26 04:00 UTC", 7.0),
        ("resets at 2026-11-26 04:00", 6.0),
        ("resets at 2026-13-40 04:00", None),
        ("Try again at midnight", 2.0),
    ],
)
def test_moments_with_their_day(zone: None, words: str, hours: float | None) -> None:
    told = seconds_to_wait(words, datetime(2026, 11, 25, 22, 0))
    assert told == (None if hours is None else pytest.approx(hours * HOUR))


def test_tomorrow_is_where_the_clock_is(zone: None) -> None:
    told = seconds_to_wait("Try again tomorrow at 1:30 AM UTC.", datetime(2026, 11, 26, 0, 30))  # 23:30 UTC, the 25th
    assert told == 2.0 * HOUR


@pytest.mark.parametrize(
    ("groups", "seconds"),
    [
        ({"hours": "1", "minutes": "30"}, 5400.0),
        ({"minutes": "1,5"}, 90.0),
        ({"minutes": "12 or so"}, None),
        ({"minutes": "12", "seconds": "x"}, None),
        ({"seconds": "9" * 400}, None),
        ({"clock": "whenever"}, None),
        ({"hours": None}, None),
    ],
)
def test_groups_that_hold_no_number_tell_nothing(groups: dict[str, str | None], seconds: float | None) -> None:
    assert seconds_in_groups(groups, datetime(2026, 11, 25, 22, 0)) == seconds


PIECES = """in at after until again 3 16:15 PM a.m. hours minutes UTC (GMT +14 :59 ) Nov 31 Feb-29 tomorrow , 1.5
99999999 ٣ ſ d h m ms 02:15:00 2026-11-26T04:00 noon half an hour and a"""
WORDS = st.sampled_from(PIECES.split())


@settings(deadline=None)
@given(
    st.lists(WORDS | st.text(max_size=6), max_size=12).map(" ".join),
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
)
def test_whatever_a_page_says_is_a_wait_one_can_live_with_or_none(words: str, now: datetime) -> None:
    told = seconds_to_wait(words, now)
    assert told is None or 0.0 <= told <= LONGEST
