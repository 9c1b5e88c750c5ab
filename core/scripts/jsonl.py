"""JSON Lines: one JSON object a line, one panel an object.

An object without a panel's keys may stand on the first line and speak for the whole script:
``{"novelgen": 1, "title": "…", "style": "…", "characters": {"mira": "girl of nine"}}``.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from core.scripts.front_matter import FrontMatter, tables_of
from core.scripts.model import Script, ScriptError
from core.scripts.rows import Row, as_row, columns_of, read_rows
from core.scripts.structured import read_structured
from core.scripts.wording import WORD_FIELDS, looks_by_name, objects, raw

_HINT = 'write objects such as {"prompt": "what the picture shows"}'
_LISTS = ("characters", "refs")


def is_jsonl(text: str) -> bool:
    """True where the first line is a JSON object by itself."""
    line = text.lstrip().split("\n", 1)[0]
    try:
        return line.startswith("{") and isinstance(msgspec.json.decode(line), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def read_jsonl(text: str, path: Path) -> Script:
    """Read JSON Lines, or one list of objects under the same ending. Raises ScriptError."""
    if _is_list(text):
        return read_structured(text, path)
    front = FrontMatter()
    return read_rows(_rows(text, path, front), path, hint=_HINT, front=front)


def _is_list(text: str) -> bool:
    """``[{"prompt": …}, …]``, on one line or on many."""
    return re.match(r"\s*\[\s*\{", text) is not None


def _rows(text: str, path: Path, front: FrontMatter) -> Iterator[Row]:
    decode = msgspec.json.Decoder().decode
    first = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = decode(line)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ScriptError(path, number, f"this is no JSON: {str(error).lower()}; {_HINT}") from error
        if not isinstance(values, dict):
            raise ScriptError(path, number, f"one object a line is needed; {_HINT}")
        if first and _is_header(values):
            take_header(front, values, number)
        else:
            yield Row(number, values)
        first = False


def _is_header(values: Mapping[str, Any]) -> bool:
    columns = columns_of(values)
    return "novelgen" in values or ("title" in values and "text" not in columns.fields and not columns.words)


def take_header(front: FrontMatter, values: Mapping[str, Any], line: int) -> None:
    """What an object says about the whole script; what is no text is reported."""
    for key, value in values.items():
        table = front.table(key)
        if key == "novelgen" and value == 1:
            continue  # says only that this is a header
        if key == "front" and isinstance(value, Mapping):
            front.values.update({name: raw(said) for name, said in value.items()})
        elif table is not None and isinstance(value, Mapping):
            table.update({name: raw(looks) for name, looks in value.items()})
        elif table is not None and (looks := looks_by_name(value)) is not None:
            table.update(looks)
        elif isinstance(value, (Mapping, list)):
            front.unplaced.append((line, f'"{key}"'))
        else:
            front.values[key] = raw(value)


def write_jsonl(script: Script) -> str:
    """The script as JSON Lines. A chapter without panels has no line."""
    own = {"title": script.title, "style": script.style, "aspect": script.aspect, "front": script.front}
    header = {key: value for key, value in {**own, **tables_of(script)}.items() if value}
    lines: list[dict[str, Any]] = [{"novelgen": 1, **header}] if header else []
    for panel in script.panels:
        row: dict[str, Any] = as_row(script, panel)
        if "words" in row or any("_" in field for field in row if field.split("_")[0] in WORD_FIELDS):
            row = {key: value for key, value in row.items() if key.split("_")[0] not in WORD_FIELDS}
            row["words"] = objects(panel.words)
        for field in _LISTS:
            if field in row:
                row[field] = row[field].split(", ")
        for field in ("page", "panel", "seed"):
            if field in row:
                row[field] = int(row[field])
        row.setdefault("prompt", "")
        lines.append(row)
    return "".join(msgspec.json.encode(line).decode() + "\n" for line in lines)
