"""Charts of blocks: a column a step, eighths of a cell tall. Pure arithmetic and words, no widget."""

from collections.abc import Sequence

EIGHTHS = " ▁▂▃▄▅▆▇█"


def columns(values: Sequence[float], width: int) -> list[float]:
    """``values`` on ``width`` columns: each the mean of those that fall on it, none stretched beyond its own."""
    if len(values) <= width:
        return list(values)
    found = []
    for x in range(width):
        part = values[len(values) * x // width : max(len(values) * (x + 1) // width, len(values) * x // width + 1)]
        found.append(sum(part) / len(part))
    return found


def bars(values: Sequence[float], height: int, top: float, *, ascii: bool = False) -> list[str]:
    """``height`` lines from the top down; ``top`` is the value of a whole column."""
    lines = []
    for row in range(height - 1, -1, -1):
        cells = []
        for value in values:
            eighths = round(8 * height * value / top) - 8 * row if top > 0 else 0
            eighths = max(0, min(8, eighths))
            if value > 0 and row == 0:
                eighths = max(1, eighths)  # what there is is seen
            cells.append(("#" if eighths >= 4 else "." if eighths else " ") if ascii else EIGHTHS[eighths])
        lines.append("".join(cells))
    return lines


def spread(values: Sequence[float], bins: int) -> tuple[list[int], float]:
    """How many values fall into each of ``bins`` equal steps from 0 to the greatest, and that greatest."""
    most = max(values, default=0.0)
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(bins * value / most)) if most > 0 else 0] += 1
    return counts, most
