"""Every action and theme by name, for ctrl+p."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.actions import ACTIONS
from tui.actions.registry import shown_key
from tui.plain import plain

if TYPE_CHECKING:
    from tui.app import CockpitApp


class ActionProvider(Provider):
    """The actions of where one came from, then the themes."""

    def _all(self) -> list[tuple[str, Callable[[], object]]]:
        app = cast("CockpitApp", self.app)
        context = app.context
        found: list[tuple[str, Callable[[], object]]] = [
            (f"{action.help}  {shown_key(app.keys_of(action))}", partial(app.run_action, f"do('{action.id}')"))
            for action in ACTIONS
            if context in action.contexts
        ]
        for name, theme in sorted(app.themes.items()):
            found.append((plain(f"Theme: {theme.title or name}"), partial(app.use_theme, name)))
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
