"""What the terminal shows, cell by cell, so that only what differs is sent, with as few colour changes as can be.

Textual sends every line that may have changed again, each word with all of its colours. Over SSH bytes are
latency: this sends the cells that look different, and of a colour only what the last cell did not have.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region, Size

from tui.plain import plain
from tui.terminal.pen import Pen, pen_of

GAP = 3
"""Unchanged cells between two changed ones that are cheaper to send again than to jump over."""


PLAINLY = str.maketrans(
    {
        **dict.fromkeys("─━┄┈╌═–—", "-"),
        **dict.fromkeys("│┃┆┊║▏▕▌▐", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝", "+"),
        **dict.fromkeys("▁▂▃▄▅▆▇▀▔", " "),
        "█": "#",
        "…": "~",
        "·": "-",
    }
)
"""What is drawn in plain ASCII, for what was meant."""


class Cell(NamedTuple):
    """One character with what is stacked on it; "" is the right half of a wide one before it."""

    text: str
    pen: Pen


UNKNOWN = Cell("\0", Pen("", "", ""))


class Canvas:
    """The screen as the terminal has it. Lines and columns from 0."""

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._rows: list[list[Cell]] = []
        self._pens: dict[Style, Pen] = {}
        self._pen: Pen | None = None
        self._at: tuple[int, int] | None = None
        self.ascii = False  #: lines and blocks in plain ASCII

    def forget(self) -> None:
        """The terminal may show anything: send everything next time."""
        self._size, self._rows = Size(0, 0), []
        self._pen = self._at = None

    def frame(self, update: CompositorUpdate, size: Size, colours: ColorSystem | None) -> str:
        """The bytes that make the terminal show ``update``; "" where it does already."""
        if size != self._size:
            self._size = size
            self._rows = [[UNKNOWN] * size.width for _ in range(size.height)]
        parts: list[str] = []
        for y, x, segments in _lines(update):
            if 0 <= y < size.height:
                self._line(parts, y, x, self._cells(segments, colours))
        return "".join(parts)

    def again(self, region: Region) -> str:
        """The bytes that show the cells of ``region`` once more, whatever was drawn over them."""
        parts: list[str] = []
        for y in range(max(0, region.y), min(region.bottom, len(self._rows))):
            first, last = max(0, region.x), min(region.right, len(self._rows[y]))
            cells = self._rows[y][first:last]
            if UNKNOWN not in cells:
                self._run(parts, y, first, cells)
        return "".join(parts)

    def place(self, x: int, y: int) -> str:
        """Move the terminal's own cursor there (an input method draws beside it)."""
        return self._move(y, x)

    # --- cells ---

    def _cells(self, segments: Iterable[Segment], colours: ColorSystem | None) -> list[Cell]:
        cells: list[Cell] = []
        for text, style, control in segments:
            if control:
                continue
            pen = self._pen_of(style, colours)
            if not text.isprintable():
                text = plain(text)  # no byte of anybody else's steers the terminal, whoever let it through
            if text.isascii():
                cells += [Cell(character, pen) for character in text]
                continue
            if self.ascii:
                text = text.translate(PLAINLY)
            for character in text:
                width = get_character_cell_size(character)
                if width == 0 and cells:
                    cells[-1] = cells[-1]._replace(text=cells[-1].text + character)
                else:
                    cells += [Cell(character, pen), Cell("", pen)][: max(1, width)]
        return cells

    def _pen_of(self, style: Style | None, colours: ColorSystem | None) -> Pen:
        style = style or Style.null()
        pen = self._pens.get(style)
        if pen is None:
            if len(self._pens) > 4096:
                self._pens.clear()
            pen = self._pens[style] = pen_of(style, colours)
        return pen

    # --- bytes ---

    def _line(self, parts: list[str], y: int, x: int, cells: list[Cell]) -> None:
        row = self._rows[y]
        if x < 0:
            cells, x = cells[-x:], 0
        cells = cells[: max(0, len(row) - x)]  # what was laid out for a wider terminal may come after the new size
        if row[x : x + len(cells)] == cells:
            return
        n, end = 0, len(cells)
        while n < end:
            if _alike(row[x + n], cells[n]):
                n += 1
                continue
            last, look = n, n + 1
            while look < end and look - last <= GAP + 1:
                if not _alike(row[x + look], cells[look]):
                    last = look
                look += 1
            while last + 1 < end and not cells[last + 1].text:
                last += 1  # a wide character is sent whole
            while n > 0 and not cells[n].text:
                n -= 1
            self._run(parts, y, x + n, cells[n : last + 1])
            n = last + 1
        if x > 0 and not row[x].text:
            row[x - 1] = UNKNOWN  # half of a wide character was written over: the other half is gone, too
        row[x : x + len(cells)] = cells

    def _run(self, parts: list[str], y: int, x: int, cells: list[Cell]) -> None:
        parts.append(self._move(y, x))
        column: int | None = x
        for offset, cell in enumerate(cells):
            if not cell.text:
                continue
            if column is None:  # terminals disagree on how wide the last one was
                column = x + offset
                parts.append(self._move(y, column))
            parts.append(self._take(cell) + cell.text)
            plainly = len(cell.text) == 1 and (cell.text.isascii() or get_character_cell_size(cell.text) == 1)
            column = column + 1 if plainly else None
            self._at = None if column is None or column >= self._size.width else (y, column)

    def _move(self, y: int, x: int) -> str:
        before, self._at = self._at, (y, x)
        if before == (y, x):
            return ""
        if before is not None and before[0] == y and x > before[1]:
            ahead = x - before[1]
            return "\x1b[C" if ahead == 1 else f"\x1b[{ahead}C"
        if before is not None and x == 0 and y == before[0] + 1:
            return "\r\n"
        return f"\x1b[{y + 1}H" if x == 0 else f"\x1b[{y + 1};{x + 1}H"

    def _take(self, cell: Cell) -> str:
        """Change from the pen in hand to the cell's; a blank needs no more than its background."""
        pen, new = self._pen, cell.pen
        if cell.text == " " and not new.ink and pen is not None and not pen.ink:
            new = pen._replace(background=new.background)
        if pen == new:
            return ""
        self._pen = new
        if pen is None or pen.attributes != new.attributes:
            codes = [] if pen is not None and not pen.attributes else ["0"]
            if codes or pen is None:
                codes += [code for code in (new.attributes, new.foreground, new.background) if code]
                return f"\x1b[{';'.join(codes)}m"
            codes.append(new.attributes)
        else:
            codes = []
        assert pen is not None
        if pen.foreground != new.foreground:
            codes.append(new.foreground or "39")
        if pen.background != new.background:
            codes.append(new.background or "49")
        return f"\x1b[{';'.join(codes)}m"


def _alike(old: Cell, new: Cell) -> bool:
    """Whether nobody can tell them apart: of a blank only the background is seen."""
    if old == new:
        return True
    blank = old.text == new.text == " " and not old.pen.ink and not new.pen.ink
    return blank and old.pen.background == new.pen.background


def _lines(update: CompositorUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    """The pieces of ``update``: line, column, words."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, update.region.x, chain.from_iterable(strips)
    elif isinstance(update, ChopsUpdate):
        for y, x1, x2 in update.spans:
            for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if chop is not None and x <= x2 and end > x1:
                    yield y, x, chop if end <= x2 else chop.crop(0, max(0, x2 - x))
