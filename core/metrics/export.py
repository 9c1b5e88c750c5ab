"""The figures of a run as plain data, for JSON and CSV."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import msgspec

from core.metrics.accumulators import Metrics


def as_data(metrics: Metrics, now: float) -> dict[str, Any]:
    """Figures, tabs and the series over time. Seconds, bytes, and moments since the epoch."""
    return {
        "figures": msgspec.to_builtins(metrics.figures(now)),
        "tabs": {
            id: {**msgspec.to_builtins(tab), "average_seconds": tab.average_seconds, "busy_fraction": tab.busy_fraction}
            for id, tab in metrics.tabs.items()
        },
        "series": {
            "step_seconds": metrics.series.step,
            "moments": [
                {
                    "at": moment.at,
                    "finished": moment.finished,
                    "failures": moment.failures,
                    "memory_bytes": moment.memory,
                    "waiting_seconds": moment.waiting,
                }
                for moment in metrics.series.moments
            ],
        },
    }


def as_csv(data: Mapping[str, Any]) -> str:
    """The series over time, a line a moment."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["at", "finished", "failures", "memory_bytes", "waiting_seconds"])
    writer.writeheader()
    writer.writerows(data["series"]["moments"])
    return out.getvalue()
