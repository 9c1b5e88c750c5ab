"""One line to type: what the next take should have that this one lacks."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.glyphs import ASCII
from tui.plain import plain
from tui.screens.edit import Words
from tui.view import View


class PlainInput(Input):
    """A line nothing can be pasted into that steers the terminal."""

    def _on_paste(self, event: events.Paste) -> None:
        super()._on_paste(events.Paste(plain(event.text)))
        event.prevent_default()
        event.stop()


class NoteScreen(ModalScreen[str | None]):
    """Returns what was typed, None for escape."""

    DEFAULT_CSS = """
    NoteScreen { align: center middle; background: $background 0%; }
    NoteScreen > Vertical { width: 76; max-width: 100%; height: 6; border: round $primary; }
    NoteScreen.ascii > Vertical { border: ascii $primary; }
    NoteScreen Words { height: 1; }
    NoteScreen PlainInput { height: 1; border: none; padding: 0 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, priority=True)]

    def __init__(self, view: View, title: str, sentence: str) -> None:
        super().__init__()
        self.view, self._title, self._sentence = view, title, sentence
        self.set_class(view.palette.glyphs is ASCII, "ascii")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Words(self.view, (f" {self._title}", "strong"), id="note-title")
            yield Words(self.view, (f" {self._sentence}", "muted"), id="note-sentence")
            yield PlainInput(compact=True)
            keys = ((" enter ", "accent"), ("send  ", "muted"), ("esc ", "accent"), ("leave it", "muted"))
            yield Words(self.view, *keys, id="note-keys")

    def on_mount(self) -> None:
        line = self.query_one(PlainInput)
        line.cursor_blink = False
        line.focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        self.dismiss(None)
