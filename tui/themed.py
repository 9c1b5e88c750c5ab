"""An app in the person's colours: chosen, changed and looked at while it runs."""

import contextlib
from typing import TypeVar

from textual import on
from textual.command import CommandPalette

from tui.command_palette import ActionPalette, theme_under
from tui.glyphs import ASCII
from tui.options import ScreenOptions
from tui.screens.main import MainScreen
from tui.screens.reading import ReadingScreen
from tui.terminal.discreet import DiscreetApp
from tui.themes import DEFAULT, Palette, load_themes
from tui.view import View

Result = TypeVar("Result")


class ThemedApp(DiscreetApp[Result]):
    """``themes``: all there are by name, the person's own among them."""

    def __init__(self, options: ScreenOptions, title: str) -> None:
        self.themes, self._complaints = load_themes(options.theme_folders)
        first = options.theme if options.theme in self.themes else DEFAULT
        self.view = View(options, Palette(self.themes[first], ascii=options.ascii), title)
        self._theme_before = first
        super().__init__()

    @property
    def ascii(self) -> bool:  # type: ignore[override]
        return self.view.palette.glyphs is ASCII

    def say(self, sentence: str, style: str = "text") -> None:
        """Tell the person."""
        raise NotImplementedError

    def action_command_palette(self) -> None:
        if not CommandPalette.is_open(self):
            self.push_screen(ActionPalette(placeholder="what to do, or a theme", id="--command-palette"))

    @on(CommandPalette.Opened)
    def _palette_opened(self) -> None:
        self._theme_before = self.view.palette.name

    @on(CommandPalette.OptionHighlighted)
    def _pointed_at(self, event: CommandPalette.OptionHighlighted) -> None:
        """A theme in the palette is shown while one looks at it."""
        name = theme_under(event.highlighted_event.option) or self._theme_before
        if name and name != self.view.palette.name and CommandPalette.is_open(self):
            self.use_theme(name)

    @on(CommandPalette.Closed)
    def _palette_closed(self, event: CommandPalette.Closed) -> None:
        if not event.option_selected and self._theme_before != self.view.palette.name:
            self.use_theme(self._theme_before)

    def reload_themes(self) -> None:
        """Find the person's own themes anew; a broken file is told."""
        self.themes, complaints = load_themes(self.view.options.theme_folders)
        if complaints:
            self.say(complaints[0], "bad")

    def use_theme(self, name: str) -> None:
        """Draw with another theme from now on."""
        self.view.palette = palette = Palette(self.themes[name], ascii=self.view.options.ascii)
        self.register_theme(palette.textual)
        self.theme = name
        with contextlib.suppress(IndexError):  # no screen yet
            for screen in self.screen_stack:
                if isinstance(screen, MainScreen | ReadingScreen) and screen.is_attached:
                    screen.repaint()
