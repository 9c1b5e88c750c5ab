"""Every action and theme by name, for the command palette."""

from collections.abc import Callable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.action import shown_key
from tui.cockpit import Cockpit
from tui.command_palette import UseTheme
from tui.line import wrap
from tui.plain import plain

LONGEST = 100
"""Letters of a theme's title that are shown."""

WIDE, BESIDE = 58, 3
"""Cells of the palette where there is room (``screens/main.tcss``), and those of them beside its words."""

KEY = 6
"""Cells for an action's key; what does not fit on its line goes on under the words."""


class ActionProvider(Provider):
    """The actions of where one came from, then the themes; those in the person's own folder are looked for anew."""

    @property
    def _cockpit(self) -> Cockpit:
        assert isinstance(self.app, Cockpit)
        return self.app

    async def startup(self) -> None:
        self._cockpit.reload_themes()

    def _all(self) -> list[tuple[str, Callable[[], object]]]:
        cockpit, context = self._cockpit, self._cockpit.context
        found: list[tuple[str, Callable[[], object]]] = []
        for action in cockpit.view.actions:
            if context in action.contexts:
                text = f"{shown_key(cockpit.view.keys_of(action)):<{KEY}}{action.help}"
                found.append((plain(text), partial(cockpit.run_action, f"do('{action.id}')")))
        for name, theme in sorted(cockpit.themes.items()):
            title = f"{'':<{KEY}}Theme: {theme.title or name}"
            found.append((plain(title)[:LONGEST], UseTheme(cockpit.use_theme, name)))
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
