"""Spreadsheets saved as text: CSV (comma or semicolon) and TSV, one panel a row, the first row naming the columns.

Front matter, as in the native format, may stand above the first row.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from core.scripts.front_matter import read_front_matter, write_front_matter
from core.scripts.model import Script, ScriptError
from core.scripts.rows import Row, as_row, columns_of, read_rows

_HINT = 'name a column "prompt" (or description, shot, picture, text) in the first row'
_SEPARATOR = re.compile(r"sep=([,;\t])\s*(?:\n|$)", re.IGNORECASE)
_LONGEST_CELL = 10 * 2**20

_ORDER = (
    "id", "chapter", "chapter_title", "chapter_template", "chapter_looks", "page", "panel", "size", "prompt",
    "characters", "place", "slug", "template", "caption", "dialogue", "sfx", "words", "refs", "seed", "aspect",
)  # fmt: skip


def is_table(text: str) -> bool:
    """True where the first row names columns that mean something here, one of them the picture."""
    lines = text.split("\n", 200)
    try:
        body = lines[read_front_matter(lines[:200], Path()).end :]
        rows = [line for line in body if line.strip()]
        delimiter = _delimiter(rows[0])
        head = rows[1] if _SEPARATOR.match(rows[0]) else rows[0]
        cells = next(csv.reader([head], delimiter=delimiter, strict=True), [])
    except (ScriptError, csv.Error, IndexError):
        return False
    return len(cells) > 1 and len(columns_of(cells).fields) > 1 and "text" in columns_of(cells).fields


def read_table(text: str, path: Path) -> Script:
    """Read a table. Raises ScriptError."""
    lines = text.split("\n", 1000) if text.startswith("---") else []
    front = read_front_matter(lines, path)
    while front.end and front.end < len(lines) - 1 and not lines[front.end].strip():
        front.end += 1
    rest = "\n".join(lines[front.end :]) if front.end else text
    return read_rows(_rows(rest, path, front.end), path, hint=_HINT, front=front)


def _delimiter(head: str) -> str:
    """What parts cells: as Excel's own first line says (``sep=;``), else what there is most of."""
    if (said := _SEPARATOR.match(head)) is not None:
        return said[1]
    return max(",;\t", key=head.count)  # a single column has none: then it is a comma


def _rows(text: str, path: Path, above: int) -> Iterator[Row]:
    delimiter = _delimiter(text.split("\n", 1)[0])
    if said := _SEPARATOR.match(text):
        text, above = text[said.end() :], above + 1
    csv.field_size_limit(_LONGEST_CELL)
    unquoted = delimiter == "\t" and not _quoted(text)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if unquoted else csv.QUOTE_MINIMAL,
        strict=True,
    )
    columns: list[str] = []
    line = above + 1
    try:
        for cells in reader:
            start, line = line, above + reader.line_num + 1
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


def _quoted(text: str) -> bool:
    """False where quotes in cells parted by tabs are part of what is said: not all programs quote them."""
    if '"' not in text:
        return False
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True):
            pass
    except csv.Error:
        return False
    return True


def write_table(script: Script, *, delimiter: str = ",") -> str:
    """The script as a table. A chapter without panels has no row."""
    rows = [as_row(script, panel) for panel in script.panels]
    used = {field for row in rows for field in row} | {"prompt"}
    columns = [name for name in _ORDER if name in used]
    columns += sorted(used.difference(columns))  # words in other languages
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return "\n".join([*write_front_matter(script), out.getvalue()])
