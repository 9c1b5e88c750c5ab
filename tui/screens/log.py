"""All events there are lines for, the latest at the end."""

from tui.action import LOG_SCREEN
from tui.line import Line, wrap
from tui.screens.reading import ReadingScreen
from tui.widgets.log import STYLES
from tui.words import moment, plural

MOST = 4
"""Lines of one event."""


class LogScreen(ReadingScreen):
    """Follows the end until one scrolls up."""

    context = LOG_SCREEN
    at_end = True

    def heading(self) -> tuple[str, str]:
        return "events", f"the last {plural(len(self.view.state.log), 'line')}; the journal has them all"

    def write(self, width: int) -> list[Line]:
        palette, lines = self.view.palette, []
        for told in self.view.state.log:
            when = f" {moment(told.at, seconds=True)}  "
            for piece in wrap(told.text, max(1, width - len(when)), MOST):
                lines.append(self.line(width).add(when, palette["muted"]).add(piece, palette[STYLES[told.level]]))
                when = " " * len(when)
        return lines
