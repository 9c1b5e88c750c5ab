"""A line to type in: what is typed or pasted is kept as it is meant, and drawn as plain as everything else.

Nothing here blinks: over SSH every blink is bytes, and it says nothing.
"""

from rich.text import Text
from textual.widgets import Input

from tui.plain import drawn, typed


class TypedLine(Input):
    """One line to type in."""

    means_it = True

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(typed(value), placeholder=placeholder, compact=True, id=id)
        self.set_reactive(Input.cursor_blink, False)

    @property
    def _value(self) -> Text:
        return Text(drawn(self.value), no_wrap=True, overflow="ignore", end="")
