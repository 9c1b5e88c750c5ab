"""Memory: a budget too small makes a run slower, not endless; a long run leaves memory where it was."""

from pathlib import Path

import pytest

from core import events as ev
from tests.browser.drill import Drill, drill

pytestmark = [pytest.mark.browser, pytest.mark.anyio]

MIB = 2**20


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def peak(run: Drill) -> int:
    """The most that was measured, in bytes."""
    return max(event.used for event in run.of(ev.MemoryMeasured))


async def test_with_a_budget_too_small_for_four_tabs_the_run_ends_with_fewer(tmp_path: Path) -> None:
    settings = '[pool]\nmemory = "300 MiB"\nheartbeat = 2.0\n'  # not even the browser alone fits
    async with drill(tmp_path, panels=24, tabs=4, settings=settings) as run:
        await run.ends()
    run.check_whole()
    limits = [event.limit for event in run.of(ev.PoolResized)]
    assert limits and limits[-1] == 1
    print(f"\nlimits {limits}, peak {peak(run) / MIB:.0f} MiB of 300")


@pytest.mark.long
async def test_six_hundred_pictures_leave_memory_where_it_was(tmp_path: Path) -> None:
    """1024x1024 through 4 tabs: the whole tree's peak in the last third against that in the first."""
    async with drill(tmp_path, panels=600, tabs=4, latency=0.5, size=1024) as run:
        await run.until(ev.PanelFinished, count=600, patience=3600.0)
        await run.ends()
    run.check_whole()
    finished = [record.at for record in run.records if isinstance(record.event, ev.PanelFinished)]
    used = [(record.at, record.event.used) for record in run.records if isinstance(record.event, ev.MemoryMeasured)]
    first = max(size for at, size in used if at <= finished[199])
    last = max(size for at, size in used if finished[399] < at <= finished[599])
    print(f"\nfirst third {first / MIB:.0f} MiB, last third {last / MIB:.0f} MiB: {last / first:.2f} times")
    assert last <= 1.10 * first
