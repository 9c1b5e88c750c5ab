"""An editor of a few lines, as plain and as quiet as the line to type in. Loading it takes long: not at the start."""

from rich.text import Text
from textual.widgets import TextArea

from tui.plain import drawn, typed_lines


class TypedLines(TextArea):
    """An editor of a few lines."""

    means_it = True

    def __init__(self, text: str) -> None:
        super().__init__(typed_lines(text), soft_wrap=True, show_line_numbers=False, compact=True)
        self.set_reactive(TextArea.cursor_blink, False)

    def put(self, text: str) -> None:
        """Have ``text`` instead of what is there; undo brings it back."""
        self.replace(typed_lines(text), (0, 0), self.document.end)

    def get_line(self, line_index: int) -> Text:
        return Text(drawn(self.document.get_line(line_index)), end="", no_wrap=True)
