"""What the pool does about memory."""

import pytest

from core.pool.memory import CALM, MemoryJudge, MemorySample, parse_budget

GIB = 2**30


def sample(share: float) -> MemorySample:
    return MemorySample(browser=int(share * GIB), own=0, available=GIB)


def test_below_the_mark_everything_may_start() -> None:
    verdict = MemoryJudge(GIB).judge(sample(0.79), 0.0, tabs=4, idle=2, wanted=4)
    assert verdict.may_start and not verdict.recycle and verdict.limit is None


def test_past_the_mark_nothing_starts_and_an_idle_tab_is_recycled() -> None:
    verdict = MemoryJudge(GIB).judge(sample(0.81), 0.0, tabs=4, idle=1, wanted=4)
    assert not verdict.may_start and verdict.recycle


def test_without_an_idle_tab_it_waits_for_one() -> None:
    verdict = MemoryJudge(GIB).judge(sample(0.9), 0.0, tabs=4, idle=0, wanted=4)
    assert not verdict.may_start and not verdict.recycle and verdict.limit is None


def test_when_recycling_does_not_help_the_pool_shrinks_but_never_below_one_working_tab() -> None:
    judge = MemoryJudge(GIB)
    tabs = 3
    for second in range(40):
        verdict = judge.judge(sample(0.95), float(second), tabs=tabs, idle=tabs, wanted=3)
        tabs = min(tabs, verdict.limit or tabs)
    assert tabs == 1
    assert judge.judge(sample(0.95), 41.0, tabs=1, idle=1, wanted=3).may_start


def test_the_pool_grows_back_one_by_one_only_after_calm() -> None:
    judge = MemoryJudge(GIB)
    judge.limit = 2
    limits = [judge.judge(sample(0.5), t, tabs=2, idle=1, wanted=4).limit for t in (0.0, CALM - 1, CALM, 2 * CALM)]
    assert limits == [2, 2, 3, None]


def test_between_the_marks_nothing_changes() -> None:
    judge = MemoryJudge(GIB)
    judge.limit = 2
    for t in range(0, 10 * int(CALM), 10):
        assert judge.judge(sample(0.7), float(t), tabs=2, idle=1, wanted=4).limit == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [("6 GiB", 6 * GIB), ("512MB", 512 * 10**6), ("1.5 gib", int(1.5 * GIB)), ("auto", 3 * GIB)],
)
def test_budgets_are_read_as_people_write_them(text: str, expected: int) -> None:
    assert parse_budget(text, 4 * GIB, None) == expected


def test_auto_stays_within_the_cgroup() -> None:
    assert parse_budget("auto", 64 * GIB, 4 * GIB) == 3 * GIB


@pytest.mark.parametrize("text", ["", "lots", "-1 GiB", "0", "6 GiBB", "GiB"])
def test_other_budgets_are_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="6 GiB|more than nothing"):
        parse_budget(text, GIB, None)
