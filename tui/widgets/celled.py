"""A line of cells in the grid, and the line above a chapter's."""

from itertools import groupby

from tui.book import Look, Span
from tui.line import Line
from tui.view import View
from tui.widgets.shapes import Cells, Row

HEAD_MARGIN, NARROW_MARGIN, WIDE_MARGIN = 4, 6, 26
"""Cells before the panels: under a chapter's line; beside its number; beside its number and title."""

_GENERATING = Look["GENERATING"]
_PICTURES = frozenset({Look["FINISHED"], Look["OUTDATED"], Look["REDRAW"]})


def draw_cells(line: Line, row: Row, shape: Cells, *, view: View, dim: bool) -> None:
    """The panels of ``row``; ``dim``: those that are generating are between two beats."""
    palette = view.palette
    if not shape.head:
        _margin(line, row, shape.margin, view)
    line.to(shape.margin)
    looks = view.book.looks
    blank = " " * (shape.pitch - shape.fill)
    glyphs = palette.panel_glyphs
    ids, marked = view.book.ids, view.marked
    kinds = groupby(row.panels, lambda i: (looks[i], i == view.cursor, ids[i] in marked))
    for (look, here, lit), group in kinds:
        # A picture fills its place; what has none yet is a sign in the middle of it.
        cell = glyphs[look] * shape.fill if look in _PICTURES else glyphs[look].center(shape.fill)
        if here:
            line.add(cell, palette["cursor"]).add(blank)
        elif look == _GENERATING and dim:
            line.add((cell + blank) * len(list(group)), palette["work"])
        elif lit:
            for _ in group:
                line.add(cell, palette.panel_styles[look] + palette["marked"]).add(blank)
        else:
            line.add((cell + blank) * len(list(group)), palette.panel_styles[look])


def _margin(line: Line, row: Row, margin: int, view: View) -> None:
    assert row.span is not None
    palette = view.palette
    if row.nth == 0:
        line.add(f"{row.span.number:>3} ", palette["strong"])
        if margin > NARROW_MARGIN:
            title = Line(margin - line.used - 2, palette["text"], palette.glyphs["more"])
            title.add(row.span.title, palette["muted"])
            line.join(title)


def draw_heading(line: Line, span: Span, *, view: View) -> int:
    """Number, title, count; returns the column of the count."""
    palette = view.palette
    line.add(f"{span.number:>3} ", palette["strong"])
    title = Line(min(line.left - 12, 48), palette["text"], palette.glyphs["more"]).add(span.title, palette["muted"])
    line.join(title).to(line.used + 2)
    column = line.used
    looks = view.book.looks
    done = sum(looks[panel] in _PICTURES for panel in span.panels)
    line.add(f"{done}/{len(span.panels)}", palette["good" if done == len(span.panels) else "line"])
    return column
