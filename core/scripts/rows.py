"""Scripts with one panel a row (CSV, TSV, JSONL): columns go by many names, mapped here once."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from core.scripts.building import ScriptBuilder, listed
from core.scripts.front_matter import FrontMatter
from core.scripts.headings import chapter_heading
from core.scripts.lettering import lettering
from core.scripts.model import Script, ScriptError, Words
from core.scripts.numbers import number_of

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "panel_id", "key", "name"),
    "chapter": ("chapter", "ch", "act", "episode"),
    "chapter_title": ("chapter_title", "chapter_name"),
    "page": ("page", "pg", "page_number"),
    "panel": ("panel", "number", "panel_number", "no", "nr"),
    "text": ("prompt", "description", "shot", "picture", "text", "action", "image", "visual"),
    "size": ("size", "layout", "panel_size"),
    "aspect": ("aspect", "aspect_ratio", "ratio"),
    "cast": ("cast", "characters", "character", "who"),
    "place": ("place", "location", "setting", "scene"),
    "caption": ("caption", "captions", "narration"),
    "dialogue": ("dialogue", "dialog", "speech", "balloons", "lines"),
    "sfx": ("sfx", "sound", "sounds", "effects"),
    "refs": ("refs", "references", "reference"),
    "seed": ("seed",),
}
"""Field -> the names a column for it may have, best first; case, spaces and hyphens do not matter."""


class Row(msgspec.Struct, frozen=True):
    """``line`` counts from 1."""

    line: int
    values: Mapping[str, Any]


def column_of(columns: Iterable[str]) -> dict[str, str]:
    """Field -> the column that holds it."""
    plain = {re.sub(r"[\s-]+", "_", column.strip().casefold()): column for column in columns}
    found = {}
    for field, names in COLUMNS.items():
        for name in names:
            if name in plain:
                found[field] = plain[name]
                break
    return found


def read_rows(rows: Iterable[Row], path: Path, *, hint: str) -> Script:
    """A script from its rows, in their order; a chapter that comes back later is continued. Raises ScriptError."""
    chapters: dict[str, list[tuple[Row, dict[str, str]]]] = {}
    builder = ScriptBuilder(path)
    columns: dict[str, str] = {}
    seen: set[str] = set()
    for row in rows:
        if not seen.issuperset(row.values):
            seen.update(row.values)
            columns = column_of(seen)
            for column in sorted(set(row.values) - set(columns.values())):
                builder.leave(row.line, f'column "{column}"')
        if "text" not in columns:
            raise ScriptError(path, row.line, f"no column says what the picture shows; {hint}")
        chapter = _text(row.values.get(columns.get("chapter", ""), ""))
        chapters.setdefault(chapter, []).append((row, columns))
    for chapter, panels in chapters.items():
        _chapter(builder, chapter, panels)
    return builder.finish(FrontMatter(), hint)


def _chapter(builder: ScriptBuilder, name: str, panels: list[tuple[Row, dict[str, str]]]) -> None:
    first, columns = panels[0]
    number, title = _chapter_name(name)
    builder.chapter(first.line, number, _text(first.values.get(columns.get("chapter_title", ""), "")) or title)
    page: int | None = None
    for row, columns in panels:
        given = {field: row.values.get(column) for field, column in columns.items()}
        on = _number(builder, row, "page", given.get("page"))
        if on is not None and on != page:
            builder.page(on)
            page = on
        _panel(builder, row, given)


def _chapter_name(name: str) -> tuple[int | None, str]:
    """``1``, ``ch01``, ``Chapter 1: Dusk`` and ``Dusk`` are all names of chapters."""
    if heading := chapter_heading(name):
        return heading.number, heading.rest
    found = re.fullmatch(r"(?:[a-z.]*\s*)?([0-9]{1,9})", name, re.IGNORECASE)
    return (int(found[1]), "") if found else (None, name)


def _panel(builder: ScriptBuilder, row: Row, given: Mapping[str, Any]) -> None:
    builder.panel(row.line, _number(builder, row, "panel", given.get("panel")), _text(given.get("size")))
    if text := _text(given.get("text")):
        builder.text(text)
    for field in ("id", "aspect", "place", "seed"):
        builder.attribute(row.line, field, _text(given.get(field)))
    for field in ("cast", "refs"):
        value = given.get(field)
        names = ", ".join(_text(item) for item in value) if isinstance(value, list) else _text(value)
        builder.attribute(row.line, field, ", ".join(listed(names)))
    for line in _lines(given.get("caption")):
        builder.words(Words("caption", line))
    for item in _items(given.get("dialogue")):
        builder.words(_said(item))
    for line in _lines(given.get("sfx")):
        builder.words(Words("sfx", line))


def _number(builder: ScriptBuilder, row: Row, field: str, value: object) -> int | None:
    text = _text(value)
    if not text:
        return None
    number = number_of(text)
    if number is None and (found := re.fullmatch(r"[a-z.]*\s*([0-9]{1,9})(?:\.0)?", text, re.IGNORECASE)):
        number = int(found[1])
    if number is None:
        raise ScriptError(builder.path, row.line, f'{field} is a whole number, not "{text}"')
    return number


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else list(_lines(value))


def _lines(value: object) -> list[str]:
    if isinstance(value, list):
        return [line for item in value for line in _lines(item)]
    return [line for part in _raw(value).splitlines() if (line := " ".join(part.split()))]


def _said(item: object) -> Words:
    """``HOLMES (softly): …`` or ``{"who": …, "text": …, "how": …}``."""
    if isinstance(item, Mapping):
        said = next((item[key] for key in ("text", "say", "line") if key in item), "")
        how = _text(item.get("how")).replace("(", "").replace(")", "")
        return Words("dialogue", _text(said), who=re.sub(r"[:()@]", "", _text(item.get("who"))), how=how)
    text = _text(item)
    return lettering(text) or lettering(f"@{text}") or Words("dialogue", text)


def _raw(value: object) -> str:
    return "" if value is None else str(value)


def _text(value: object) -> str:
    return " ".join(_raw(value).split())
