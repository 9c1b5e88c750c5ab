"""The command palette: Textual's own, calmer. Moving over a theme in it shows the theme."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.command import CommandInput, CommandPalette
from textual.widgets.option_list import Option

from tui.screens.over import CLOSING


@dataclass(frozen=True)
class UseTheme:
    """What choosing a theme does."""

    use: Callable[[str], None]
    name: str

    def __call__(self) -> None:
        self.use(self.name)


def theme_under(option: Option) -> str:
    """The theme an entry of the palette would choose, "" where it is no theme."""
    command = getattr(getattr(option, "hit", None), "command", None)
    return command.name if isinstance(command, UseTheme) else ""


class ActionPalette(CommandPalette):
    """Textual's palette, without what blinks and spins in it; Ctrl+C closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(CLOSING, "escape", show=False, priority=True)]
    _BUSY_COUNTDOWN = 1e9  # type: ignore[misc]  # seconds until its spinner shows, which costs 50 KB a second

    def on_mount(self) -> None:
        self.query_one(CommandInput).cursor_blink = False
