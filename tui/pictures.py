"""Finished pictures, decoded and resized in a thread, the latest kept: as half blocks, two pixels a cell, or in the
terminal's own graphics.

The file's name comes from the journal: it is opened only inside the project's folder.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import anyio
import anyio.to_thread
from rich.color import Color
from rich.style import Style

from tui.terminal.pixels import USUAL_CELL, Kind, Pixels, ready

if TYPE_CHECKING:
    from PIL import Image

KEPT = 400
"""Pictures kept in memory, thumbnails for the most part."""

KEPT_BYTES = 16 * 1024 * 1024
"""Of them in the terminal's own graphics: some hundred kilobytes each, some ten as thumbnails."""

WAITING = 100
"""Pictures asked for and not made yet, at most; what was asked for longest ago is forgotten first."""

STEP = 0xF8
"""Colours are rounded to 32 steps: equal neighbours become one change of colour on the wire."""

Fetch = Callable[[str], Awaitable[bytes | None]]

Row = tuple[tuple[int, Style], ...]
"""Runs of cells: how many, and their colours (upper pixel, lower pixel)."""


class Key(NamedTuple):
    """A file (relative to the project) at a size in cells; ``kind``: the terminal's graphics, "" for half blocks."""

    file: str
    columns: int
    rows: int
    kind: Kind | Literal[""] = ""
    cell: tuple[int, int] = USUAL_CELL


class Picture(NamedTuple):
    """``rows`` of half blocks no larger than asked for, or ``pixels``; ``sentence`` where it cannot be shown."""

    rows: tuple[Row, ...]
    sentence: str = ""
    pixels: Pixels | None = None

    @property
    def bytes(self) -> int:
        """Of its pixels."""
        return 0 if self.pixels is None else sum(map(len, self.pixels.pieces))


class Pictures:
    """``get`` returns what there is and has the rest made; ``changed`` is called when something new is there, for
    ``show_made``.

    Args:
        folder: the project's, None where its files are not here.
        fetch: brings the bytes of a file that is not here; None where it cannot.
    """

    def __init__(self, folder: Path | None, changed: Callable[[], None], fetch: Fetch | None = None) -> None:
        self._folder, self._changed, self._fetch = folder, changed, fetch
        self.kind: Kind | Literal[""] = ""  #: of large pictures
        self.cell = USUAL_CELL  #: pixels of one, as far as the terminal says
        self._made: OrderedDict[Key, Picture] = OrderedDict()
        self._fresh: dict[Key, Picture] = {}  # made, and not shown to anybody yet
        self._wanted: OrderedDict[Key, None] = OrderedDict()
        self._making: Key | None = None
        self._news = anyio.Event()

    @property
    def here(self) -> bool:
        """Whether there are files to look at."""
        return self._folder is not None or self._fetch is not None

    def large(self, file: str, columns: int, rows: int) -> Picture | None:
        """As ``get``, in the terminal's own graphics where it has them."""
        return self._get(Key(file, columns, rows, self.kind, self.cell))

    def get(self, file: str, columns: int, rows: int) -> Picture | None:
        """The picture as half blocks, or None while it is being made."""
        return self._get(Key(file, columns, rows))

    def _get(self, key: Key) -> Picture | None:
        found = self._made.get(key)
        if found is not None:
            self._made.move_to_end(key)
        elif self.here and key != self._making and key not in self._fresh and key.columns > 0 and key.rows > 0:
            self._wanted[key] = None
            self._wanted.move_to_end(key)
            while len(self._wanted) > WAITING:
                self._wanted.popitem(last=False)
            self._news.set()
        return found

    def show_made(self) -> None:
        """``get`` knows from here on what has been made: whoever shows pictures is drawn anew, all in one frame."""
        self._made |= self._fresh
        self._fresh.clear()
        self._forget()

    async def work(self) -> None:
        """Make what is wanted, what was asked for last first, until cancelled."""
        while True:
            await self._news.wait()
            while self._wanted:
                self._making, _ = self._wanted.popitem()
                self._fresh[self._making] = await self._make(self._making)
                self._making = None
                self._changed()
            self._news = anyio.Event()

    def _forget(self) -> None:
        """What was looked at longest ago goes first."""
        kept = 0
        for nth, (key, made) in enumerate(reversed(list(self._made.items()))):
            kept += made.bytes
            if nth >= KEPT or (made.bytes and nth and kept > KEPT_BYTES):
                del self._made[key]

    async def _make(self, key: Key) -> Picture:
        if self._folder is not None:
            make = partial(picture, self._folder, key)
        else:
            data = None if self._fetch is None else await self._fetch(key.file)
            if data is None:
                return Picture((), "its file is not here")
            make = partial(_picture, BytesIO(data), key)
        return await anyio.to_thread.run_sync(make, abandon_on_cancel=True)


def picture(folder: Path, key: Key) -> Picture:
    """Decode and resize; a file that is missing or no picture is a sentence, not an error."""
    path, home = (folder / key.file).resolve(), folder.resolve()
    if not path.is_relative_to(home):
        return Picture((), "its file is outside of the project")
    return _picture(path, key)


def _picture(source: Path | BytesIO, key: Key) -> Picture:
    from PIL import Image

    try:
        with Image.open(source) as image:
            if key.kind:
                return Picture((), pixels=ready(image, (key.columns, key.rows), key.cell, key.kind))
            return Picture(_half_blocks(image, key))
    except FileNotFoundError:
        return Picture((), "its file is not here")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Picture((), "its file is no picture that can be read")


def _half_blocks(image: "Image.Image", key: Key) -> tuple[Row, ...]:
    from PIL import Image

    image.draft("RGB", (key.columns * 2, key.rows * 4))
    scale = min(key.columns / image.width, 2 * key.rows / image.height)
    width = max(1, min(key.columns, round(image.width * scale)))
    height = max(2, min(2 * key.rows, round(image.height * scale / 2) * 2))
    pixels = image.convert("RGB").resize((width, height), Image.Resampling.BOX, reducing_gap=2.0).tobytes()
    return tuple(_row(pixels, width, y) for y in range(0, height, 2))


def _row(pixels: bytes, width: int, y: int) -> Row:
    upper, lower = y * width * 3, (y + 1) * width * 3

    def colours(x: int) -> tuple[int, ...]:
        return tuple(value & STEP for at in (upper + 3 * x, lower + 3 * x) for value in pixels[at : at + 3])

    return tuple(
        (sum(1 for _ in group), Style(color=Color.from_rgb(*seen[:3]), bgcolor=Color.from_rgb(*seen[3:])))
        for seen, group in groupby(colours(x) for x in range(width))
    )
