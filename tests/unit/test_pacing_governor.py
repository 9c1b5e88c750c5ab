"""The governor: told waits, throttle, faults, concurrency and what survives a restart."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outcomes import Budget, Outcome
from core.pacing import throttle
from core.pacing.budgets import MARGIN
from core.pacing.faults import FIRST, ROWS, SLOWEST
from core.pacing.governor import TOLD_MARGIN, Governor
from core.pacing.memory import LawMemory, PacingMemory

NOW = 1_800_000_000.0


@pytest.fixture
def governor() -> Governor:
    return Governor("me", None, random.Random(1))


def restarted(governor: Governor) -> Governor:
    """The same account in a new process, through JSON."""
    memory = msgspec.json.decode(msgspec.json.encode(governor.memory), type=PacingMemory)
    return Governor("me", memory, random.Random(2))


def fail(governor: Governor, now: float, outcome: Outcome, told: float | None = None, name: str = "a") -> None:
    governor.on_started(now, name)
    governor.on_failed(now + 1.0, outcome, told, "the site's words", name)


def test_a_page_without_limits_is_never_slowed(governor: Governor) -> None:
    for n in range(10_000):
        assert governor.permit(NOW + n * 0.01, n % 40).allowed
        governor.on_started(NOW + n * 0.01, f"a{n}")
        governor.on_finished(NOW + n * 0.01 + 0.005, 0.005, f"a{n}")
    assert not governor.changed
    assert governor.memory == PacingMemory()


@pytest.mark.parametrize("outcome", [Outcome.QUOTA, Outcome.RATE])
def test_a_told_wait_is_obeyed_to_the_second(governor: Governor, outcome: Outcome) -> None:
    fail(governor, NOW, outcome, told=23 * 60.0)
    heard = NOW + 1.0
    wait = governor.permit(heard, 0)
    assert not wait.allowed
    assert wait.source == "told"
    assert wait.until == heard + 23 * 60.0 + TOLD_MARGIN
    assert not governor.permit(wait.until - 0.01, 0).allowed
    assert governor.permit(wait.until, 0).allowed


def test_a_told_wait_survives_a_kill(governor: Governor) -> None:
    fail(governor, NOW, Outcome.QUOTA, told=7200.0)
    assert governor.changed
    again = restarted(governor)
    wait = again.permit(NOW + 60, 0)
    assert (wait.allowed, wait.source) == (False, "told")
    assert wait.until == pytest.approx(NOW + 7201 + TOLD_MARGIN)


def test_no_more_is_sent_than_the_site_says_is_left(governor: Governor) -> None:
    governor.on_told(NOW, [Budget("requests", 2, 12.0), Budget("images", 50, 3600.0)])
    for n in range(2):
        assert governor.permit(NOW + 1 + n, n).allowed
        governor.on_started(NOW + 1 + n, f"a{n}")
    wait = governor.permit(NOW + 3, 2)
    assert (wait.allowed, wait.until, wait.source) == (False, NOW + 12.0 + MARGIN, "told")
    assert "requests" in wait.sentence
    assert governor.forecast(NOW + 3).not_before == wait.until
    governor.on_finished(NOW + 4, 3, "a0")
    governor.on_told(NOW + 4, [Budget("requests", 1, 60.0)])  # the latest word counts
    assert governor.permit(NOW + 4, 1).allowed
    governor.on_started(NOW + 4.5, "a2")
    assert governor.permit(NOW + 5, 2).until == NOW + 64.0 + MARGIN
    assert governor.permit(NOW + 64.0 + MARGIN, 0).allowed


def test_a_budget_used_up_survives_a_restart_and_a_short_one_is_not_journaled(governor: Governor) -> None:
    governor.on_told(NOW, [Budget("requests", 0, 2.0)])
    assert not governor.changed
    governor.on_told(NOW, [Budget("images", 0, 3600.0)])
    assert governor.changed
    assert restarted(governor).permit(NOW + 100, 0).until == NOW + 3600.0 + MARGIN
    assert [b.name for b in restarted(governor).memory.budgets] == ["images"]


def test_a_throttle_quiets_everything_longer_each_time_and_only_a_picture_clears_it(governor: Governor) -> None:
    now = NOW
    for step in (*throttle.STEPS, throttle.STEPS[-1]):
        fail(governor, now, Outcome.THROTTLE)
        wait = governor.permit(now + 1, 0)
        assert wait.until == now + 1 + step
        now = wait.until
    assert governor.permit(now, 0).allowed
    assert not governor.permit(now, 1).allowed, "one picture first"
    governor = restarted(governor)
    assert not governor.permit(now, 1).allowed, "a restart clears nothing"
    governor.on_started(now, "b")
    governor.on_finished(now + 40, 40, "b")
    assert governor.permit(now + 40, 1).allowed
    fail(governor, now + 50, Outcome.THROTTLE)
    assert governor.permit(now + 51, 0).until == now + 51 + throttle.STEPS[0]


def test_throttles_heard_by_several_tabs_at_once_are_one(governor: Governor) -> None:
    for name in "abc":
        governor.on_started(NOW, name)
    for name in "abc":
        governor.on_failed(NOW + 2, Outcome.THROTTLE, None, "", name)
    assert governor.permit(NOW + 3, 0).until == NOW + 2 + throttle.STEPS[0]


@pytest.mark.parametrize("outcome", [Outcome.QUOTA, Outcome.RATE, Outcome.THROTTLE, Outcome.LOGIN, Outcome.HUMAN])
def test_limits_and_sign_ins_are_no_faults(governor: Governor, outcome: Outcome) -> None:
    for n in range(50):
        fail(governor, NOW + 10_000 * n, outcome)
    assert governor.breaker(NOW) is None


@pytest.mark.parametrize("outcome", list(ROWS))
def test_the_breaker_opens_after_a_row_and_closes_with_a_picture(governor: Governor, outcome: Outcome) -> None:
    for n in range(ROWS[outcome] - 1):
        fail(governor, NOW + 400 * n, outcome)
        assert governor.breaker(NOW) is None
    fail(governor, NOW + 9000, outcome)
    sentence = governor.breaker(NOW + 9001)
    assert sentence is not None
    assert "the site's words" in sentence
    assert (governor.breaker_retry_after is not None) == (outcome is Outcome.RETRYABLE)
    governor.on_resumed()
    assert governor.breaker(NOW) is None
    assert not governor.permit(NOW + 20_000, 1).allowed, "one picture tries"
    fail(governor, NOW + 20_000, outcome)
    assert governor.breaker(NOW) is not None, "one more failure is enough now"
    governor.on_resumed()
    governor.on_started(NOW + 30_000, "z")
    governor.on_finished(NOW + 30_040, 40, "z")
    assert governor.breaker(NOW) is None
    assert governor.permit(NOW + 30_040, 3).allowed


def test_rows_do_not_add_up_across_kinds(governor: Governor) -> None:
    for outcome in ROWS:
        for n in range(ROWS[outcome] - 1):
            fail(governor, NOW + 400 * n, outcome)
    assert governor.breaker(NOW) is None


def test_an_open_breaker_waits_longer_each_time(governor: Governor) -> None:
    rests = []
    for n in range(ROWS[Outcome.RETRYABLE]):
        fail(governor, NOW + n, Outcome.RETRYABLE)
    for n in range(3):
        rests.append(governor.breaker_retry_after)
        governor.on_resumed()
        fail(governor, NOW + 5000 * n, Outcome.RETRYABLE)
    assert rests == [60.0, 120.0, 240.0]


def test_faults_in_a_row_slow_the_account(governor: Governor) -> None:
    for n in range(7):
        fail(governor, NOW + n, Outcome.RETRYABLE)
    wait = governor.permit(NOW + 7, 0)
    assert wait.source == "backing off"


@given(tries=st.integers(0, 10_000), seed=st.integers())
def test_backoff_is_bounded_and_deterministic(tries: int, seed: int) -> None:
    one, two = (Governor("me", None, random.Random(seed)).panel_backoff(tries) for _ in range(2))
    assert one == two
    assert 0.0 <= one <= min(SLOWEST, FIRST * 2.0 ** min(max(0, tries - 1), 60))


def test_backoff_jitters_over_the_whole_range(governor: Governor) -> None:
    waits = [governor.panel_backoff(4) for _ in range(500)]
    assert min(waits) < 0.1 * 16 < 0.9 * 16 < max(waits)


def test_at_most_so_many_at_once_where_the_site_profile_says_so() -> None:
    governor = Governor("me", None, random.Random(1), max_in_flight=2)
    assert governor.permit(NOW, 1).allowed
    assert not governor.permit(NOW, 2).allowed
    assert governor.forecast(NOW).in_flight == 2


def test_what_was_never_sent_does_not_count(governor: Governor) -> None:
    for n in range(10):
        fail(governor, NOW + n, Outcome.WITHDRAWN, name=f"w{n}")
    governor.on_started(NOW + 20, "a")
    governor.on_finished(NOW + 60, 40, "a")
    fail(governor, NOW + 61, Outcome.QUOTA, told=3600 - 41.0)
    assert [(w.allowed, w.seconds) for w in governor.forecast(NOW + 70).windows] == [(1, 3600.0)]


def test_learned_windows_survive_a_restart_and_sends_are_recalled_once(governor: Governor) -> None:
    for n in range(20):
        governor.on_started(NOW + 30 * n, f"a{n}")
        governor.on_finished(NOW + 30 * n + 25, 25, f"a{n}")
    fail(governor, NOW + 600, Outcome.QUOTA, told=3600.0 - 601)
    again = restarted(governor)
    again.recall([NOW + 30 * n + 0.2 for n in range(20)])
    (window,) = again.forecast(NOW + 700).windows
    assert (window.allowed, window.seconds, len(window.sends)) == (20, 3600.0, 20)
    opens = NOW + 3605
    assert again.permit(opens, 0).allowed
    again.on_started(opens, "b0")
    wait = again.permit(opens + 1, 1)
    assert not wait.allowed
    assert wait.source == "learned"
    assert wait.until == pytest.approx(NOW + 30 + 3600, abs=10)


def test_a_forecast_is_played_forward(governor: Governor) -> None:
    for n in range(3):
        governor.on_started(NOW + 10 * n, f"a{n}")
        governor.on_finished(NOW + 10 * n + 5, 5, f"a{n}")
    fail(governor, NOW + 30, Outcome.QUOTA, told=600.0 - 31)
    moments = [at - NOW for at in governor.forecast(NOW + 40).play([NOW + 40], 0.0, 7)]
    assert moments == pytest.approx([601, 610, 620, 1201, 1210, 1220, 1801], abs=2)


def test_a_slot_is_given_once_however_the_clock_rounds(governor: Governor) -> None:
    for n in range(5):
        governor.on_started(NOW + 30 * n, f"a{n}")
        governor.on_finished(NOW + 30 * n + 25, 25, f"a{n}")
    fail(governor, NOW + 150, Outcome.QUOTA, told=3600.0 - 151)
    for n in range(3):
        moment = NOW + 3600 + 30 * n + 10.0099
        assert governor.permit(moment, n).allowed
        governor.on_started(moment, f"b{n}")
        assert not governor.permit(moment, n + 1).allowed
        governor.on_finished(moment + 5, 5, f"b{n}")


def test_a_send_at_the_moment_of_a_refusal_is_news_when_it_is_refused_too(governor: Governor) -> None:
    """However often a silent site refuses, tries get rarer."""
    now, tries = NOW + 0.4567, 0
    while now < NOW + 7200:
        permit = governor.permit(now, 0)
        if permit.allowed:
            tries += 1
            governor.on_started(now, f"a{tries}")
            now += 2.3456
            governor.on_failed(now, Outcome.RATE, None, "", f"a{tries}")
        else:
            assert permit.until is not None
            now = permit.until
    assert tries <= 30


@pytest.mark.parametrize(
    ("allowed", "window", "words"),
    [
        (4, 0.3, "about 4 at once"),
        (2, 1.0, "about 2 pictures in 1 second"),
        (1, 20.0, "about 1 picture in 20 seconds"),
        (40, 10_800.0, "about 40 pictures in 3 hours"),
    ],
)
def test_a_learned_window_is_told_in_words_that_make_sense(allowed: int, window: float, words: str) -> None:
    memory = PacingMemory(laws=[LawMemory("rate", allowed, window, too_many=allowed, probed=NOW)])
    governor = Governor("me", memory, random.Random(1))
    for n in range(allowed):
        governor.on_started(NOW, f"a{n}")
    permit = governor.permit(NOW, 0)
    assert not permit.allowed
    assert (permit.source, permit.sentence) == ("learned", words)


@pytest.mark.parametrize(
    ("told", "words"), [(0.3, "a moment"), (1.2, "1 second"), (12.0, "12 seconds"), (1500.0, "25 minutes")]
)
def test_a_told_wait_is_told_in_words_that_make_sense(governor: Governor, told: float, words: str) -> None:
    fail(governor, NOW, Outcome.RATE, told=told)
    permit = governor.permit(NOW + 1.1, 0)
    assert (permit.source, permit.sentence) == ("told", f"the site asks us to wait {words}")


@pytest.mark.parametrize("outcome", [Outcome.QUOTA, Outcome.RATE])
def test_a_site_that_says_wait_nothing_and_refuses_again_is_not_asked_all_night(
    governor: Governor, outcome: Outcome
) -> None:
    now, asked = NOW, 0
    while now < NOW + 8 * 3600:
        permit = governor.permit(now, 0)
        if not permit.allowed:
            assert permit.until is not None
            now = permit.until
            continue
        asked += 1
        fail(governor, now, outcome, told=0.0, name=f"a{asked}")
        now += 1.0
    assert asked < 8 * 3600 / SLOWEST + 20
    governor.on_started(now, "well")
    governor.on_finished(now + 1.0, 1.0, "well")  # a picture: what is told is believed again
    fail(governor, now + 60.0, outcome, told=5.0)
    heard = now + 61.0
    assert governor.permit(heard, 0).until == heard + 5.0 + TOLD_MARGIN
