"""Spreadsheets saved as text: CSV (comma or semicolon) and TSV, one panel a row, the first row naming the columns."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from core.scripts.model import Script, ScriptError
from core.scripts.rows import Row, read_rows

_HINT = 'name a column "prompt" (or description, shot, picture, text) in the first row'


def read_table(text: str, path: Path) -> Script:
    """Read a table. Raises ScriptError."""
    return read_rows(_rows(text, path), path, hint=_HINT)


def _rows(text: str, path: Path) -> Iterator[Row]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)  # a single column has none: then it is a comma
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [name.strip() or f"column {number}" for number, name in enumerate(cells, start=1)]
                if twice := {name for name in columns if columns.count(name) > 1}:
                    raise ScriptError(path, start, f'two columns are called "{min(twice)}"; rename one')
            elif len(cells) > len(columns):
                raise ScriptError(
                    path,
                    start,
                    f"{len(cells)} cells but {len(columns)} columns; put quotes around cells with commas",
                )
            else:
                yield Row(start, dict(zip(columns, cells + [""] * (len(columns) - len(cells)), strict=True)))
    except csv.Error as error:
        raise ScriptError(path, line, f"this row cannot be read: {error}") from error
