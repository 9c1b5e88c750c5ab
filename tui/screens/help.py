"""What the keys do here, and what the signs mean."""

from tui.action import HELP, Action, shown_key
from tui.glyphs import PANELS
from tui.line import Line, wrap
from tui.screens.reading import ReadingScreen
from tui.view import View

MOVES = (
    ("arrows hjkl", "move"),
    ("pgup pgdn", "a page up or down"),
    ("home end g G", "the first or last"),
    ("tab", "the next pane"),
    ("^p", "every action by name"),
    ("esc ^c", "close what is open over the book"),
)

MEANING = {
    "queued": "waits for its turn",
    "held": "held back by you",
    "in-doubt": "asked for; its picture is looked for first",
    "generating": "a tab draws it now",
    "finished": "its picture is on disk",
    "doubtful": "finished, but worth a look: W goes through them",
    "outdated": "finished, but its prompt changed since",
    "redraw": "finished; a new take is queued",
    "failed": "tried in vain; R or r tries again",
    "refused": "the site will not draw it: change its words",
    "skipped": "left out by you",
}


KEYS = 16
"""Cells for the keys of what a sentence tells."""

NAME = 38
"""Cells for a key and the name of what it does."""


class HelpScreen(ReadingScreen):
    """The keys of the context it was asked from come first."""

    context = HELP

    def __init__(self, view: View, asked_from: str) -> None:
        super().__init__(view)
        self._asked_from = asked_from

    def heading(self) -> tuple[str, str]:
        return "keys", f"in: {self._asked_from}"

    def write(self, width: int) -> list[Line]:
        here = [a for a in self.view.actions if self._asked_from in a.contexts and a.keys]
        groups: dict[str, list[tuple[str, str]]] = {}
        for action in here:
            groups.setdefault(action.group, []).append((self._keys(action), action.help))
        groups["moving"] = list(MOVES)
        columns = 2 if width >= 180 else 1  # no sentence is cut
        blocks = [self._block(width // columns, name, rows) for name, rows in groups.items()]
        blocks.append(self._signs(width // columns))
        names = self._names(width)
        if columns == 1:
            return [line for block in blocks for line in block] + names
        left, right = blocks[: (len(blocks) + 1) // 2], blocks[(len(blocks) + 1) // 2 :]
        both = self.beside(width, [ln for block in left for ln in block], [ln for block in right for ln in block])
        return both + names

    def _keys(self, action: Action) -> str:
        return shown_key(self.view.keys_of(action))

    def _block(self, width: int, name: str, rows: list[tuple[str, str]]) -> list[Line]:
        palette = self.view.palette
        lines = [self.line(width), self.line(width).add(f" {name}", palette["strong"])]
        for keys, words in rows:
            for piece in wrap(words, max(1, width - KEYS - 1), 4):
                lines.append(
                    self.line(width).add(f"   {keys:<{KEYS - 3}}", palette["accent"]).add(piece, palette["text"])
                )
                keys = ""
        return lines

    def _names(self, width: int) -> list[Line]:
        """What every action is called in a person's own settings."""
        palette, across = self.view.palette, max(1, width // NAME)
        lines = [self.line(width), self.line(width).add(" names", palette["strong"])]
        lines[-1].add("  for keys of your own, in config.toml under [keys]", palette["muted"])
        tall = -(-len(self.view.actions) // across)
        for nth in range(tall):
            line = self.line(width)
            for column, action in enumerate(self.view.actions[nth::tall]):
                line.to(column * NAME).add(f"   {self._keys(action):<13}", palette["accent"])
                line.add(action.id, palette["text"])
            lines.append(line)
        return lines

    def _signs(self, width: int) -> list[Line]:
        palette = self.view.palette
        lines = [self.line(width), self.line(width).add(" signs", palette["strong"])]
        for look in PANELS:
            line = self.line(width).add("   ").add(palette.glyphs[look], palette[f"panel-{look}"])
            lines.append(line.add(f"  {look:<11}", palette["text"]).add(MEANING[look], palette["muted"]))
        return lines
