"""A screen one reads: a heading, a pager, the keys."""

import time
from collections.abc import Collection

from textual.app import ComposeResult
from textual.screen import Screen

from tui.line import Line, wrap
from tui.terminal.pixels import Placement
from tui.view import View
from tui.widgets.footer import Footer
from tui.widgets.pager import Pager
from tui.widgets.pane import Pane

LEAST = 5.0
"""Seconds between two looks at a whole run, at least; one look may take a hundredth of the time, no more."""


class Heading(Pane):
    """One line: what one reads, and a word at the right."""

    DEFAULT_CSS = "Heading { height: 1; }"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.title, self.note = "", ""

    def paint(self) -> list[Line]:
        palette = self.view.palette
        line = self.line().add(" ").add(self.title, palette["strong"])
        return [line.right((self.note + " ", palette["muted"]))]


class ReadingScreen(Screen[None]):
    """Subclasses say ``heading`` and ``write``; ``context`` is the screen's name in the key table."""

    context = ""
    at_end = False
    DEFAULT_CSS = """
    ReadingScreen { layout: vertical; background: $background; }
    ReadingScreen Pager { height: 1fr; }
    ReadingScreen Footer { height: 1; }
    """

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self._heading = Heading(view)
        self.pager = Pager(view, self.write, at_end=self.at_end)
        self.footer = Footer(view)

    def compose(self) -> ComposeResult:
        yield self._heading
        yield self.pager
        yield self.footer

    def on_mount(self) -> None:
        self.paint()
        self.footer.show(self.context)

    def on_resize(self) -> None:
        self.paint()

    @property
    def placed(self) -> Collection[Placement]:
        """Its pictures in the terminal's own graphics."""
        return ()

    def heading(self) -> tuple[str, str]:
        """The title and the word at the right."""
        raise NotImplementedError

    def write(self, width: int) -> list[Line]:
        """All lines for that width."""
        raise NotImplementedError

    def beside(self, width: int, left: list[Line], right: list[Line]) -> list[Line]:
        """Two columns of lines in one."""
        lines = []
        for n in range(max(len(left), len(right))):
            line = self.line(width)
            if n < len(left):
                line.join(left[n])
            line.to(width // 2)
            if n < len(right):
                line.join(right[n])
            lines.append(line)
        return lines

    def paint(self) -> None:
        """Draw what differs."""
        self._heading.title, self._heading.note = self.heading()
        self._heading.update()
        self.pager.rewrite()
        self.footer.update()

    def repaint(self) -> None:
        for pane in self.query(Pane):
            pane.repaint()
        self.paint()

    # --- words for write ---

    def line(self, width: int) -> Line:
        return Line(width, self.view.palette["text"], self.view.palette.glyphs["more"])

    def section(self, width: int, title: str) -> list[Line]:
        """A blank line and a rule with a title."""
        palette = self.view.palette
        rule = self.line(width).add(palette.glyphs["rule"], palette["line"]).add(f" {title} ", palette["muted"])
        return [self.line(width), rule.to(width, palette.glyphs["rule"], palette["line"])]

    def paragraph(self, width: int, text: str, style: str = "text", most: int = 40) -> list[Line]:
        """``text`` with its own line ends, broken to the width."""
        room = min(width - 2, 100)
        lines: list[Line] = []
        for part in text[:20_000].splitlines() or [""]:
            lines += [
                self.line(width).add(" ").add(piece, self.view.palette[style]) for piece in wrap(part, room, most)
            ]
        return lines


class SummaryScreen(ReadingScreen):
    """What is made of a whole run: anew when the run has changed, and as seldom as it takes long."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._next, self._of = 0.0, -1

    def paint(self) -> None:
        if self.view.state.seq != self._of and time.monotonic() >= self._next:
            self.make()
        else:
            self.footer.update()

    def make(self) -> None:
        """Look at the whole run again, now."""
        begun = time.monotonic()
        self._of = self.view.state.seq
        super().paint()
        self._next = time.monotonic() + max(LEAST, 100 * (time.monotonic() - begun))

    def repaint(self) -> None:
        self.make()
        super().repaint()
