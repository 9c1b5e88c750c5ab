"""Every key of every action, in every place it works in, reaches that action: pressed in the real app."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.test_tui_keys import Cockpit, cockpit
from tui.action import (
    ANALYTICS,
    BOOK,
    DIFFERENCE,
    HELP,
    LOG,
    LOG_SCREEN,
    PANEL,
    REPORT,
    TABS,
    TIME,
    Action,
)
from tui.actions import ACTIONS, BY_ID

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


EVERYWHERE = sorted({context for action in ACTIONS for context in action.contexts})


def watch(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on actions are written down instead of done."""
    for known in ACTIONS:
        monkeypatch.setitem(BY_ID, known.id, replace(known, run=lambda app, id=known.id: done.append(id)))  # type: ignore[misc]


async def go_to(one: Cockpit, place: str) -> None:
    await PLACES[place](one)
    await one.until(lambda: one.app.context == place)


@pytest.mark.parametrize("place", EVERYWHERE)
async def test_every_key_reaches_its_action(place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with cockpit(size=(120, 40), folder=tmp_path) as one:
        await go_to(one, place)
        done: list[str] = []
        watch(done, monkeypatch)
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


@pytest.mark.parametrize("place", EVERYWHERE)
async def test_every_action_can_have_another_key(place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All of them at once, each by its id; the key it had does it no more."""
    spare = (f"{more}f{n}" for more in ("", "shift+", "ctrl+", "alt+") for n in range(1, 25))
    keymap = {known.id: next(spare) for known in ACTIONS}
    async with cockpit(size=(120, 40), folder=tmp_path) as one:
        await go_to(one, place)
        one.app.set_keymap(keymap)
        done: list[str] = []
        watch(done, monkeypatch)
        wrong = []
        for known in ACTIONS:
            if not known.keys or place not in known.contexts:
                continue
            done.clear()
            await one.press(keymap[known.id])
            if done != [known.id]:
                wrong.append(f"{keymap[known.id]} in {place} does {done}, not {known.id}")
            done.clear()
            await one.press(known.keys.split(",")[0])
            if done:
                wrong.append(f"{known.keys} in {place} still does {done}")
        assert not wrong, "\n".join(wrong)


def test_every_action_has_a_key_of_its_own_somewhere() -> None:
    """What only the palette could reach, or only a key that moves, would be found by nobody."""
    hidden = [
        known.id
        for known in ACTIONS
        if not any((place, key) not in MOVES for key in known.keys.split(",") if key for place in known.contexts)
    ]
    assert not hidden


@pytest.mark.parametrize("known", ACTIONS, ids=lambda known: known.id)
async def test_a_press_of_it_is_answered(known: Action, tmp_path: Path) -> None:
    """A command is sent, or what is seen differs, or the screen is left: no key is silent."""
    place = BOOK if BOOK in known.contexts else min(known.contexts)
    async with cockpit(size=(120, 40), folder=tmp_path, motion=False) as one:
        await go_to(one, place)
        if known.id == "look.all":
            await one.press("v")
        before = ""
        while before != (before := one.screen()):  # what was begun on the way here comes first
            await one.pilot.pause()
        await one.press(known.keys.split(",")[0])
        await one.until(lambda: one.port.commands or not one.app.is_running or one.screen() != before)
