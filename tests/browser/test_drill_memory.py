"""Memory: pages that bloat are replaced before the budget is passed; one that is too small makes a run slower, not
endless. That a long run leaves memory where it was is measured by ``tests/benchmarks/bench_memory.py``."""

from pathlib import Path

import pytest

from core import events as ev
from core.pool.memory import HIGH
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
    async with drill(tmp_path, panels=8, tabs=4, latency=0.5, settings=f'[pool]\nmemory = "{budget} MiB"\n') as run:
        await run.ends()
    run.check_whole()
    assert {event.tab for event in run.of(ev.TabOpened)} == {"t1"}, "one may always work, and no other fits"
    warnings = [event.text for event in run.of(ev.Noticed) if event.level == "warning"]
    assert len([text for text in warnings if "one tab alone" in text]) == 1, warnings
    used = [event.used // MIB for event in run.of(ev.MemoryMeasured)]
    print(f"\nmemory told {used} MiB of {budget}: {warnings}")


async def test_pages_are_opened_only_as_far_as_they_fit(tmp_path: Path) -> None:
    """The budget is what a browser with one page holds and little more: of eight tabs a few fit under the mark."""
    with Scales() as scales:  # what is told says little here: small moves of a large budget are not
        async with drill(tmp_path / "one", panels=4, tabs=1, latency=0.5) as run:
            await run.ends()
    alone = scales.peak() // MIB
    budget = int((alone + 120) / HIGH)
    settings = f'[pool]\nmemory = "{budget} MiB"\n'
    with Scales() as scales:
        async with drill(tmp_path / "eight", panels=24, tabs=8, latency=0.5, settings=settings) as run:
            await run.ends()
    run.check_whole()
    opened = {event.tab for event in run.of(ev.TabOpened)}
    waited = {event.tab for event in run.of(ev.TabChanged) if "memory for its page" in event.why}
    assert waited and len(opened) < 8
    assert scales.peak() < budget * MIB
    used = max(event.used for event in run.of(ev.MemoryMeasured)) // MIB
    print(f"\none tab {alone} MiB, budget {budget} MiB: {len(opened)} of 8 opened, told {used} MiB at most")
