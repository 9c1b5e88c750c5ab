"""The nine figures of the run."""

from tui.line import Line
from tui.view import View
from tui.widgets.pane import Pane
from tui.words import number, size


class FiguresPane(Pane):
    """Two columns of figures; a dash where nothing was measured yet."""

    def paint(self) -> list[Line]:
        palette, pairs = self.view.palette, figure_pairs(self.view)
        half = -(-len(pairs) // 2)
        lines = [self.rule("figures")]
        middle = self.size.width // 2
        for n in range(half):
            line = self.line()
            for column, pair in enumerate(pairs[n::half]):
                line.to(column * middle + 1)
                name, value = pair
                end = (column + 1) * middle - 2
                line.add(name, palette["muted"]).to(end - len(value or "-"))
                line.add(value or palette.glyphs["none"], palette["text" if value else "line"])
            lines.append(line)
        return lines


def figure_pairs(view: View) -> list[tuple[str, str | None]]:
    """The nine figures by name; None where nothing was measured yet."""
    figures = view.state.metrics.figures(view.now())
    return [
        ("a minute", _one(figures.images_per_minute)),
        ("picture takes", _one(figures.average_generation_seconds, " s")),
        ("tabs busy", _share(figures.parallel_efficiency)),
        ("attempts ok", _share(figures.success_rate)),
        ("recoveries ok", _share(figures.recovery_success_rate)),
        ("most memory", size(figures.memory_peak_bytes) if figures.memory_peak_bytes else None),
        ("most at once", number(figures.max_concurrent_operations)),
        ("best batch", number(figures.largest_successful_batch)),
        ("longest", _one(figures.longest_operation_seconds, " s")),
    ]


def _one(value: float | None, unit: str = "") -> str | None:
    return None if value is None else f"{value:.1f}{unit}"


def _share(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:.0f} %"
