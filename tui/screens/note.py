"""One line to type: what the next take should have that this one lacks."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui.glyphs import ASCII
from tui.screens.over import OverScreen
from tui.view import View
from tui.widgets.typed_line import TypedLine
from tui.widgets.words import Words

KEYS = ((" enter ", "accent"), ("send  ", "muted"), ("esc ", "accent"), ("leave it", "muted"))
"""(words, style) of the last line."""


class NoteScreen(OverScreen[str]):
    """Returns what was typed, None for escape."""

    DEFAULT_CSS = """
    NoteScreen { align: center middle; background: $background 0%; }
    NoteScreen > Vertical { width: 76; max-width: 100%; height: 6; border: round $primary; }
    NoteScreen.ascii > Vertical { border: ascii $primary; }
    NoteScreen Words { height: 1; }
    NoteScreen TypedLine { height: 1; border: none; padding: 0 1 !important; background: $surface; }
    """

    def __init__(self, view: View, title: str, sentence: str) -> None:
        super().__init__()
        self.view, self._title, self._sentence = view, title, sentence
        self.set_class(view.palette.glyphs is ASCII, "ascii")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Words(self.view, (f" {self._title}", "strong"), id="note-title")
            yield Words(self.view, (f" {self._sentence}", "muted"), id="note-sentence")
            yield TypedLine()
            yield Words(self.view, *KEYS, id="note-keys")

    def on_mount(self) -> None:
        self.query_one(TypedLine).focus()

    @property
    def unsaved(self) -> bool:
        return bool(self.query_one(TypedLine).value.strip())

    def warn(self, on: bool) -> None:
        keys = (*KEYS[:3], ("once more: leave and lose the words", "wait"))
        self.query_one("#note-keys", Words).say(*(keys if on else KEYS))

    @on(TypedLine.Changed)
    def _changed(self) -> None:
        self.typed()

    @on(TypedLine.Submitted)
    def _sent(self, event: TypedLine.Submitted) -> None:
        self.dismiss(event.value.strip())
