"""The pool's size, in simulated time."""

import random
from collections.abc import Awaitable, Callable

import anyio
import trio
import trio.testing

from core import events as ev
from core.pool.pool import Pool, PoolSettings
from core.state import RunState
from tests.simulation.site import SimulatedProcessor, SimulatedSite


def play(tabs: int, act: Callable[[Pool], Awaitable[None]]) -> list[ev.Event]:
    """Let a pool of so many simulated tabs begin (a page takes a second to open), do ``act``; what was told."""
    told: list[ev.Event] = []

    async def run() -> None:
        async with SimulatedProcessor(SimulatedSite(random.Random(1))) as processor, anyio.create_task_group() as group:
            pool = Pool(
                processor, RunState(), told.append, PoolSettings(tabs), poke=lambda: None, blocked=lambda _why: None
            )
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
