"""Finding the number of tabs."""

from collections.abc import Callable

from core.pool.autosize import REST, WINDOW, AutoSize


def settle(rate_of: Callable[[int], float], *, hours: float, most: int = 40) -> list[int]:
    """Every number of tabs used while pictures come at ``rate_of(tabs)`` a second."""
    size, now, finished = AutoSize(most), 0.0, 0.0
    used = []
    while now < hours * 3600:
        used.append(size.observe(now, int(finished), open_tabs=size.tabs, undisturbed=True))
        now += 5.0
        finished += 5.0 * rate_of(size.tabs)
    return used


def test_it_climbs_to_where_throughput_stops_rising() -> None:
    used = settle(lambda tabs: 0.2 * min(tabs, 7), hours=2.0)
    assert max(used) == 9  # one step too far is how it knows
    assert used[-1] in (7, 9)
    assert used.count(7) > len(used) / 2


def test_it_stays_within_what_is_allowed() -> None:
    assert max(settle(lambda tabs: 0.5 * tabs, hours=2.0, most=4)) == 4


def test_a_site_that_gets_faster_later_is_noticed() -> None:
    size, now, finished = AutoSize(40), 0.0, 0.0
    while now < 8 * WINDOW + 2 * REST:
        roof = 3 if now < 8 * WINDOW else 5
        size.observe(now, int(finished), open_tabs=size.tabs, undisturbed=True)
        now += 5.0
        finished += 5.0 * 0.3 * min(size.tabs, roof)
    assert size.tabs >= 5


def test_waiting_for_the_site_says_nothing_about_tabs() -> None:
    size = AutoSize(40)
    for second in range(0, 3600, 5):
        size.observe(float(second), second // 5, open_tabs=size.tabs, undisturbed=False)
    assert size.tabs == 2


def test_of_a_step_for_which_there_is_no_memory_it_takes_back_what_does_not_fit() -> None:
    size, now, finished, used = AutoSize(40), 0.0, 0.0, []
    while now < 7200:
        open_tabs = min(size.tabs, 8)
        used.append(
            size.observe(now, int(finished), open_tabs=open_tabs, undisturbed=True, fits=open_tabs == size.tabs)
        )
        now += 5.0
        finished += 5.0 * 0.2 * open_tabs
    assert used[-1] == 8
    assert 0 < sum(tabs > 8 for tabs in used) <= 1 + 7200 / REST
