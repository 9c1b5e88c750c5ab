"""Writes the figures of a run as files."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from core.metrics.export import as_csv


def write_figures(folder: Path, data: Mapping[str, Any], now: float) -> str:
    """``analytics-DATE.json`` and ``.csv`` in the project's ``folder``; returns their names. Raises OSError."""
    name = datetime.fromtimestamp(now).strftime("analytics-%Y%m%d-%H%M%S")
    (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(data)) + b"\n")
    (folder / f"{name}.csv").write_text(as_csv(data), encoding="utf-8")
    return f"{folder / name}.json and .csv"
