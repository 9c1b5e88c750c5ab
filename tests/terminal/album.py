"""The cockpit on a run whose pictures are there to be looked at: python -m tests.terminal.album DIR [KIND]

Every picture is one colour, by its panel, with noise in it so that it takes many bytes; its file has a comment that
is an attack on the terminal.
"""

import random
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.unit.tui_run import FakePort, clock, midway
from tui.app import CockpitApp
from tui.options import ScreenOptions
from tui.terminal.stage import stage

SIZE = (600, 400)


def colour(nth: int) -> tuple[int, int, int]:
    """Of the picture of panel ``nth`` (from 1) in chapter 1."""
    return (240, 20, 20) if nth % 2 else (20, 20, 240)


def paint(folder: Path) -> None:
    (folder / "panels" / "ch01").mkdir(parents=True)
    said = PngInfo()
    said.add_text("Comment", "\x1b]0;OWNED\x07\x1b\\\x1b[2J")
    noise = random.Random(3)
    for nth in range(1, 7):
        image = Image.new("RGB", SIZE, colour(nth))
        grain = Image.frombytes("L", SIZE, noise.randbytes(SIZE[0] * SIZE[1])).convert("RGB")
        Image.blend(image, grain, 0.15).save(folder / f"panels/ch01/ch01-p{nth:03d}.png", pnginfo=said)


def main(folder: str, kind: Any = "auto", theme: str = "ink", ascii: str = "") -> int:
    story = midway()
    options = ScreenOptions(
        ssh=False, clock=clock(story), folder=Path(folder), pictures=kind, theme=theme, ascii=bool(ascii)
    )
    app = CockpitApp(FakePort(story), options=options)
    with stage() as here:
        here.show(app, app.leave)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
