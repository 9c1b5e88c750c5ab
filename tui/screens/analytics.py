"""How the run has gone: figures, charts over time, tabs, and the panels that cost the most."""

from collections.abc import Callable, Sequence

from tui.action import ANALYTICS
from tui.charts import bars, columns, spread
from tui.glyphs import ASCII
from tui.line import Line
from tui.screens.reading import SummaryScreen
from tui.view import View
from tui.widgets.figures import figure_pairs
from tui.words import ago, moment, number, size
from tui.worst import ORDERS, Order, worst

TALL, TALLEST = 4, 12
"""Lines of a chart: at least, and at most where the screen is high enough for all of it to be seen at once."""

WORST = 8
AXIS = 9
"""Cells left of a chart, for what its height means."""

BINS = 40
"""Steps of seconds at most."""

TWO_COLUMNS = 100
"""Cells from which on charts stand beside each other."""

Words = Callable[[float], str]


def percent(value: float) -> str:
    return f"{value:.0f} %"


class AnalyticsScreen(SummaryScreen):
    """Folded from the same state as everything else, so it shows the past as well as now."""

    context = ANALYTICS

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._order: Order = ORDERS[0]

    def next_order(self) -> str:
        """Order the worst panels by something else; returns by what."""
        self._order = ORDERS[(ORDERS.index(self._order) + 1) % len(ORDERS)]
        self.make()
        return self._order

    def heading(self) -> tuple[str, str]:
        metrics = self.view.state.metrics
        return "analytics", f"{ago(metrics.active_seconds)} of work, all runs together"

    def write(self, width: int) -> list[Line]:
        first, worst = self.section(width, "figures") + self._figures(width), self._worst(width)
        if width < TWO_COLUMNS:
            parts = (*self._charts(width, TALL), self._tabs(width))
            return [*first, *(line for part in parts for line in part), *worst]
        room = self.pager.size.height - len(first) - len(worst)
        parts = (*self._charts(width // 2, max(TALL, min(TALLEST, room // 3 - 3))), self._tabs(width - width // 2))
        for left, right in zip(parts[::2], parts[1::2], strict=True):
            first += self.beside(width, left, right)
        return first + worst

    def _charts(self, width: int, tall: int) -> tuple[list[Line], ...]:
        """A gap is left at the right: another one may stand there."""
        width -= 1
        return (
            self._rate(width, tall), self._times(width, tall), self._successes(width, tall),
            self._memory(width, tall), self._waits(width, tall),
        )  # fmt: skip

    # --- parts ---

    def _figures(self, width: int) -> list[Line]:
        palette, pairs = self.view.palette, figure_pairs(self.view)
        across = 3 if width >= 90 else 2 if width >= 52 else 1
        room, lines = width // across, []
        for start in range(0, len(pairs), across):
            line = self.line(width)
            for nth, (name, value) in enumerate(pairs[start : start + across]):
                line.to(nth * room).add(f" {name} ", palette["muted"]).to(nth * room + 17)
                line.add(value or palette.glyphs["none"], palette["strong" if value else "line"])
            lines.append(line)
        return lines

    def _rate(self, width: int, tall: int) -> list[Line]:
        series = self.view.state.metrics.series
        values = [moment.finished * 60.0 / series.step for moment in series.moments]
        return self._over_time(width, tall, "pictures a minute", values, "good", lambda top: f"{top:.1f}")

    def _successes(self, width: int, tall: int) -> list[Line]:
        moments = self.view.state.metrics.series.moments
        values = [100.0 * m.finished / (m.finished + m.failures) if m.finished + m.failures else 0.0 for m in moments]
        return self._over_time(width, tall, "attempts that succeeded, %", values, "work", percent, 100.0)

    def _memory(self, width: int, tall: int) -> list[Line]:
        values = [float(moment.memory) for moment in self.view.state.metrics.series.moments]
        budget, most = self.view.state.memory.budget, max(values, default=0.0)
        if budget and most < budget / 4:  # a flat line at the bottom says less than its shape
            return self._over_time(width, tall, f"memory, of {size(budget)}", values, "text", size)
        return self._over_time(width, tall, "memory", values, "text", size, float(budget))

    def _waits(self, width: int, tall: int) -> list[Line]:
        series = self.view.state.metrics.series
        values = [100.0 * min(1.0, moment.waiting / series.step) for moment in series.moments]
        return self._over_time(width, tall, "time spent waiting for a limit, %", values, "wait", percent, 100.0)

    def _over_time(
        self, width: int, tall: int, title: str, values: Sequence[float], style: str, words: Words, top: float = 0.0
    ) -> list[Line]:
        moments = self.view.state.metrics.series.moments
        lines = self.section(width, title)
        if not moments or not any(values):
            return [*lines, self.line(width).add(" nothing yet", self.view.palette["muted"])]
        top = top or max(values)
        shown = columns(values, width - AXIS - 2)
        lines += self._bars(width, tall, shown, style, words(top), top)
        end = moment(moments[-1].at + self.view.state.metrics.series.step)
        return [*lines, self._axis(width, len(shown), moment(moments[0].at), end)]

    def _times(self, width: int, tall: int) -> list[Line]:
        seconds = [panel.seconds for panel in self.view.state.panels.values() if panel.seconds > 0]
        lines = self.section(width, "seconds a picture took")
        if not seconds:
            return [*lines, self.line(width).add(" nothing yet", self.view.palette["muted"])]
        counts, most = spread(seconds, min(BINS, width - AXIS - 2))
        wide = (width - AXIS - 2) // len(counts)
        values = [float(n) for n in counts for _ in range(wide)]
        lines += self._bars(width, tall, values, "work", number(max(counts)), float(max(counts)))
        middle = sorted(seconds)[len(seconds) // 2]
        return [*lines, self._axis(width, len(values), f"0; half took less than {middle:.1f} s", f"{most:.0f} s")]

    def _axis(self, width: int, cells: int, first: str, last: str) -> Line:
        """What stands under a chart of so many cells: at its left end, and at its right one if there is room."""
        muted = self.view.palette["muted"]
        line = self.line(width).to(AXIS).add(first, muted)
        end = AXIS + cells - len(last)
        return line.to(end).add(last, muted) if end > line.used else line.add(f" to {last}", muted)

    def _bars(self, width: int, tall: int, values: Sequence[float], style: str, most: str, top: float) -> list[Line]:
        palette = self.view.palette
        lines = []
        for nth, text in enumerate(bars(values, tall, top, ascii=palette.glyphs is ASCII)):
            line = self.line(width).add(f"{most:>{AXIS - 1}} " if nth == 0 else " " * AXIS, palette["muted"])
            lines.append(line.add(text, palette[style]))
        return lines

    def _tabs(self, width: int) -> list[Line]:
        palette = self.view.palette
        lines = self.section(width, "tabs over all runs")
        names = f" {'tab':<6}{'pictures':>9}{'errors':>8}{'mean':>9}{'busy':>8}"
        lines.append(self.line(width).add(names, palette["muted"]))
        for id, tab in sorted(self.view.state.metrics.tabs.items(), key=lambda item: (len(item[0]), item[0])):
            mean = f"{tab.average_seconds:.1f} s" if tab.average_seconds is not None else "–"
            busy = f"{100 * tab.busy_fraction:.0f} %" if tab.busy_fraction is not None else "–"
            line = (
                self.line(width).add(f" {id:<6.6}", palette["text"]).add(f"{number(tab.completed):>9}", palette["good"])
            )
            line.add(f"{number(tab.errors):>8}", palette["bad" if tab.errors else "line"])
            lines.append(line.add(f"{mean:>9}{busy:>8}", palette["text"]))
        return lines

    def _worst(self, width: int) -> list[Line]:
        palette, found = self.view.palette, worst(self.view.state.attempts.values(), self._order, WORST)
        lines = self.section(width, f"the worst panels, by {self._order}")
        if not found:
            return [*lines, self.line(width).add(" nothing yet", palette["muted"])]
        names = f" {'panel':<14}{'time':>9}{'lost':>9}{'attempts':>10}{'refusals':>10}{'failures':>10}"
        lines.append(self.line(width).add(names, palette["muted"]))
        for id, cost in found:
            line = self.line(width).add(f" {id:<14.14}", palette["text"])
            cells = (
                ("time", f"{cost.time:.1f} s", 9, "text"),
                ("time lost", f"{cost.lost:.1f} s", 9, "wait"),
                ("attempts", number(cost.attempts), 10, "text"),
                ("refusals", number(cost.refusals), 10, "author"),
                ("failures", number(cost.failures), 10, "bad"),
            )
            for order, text, room, style in cells:
                none = text in ("0", "0.0 s")
                strong = order == self._order and not none
                line.add(f"{text:>{room}}", palette["strong" if strong else "line" if none else style])
            lines.append(line.add(f"  {cost.said}" if cost.said else "", palette["muted"]))
        return lines
