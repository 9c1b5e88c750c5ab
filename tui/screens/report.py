"""The production report: what was drawn, how quickly, where the time went, who is needed."""

import time
from collections.abc import Sequence

from core.report import Needing, report
from tui.actions.registry import REPORT
from tui.line import Line, wrap
from tui.report import needing, sections
from tui.screens.reading import ReadingScreen
from tui.view import View
from tui.words import moment, plural

LEAST = 5.0
"""Seconds between two reports, at least; making one may take a hundredth of the time, no more."""

MOST = 200
"""Panels listed of one kind; ``E`` writes them all."""

NAMES = 27
"""Cells for what a figure is called."""

MEANINGS = {"refused": "author", "failed": "bad", "doubtful": "wait"}


class ReportScreen(ReadingScreen):
    """Made anew while one looks, as seldom as it takes long; of the past, when one looks at the past."""

    context = REPORT

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._made, self._next, self._of = report(view.state, view.now()), 0.0, -1

    def paint(self) -> None:
        view, begun = self.view, time.monotonic()
        if begun >= self._next and view.state.seq != self._of:
            self._made, self._of = report(view.state, view.now()), view.state.seq
            self._next = time.monotonic() + max(LEAST, 100 * (time.monotonic() - begun))
        super().paint()

    def heading(self) -> tuple[str, str]:
        return "report", f"as of {moment(self._made.at)}"

    def write(self, width: int) -> list[Line]:
        parts = [self._figures(width if width < 100 else width // 2, *part) for part in sections(self._made)]
        if width < 100:
            lines = [line for part in parts for line in part]
        else:
            lines = self.beside(width, parts[0] + parts[1], parts[2])
        for title, panels in needing(self._made):
            lines += self._needing(width, title, panels)
        if not any(panels for _, panels in needing(self._made)):
            lines += [self.line(width), self.line(width).add(" Nobody is needed: nothing was refused, failed or is "
                                                             "doubtful.", self.view.palette["good"])]  # fmt: skip
        return lines

    def _figures(self, width: int, title: str, pairs: Sequence[tuple[str, str]]) -> list[Line]:
        palette, lines = self.view.palette, self.section(width - 1, title)
        for what, much in pairs:
            line = self.line(width - 1).add(f" {what}", palette["muted"])
            for part in wrap(much, width - NAMES - 2, 4):
                lines.append(line.to(NAMES).add(part, palette["text"]))
                line = self.line(width - 1)
        return lines

    def _needing(self, width: int, title: str, panels: tuple[Needing, ...]) -> list[Line]:
        if not panels:
            return []
        palette = self.view.palette
        lines = self.section(width, f"{title} ({len(panels)})")
        style = palette[MEANINGS[title.split(":")[0]]]
        for panel in panels[:MOST]:
            lines.append(self.line(width).add(f" {panel.panel}  ", palette["strong"]).add(panel.why, style))
            lines += [
                self.line(width).add("   ").join(part) for part in self.paragraph(width - 3, panel.prompt, "muted", 2)
            ]
        if len(panels) > MOST:
            rest = f" and {plural(len(panels) - MOST, 'panel')} more; E writes them all"
            lines.append(self.line(width).add(rest, palette["muted"]))
        return lines
