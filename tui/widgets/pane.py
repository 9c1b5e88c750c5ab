"""A pane of lines: it draws all of them anew and sends only those that differ."""

from textual.app import RenderResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.line import Line, difference
from tui.view import View


class Pane(Widget):
    """Base of the panes. A subclass says its lines in ``paint``; ``context`` is its name in the key table."""

    context = ""

    def __init__(self, view: View, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.view = view
        self._strips: list[Strip] = []
        self._drawn: tuple[int, int] = (0, 0)

    def paint(self) -> list[Line]:
        """All lines for the pane's present size."""
        raise NotImplementedError

    def line(self, width: int | None = None) -> Line:
        palette = self.view.palette
        return Line(self.size.width if width is None else width, palette["text"], palette.glyphs["more"])

    def rule(self, title: str, *right: tuple[str, str]) -> Line:
        """The pane's first line: a rule with its name, lit while the pane has the keys."""
        palette = self.view.palette
        here = self.has_focus
        line, rule = self.line(), palette["accent" if here else "line"]
        line.add(palette.glyphs["rule"], rule).add(f" {title} ", palette["accent" if here else "muted"])
        if right:
            parts = [(text, palette[style]) for text, style in right if text]
            return line.right(*parts, fill=palette.glyphs["rule"], style=rule)
        return line.to(line.width, palette.glyphs["rule"], rule)

    def update(self) -> None:
        """Draw again what differs."""
        if not self.display or not self.size or not self.is_attached:
            return
        if self._drawn != (self.size.width, self.size.height):
            self.refresh()  # never drawn at this size: all of it
            return
        old, new = self._strips, self._lines()
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            changed = difference(before, after)
            if changed is not None:
                self.refresh(Region(changed[0], y, changed[1] - changed[0], 1))

    def _lines(self) -> list[Strip]:
        width, height = self.size
        strips = [line.strip() for line in self.paint()[:height]]
        blank = Strip.blank(width, self.view.palette["text"])
        strips += [blank] * (height - len(strips))
        self._strips = strips
        return strips

    def render_line(self, y: int) -> Strip:
        size = (self.size.width, self.size.height)
        if self._drawn != size or len(self._strips) != self.size.height:
            self._lines()
            self._drawn = size
        return self._strips[y] if y < len(self._strips) else Strip.blank(size[0], self.view.palette["text"])

    def render(self) -> RenderResult:
        return ""

    def repaint(self) -> None:
        """Draw everything again: another theme, another size."""
        self._drawn = (0, 0)
        self.refresh()

    def on_resize(self) -> None:
        self._drawn = (0, 0)

    def on_focus(self) -> None:
        self.update()

    def on_blur(self) -> None:
        self.update()
