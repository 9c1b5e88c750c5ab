"""An app whose mistakes do not spill onto the terminal."""

from typing import Any, TypeVar

from textual.app import App

Result = TypeVar("Result")


class DiscreetApp(App[Result]):
    """Ends on an internal error without showing it: Textual's traceback prints local variables, among them
    prompts and keys. ``crash`` keeps the error for the caller to report.
    """

    @property
    def crash(self) -> BaseException | None:
        """What ended the app out of order, None where nothing did."""
        return self._exception

    def panic(self, *renderables: Any) -> None:
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()
