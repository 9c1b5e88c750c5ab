"""Every screen as it looks, at three sizes and in two themes; the main screen in every state of a run.

The pictures are in ``__snapshots__``; after a change one meant to make, look at the report and run
``pytest tests/screens --snapshot-update``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.unit.tui_run import START, FakePort, clock, utc
from tests.unit.tui_scenes import SCENES
from tui.app import CockpitApp
from tui.options import ScreenOptions
from tui.screens.welcome import Recent, WelcomeApp

SIZES = ((80, 24), (120, 36), (200, 60))
THEMES = ("ink", "safe")

SCREENS = {
    "main": (),
    "rows": ("z",),
    "tabs": ("tab", "down"),
    "panel": ("n", "enter"),
    "help": ("question_mark",),
    "log": ("L",),
    "leave": ("q",),
    "analytics": ("a",),
    "report": ("p",),
    "palette": ("ctrl+p", *"theme", "down"),
    "past": ("t", "left", "left", "left", "left", "N"),
    "marked": ("v", "v", "right", "v"),
    "edit": ("e",),
    "note": ("X",),
    "found": ("slash", *"moon", "enter"),
}
"""The keys that lead to each screen."""

STATES = [name for name in SCENES if name not in ("running", "small")]


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of Greenwich, whatever the machine's; no colours turned off by its environment."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    with utc():
        yield


def cockpit(scene: str, theme: str) -> CockpitApp:
    port = FakePort(SCENES[scene]())
    return CockpitApp(port, options=ScreenOptions(theme=theme, ssh=True, clock=clock(port.story)))


async def opened(pilot: Pilot[Any]) -> None:
    while pilot.app.view.stage != "live":  # type: ignore[attr-defined]
        await pilot.pause()
    await pilot.pause()


def after(keys: tuple[str, ...]) -> Any:
    async def press(pilot: Pilot[Any]) -> None:
        await opened(pilot)
        for key in keys:
            await pilot.press(key)
            busy = [worker for worker in pilot.app.workers if worker.name not in ("follow", "pictures")]
            if busy:
                await pilot.app.workers.wait_for_complete(busy)
            await pilot.pause()

    return press


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS)
def test_screen(snap_compare: Any, screen: str, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(cockpit("running", theme), terminal_size=size, run_before=after(SCREENS[screen]))


@pytest.mark.parametrize("state", STATES)
def test_state(snap_compare: Any, state: str) -> None:
    assert snap_compare(cockpit(state, "ink"), terminal_size=(80, 24), run_before=opened)


def test_opening(snap_compare: Any) -> None:
    async def never() -> Any:
        import anyio

        await anyio.sleep_forever()

    app = CockpitApp(never, title="The Speckled Band", options=ScreenOptions(ssh=True, clock=lambda: START))
    assert snap_compare(app, terminal_size=(80, 24))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("recent", [False, True], ids=["first time", "recent"])
def test_welcome(snap_compare: Any, recent: bool, size: tuple[int, int], theme: str) -> None:
    projects = (
        Recent(Path("/home/me/band"), "The Speckled Band", "26 of 60", START - 3600),
        Recent(Path("/home/me/moby"), "Moby-Dick", "done", START - 90_000),
    )
    options = ScreenOptions(theme=theme, ssh=True, clock=lambda: START)
    assert snap_compare(WelcomeApp(projects if recent else (), options=options), terminal_size=size)
