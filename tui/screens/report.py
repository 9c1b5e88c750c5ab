"""The production report: what was drawn, how quickly, where the time went, who is needed."""

from collections.abc import Sequence

from core.report import Needing, Report, report
from tui.action import REPORT
from tui.line import Line, wrap
from tui.report import needing, sections
from tui.screens.reading import SummaryScreen
from tui.view import View
from tui.words import moment, plural

MOST = 200
"""Panels listed of one kind; ``E`` writes them all."""

NAMES = 27
"""Cells for what a figure is called."""

MEANINGS = {"refused": "author", "failed": "bad", "doubtful": "wait"}


class ReportScreen(SummaryScreen):
    """Of the past, when one looks at the past."""

    context = REPORT

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._made: Report | None = None

    def make(self) -> None:
        self._made = None
        super().make()

    @property
    def _report(self) -> Report:
        if self._made is None:
            self._made = report(self.view.state, self.view.now())
        return self._made

    def heading(self) -> tuple[str, str]:
        return "report", f"as of {moment(self._report.at)}"

    def write(self, width: int) -> list[Line]:
        parts = [self._figures(width if width < 100 else width // 2, *part) for part in sections(self._report)]
        if width < 100:
            lines = [line for part in parts for line in part]
        else:
            lines = self.beside(width, parts[0] + parts[1], parts[2])
        for title, panels in needing(self._report):
            lines += self._needing(width, title, panels)
        if not any(panels for _, panels in needing(self._report)):
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
