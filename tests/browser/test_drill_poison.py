"""A panel that kills every tab that draws it: set aside after a few, while the rest of the book is drawn."""

from pathlib import Path

import pytest

from core import events as ev
from core.outcomes import Fault
from core.state import PanelStatus
from tests.browser.drill import Drill, drill

pytestmark = [pytest.mark.browser, pytest.mark.anyio]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def poisonous(run: Drill) -> set[str]:
    """Prompts whose picture will never come, so that there is time to crash whatever draws them."""
    return {entry.prompt for entry in run.easel.ledger.entries if "hang" in entry.faults}


async def test_a_panel_that_kills_its_tabs_is_set_aside_and_the_rest_is_drawn(tmp_path: Path) -> None:
    async with drill(tmp_path, panels=24, tabs=2, latency=0.5, faults="hang=@3") as run:
        first = await run.until(
            ev.AttemptSent, lambda event: run.state.attempts[event.attempt].prompt in poisonous(run)
        )
        for death in (1, 2, 3):
            await run.until_drawing(first.panel, times=death)
            await run.kill_whatever_draws(first.panel)
        last = run.records[-1].seq
        await run.ends()
    failed = [panel for panel in run.state.panels.values() if panel.status is PanelStatus.FAILED]
    assert [panel.id for panel in failed] == [first.panel]
    [told] = [event.sentence for event in run.of(ev.AttemptFailed) if event.then == "failed"]
    assert "3 tabs died under it" in told
    assert run.state.counts()[PanelStatus.FINISHED] == 23
    assert run.faults() == [Fault.CRASHED] * 3
    drew = {
        record.event.tab for record in run.records if record.seq > last and isinstance(record.event, ev.AttemptStarted)
    }
    assert len(drew) == 2, "the pool was not whole again"
    assert not run.state.tabs, "ghost tabs"
    assert run.state.result == "incomplete"
