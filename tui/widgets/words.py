"""One line of words, such as a heading or the keys of a small screen."""

from tui.line import Line
from tui.view import View
from tui.widgets.pane import Pane


class Words(Pane):
    """``parts`` are (words, style)."""

    def __init__(self, view: View, *parts: tuple[str, str], id: str) -> None:
        super().__init__(view, id=id)
        self._parts = parts

    def say(self, *parts: tuple[str, str]) -> None:
        """Other words from now on."""
        self._parts = parts
        self.update()

    def paint(self) -> list[Line]:
        line = self.line()
        for text, style in self._parts:
            line.add(text, self.view.palette[style])
        return [line]
