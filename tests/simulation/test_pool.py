"""The pool's size, in simulated time."""

import random
from collections.abc import Awaitable, Callable, Sequence

import anyio
import trio
import trio.testing

from core import events as ev
from core.outcomes import Fault, TabLost
from core.pool.keeper import MemoryKeeper
from core.pool.measure import Surroundings
from core.pool.memory import HIGH, MemoryJudge
from core.pool.pool import Pool, PoolSettings
from core.processors.base import Usage, Worker
from core.state import RunState
from tests.simulation.site import SimulatedProcessor, SimulatedSite

OWN = 2**26
"""Bytes of our own process, as it is told in these tests; a browser has 300 MB, and 80 MB for each page."""


class Untold(SimulatedProcessor):
    """Nothing can be measured of it: browsers elsewhere, or an API."""

    async def usage(self, workers: Sequence[Worker]) -> Usage:
        return Usage(0, tuple(0 for _ in workers))


def play(
    tabs: int,
    act: Callable[[Pool], Awaitable[None]],
    *,
    budget: int = 0,
    processor_of: Callable[[SimulatedSite], SimulatedProcessor] = SimulatedProcessor,
) -> list[ev.Event]:
    """Let a pool of so many simulated tabs begin (a page takes a second to open), do ``act``; what was told.

    ``budget``: in bytes, of a memory keeper; 0 has none.
    """
    told: list[ev.Event] = []

    async def measure() -> Surroundings:
        return Surroundings(OWN, 2**40)

    async def run() -> None:
        async with processor_of(SimulatedSite(random.Random(1))) as processor, anyio.create_task_group() as group:
            pool = Pool(
                processor, RunState(), told.append, PoolSettings(tabs), poke=lambda: None, blocked=lambda _why: None
            )
            if budget:
                keeper = MemoryKeeper(pool, MemoryJudge(budget), measure, told.append, lambda: None)
                group.start_soon(keeper.run)
            await group.start(pool.run)
            await act(pool)
            group.cancel_scope.cancel()

    trio.run(run, clock=trio.testing.MockClock(autojump_threshold=0))
    return told


def test_a_tab_that_is_let_go_while_its_page_is_being_opened_leaves_no_ghost() -> None:
    async def act(pool: Pool) -> None:
        await anyio.sleep(0.5)
        pool.resize(1, "asked")
        await anyio.sleep(2.0)
        assert [tab.id for tab in pool.idle()] == list(pool.tabs)
        assert len(pool.tabs) == 1

    assert sum(isinstance(event, ev.TabClosed) for event in play(4, act)) == 4


def test_of_the_idle_tabs_those_without_a_page_go_first() -> None:
    async def act(pool: Pool) -> None:
        await anyio.sleep(2.0)
        pool.resize(3, "asked")
        await anyio.sleep(0.5)
        pool.resize(2, "asked")
        await anyio.sleep(5.0)
        assert sorted(pool.tabs) == ["t1", "t2"]

    play(2, act)


# --- memory for pages ---


def room_for(pages: float) -> int:
    return int((OWN + 300_000_000 + pages * 80_000_000) / HIGH)


def waiting(told: list[ev.Event]) -> set[str]:
    return {event.tab for event in told if isinstance(event, ev.TabChanged) and "memory for its page" in event.why}


def test_pages_are_opened_as_far_as_they_fit_and_the_others_wait_and_say_so() -> None:
    most = 0

    async def act(pool: Pool) -> None:
        nonlocal most
        for _ in range(300):
            await anyio.sleep(0.2)
            most = max(most, len(pool.processor.workers))  # type: ignore[attr-defined]
        assert len(pool.idle()) == pool.places == 3
        assert len(pool.tabs) == 6

    told = play(6, act, budget=room_for(3.5))
    assert most == 3, "never more than what fits, not even for a moment"
    assert len(waiting(told)) >= 3
    assert not any(isinstance(event, ev.PoolResized) for event in told), "nobody had to be sent away"


def test_one_tab_works_however_small_the_budget_and_that_is_said_once() -> None:
    async def act(pool: Pool) -> None:
        await anyio.sleep(60.0)
        assert len(pool.idle()) == 1

    told = play(4, act, budget=2**20)
    assert [event.level for event in told if isinstance(event, ev.Noticed) and "one tab alone" in event.text] == [
        "warning"
    ]


def test_a_page_that_is_replaced_needs_no_new_leave_and_a_closed_one_lets_the_next_in() -> None:
    async def act(pool: Pool) -> None:
        await anyio.sleep(30.0)
        [first] = pool.idle()
        pool.lose(first, TabLost(Fault.CRASHED, "the tab is gone"))
        await anyio.sleep(3.0)
        assert [tab.id for tab in pool.idle()] == [first.id]
        first.retire()
        await anyio.sleep(3.0)
        assert first.id not in pool.tabs
        assert len(pool.idle()) == 1

    play(3, act, budget=room_for(1.5))


def test_tabs_of_which_nothing_can_be_measured_are_not_held_back() -> None:
    async def act(pool: Pool) -> None:
        await anyio.sleep(10.0)
        assert len(pool.idle()) == 8

    play(8, act, budget=2**30, processor_of=Untold)
