"""How a book is laid out on lines: as cells, or one panel a line. Pure arithmetic, no widget."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from tui.book import Span


class Row(NamedTuple):
    """One line of the grid. ``first``: it is the first line of its chapter. No panels: a blank or a heading."""

    span: Span | None
    panels: Sequence[int]
    nth: int  #: line within the chapter, from 0


class Shape(Protocol):
    """A layout. Columns and lines count from 0; panels are indices into the book."""

    height: int
    across: int  #: panels on a line
    tall: int  #: lines a panel takes

    def row(self, y: int) -> Row: ...

    def place(self, panel: int) -> tuple[int, int, int] | None:
        """(column, line, cells) of a panel; None where it is not shown."""
        ...

    def hit(self, x: int, y: int) -> int | None:
        """The panel drawn there."""
        ...


DENSITIES = (
    (4, 2, 1, 1), (3, 2, 1, 1), (3, 1, 1, 1), (2, 1, 1, 1), (2, 1, 0, 1), (1, 1, 1, 1), (1, 1, 0, 1), (2, 1, 0, 0),
    (1, 1, 0, 0),
)  # fmt: skip
"""(columns a panel, lines a panel, lines of heading, lines between chapters): the first that fits is used."""


TEN = 10


class Cells:
    """One cell a panel, as large as fits. ``margin(head)`` is the room left of the cells."""

    tall = 1

    def __init__(self, spans: Sequence[Span], width: int, height: int, margin: Callable[[int], int]) -> None:
        self._spans = spans
        for pitch, lines, head, gap in DENSITIES:
            self.margin = margin(head)
            self.across = max(1, max(1, width - self.margin) // pitch)
            if self.across > TEN:
                self.across -= self.across % TEN  # so that a panel's number can be read from its column
            rows = [-(-len(span.panels) // self.across) for span in spans]
            if sum(rows) * lines + (head + gap) * len(spans) - gap - (lines - 1) <= height:
                break
        self.pitch, self.lines, self.head = pitch, lines, head
        self.fill = max(1, pitch - 1)
        self._tops = list(accumulate((head + count * lines + gap for count in rows), initial=0))
        self.height = max(0, self._tops[-1] - gap)
        self._starts = [span.panels[0] for span in spans]

    def row(self, y: int) -> Row:
        if not 0 <= y < self.height:
            return Row(None, (), 0)
        at = bisect_right(self._tops, y) - 1
        span, within = self._spans[at], y - self._tops[at]
        nth, between = divmod(within - self.head, self.lines)
        first = nth * self.across
        panels = () if between or nth < 0 else span.panels[first : first + self.across]
        return Row(span, panels, within)

    def top(self, panel: int) -> int:
        """The first line of the panel's chapter."""
        return self._tops[max(0, bisect_right(self._starts, panel) - 1)]

    def place(self, panel: int) -> tuple[int, int, int] | None:
        found = where(self._spans, self._starts, panel)
        if found is None:
            return None
        at, nth = found
        row, column = divmod(nth, self.across)
        return self.margin + column * self.pitch, self._tops[at] + self.head + row * self.lines, self.fill

    def hit(self, x: int, y: int) -> int | None:
        panels = self.row(y).panels
        column = (x - self.margin) // self.pitch
        return panels[column] if x >= self.margin and column < len(panels) else None


def where(spans: Sequence[Span], starts: Sequence[int], panel: int) -> tuple[int, int] | None:
    """Which span holds ``panel``, and as its how-manieth; ``starts`` are the spans' first panels."""
    at = bisect_right(starts, panel) - 1
    if at < 0:
        return None
    panels = spans[at].panels
    nth = bisect_left(panels, panel)
    return (at, nth) if nth < len(panels) and panels[nth] == panel else None


class Rows:
    """A heading a chapter, then one panel a line."""

    tall = 1

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans, self.across = spans, 1
        self._tops = list(accumulate((len(span.panels) + 1 for span in spans), initial=0))
        self.height = self._tops[-1]
        self._starts = [span.panels[0] for span in spans]

    def row(self, y: int) -> Row:
        if not 0 <= y < self.height:
            return Row(None, (), 0)
        at = bisect_right(self._tops, y) - 1
        within = y - self._tops[at]
        return Row(self._spans[at], self._spans[at].panels[within - 1 : within] if within else (), within)

    def place(self, panel: int) -> tuple[int, int, int] | None:
        found = where(self._spans, self._starts, panel)
        if found is None:
            return None
        at, nth = found
        return 0, self._tops[at] + 1 + nth, 10_000

    def hit(self, x: int, y: int) -> int | None:
        panels = self.row(y).panels
        return panels[0] if panels else None
