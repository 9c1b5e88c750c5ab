"""Hidden limits are learned: nearly a clairvoyant's pictures, with few refusals, deterministically."""

import math
import random

import pytest

from core.outcomes import Outcome
from core.pacing.governor import Governor
from tests.simulation.hidden_limits import HOUR, Account, Clairvoyant, Governed, Limit, live

QUOTA = (Limit(50, 3 * HOUR),)
WITH_BURST = (Limit(40, 3 * HOUR), Limit(2, 60.0, Outcome.RATE))
LOWERED = (Limit(50, 3 * HOUR, until=10 * HOUR), Limit(30, 3 * HOUR, since=10 * HOUR))
RAISED = (Limit(30, 3 * HOUR, until=10 * HOUR), Limit(50, 3 * HOUR, since=10 * HOUR))


def share(limits: tuple[Limit, ...], seed: int, *, told: bool, one_word: bool = False) -> tuple[float, int]:
    account = Account(limits)
    best = live(Clairvoyant(account), account, random.Random(seed), instant=True)
    pacer = Governed(random.Random(seed))
    day = live(pacer, Account(limits), random.Random(seed), told=told, one_word=one_word)
    return day.pictures / best.pictures, day.worst_window(3 * HOUR)


@pytest.mark.parametrize("told", [True, False], ids=["told", "silent"])
@pytest.mark.parametrize(
    ("limits", "least", "refusals"),
    [(QUOTA, 0.98, 2), (WITH_BURST, 0.98, 3), (LOWERED, 0.95, 3), (RAISED, 0.90, 2)],
    ids=["quota", "quota and burst", "lowered", "raised"],
)
@pytest.mark.parametrize("seed", range(3))
def test_hidden_limits_are_learned(
    limits: tuple[Limit, ...], least: float, refusals: int, told: bool, seed: int
) -> None:
    pictures, worst = share(limits, seed, told=told)
    assert pictures >= least
    assert worst <= refusals


@pytest.mark.parametrize("limits", [QUOTA, WITH_BURST], ids=["quota", "quota and burst"])
def test_a_site_with_one_word_for_every_limit_is_learned_too(limits: tuple[Limit, ...]) -> None:
    pictures, worst = share(limits, 1, told=False, one_word=True)
    assert pictures >= 0.95
    assert worst <= 3


@pytest.mark.parametrize("at_once", [1, 3])
def test_concurrency_is_found_where_nothing_is_said(at_once: int) -> None:
    pacer = Governed(random.Random(0))
    day = live(pacer, Account((), at_once=at_once), random.Random(0), hours=6, told=False, tabs=6)
    free = live(Governed(random.Random(0)), Account(()), random.Random(0), hours=6, tabs=at_once)
    assert day.pictures >= 0.93 * free.pictures
    assert len(day.refused) <= 15


def test_no_limit_means_no_pacing() -> None:
    account = Account(())
    best = live(Clairvoyant(account), account, random.Random(3), instant=True, hours=4)
    day = live(Governed(random.Random(3)), Account(()), random.Random(3), hours=4)
    assert day.refused == []
    assert day.pictures == pytest.approx(best.pictures, rel=0.02)


def test_the_same_seed_is_the_same_day() -> None:
    days = [live(Governed(random.Random(5)), Account(QUOTA), random.Random(5), told=False) for _ in range(2)]
    assert days[0] == days[1]


def test_waits_told_in_whole_minutes_are_read_with_their_rounding() -> None:
    governor = Governor("me", None, random.Random(1))
    start = 1_800_000_000.0
    for n in range(50):
        governor.on_started(start + 20 * n, f"a{n}")
        governor.on_finished(start + 20 * n + 19, 19, f"a{n}")
    governor.on_started(start + 1000, "b")
    told = math.ceil((3 * HOUR - 1001) / 60) * 60.0
    governor.on_failed(start + 1001, Outcome.QUOTA, told, "", "b")
    (window,) = governor.forecast(start + 1100).windows
    assert (window.allowed, window.seconds) == (50, 3 * HOUR)


def test_a_day_restarted_again_and_again_is_no_worse() -> None:
    """Every hour the governor goes through its memory, as a new process would."""

    class Restarted(Governed):
        begun = 0.0

        def permit(self, now: float, in_flight: int) -> tuple[bool, float | None]:
            if now > self.begun + HOUR and not in_flight:
                self.begun = now
                self.governor = Governor("account", self.governor.memory, random.Random(9))
            return super().permit(now, in_flight)

    whole = live(Governed(random.Random(4)), Account(QUOTA), random.Random(4), told=False)
    pieces = live(Restarted(random.Random(4)), Account(QUOTA), random.Random(4), told=False)
    assert pieces.pictures >= 0.95 * whole.pictures
    assert pieces.worst_window(3 * HOUR) <= 3
