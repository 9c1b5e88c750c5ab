"""Writes the figures and the report of a run as files."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from core.metrics.export import as_csv
from core.report import Report


def write_figures(folder: Path, data: Mapping[str, Any], now: float) -> str:
    """``analytics-DATE.json`` and ``.csv`` in the project's ``folder``; returns their names. Raises OSError."""
    name = datetime.fromtimestamp(now).strftime("analytics-%Y%m%d-%H%M%S")
    (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(data)) + b"\n")
    (folder / f"{name}.csv").write_text(as_csv(data), encoding="utf-8")
    return f"{folder / name}.json and .csv"


def write_report(folder: Path, made: Report) -> str:
    """``report-DATE.html`` and ``.json`` in the project's ``folder``; returns their names. Raises OSError."""
    from tui.report import as_html

    name = datetime.fromtimestamp(made.at).strftime("report-%Y%m%d-%H%M%S")
    (folder / f"{name}.html").write_text(as_html(made) + "\n", encoding="utf-8")
    (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(made)) + b"\n")
    return f"{folder / name}.html and .json"
