"""What happened, one line each, the latest last."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from core.state import LogLine
from tui.line import Line
from tui.widgets.pane import Pane
from tui.words import moment

STYLES = {"info": "muted", "good": "text", "warning": "wait", "error": "bad"}
"""What goes well is quiet; only what wants a look has a colour."""


class LogPane(Pane, can_focus=True):
    """The end of the log. Scrolled up it stays where it is, whatever is added."""

    context = "log"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "step(-9999)", show=False),
        Binding("end,G", "step(9999)", show=False),
    ]

    class Chosen(Message):
        """A line was clicked."""

    at: int | None = None  #: number of the record under the cursor; None follows the end

    @property
    def chosen(self) -> LogLine | None:
        """The line under the cursor."""
        log = self.view.state.log
        return log[self._cursor()] if log else None

    def action_step(self, step: int) -> None:
        log = self.view.state.log
        if log:
            at = max(0, min(len(log) - 1, self._cursor() + step))
            self.at = None if at == len(log) - 1 else log[at].seq
            self.update()

    def action_page(self, direction: int) -> None:
        self.action_step(direction * max(1, self.size.height - 2))

    def on_click(self, event: events.Click) -> None:
        log, at = self.view.state.log, self._first() + event.y - 1
        if event.y >= 1 and at < len(log):
            self.action_step(at - self._cursor())
            self.post_message(self.Chosen())

    def _cursor(self) -> int:
        log = self.view.state.log
        if self.at is None:
            return len(log) - 1
        return next((n for n, line in enumerate(log) if line.seq >= self.at), len(log) - 1)

    def _first(self) -> int:
        room = max(1, self.size.height - 1)
        end = len(self.view.state.log) if self.at is None else max(self._cursor() + 1, room)
        return max(0, end - room)

    def paint(self) -> list[Line]:
        log, first = self.view.state.log, self._first()
        newer = 0 if self.at is None else len(log) - 1 - self._cursor()
        seen = log[first : first + self.size.height - 1]
        cursor = self._cursor() if self.has_focus else -1
        top = self.rule("events", (f" {newer} newer below " if newer else "", "wait"))
        return [top, *(self._event(line, first + n == cursor) for n, line in enumerate(seen))]

    def _event(self, told: LogLine, here: bool) -> Line:
        palette = self.view.palette
        line = self.line().add(palette.glyphs["here"] if here else " ", palette["accent"])
        line.add(moment(told.at, seconds=True) + "  ", palette["muted"])
        return line.add(told.text, palette[STYLES[told.level]])
