"""The takes of a panel as pictures, side by side where there is room."""

from textual.geometry import Region

from core.state import PanelState
from tui.line import Line, wrap
from tui.terminal.pixels import Placement
from tui.view import View
from tui.widgets.pane import Pane

SIDE_BY_SIDE = 36
"""Cells a take has to have for another one to stand beside it."""


class TakesPane(Pane):
    """``at`` is the take one looks at; None is the chosen one. ``placed``: pictures the terminal itself draws."""

    def __init__(self, view: View, *, id: str | None = None) -> None:
        super().__init__(view, id=id)
        self.at: int | None = None
        self.placed: list[Placement] = []

    def update(self) -> None:
        before = self.placed
        super().update()
        if self.placed != before:
            self.refresh(Region(0, 0, 1, 1))  # the words may be the same: it is the frame that brings the pictures

    def seen(self, panel: PanelState) -> int:
        """The index of the take one looks at."""
        at = panel.chosen if self.at is None else self.at
        return max(0, min(len(panel.takes) - 1, at or 0))

    def step(self, step: int) -> bool:
        """Look at the next take, or the one before; False where there is none."""
        panel = self.view.panel
        if panel is None or not 0 <= self.seen(panel) + step < len(panel.takes):
            return False
        self.at = self.seen(panel) + step
        self.update()
        return True

    def paint(self) -> list[Line]:
        panel = self.view.panel
        self.placed = []
        if panel is None:
            return []
        if not panel.takes:
            return self._said("No picture yet.")
        if self.view.pictures is None:
            return self._said("Pictures are turned off; P shows them.")
        if not self.view.pictures.here:
            return self._said("The pictures are on the machine of the run.")
        count = max(1, min(len(panel.takes), self.size.width // SIDE_BY_SIDE))
        at = self.seen(panel)
        first = max(0, min(at - count // 2, len(panel.takes) - count))
        room = self.size.width // count
        columns = [self._take(panel, nth, room, nth == at, (nth - first) * room) for nth in range(first, first + count)]
        lines = []
        for y in range(self.size.height):
            line = self.line()
            for nth, column in enumerate(columns):
                if y < len(column):
                    line.join(column[y])
                line.to((nth + 1) * room)
            lines.append(line)
        return lines

    def _said(self, sentence: str) -> list[Line]:
        """In the place of pictures."""
        parts, muted = wrap(sentence, self.size.width - 2, 4), self.view.palette["muted"]
        return [self.line(), *(self.line().add(" ").add(part, muted) for part in parts)]

    def _take(self, panel: PanelState, nth: int, room: int, here: bool, x: int) -> list[Line]:
        palette, take = self.view.palette, panel.takes[nth]
        width, height = room - 2, self.size.height - 1
        chosen = nth == panel.chosen
        name = self.line(room).add(" ").add(palette.glyphs["here"] if here else " ", palette["accent"])
        name.add(f" take {nth + 1}", palette["strong" if here else "muted"])
        name.add("  chosen" if chosen else "", palette["good"])
        assert self.view.pictures is not None
        picture = self.view.pictures.large(take.file, width, height)
        if picture is None:
            return [name, self.line(room).add("  opening …", palette["muted"])]
        if picture.sentence:
            return [name, self.line(room).add(f"  {picture.sentence}", palette["wait"])]
        if picture.pixels is not None:
            self.placed.append(Placement(self.region.x + x + 1, self.region.y + 1, picture.pixels))
            return [name]
        return [name, *(self.line(room).add(" ").blocks(row) for row in picture.rows)]
