"""All events there are lines for, the latest at the end."""

from tui.action import LOG_SCREEN
from tui.line import Line
from tui.screens.reading import ReadingScreen
from tui.widgets.log import STYLES
from tui.words import moment, plural


class LogScreen(ReadingScreen):
    """Follows the end until one scrolls up."""

    context = LOG_SCREEN
    at_end = True

    def heading(self) -> tuple[str, str]:
        return "events", f"the last {plural(len(self.view.state.log), 'line')}; the journal has them all"

    def write(self, width: int) -> list[Line]:
        palette = self.view.palette
        return [
            self.line(width)
            .add(f" {moment(told.at, seconds=True)}  ", palette["muted"])
            .add(told.text, palette[STYLES[told.level]])
            for told in self.view.state.log
        ]
