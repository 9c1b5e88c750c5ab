"""JSON Lines: one JSON object a line, one panel an object."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from core.scripts.model import Script, ScriptError
from core.scripts.rows import Row, read_rows

_HINT = 'write objects such as {"prompt": "what the picture shows"}'


def read_jsonl(text: str, path: Path) -> Script:
    """Read JSON Lines. Raises ScriptError."""
    return read_rows(_rows(text, path), path, hint=_HINT)


def _rows(text: str, path: Path) -> Iterator[Row]:
    decode = msgspec.json.Decoder().decode
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = decode(line)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ScriptError(path, number, f"this is no JSON: {str(error).lower()}; {_HINT}") from error
        if not isinstance(values, dict):
            raise ScriptError(path, number, f"one object a line is needed; {_HINT}")
        yield Row(number, values)
