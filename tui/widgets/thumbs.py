"""The book as small pictures: how they are laid out, and one line of them."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from textual.geometry import Region

from tui.book import Span
from tui.line import Line
from tui.pictures import Picture
from tui.terminal.pixels import Placement
from tui.view import View
from tui.widgets.shapes import Row, where

THUMB = (14, 7)
WIDE_THUMB = (20, 10)
"""Cells and lines of a picture; its name is on the line below."""

MARGIN = 4
GAP = 1


class Thumbs:
    """A heading a chapter, then pictures in rows; a blank line between the rows."""

    def __init__(self, spans: Sequence[Span], width: int, thumb: tuple[int, int]) -> None:
        self._spans = spans
        self.columns, self.lines = thumb
        self.tall, self.pitch, self.margin = self.lines + 1, self.columns + GAP, MARGIN
        self.across = max(1, (width - MARGIN + GAP) // self.pitch)
        self._block = self.tall + 1
        rows = (-(-len(span.panels) // self.across) for span in spans)
        self._tops = list(accumulate((1 + count * self._block for count in rows), initial=0))
        self.height = self._tops[-1]
        self._starts = [span.panels[0] for span in spans]

    def row(self, y: int) -> Row:
        if not 0 <= y < self.height:
            return Row(None, (), 0)
        at = bisect_right(self._tops, y) - 1
        within = y - self._tops[at]
        if within == 0 or self.line_of(within) == self.tall:
            return Row(self._spans[at], (), within)
        first = (within - 1) // self._block * self.across
        return Row(self._spans[at], self._spans[at].panels[first : first + self.across], within)

    def line_of(self, nth: int) -> int:
        """Which line of its row of pictures the chapter's ``nth`` line is."""
        return (nth - 1) % self._block

    def place(self, panel: int) -> tuple[int, int, int] | None:
        found = where(self._spans, self._starts, panel)
        if found is None:
            return None
        at, nth = found
        row, column = divmod(nth, self.across)
        return self.margin + column * self.pitch, self._tops[at] + 1 + row * self._block, self.columns

    def hit(self, x: int, y: int) -> int | None:
        panels = self.row(y).panels
        column = (x - self.margin) // self.pitch
        return panels[column] if x >= self.margin and column < len(panels) else None


def draw_thumbs(line: Line, row: Row, shape: Thumbs, *, y: int, seen: Region, view: View) -> None:
    """Line ``y`` of the grid, one of a row of pictures; ``seen`` as for ``place_thumbs``."""
    at = shape.line_of(row.nth)
    whole = y - at >= seen.y and y - at + shape.lines <= seen.bottom
    for nth, panel in enumerate(row.panels):
        line.to(shape.margin + nth * shape.pitch)
        if at == shape.lines:
            _name(line, panel, shape, view)
        else:
            _pixels(line, panel, shape, view, at, whole)


def place_thumbs(shape: Thumbs, seen: Region, at: tuple[int, int], view: View) -> list[Placement]:
    """The pictures the terminal itself draws: those that are ready, and whole within ``seen`` (cells of the grid, of
    which the upper left one is ``at`` on the screen). What is cut off at an edge is drawn in half blocks.
    """
    if view.pictures is None or not view.pictures.kind:
        return []
    found: list[Placement] = []
    y = seen.y
    while y < seen.bottom:
        row = shape.row(y)
        if len(row.panels) and shape.line_of(row.nth) == 0:
            if y + shape.lines <= seen.bottom:
                for nth, panel in enumerate(row.panels):
                    picture = _picture(panel, shape, view, whole=True)
                    if picture is not None and picture.pixels is not None:
                        x = shape.margin + nth * shape.pitch + (shape.columns - picture.pixels.columns) // 2
                        down = (shape.lines - picture.pixels.rows) // 2
                        found.append(Placement(at[0] + x - seen.x, at[1] + y + down - seen.y, picture.pixels))
            y += shape.lines
        y += 1
    return found


def _picture(index: int, shape: Thumbs, view: View, *, whole: bool) -> Picture | None:
    """What there is to see of a panel."""
    panel = view.book.panel(index)
    if panel is None or panel.take is None or view.pictures is None:
        return None
    get = view.pictures.large if whole else view.pictures.get
    return get(panel.take.file, shape.columns, shape.lines)


def _name(line: Line, index: int, shape: Thumbs, view: View) -> None:
    palette, look, here = view.palette, view.book.looks[index], index == view.cursor
    id = view.book.ids[index]
    name = Line(shape.columns, palette["text"], palette.glyphs["more"])
    name.add(palette.panel_glyphs[look], palette.panel_styles[look])
    name.add(" * " if id in view.marked else " ", palette["accent"])
    line.join(name.add(id, palette["cursor" if here else "muted"]))


def _pixels(line: Line, index: int, shape: Thumbs, view: View, at: int, whole: bool) -> None:
    palette = view.palette
    picture = _picture(index, shape, view, whole=whole)
    if picture is not None and picture.pixels is not None:
        return  # the terminal draws it there
    if picture is not None and picture.rows:
        top = (shape.lines - len(picture.rows)) // 2
        if top <= at < top + len(picture.rows):
            pixels = picture.rows[at - top]
            line.to(line.used + (shape.columns - sum(cells for cells, _ in pixels)) // 2)
            line.blocks(pixels)
        return
    look = view.book.looks[index]
    if at == shape.lines // 2:  # no picture to see: its sign in the middle of its place
        line.add(palette.panel_glyphs[look].center(shape.columns), palette.panel_styles[look])
