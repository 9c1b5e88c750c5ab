"""Every action and theme by name, for ctrl+p. Moving over a theme shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.command import CommandInput, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import ACTIONS
from tui.actions.registry import shown_key
from tui.line import wrap
from tui.plain import plain
from tui.screens.over import CLOSING

if TYPE_CHECKING:
    from tui.app import CockpitApp


LONGEST = 100
"""Letters of a theme's title that are shown."""

WIDE, BESIDE = 58, 3
"""Cells of the palette where there is room (``screens/main.tcss``), and those of them beside its words."""

KEY = 6
"""Cells for an action's key; what does not fit on its line goes on under the words."""


@dataclass(frozen=True)
class UseTheme:
    """What choosing a theme does."""

    app: "CockpitApp"
    name: str

    def __call__(self) -> None:
        self.app.use_theme(self.name)


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


class ActionProvider(Provider):
    """The actions of where one came from, then the themes; those in the person's own folder are looked for anew."""

    async def startup(self) -> None:
        cast("CockpitApp", self.app).reload_themes()

    def _all(self) -> list[tuple[str, Callable[[], object]]]:
        app = cast("CockpitApp", self.app)
        context = app.context
        found: list[tuple[str, Callable[[], object]]] = [
            (
                plain(f"{shown_key(app.keys_of(action)):<{KEY}}{action.help}"),
                partial(app.run_action, f"do('{action.id}')"),
            )
            for action in ACTIONS
            if context in action.contexts
        ]
        for name, theme in sorted(app.themes.items()):
            found.append((plain(f"{'':<{KEY}}Theme: {theme.title or name}")[:LONGEST], UseTheme(app, name)))
        return found

    async def discover(self) -> Hits:
        for text, run in self._all():
            yield DiscoveryHit(self._hung(_words(text)), run, text=text)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for text, run in self._all():
            score, found = matcher.fuzzy_search.match(query, text)
            if score > 0:
                prompt = _words(text)
                for at in found:
                    prompt = prompt.stylize(self.match_style, at, at + 1)
                yield Hit(score, self._hung(prompt), run, text=text)

    def _hung(self, words: Content) -> Content:
        """``words`` broken to the palette's width, each further line under the first one's words."""
        width = min(WIDE, 9 * self.app.size.width // 10) - BESIDE - KEY
        lines, at = [], KEY
        for piece in wrap(words.plain[KEY:], max(1, width), len(words)):
            at = words.plain.index(piece, at)
            lines.append(words[at : at + len(piece)])
            at += len(piece)
        return words[:KEY] + _words("\n" + " " * KEY).join(lines)


def _words(text: str) -> Content:
    """Words and nothing else: Textual's own ``highlight`` takes them for markup."""
    return Content("\n".join(plain(line) for line in text.split("\n")))
