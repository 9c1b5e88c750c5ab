"""The rule over the book: its name, and how many panels look how (the legend of the grid)."""

from tui.glyphs import PANELS
from tui.line import Line
from tui.widgets.pane import Pane
from tui.words import number

ORDER = (
    "finished",
    "doubtful",
    "outdated",
    "generating",
    "in-doubt",
    "redraw",
    "queued",
    "held",
    "skipped",
    "refused",
    "failed",
)


class BookRule(Pane):
    """One line; the counts with their words where there is room."""

    lit = False

    @property
    def has_focus(self) -> bool:  # type: ignore[override]
        return self.lit

    def paint(self) -> list[Line]:
        view, palette = self.view, self.view.palette
        name = f"only {view.filter}" if view.book.filtered else "book"
        if view.marked:
            name = f"{name}, {number(len(view.marked))} marked"
        found = [(look, view.book.counts[PANELS.index(look)]) for look in ORDER]
        found = [(look, count) for look, count in found if count]
        parts = [(f"  {palette.glyphs[look]} {number(count)} {look}", f"panel-{look}") for look, count in found]
        if sum(len(text) for text, _ in parts) + len(name) + 8 > self.size.width:
            parts = [(f" {palette.glyphs[look]}{number(count)}", f"panel-{look}") for look, count in found]
        return [self.rule(name, *parts)]
