"""An app that gets on with its terminal: no mistake spills onto it, and it may be put aside, stuck or gone."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App

Result = TypeVar("Result")


class DiscreetApp(App[Result]):
    """Ends on an internal error without showing it: Textual's traceback prints local variables, among them
    prompts and keys. ``crash`` keeps the error for the caller to report.
    """

    aside: Callable[[], None] | None = None
    """Puts the screen aside and gives the shell its prompt, where that can be done."""

    @property
    def crash(self) -> BaseException | None:
        """What ended the app out of order, None where nothing did."""
        return self._exception

    def terminal_lost(self) -> None:
        """There is no terminal any more (a hang-up, a closed window)."""
        self.exit()

    def put_aside(self) -> None:
        """Ctrl+Z: the prompt comes back, and ``fg`` brings the screen back."""
        if self.aside is not None:
            self.aside()

    def panic(self, *renderables: Any) -> None:
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()
