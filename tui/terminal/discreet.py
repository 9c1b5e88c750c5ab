"""An app that gets on with its terminal: no mistake spills onto it, and it may be put aside, stuck or gone."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen

from core.collecting import take_up
from tui.plain import pasted
from tui.terminal.driver import TerminalDriver
from tui.terminal.graphics import Graphics
from tui.terminal.pixels import Placement

Result = TypeVar("Result")


class DiscreetApp(App[Result]):
    """Ends on an internal error without showing it: Textual's traceback prints local variables, among them
    prompts and keys. ``crash`` keeps the error for the caller to report.
    """

    aside: Callable[[], None] | None = None
    """Puts the screen aside and gives the shell its prompt, where that can be done."""

    ascii = False
    """Whether lines and blocks are drawn in plain ASCII."""

    def on_mount(self) -> None:
        self.call_after_refresh(take_up)

    @property
    def crash(self) -> BaseException | None:
        """What ended the app out of order, None where nothing did."""
        return self._exception

    async def on_event(self, event: events.Event) -> None:
        """Nothing is pasted that steers a terminal, whatever has the keys."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            event.text = pasted(event.text, keep=getattr(self.focused, "means_it", False))
        await super().on_event(event)

    def terminal_lost(self) -> None:
        """There is no terminal any more (a hang-up, a closed window)."""
        self.exit()

    def graphics_found(self, graphics: Graphics) -> None:
        """The terminal has said which graphics it has."""

    def pictures_on(self, screen: Screen[Any]) -> Collection[Placement]:
        """The pictures ``screen`` shows in the terminal's own graphics."""
        return ()

    def put_aside(self) -> None:
        """Ctrl+Z: the prompt comes back, and ``fg`` brings the screen back."""
        if self.aside is not None:
            self.aside()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Where the terminal is ours, send it what differs and no more."""
        driver = self._driver
        if not isinstance(driver, TerminalDriver) or not isinstance(renderable, LayoutUpdate | ChopsUpdate):
            super()._display(screen, renderable)
            return
        if self._batch_count or not self._running or self._closed:
            return
        try:
            driver.paint(renderable, self.size, self._colours, self.ascii)
            driver.show_pictures(self.pictures_on(screen))
        except Exception as error:  # noqa: BLE001  # as for any widget that cannot be drawn
            self._handle_exception(error)
        self.post_display_hook()

    @property
    def _colours(self) -> ColorSystem | None:
        """How many the terminal has; None where the person wants none (NO_COLOR)."""
        return None if self.no_color else self.console._color_system or ColorSystem.EIGHT_BIT

    def panic(self, *renderables: Any) -> None:
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()
