"""Memory: pages that bloat are replaced before the budget is passed; one that is too small makes a run slower, not
endless. That a long run leaves memory where it was is measured by ``tests/benchmarks/bench_memory.py``."""

from pathlib import Path

import pytest

from core import events as ev
from tests.browser.drill import drill
from tests.browser.scales import Scales

pytestmark = [pytest.mark.browser, pytest.mark.anyio]

MIB = 2**20


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_pages_that_bloat_are_replaced_before_the_budget_is_passed(tmp_path: Path) -> None:
    """Every picture leaves 40 MiB in its page, which goes on in one conversation: without new pages, 1.6 GiB more."""
    budget, panels, bloat = 1400, 40, 40
    settings = f'conversation = 100\n[pool]\nmemory = "{budget} MiB"\n'
    with Scales() as scales:
        async with drill(
            tmp_path, panels=panels, tabs=4, latency=0.5, faults=f"bloat={bloat}", settings=settings
        ) as run:
            await run.ends()
    run.check_whole()
    recycled = [event for event in run.of(ev.TabChanged) if event.phase == "recycling"]
    assert recycled and all("of the budget" in event.why for event in recycled)
    assert scales.peak() < budget * MIB
    assert panels * bloat > budget, "without new pages it would have passed the budget"
    told = max(event.used for event in run.of(ev.MemoryMeasured))
    print(f"\n{len(recycled)} pages replaced, peak {scales.peak() / MIB:.0f} MiB of {budget} (told {told / MIB:.0f})")


async def test_with_a_budget_too_small_for_four_tabs_the_run_ends_with_fewer(tmp_path: Path) -> None:
    budget = 300  # not even the browser alone fits
    async with drill(tmp_path, panels=16, tabs=4, latency=0.5, settings=f'[pool]\nmemory = "{budget} MiB"\n') as run:
        await run.ends()
    run.check_whole()
    limits = [event.limit for event in run.of(ev.PoolResized)]
    assert limits == [3, 2, 1]
    used = [event.used // MIB for event in run.of(ev.MemoryMeasured)]
    print(f"\nlimits {limits}, memory told {used} MiB of {budget}")
