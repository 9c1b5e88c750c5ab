"""What stands in the way, in four lanes: each needs somebody else, and each has its key."""

from typing import NamedTuple

from tui.line import Line
from tui.view import View
from tui.widgets.pane import Pane
from tui.words import moment, number


class Lane(NamedTuple):
    key: str
    name: str
    style: str
    count: int
    short: str
    words: str


def lanes(view: View) -> list[Lane]:
    """The four, in the order of who can do something about it: nobody, the author, a person, the next try."""
    until = view.waiting_until
    ends, cause = moment(until) if until else "", str(view.state.cause or "")
    refused, failed = view.count("refused"), view.count("failed")
    return [
        Lane("1", "a limit", "wait", int(until is not None), ends, f"till {ends}"),
        Lane("2", "the author", "author", refused, number(refused), f"{number(refused)} refused"),
        Lane("3", "a person", "person", int(view.needs_person), cause, cause),
        Lane("4", "a retry", "bad", failed, number(failed), f"{number(failed)} failed"),
    ]


class Lanes(Pane):
    """Counts of trouble by what it waits for: a line each, or two on a line where lines are dear."""

    def paint(self) -> list[Line]:
        found = lanes(self.view)
        lines = [self.rule("waits for")]
        columns = 1 if self.size.height > len(found) else 2
        width = self.size.width // columns
        for at in range(0, len(found), columns):
            line = self.line()
            for nth, lane in enumerate(found[at : at + columns]):
                line.join(self._lane(lane, width if columns > 1 else line.width, full=columns == 1)).to(
                    (nth + 1) * width
                )
            lines.append(line)
        return lines

    def _lane(self, lane: Lane, width: int, *, full: bool) -> Line:
        palette = self.view.palette
        line = self.line(width).add(f" {lane.key} ", palette["accent" if lane.count else "line"])
        name = lane.name if full else lane.name.split()[-1]
        line.add(f"{name:<11}" if full else f"{name:<7}", palette["text" if lane.count else "muted"])
        if not lane.count:
            return line.add(palette.glyphs["none"], palette["line"])
        return line.add(lane.words if full else lane.short, palette[lane.style])
