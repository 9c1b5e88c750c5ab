"""Every action and theme by name, for ctrl+p. Moving over a theme shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import ACTIONS
from tui.actions.registry import shown_key
from tui.plain import plain

if TYPE_CHECKING:
    from tui.app import CockpitApp


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


class ActionProvider(Provider):
    """The actions of where one came from, then the themes; those in the person's own folder are looked for anew."""

    async def startup(self) -> None:
        cast("CockpitApp", self.app).reload_themes()

    def _all(self) -> list[tuple[str, Callable[[], object]]]:
        app = cast("CockpitApp", self.app)
        context = app.context
        found: list[tuple[str, Callable[[], object]]] = [
            (f"{shown_key(app.keys_of(action)):<6}{action.help}", partial(app.run_action, f"do('{action.id}')"))
            for action in ACTIONS
            if context in action.contexts
        ]
        for name, theme in sorted(app.themes.items()):
            found.append((plain(f"Theme: {theme.title or name}"), UseTheme(app, name)))
        return found

    async def discover(self) -> Hits:
        for text, run in self._all():
            yield DiscoveryHit(Content(text), run, text=text)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for text, run in self._all():
            score = matcher.match(text)
            if score > 0:
                yield Hit(score, matcher.highlight(text), run, text=text)
