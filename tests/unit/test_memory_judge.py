"""What the pool does about memory."""

from collections.abc import Sequence

import pytest

from core.pool.memory import CALM, HIGH, LOW, SETTLING, MemoryJudge, MemorySample, PageMemory, parse_budget

GIB = 2**30
PERCENT = GIB // 100


def page(
    tab: str, memory: int, *, lean: int = 5, pictures: int = 9, busy: bool = False, leaving: bool = False
) -> PageMemory:
    """``memory`` and ``lean`` in per cent of the budget."""
    return PageMemory(tab, memory * PERCENT, lean * PERCENT, pictures, busy, leaving)


def sample(
    percent: float,
    pages: Sequence[PageMemory] = (),
    *,
    places: int = 4,
    adds: int = 0,
    young: int = 0,
    available: int = 4 * GIB,
) -> MemorySample:
    """``percent``, ``adds`` and ``young`` in per cent of the budget."""
    used, adds, young = (int(share * PERCENT) for share in (percent, adds, young))
    return MemorySample(used, 0, available, tuple(pages), places, adds, young)


FRESH = [page(f"t{n}", 5) for n in range(1, 5)]
"""Idle pages that give nothing back."""


def test_below_the_mark_everything_may_start() -> None:
    verdict = MemoryJudge(GIB).judge(sample(79, FRESH), 0.0, wanted=4)
    assert verdict.may_start and not verdict.recycle and verdict.limit is None


def test_past_the_mark_nothing_starts_until_there_is_real_room() -> None:
    judge = MemoryJudge(GIB)
    shares = (79, 81, 79, 70, 66, 64, 79)
    told = [judge.judge(sample(share, [page("t1", 5, busy=True)]), 0.0, wanted=4).may_start for share in shares]
    assert told == [True, False, False, False, False, True, True]


def test_as_many_tabs_are_recycled_as_bring_room_the_fattest_first() -> None:
    pages = [page("t1", 12), page("t2", 20), page("t3", 7), page("t4", 9)]
    verdict = MemoryJudge(GIB).judge(sample(81, pages), 0.0, wanted=4)
    assert verdict.recycle == ("t2", "t1")  # 15 and 7 of the 16 above LOW


def test_a_page_that_is_new_is_not_recycled_however_much_it_holds() -> None:
    pages = [page("t1", 40, lean=40), page("t2", 30, lean=5, pictures=0), page("t3", 8)]
    assert MemoryJudge(GIB).judge(sample(90, pages, places=3), 0.0, wanted=3).recycle == ("t3",)


def test_a_busy_tab_is_recycled_after_its_picture_where_the_idle_ones_do_not_suffice() -> None:
    pages = [page("t1", 30, busy=True), page("t2", 10), page("t3", 7, busy=True)]
    verdict = MemoryJudge(GIB).judge(sample(90, pages, places=3), 0.0, wanted=3)
    assert verdict.recycle == ("t2", "t1") and verdict.limit is None


def test_what_is_on_its_way_out_already_is_counted() -> None:
    pages = [page("t1", 30, leaving=True), page("t2", 20)]
    assert not MemoryJudge(GIB).judge(sample(85, pages, places=2), 0.0, wanted=2).recycle


def test_what_the_pictures_under_way_will_add_is_counted() -> None:
    pages = [page("t1", 12, busy=True), page("t2", 12, busy=True), page("t3", 11)]
    assert MemoryJudge(GIB).judge(sample(70, pages, adds=4), 0.0, wanted=3).may_start
    verdict = MemoryJudge(GIB).judge(sample(70, pages, adds=6), 0.0, wanted=3)
    assert not verdict.may_start and verdict.recycle[0] == "t3"
    assert verdict.why == "memory is at 70% of the budget and what is under way will add about 12%"


def test_what_the_pages_that_are_being_opened_will_hold_is_counted() -> None:
    judge, busy = MemoryJudge(GIB), [page("t1", 5, busy=True)]
    assert judge.judge(sample(50, busy, places=4, young=9), 0.0, wanted=4).may_start
    assert not judge.judge(sample(60, busy, places=4, young=9), 0.0, wanted=4).may_start


def test_pages_of_unknown_size_are_recycled_one_at_a_time() -> None:
    pages = [page("t1", 0, lean=0, pictures=3), page("t2", 0, lean=0, pictures=7)]
    judge = MemoryJudge(GIB)
    assert judge.judge(sample(90, pages, places=2), 0.0, wanted=2).recycle == ("t2",)
    pages[1] = page("t2", 0, lean=0, pictures=7, leaving=True)
    assert not judge.judge(sample(90, pages, places=2), 1.0, wanted=2).recycle


def test_while_every_tab_is_busy_it_waits() -> None:
    judge = MemoryJudge(GIB)
    for second in range(60):
        verdict = judge.judge(sample(95, [page("t1", 5, busy=True)]), float(second), wanted=4)
        assert not verdict.may_start and not verdict.recycle and verdict.limit is None


def test_when_nothing_gives_back_the_pool_shrinks_but_never_below_one_working_tab() -> None:
    judge, places, limits = MemoryJudge(GIB), 4, []
    for second in range(40):
        verdict = judge.judge(sample(95, FRESH[:places], places=places), float(second), wanted=4)
        places = min(places, verdict.limit or places)
        limits.append(places)
    assert sorted(set(limits), reverse=True) == [3, 2, 1]
    assert limits.count(3) == limits.count(2) == SETTLING  # each step is given time to be felt
    assert judge.judge(sample(95, FRESH[:1], places=1), 41.0, wanted=4).may_start


def test_the_last_tab_is_replaced_only_where_that_brings_much() -> None:
    judge = MemoryJudge(GIB)
    assert not judge.judge(sample(150, [page("t1", 19)], places=1), 0.0, wanted=4).recycle
    assert judge.judge(sample(150, [page("t1", 21)], places=1), 0.0, wanted=4).recycle == ("t1",)


def test_the_pool_grows_back_one_by_one_only_after_calm() -> None:
    judge = MemoryJudge(GIB)
    judge.limit = 2
    moments = (0.0, CALM - 1, CALM, 2 * CALM)
    assert [judge.judge(sample(50, FRESH[:2]), t, wanted=4).limit for t in moments] == [2, 2, 3, None]


def test_it_does_not_grow_back_where_one_more_would_not_fit() -> None:
    judge = MemoryJudge(GIB)
    judge.limit = 2
    for t in range(0, 10 * int(CALM), 10):
        assert judge.judge(sample(61, FRESH[:2], places=2, young=5), float(t), wanted=4).limit == 2


def test_shrinking_and_growing_back_do_not_alternate() -> None:
    """A pool whose pages hold 16 % each, beside a browser of 20 %: three of them fit below the mark, two below LOW."""
    judge, changes, tabs = MemoryJudge(GIB), [], 4
    for second in range(3600):
        pages = [page(f"t{n}", 16, lean=16) for n in range(tabs)]
        verdict = judge.judge(sample(20 + 16 * tabs, pages, places=tabs, young=16), float(second), wanted=4)
        if (now := min(4, verdict.limit or 4)) != tabs:
            changes.append(now)
            tabs = now
    assert changes == [3, 2] and 20 + 16 * 2 < 100 * LOW < 20 + 16 * 3 < 100 * HIGH


def test_a_machine_that_others_fill_is_a_smaller_budget() -> None:
    verdict = MemoryJudge(GIB).judge(sample(50, FRESH, available=GIB // 10), 0.0, wanted=4)
    assert not verdict.may_start and "102 MiB" in verdict.why


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
