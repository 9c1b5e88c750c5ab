"""Every key of every action, in every place it works in, reaches that action: pressed in the real app."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.test_tui_keys import Cockpit, cockpit
from tui.actions import ACTIONS, BY_ID
from tui.actions.registry import ANALYTICS, BOOK, DIFFERENCE, HELP, LOG, LOG_SCREEN, PANEL, REPORT, TABS, TIME

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def keys(*names: str) -> Callable[[Cockpit], Awaitable[None]]:
    """Go somewhere by key."""

    async def go(one: Cockpit) -> None:
        await one.press(*names)

    return go


def action(id: str) -> Callable[[Cockpit], Awaitable[None]]:
    """Go somewhere as the palette does."""

    async def go(one: Cockpit) -> None:
        await one.app.run_action(f"do('{id}')")

    return go


PLACES = {
    BOOK: keys(),
    TABS: keys("tab"),
    LOG: keys("tab", "tab"),
    TIME: keys("t"),
    PANEL: keys("enter"),
    LOG_SCREEN: keys("L"),
    HELP: keys("question_mark"),
    ANALYTICS: keys("a"),
    REPORT: action("look.report"),
    DIFFERENCE: action("look.difference"),
}
"""How one gets to where actions work."""


MOVES = {(BOOK, "l"), (PANEL, "l")}
"""There the key moves, as in vi; the log has a capital one beside it."""


@pytest.mark.parametrize("place", sorted({context for action in ACTIONS for context in action.contexts}))
async def test_every_key_reaches_its_action(place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with cockpit(size=(120, 40), folder=tmp_path) as one:
        await PLACES[place](one)
        await one.until(lambda: one.app.context == place)
        done: list[str] = []
        for known in ACTIONS:
            monkeypatch.setitem(BY_ID, known.id, replace(known, run=lambda app, id=known.id: done.append(id)))  # type: ignore[misc]
        wrong = []
        for known in ACTIONS:
            for key in filter(None, known.keys.split(",")) if place in known.contexts else ():
                if (place, key) in MOVES:
                    continue
                done.clear()
                await one.press(key)
                if done != [known.id]:
                    wrong.append(f"{key} in {place} does {done}, not {known.id}")
        assert not wrong, "\n".join(wrong)
