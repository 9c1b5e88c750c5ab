"""Specs are read whole or answered by one sentence that names the bad part; dice and waits are honest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.easel import (
    AMOUNTS,
    FAULTS,
    Easel,
    EaselError,
    EaselOptions,
    faults_help,
    parse_faults,
    parse_limit,
)
from core.easel.limits import Limits, quota_text, wait_in_words
from core.easel.options import Limit
from core.easel.studio import seconds_to_draw

ONE_SENTENCE = r"^[A-Z].*\.$|^[A-Z].*lists them\.$"


def test_limit_is_read() -> None:
    assert parse_limit("50/10800") == Limit(50, 10800)
    assert parse_limit(" 3 / 0.5s ") == Limit(3, 0.5)
    assert parse_limit(None) is None
    assert parse_limit("") is None


@pytest.mark.parametrize("bad", ["50", "x/3", "0/10", "5/0", "-1/3", "5/1e9", "/"])
def test_bad_limit_is_one_sentence_naming_it(bad: str) -> None:
    with pytest.raises(EaselError, match=ONE_SENTENCE) as caught:
        parse_limit(bad)
    assert repr(bad) in str(caught.value)


def test_faults_are_read() -> None:
    faults = parse_faults("refuse=0.5, signout=@30,signout=@60,http500=%7,bloat=8,choice")
    assert faults.triggers["refuse"].chance == 0.5
    assert faults.triggers["signout"].at == {30, 60}
    assert faults.triggers["http500"].every == 7
    assert faults.triggers["choice"].chance == 1
    assert faults.amounts["bloat"] == 8
    assert faults.amounts["hangseconds"] == AMOUNTS["hangseconds"][0]


@pytest.mark.parametrize("bad", ["refuse=2", "refuse=x", "hang=@0", "hang=@", "hang=%x", "bloat=-1", "bloat=nan"])
def test_bad_fault_names_its_part(bad: str) -> None:
    with pytest.raises(EaselError, match=ONE_SENTENCE) as caught:
        parse_faults(f"error=0.1,{bad},choice=0.2")
    assert repr(bad) in str(caught.value)


def test_unknown_fault_points_to_the_list() -> None:
    with pytest.raises(EaselError, match=r"no fault named 'fire'.*--faults help"):
        parse_faults("fire=1")


@given(st.text(max_size=30))
def test_any_spec_is_read_or_refused_in_words(spec: str) -> None:
    for parse in (parse_faults, parse_limit):
        try:
            parse(spec)
        except EaselError as e:
            assert str(e).endswith(".")


def test_help_lists_every_fault_once() -> None:
    listed = [line.split()[0] for line in faults_help().splitlines() if line.startswith("  ")]
    assert listed == [*FAULTS, *AMOUNTS]


@pytest.mark.parametrize(
    "options",
    [EaselOptions(port=70000), EaselOptions(latency=-1), EaselOptions(sigma=9), EaselOptions(size=3)],
)
def test_impossible_options_are_refused(options: EaselOptions) -> None:
    with pytest.raises(EaselError, match=ONE_SENTENCE):
        Easel(options)


def test_exact_numbers_strike_exactly_there() -> None:
    faults = parse_faults("error=@3,hang=%4")
    struck = {n: faults.strike(n, f"prompt {n}", 0, seed=1) for n in range(1, 13)}
    assert [n for n, s in struck.items() if "error" in s] == [3]
    assert [n for n, s in struck.items() if "hang" in s] == [4, 8, 12]


def test_chances_are_seeded_and_about_as_likely_as_asked() -> None:
    faults = parse_faults("error=0.2")
    prompts = [f"panel {n}" for n in range(2000)]

    def struck(seed: int, times: int, number: int = 1) -> list[str]:
        return [p for p in prompts if faults.strike(number, p, times, seed)]

    assert 300 < len(struck(1, 0)) < 500
    assert struck(1, 0) == struck(1, 0, number=99), "the order of arrival must not matter"
    assert struck(1, 0) != struck(2, 0)
    assert set(struck(1, 0)) != set(struck(1, 1)), "asking again is a new draw"


def test_what_is_refused_stays_refused() -> None:
    faults = parse_faults("refuse=0.5")
    for n in range(50):
        assert faults.strike(1, f"p{n}", 0, 1) == faults.strike(9, f"p{n}", 5, 1)


def test_latency_is_exact_without_sigma_and_heavy_tailed_with_it() -> None:
    assert seconds_to_draw(2.0, 0, 1, "a prompt", 0) == 2.0
    drawn = sorted(seconds_to_draw(2.0, 0.5, 1, f"p{n}", 0) for n in range(2001))
    assert 1.85 < drawn[1000] < 2.15
    assert sum(drawn) / len(drawn) > drawn[1000] * 1.05, "the mean lies above the median"
    assert drawn[0] > 0
    assert seconds_to_draw(2.0, 0.5, 1, "p", 0) == seconds_to_draw(2.0, 0.5, 1, "p", 0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (40, "40 seconds"),
        (60, "1 minute"),
        (200, "4 minutes"),
        (3600, "1 hour"),
        (45_780, "12 hours and 43 minutes"),
    ],
)
def test_waits_are_worded_as_pages_do(seconds: float, words: str) -> None:
    assert wait_in_words(seconds) == words


def test_quota_is_a_sliding_window_and_says_what_is_left_of_it() -> None:
    limits = Limits(Limit(2, 240))
    for now in (1000.0, 1100.0):
        assert limits.check(now) is None
        limits.accepted(now)
    told = limits.check(1120.0)
    assert told is not None
    assert (told.kind, told.wait) == ("quota", 120.0)
    assert told.text == "You've hit your limit. Try again in 2 minutes." == quota_text(120)
    assert limits.check(1240.0) is None, "the first one has left the window"


def test_a_throttle_ends_only_after_quiet() -> None:
    limits = Limits(None)
    limits.start_throttle(0.0, quiet=10)
    assert limits.check(9.0) is not None
    assert limits.check(18.0) is not None, "asking at 9 made it last until 19"
    assert limits.check(28.5) is None


def test_a_burst_is_a_wait_of_its_own() -> None:
    limits = Limits(None)
    limits.start_burst(0.0, 120)
    told = limits.check(1.0)
    assert told is not None
    assert told.kind == "rate"
    assert "wait for 2 minutes" in told.text
    assert limits.check(121.0) is None
