"""The README's pictures: the real app on a run half-way through, as SVG.

python -m tests.screenshots [--out FOLDER]
"""

import argparse
import asyncio
from pathlib import Path

from tests.unit.tui_run import FakePort, clock, midway, utc
from tui.app import CockpitApp
from tui.options import ScreenOptions

FOLDER = Path(__file__).parents[1] / ".screens"
SIZES = {"cockpit": (120, 36), "cockpit-80x24": (80, 24)}


async def picture(size: tuple[int, int]) -> str:
    """The main screen at ``size``."""
    story = midway(chapters=6, panels=60)
    app = CockpitApp(FakePort(story), options=ScreenOptions(ssh=False, motion=False, clock=clock(story)))
    async with app.run_test(size=size) as pilot:
        while app.view.stage != "live":
            await pilot.pause()
        await pilot.press("right", "down")
        await pilot.pause()
        return app.export_screenshot(title="novelgen-tui")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.screenshots", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=FOLDER, help="where they go (.screens)")
    folder = parser.parse_args().out
    folder.mkdir(exist_ok=True)
    with utc():
        for name, size in SIZES.items():
            (folder / f"{name}.svg").write_text(asyncio.run(picture(size)), encoding="utf-8")


if __name__ == "__main__":
    main()
