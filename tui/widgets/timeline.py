"""The run's time as a line one moves on, with the failures marked."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.line import Line
from tui.widgets.pane import Pane
from tui.words import moment, number

MINUTE = 60.0


class Timeline(Pane, can_focus=True):
    """Seen while one is in the past; its keys move in time."""

    context = "time"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l", "step(1)", show=False),
        Binding("down,j", "wind(-1)", show=False),
        Binding("up,k", "wind(1)", show=False),
        Binding("home,g", "end(0)", show=False),
        Binding("end,G", "end(1)", show=False),
    ]

    def _moved(self) -> None:
        self.app.past.changed()  # type: ignore[attr-defined]

    def action_step(self, step: int) -> None:
        if self.view.travel is not None:
            self.view.travel.step(step)
            self._moved()

    def action_wind(self, minutes: int) -> None:
        if self.view.travel is not None:
            self.view.travel.wind(minutes * MINUTE)
            self._moved()

    def action_end(self, last: int) -> None:
        if self.view.travel is not None:
            self.view.travel.go(len(self.view.travel.history) if last else 0)
            self._moved()

    def on_click(self, event: events.Click) -> None:
        travel = self.view.travel
        if travel is not None and event.y == 1 and travel.history.moments:
            first, last = travel.history.moments[0], travel.history.moments[-1]
            travel.to(first + (last - first) * (event.x - 1) / max(1, self.size.width - 3))
            self._moved()

    def paint(self) -> list[Line]:
        travel, palette = self.view.travel, self.view.palette
        if travel is None:
            return []
        moments = travel.history.moments
        how = f" {travel.speed}x " if travel.playing else ""
        top = self.rule("time travel", (how, "work"))
        if not moments:
            return [top, self.line().add(" The journal is empty.", palette["muted"])]
        first, last = moments[0], moments[-1]
        width = self.size.width - 2

        def column(at: float) -> int:
            return round((width - 1) * (at - first) / (last - first)) if last > first else width - 1

        here = column(travel.moment)
        failures = {column(moments[n - 1]) for n in travel.history.failures}
        bar = self.line().add(" ")
        for x in range(width):
            if x == here:
                bar.add(palette.glyphs["mark"], palette["accent"])
            elif x in failures:
                bar.add(palette.glyphs["failed"], palette["bad"])
            else:
                bar.add(palette.glyphs["bar" if x < here else "empty"], palette["work" if x < here else "line"])
        words = self.line().add(f" {moment(travel.moment, seconds=True)}", palette["strong"])
        words.add(f"  record {number(travel.n)} of {number(len(moments))}", palette["text"])
        whole = f"{moment(first)} to {moment(last)} "
        return [top, bar, words.right((whole, palette["muted"])) if words.left > len(whole) + 1 else words]
