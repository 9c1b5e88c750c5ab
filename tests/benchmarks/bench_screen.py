"""How fast the cockpit paints and answers, by the size of the book.

Method: the real app on a scripted run under Textual's own test driver (no terminal, so no bytes are counted here; see
``bench_bytes.py``). Milliseconds of wall clock from the call until the screen has settled; ``first frame`` from
building the app, its imports done, until the book is painted. Median of the keys pressed. The driver itself waits
about a tenth of a second around a key and some twenty milliseconds at a pause (``idle pause``): read the columns
downwards, a row beside the row of 60 panels.
"""

import statistics
import time
from collections.abc import Awaitable, Callable

import anyio
import anyio.lowlevel
import pytest

from tests.unit.tui_run import FakePort, Story, clock, midway
from tui.app import CockpitApp
from tui.options import ScreenOptions

pytestmark = pytest.mark.benchmark

SIZES = ((3, 20), (30, 100), (500, 200))
"""Chapters, and panels in each: 60, 3,000 and 100,000 panels."""

KEYS = {"scroll": ("pagedown", "pageup", "down", "end", "home", "j"), "zoom": ("z", "z", "z")}


async def measured(story: Story) -> dict[str, float]:
    """Milliseconds by what was done."""
    found: dict[str, float] = {}
    started = time.perf_counter()
    app = CockpitApp(FakePort(story), options=ScreenOptions(ssh=False, motion=False, clock=clock(story)))
    async with app.run_test(size=(120, 36)) as pilot:
        while app.view.stage != "live":
            await pilot.pause()
        await pilot.pause()
        found["first frame"] = (time.perf_counter() - started) * 1000

        async def timed(act: Callable[[], Awaitable[None]]) -> float:
            before = time.perf_counter()
            await act()
            await pilot.pause()
            return (time.perf_counter() - before) * 1000

        for name, keys in KEYS.items():
            found[name] = statistics.median([await timed(lambda key=key: pilot.press(key)) for key in keys])  # type: ignore[misc]

        async def filtered() -> None:
            app.main.filter("state:finished lamp")

        async def everything() -> None:
            app.main.filter("")

        found["filter"] = await timed(filtered)
        found["show all"] = await timed(everything)
        found["idle pause"] = await timed(lambda: anyio.lowlevel.checkpoint())
    return found


def test_screen_by_size() -> None:
    rows = {f"{chapters * panels:,}": anyio.run(measured, midway(chapters, panels)) for chapters, panels in SIZES}
    names = list(next(iter(rows.values())))
    print("\npanels     " + "".join(f"{name:>13}" for name in names) + "   (ms)")
    for size, row in rows.items():
        print(f"{size:>10} " + "".join(f"{row[name]:13.1f}" for name in names))
