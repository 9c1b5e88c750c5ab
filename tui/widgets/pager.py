"""Text longer than the screen: lines made by a function, scrolled without animation."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.line import Line
from tui.view import View

Write = Callable[[int], list[Line]]


class Pager(ScrollView, can_focus=True):
    """``write(width)`` says all lines; ``rewrite`` asks again and sends what is seen if anything differs."""

    DEFAULT_CSS = "Pager { background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "to(-1)", show=False),
        Binding("down,j", "to(1)", show=False),
        Binding("pageup,ctrl+b", "pages(-1)", show=False),
        Binding("pagedown,ctrl+f", "pages(1)", show=False),
        Binding("home,g", "to(-999999)", show=False),
        Binding("end,G", "to(999999)", show=False),
    ]

    def __init__(self, view: View, write: Write, *, at_end: bool = False) -> None:
        super().__init__()
        self.view, self._write, self._at_end = view, write, at_end
        self._strips: list[Strip] = []
        self._longer = False  #: more lines than the screen has

    def rewrite(self) -> None:
        """Make the lines again; one that stood at the end stays there."""
        at_end = self._at_end and self.scroll_offset.y >= self.max_scroll_y
        strips = self._lines()
        longer = len(strips) > self.size.height
        if longer is not self._longer:  # the scroll bar takes a column, or gives it back
            self._longer = longer
            strips = self._lines()
        if strips != self._strips:
            self._strips = strips
            self.virtual_size = Size(strips[0].cell_length if strips else 0, len(strips))
            self.refresh()
            if at_end:
                self.call_after_refresh(self.scroll_to, y=len(strips), animate=False)

    def _lines(self) -> list[Strip]:
        width = self.size.width - self._longer
        return [line.strip() for line in self._write(width)] if width > 0 else []

    def on_resize(self) -> None:
        self.rewrite()

    def on_mount(self) -> None:
        self.focus()
        if self._at_end:
            self.call_after_refresh(self.scroll_end, animate=False)

    def action_to(self, step: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_pages(self, direction: int) -> None:
        self.action_to(direction * max(1, self.size.height - 1))

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        if at < len(self._strips):
            return self._strips[at]
        return Strip.blank(self.size.width, self.view.palette["text"])
