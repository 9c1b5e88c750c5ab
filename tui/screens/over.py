"""A screen over another one: Ctrl+C closes it, as escape does, and never takes with it what was typed."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widget import Widget

Answer = TypeVar("Answer")

CLOSING = "ctrl+c,ctrl+q"
"""On the book these leave the run. Over it they close what is open, whatever leaving has been remapped to: a letter
must stay one that can be typed."""


class OverScreen(ModalScreen[Answer | None]):
    """Returns None where it is closed without an answer.

    Keys of the app do not reach through a modal screen, so the usual ones to get out are said here, once for all.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(CLOSING, "close", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
    ]
    _warned = False

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that closing would lose."""
        return False

    def warn(self, on: bool) -> None:
        """Say that closing would lose what was typed, or (not ``on``) what the keys do again."""

    def typed(self) -> None:
        """Somebody goes on typing: what was said before is no longer meant."""
        if self._warned:
            self._warned = False
            self.warn(False)

    def action_close(self) -> None:
        """Copy where something is selected, as Ctrl+C does everywhere; else close."""
        if not copied(self.focused):
            self.action_leave()

    def action_leave(self) -> None:
        """Close; what was typed goes only when asked twice."""
        if self.unsaved and not self._warned:
            self._warned = True
            self.warn(True)
        else:
            self.dismiss(None)


def copied(focused: Widget | None) -> bool:
    """Put what is selected in ``focused`` into the clipboard; False where nothing is."""
    selected = getattr(focused, "selected_text", "")
    if selected and focused is not None:
        focused.app.copy_to_clipboard(selected)
    return bool(selected)
