"""How the run has gone: figures, charts over time, tabs, and the panels that cost the most."""

from collections.abc import Sequence

from tui.actions.registry import ANALYTICS
from tui.charts import bars, columns, spread
from tui.glyphs import ASCII
from tui.line import Line
from tui.screens.reading import SummaryScreen
from tui.view import View
from tui.widgets.figures import figure_pairs
from tui.words import ago, moment, number, size
from tui.worst import ORDERS, Order, worst

TALL = 4
WORST = 8


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
        lines = self.section(width, "figures") + self._figures(width)
        half = width // 2 if width >= 100 else width
        charts = [self._rate(half), self._times(half), self._failures(half), self._memory(half), self._waits(half)]
        if half < width:
            for left, right in zip(charts[::2], [*charts[1::2], []], strict=False):
                lines += self.beside(width, left, right)
        else:
            lines += [line for chart in charts for line in chart]
        return lines + self._tabs(width) + self._worst(width)

    # --- parts ---

    def _figures(self, width: int) -> list[Line]:
        palette, pairs = self.view.palette, figure_pairs(self.view)
        across = 3 if width >= 90 else 2
        room, lines = width // across, []
        for start in range(0, len(pairs), across):
            line = self.line(width)
            for nth, (name, value) in enumerate(pairs[start : start + across]):
                line.to(nth * room).add(f" {name} ", palette["muted"]).to(nth * room + 17)
                line.add(value or palette.glyphs["none"], palette["strong" if value else "line"])
            lines.append(line)
        return lines

    def _rate(self, width: int) -> list[Line]:
        series = self.view.state.metrics.series
        values = [moment.finished * 60.0 / series.step for moment in series.moments]
        return self._over_time(width, "pictures a minute", values, "good", lambda top: f"{top:.1f}")

    def _failures(self, width: int) -> list[Line]:
        moments = self.view.state.metrics.series.moments
        values = [100.0 * m.finished / (m.finished + m.failures) if m.finished + m.failures else 0.0 for m in moments]
        return self._over_time(width, "attempts that succeeded, %", values, "work", lambda top: f"{top:.0f} %", 100.0)

    def _memory(self, width: int) -> list[Line]:
        values = [float(moment.memory) for moment in self.view.state.metrics.series.moments]
        return self._over_time(width, "memory", values, "text", size, float(self.view.state.memory.budget))

    def _waits(self, width: int) -> list[Line]:
        series = self.view.state.metrics.series
        values = [100.0 * min(1.0, moment.waiting / series.step) for moment in series.moments]
        return self._over_time(
            width, "time spent waiting for a limit, %", values, "wait", lambda top: f"{top:.0f} %", 100.0
        )

    def _over_time(
        self, width: int, title: str, values: Sequence[float], style: str, words: object, top: float = 0.0
    ) -> list[Line]:
        moments = self.view.state.metrics.series.moments
        lines = self.section(width, title)
        if not moments or not any(values):
            return [*lines, self.line(width).add(" nothing yet", self.view.palette["muted"])]
        top = top or max(values)
        lines += self._bars(width, columns(values, width - 12), style, words(top), top)  # type: ignore[operator]
        end = moments[-1].at + self.view.state.metrics.series.step
        return [*lines, self.line(width).add(f" {moment(moments[0].at)} to {moment(end)}", self.view.palette["muted"])]

    def _times(self, width: int) -> list[Line]:
        seconds = [panel.seconds for panel in self.view.state.panels.values() if panel.seconds > 0]
        lines = self.section(width, "seconds a picture took")
        if not seconds:
            return [*lines, self.line(width).add(" nothing yet", self.view.palette["muted"])]
        counts, most = spread(seconds, min(40, width - 12))
        lines += self._bars(width, [float(n) for n in counts], "work", number(max(counts)), float(max(counts)))
        middle = sorted(seconds)[len(seconds) // 2]
        said = f" 0 to {most:.0f} s; half took less than {middle:.1f} s"
        return [*lines, self.line(width).add(said, self.view.palette["muted"])]

    def _bars(self, width: int, values: Sequence[float], style: str, most: str, top: float) -> list[Line]:
        palette = self.view.palette
        lines = []
        for nth, text in enumerate(bars(values, TALL, top, ascii=palette.glyphs is ASCII)):
            line = self.line(width).add(f"{most:>8} " if nth == 0 else " " * 9, palette["muted"])
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
