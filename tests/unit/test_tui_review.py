"""Going through new and doubtful pictures by key."""

import pytest

from core import events as ev
from core.commands import KeepPanels, RejectPanels
from tests.unit.test_tui_keys import Cockpit, cockpit
from tui.book import Look, look_of
from tui.screens.panel import PanelScreen

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def doubt(one: Cockpit, *numbers: int) -> list[str]:
    ids = [one.port.story.plans[number].id for number in numbers]
    await one.tell(*(ev.PanelDoubted(id, ("it is blank, or nearly",)) for id in ids))
    return ids


async def test_a_doubtful_picture_is_shown_with_its_reason_and_kept_with_a_key() -> None:
    async with cockpit(size=(120, 36)) as one:
        (id,) = await doubt(one, 0)
        assert look_of(one.app.view.state.panels[id]) == Look["DOUBTFUL"]
        assert "▣" in one.screen() and "it is blank, or nearly: y keeps it" in one.screen()
        await one.press("y")
        assert one.port.commands == [KeepPanels((id,))]
        await one.tell(ev.PanelsKept((id,)))
        assert look_of(one.app.view.state.panels[id]) == Look["FINISHED"]


async def test_the_doubtful_ones_one_after_the_other() -> None:
    async with cockpit() as one:
        ids = await doubt(one, 4, 9, 12)
        await one.press("W")
        assert isinstance(one.app.screen, PanelScreen) and ids[0] in one.screen()
        await one.press("y")
        assert one.port.commands[-1] == KeepPanels((ids[0],)) and ids[1] in one.screen()
        await one.press("x")
        assert one.port.commands[-1] == RejectPanels((ids[1],))
        await one.press("right", "y")
        assert one.port.commands[-1] == KeepPanels((ids[2],))
        assert not isinstance(one.app.screen, PanelScreen) and not one.app.view.filter


async def test_the_new_ones_and_an_empty_review() -> None:
    async with cockpit() as one:
        await one.press("w")
        assert isinstance(one.app.screen, PanelScreen)
        await one.press("escape", "escape")
        finished = tuple(p.id for p in one.app.view.state.panels.values() if p.take is not None)
        await one.tell(ev.PanelsKept(finished))
        await one.press("w")
        assert not isinstance(one.app.screen, PanelScreen)
        assert "No new picture" in one.screen()
        await one.press("W")
        assert "No picture is doubtful." in one.screen()
