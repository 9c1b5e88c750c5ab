"""The memory gauge: what the browser and we use of the budget, with the mark nothing new starts past."""

from tui.line import Line
from tui.widgets.pane import Pane
from tui.words import size

MARK = 0.8
"""Share of the budget past which nothing new starts."""


class MemoryGauge(Pane):
    """A rule with the figures, the bar, and the tabs' shares where there is room."""

    def paint(self) -> list[Line]:
        memory, palette = self.view.state.memory, self.view.palette
        if not memory.budget:
            return [self.rule("memory"), self.line().add(" measuring", palette["muted"])]
        share = memory.used / memory.budget
        style = "bad" if share > 1 else "wait" if share > MARK else "good"
        figures = (f" {size(memory.used)} of {size(memory.budget)} ", "muted")
        lines = [self.rule("memory", figures), self._bar(share, style)]
        return lines + self._shares()

    def _bar(self, share: float, style: str) -> Line:
        palette = self.view.palette
        line = self.line().add(" ")
        cells = max(1, line.width - 8)
        full, mark = min(cells, round(cells * share)), min(cells - 1, round(cells * MARK))
        for start, end, name, glyph in ((0, full, style, "bar"), (full, cells, "line", "empty")):
            for first, last in _around(start, end, mark):
                line.add(palette.glyphs[glyph] * (last - first), palette[name])
                if last == mark:
                    line.add(palette.glyphs["mark"], palette["wait"])
        return line.right((f"{100 * share:.0f} % ", palette[style]))

    def _shares(self) -> list[Line]:
        memory, palette = self.view.state.memory, self.view.palette
        tabs = sorted((tab for tab in self.view.state.tabs.values() if tab.memory), key=lambda tab: -tab.memory)
        rest = memory.browser - sum(tab.memory for tab in tabs)
        parts = [(tab.id, tab.memory) for tab in tabs]
        parts += [("browser", rest)] if rest > 0 else []
        parts += [("app", memory.own)] if memory.own else []
        line = self.line().add(" ")
        for name, count in parts:
            if line.left < len(name) + 11:
                line.add(palette.glyphs["more"], palette["muted"])
                break
            line.add(f"{name} ", palette["muted"]).add(f"{size(count)}  ", palette["text"])
        return [line] if parts else []


def _around(start: int, end: int, mark: int) -> list[tuple[int, int]]:
    """[start, end) without the cell at ``mark``, cut in two by it."""
    if start <= mark < end:
        return [(start, mark), (mark + 1, end)]
    return [(start, end)]
