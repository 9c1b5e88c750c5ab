"""One line of the book as words: a panel, how it stands, and what is to be drawn."""

from tui.line import Line
from tui.view import View


def draw_words(line: Line, index: int, *, view: View) -> None:
    """The panel at ``index`` of the book; nothing outside of it."""
    palette = view.palette
    panel, look = view.book.panel(index), view.book.looks[index]
    if panel is None:
        return
    here = index == view.cursor
    line.add("  * " if panel.id in view.marked else "    ", palette["accent"])
    line.add(palette.panel_glyphs[look], palette.panel_styles[look]).add(" ")
    line.add(panel.id, palette["cursor" if here else "muted"]).add("  ")
    line.add(panel.text, palette["strong" if here else "text"])
