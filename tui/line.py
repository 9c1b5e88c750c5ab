"""One line of the screen, built of words and styles: the only way data gets onto it.

Everything added is made plain first (``tui.plain``), measured in terminal cells and cut to the width; equal
neighbours are joined into one segment, since every change of colour costs bytes on the wire.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.plain import plain

HALF = "▀"


class Line:
    """Grows from the left up to ``width`` cells; what does not fit ends in ``more``."""

    def __init__(self, width: int, base: Style, more: str = "…") -> None:
        self.width, self.used = max(0, width), 0
        self._base, self._more = base, more
        self._parts: list[tuple[str, Style]] = []

    @property
    def left(self) -> int:
        """Cells still free."""
        return self.width - self.used

    def add(self, text: str, style: Style | None = None) -> "Line":
        """Append ``text``; cut where it does not fit."""
        if self.left <= 0 or not text:
            return self
        text = plain(text[: 8 * self.width + 8])
        cells = cell_len(text)
        if cells > self.left:
            text = set_cell_size(text, self.left - 1).rstrip() + self._more
            text = set_cell_size(text, self.left)
            cells = self.left
        style = style or self._base
        if style.underline or style.reverse:  # blanks beside a word are not part of it
            lead, tail = cells - cell_len(text.lstrip(" ")), cells - cell_len(text.rstrip(" "))
            if 0 < lead + tail < cells:
                self._put(" " * lead, lead, self._base)
                self._put(text[lead : len(text) - tail], cells - lead - tail, style)
                self._put(" " * tail, tail, self._base)
                return self
        self._put(text, cells, style)
        return self

    def blocks(self, row: Sequence[tuple[int, Style]]) -> "Line":
        """Append a row of a picture: runs of half blocks in two colours each."""
        for cells, style in row:
            cells = min(cells, self.left)
            self._put(HALF * cells, cells, style)
        return self

    def to(self, column: int, fill: str = " ", style: Style | None = None) -> "Line":
        """Fill up to ``column``."""
        cells = min(column, self.width) - self.used
        if cells > 0:
            self._put(fill * cells, cells, style or self._base)
        return self

    def right(self, *parts: tuple[str, Style | None], fill: str = " ", style: Style | None = None) -> "Line":
        """Append ``parts`` flush with the right edge."""
        tail = Line(max(0, self.left - 1), self._base, self._more)
        for text, part_style in parts:
            tail.add(text, part_style)
        return self.to(self.width - tail.used, fill, style).join(tail)

    def join(self, other: "Line") -> "Line":
        """Append another line's words; it must fit."""
        for text, style in other._parts:
            self._put(text, cell_len(text), style)
        return self

    def _put(self, text: str, cells: int, style: Style) -> None:
        if not cells and not text:
            return
        self.used += cells
        if self._parts and self._parts[-1][1] == style:
            text = self._parts.pop()[0] + text
        self._parts.append((text, style))

    def strip(self) -> Strip:
        """The finished line, filled up to its width."""
        self.to(self.width)
        return Strip([Segment(text, style) for text, style in self._parts], self.width)


def wrap(text: str, width: int, most: int) -> Iterator[str]:
    """``text`` broken at blanks into at most ``most`` lines of ``width`` cells; the last takes all the rest."""
    text = plain(text[: (most + 1) * width * 4])
    for _ in range(most - 1):
        if cell_len(text) <= width:
            break
        head = set_cell_size(text, width + 1)
        cut = head.rfind(" ")
        cut = cut if cut > width // 3 else len(set_cell_size(text, width).rstrip())
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def difference(old: Strip, new: Strip) -> tuple[int, int] | None:
    """The columns [first, last) in which two lines of equal width differ; None where they do not."""
    if old == new:
        return None
    before, after = list(old), list(new)
    first = 0
    while before and after and before[0] == after[0]:
        first += before[0].cell_length
        before, after = before[1:], after[1:]
    last = new.cell_length
    while before and after and before[-1] == after[-1]:
        last -= before[-1].cell_length
        before, after = before[:-1], after[:-1]
    return (first, last) if last > first else (0, new.cell_length)
