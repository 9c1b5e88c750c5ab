"""Scripts with one panel a row (CSV, TSV, JSONL): columns go by many names, mapped here once."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from core.scripts.building import ScriptBuilder, listed
from core.scripts.front_matter import FrontMatter
from core.scripts.headings import chapter_heading
from core.scripts.lettering import LANGUAGE
from core.scripts.model import Script, ScriptError, ScriptPanel
from core.scripts.numbers import number_of
from core.scripts.wording import WORD_FIELDS, cells, single, words_in

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "panel_id", "key", "name"),
    "chapter": ("chapter", "ch", "act", "episode"),
    "chapter_title": ("chapter_title", "chapter_name"),
    "chapter_template": ("chapter_template",),
    "chapter_looks": ("chapter_looks",),
    "page": ("page", "pg", "page_number"),
    "panel": ("panel", "number", "panel_number", "no", "nr"),
    "text": ("prompt", "description", "shot", "picture", "text", "action", "image", "visual"),
    "size": ("size", "layout", "panel_size"),
    "aspect": ("aspect", "aspect_ratio", "ratio"),
    "cast": ("cast", "characters", "character", "who"),
    "place": ("place", "location", "setting", "scene"),
    "slug": ("slug", "slugline"),
    "template": ("template", "scene_template"),
    "caption": ("caption", "captions", "narration"),
    "dialogue": ("dialogue", "dialog", "speech", "balloons", "lines"),
    "sfx": ("sfx", "sound", "sounds", "effects"),
    "words": ("words", "lettering"),
    "refs": ("refs", "references", "reference"),
    "seed": ("seed",),
}
"""Field -> the names a column for it may have, best first; case, spaces and hyphens do not matter."""

_IN_LANGUAGE = re.compile(rf"(?P<name>.+?)(?:_|[_ ]*[(\[:]_*)(?P<lang>{LANGUAGE})[)\]]?")


class Row(msgspec.Struct, frozen=True):
    """``line`` counts from 1."""

    line: int
    values: Mapping[str, Any]


class Columns(msgspec.Struct, frozen=True):
    """``fields``: field -> its column. ``words``: (field, language, column), the script's own language first."""

    fields: dict[str, str] = {}
    words: tuple[tuple[str, str, str], ...] = ()

    def known(self) -> set[str]:
        return {*self.fields.values(), *(column for _, _, column in self.words)}


def columns_of(columns: Iterable[str]) -> Columns:
    """What each column holds; ``caption_fr`` and ``dialogue (pt-BR)`` hold words in another language."""
    plain = {re.sub(r"[\s-]+", "_", column.strip().casefold()): column for column in columns}
    fields = {}
    for field, names in COLUMNS.items():
        for name in names:
            if name in plain:
                fields[field] = plain[name]
                break
    words = [(field, "", fields[field]) for field in WORD_FIELDS if field in fields]
    for name, column in plain.items():
        if column not in fields.values() and (found := _IN_LANGUAGE.fullmatch(re.sub(r"[\s]+", "_", column.strip()))):
            base = found["name"].casefold().replace("-", "_").rstrip("_")
            kind = next((kind for kind in WORD_FIELDS if base in COLUMNS[kind]), None)
            if kind is not None and name != base:
                words.append((kind, found["lang"], column))
    words.sort(key=lambda item: (item[1], WORD_FIELDS.index(item[0])))
    return Columns({field: column for field, column in fields.items() if field not in WORD_FIELDS}, tuple(words))


def read_rows(rows: Iterable[Row], path: Path, *, hint: str, front: FrontMatter | None = None) -> Script:
    """A script from its rows, in their order; a chapter that comes back later is continued. Raises ScriptError."""
    chapters: dict[str, list[tuple[Row, Columns]]] = {}
    builder = ScriptBuilder(path)
    columns = Columns()
    seen: set[str] = set()
    for row in rows:
        if not seen.issuperset(row.values):
            new = set(row.values) - seen
            seen.update(row.values)
            columns = columns_of(seen)
            for column in sorted(new - columns.known()):
                builder.leave(row.line, f'column "{column}"')
        if "text" not in columns.fields and not ("id" in columns.fields and columns.words):
            raise ScriptError(path, row.line, f"no column says what the picture shows; {hint}")
        chapter = single(row.values.get(columns.fields.get("chapter", ""), ""))
        chapters.setdefault(chapter, []).append((row, columns))
    for chapter, panels in chapters.items():
        _chapter(builder, chapter, panels)
    return builder.finish(front or FrontMatter(), hint)


def _chapter(builder: ScriptBuilder, name: str, panels: list[tuple[Row, Columns]]) -> None:
    first, columns = panels[0]
    number, title = chapter_name(name)

    def said(field: str) -> str:
        return single(first.values.get(columns.fields.get(field, ""), ""))

    builder.chapter(first.line, number, said("chapter_title") or title)
    if template := said("chapter_template"):
        builder.chapter_attribute("template", template)
    if looks := said("chapter_looks"):
        builder.chapter_attribute("looks", looks)
    page: int | None = None
    for row, columns in panels:
        on = number_in(builder, row.line, "page", row.values.get(columns.fields.get("page", "")))
        if on is not None and on != page:
            builder.page(on)
            page = on
        read_panel(builder, row, columns)


def chapter_name(name: str) -> tuple[int | None, str]:
    """``1``, ``ch01``, ``Chapter 1: Dusk`` and ``Dusk`` are all names of chapters."""
    if heading := chapter_heading(name):
        return heading.number, heading.rest
    found = re.fullmatch(r"(?:[a-z.]*\s*)?([0-9]{1,9})", name, re.IGNORECASE)
    return (int(found[1]), "") if found else (None, name)


def read_panel(builder: ScriptBuilder, row: Row, columns: Columns) -> None:
    """One row is one panel. Raises ScriptError."""
    given = {field: row.values.get(column) for field, column in columns.fields.items()}
    builder.panel(row.line, number_in(builder, row.line, "panel", given.get("panel")), single(given.get("size")))
    if text := single(given.get("text")):
        builder.text(text)
    for field in ("id", "aspect", "place", "slug", "template", "seed"):
        builder.attribute(row.line, field, single(given.get(field)))
    for field in ("cast", "refs"):
        value = given.get(field)
        names = ", ".join(single(item) for item in value) if isinstance(value, list) else single(value)
        if names:
            builder.attribute(row.line, field, ", ".join(listed(names)))
    for field, lang, column in columns.words:
        for words in words_in(field, row.values.get(column), lang):
            builder.words(words)


def number_in(builder: ScriptBuilder, line: int, field: str, value: object) -> int | None:
    """``3``, ``three``, ``p003`` and ``3.0`` are numbers; None where nothing is said. Raises ScriptError."""
    text = single(value)
    if not text:
        return None
    number = number_of(text)
    if number is None and (found := re.fullmatch(r"[a-z.]*\s*([0-9]{1,9})(?:\.0)?", text, re.IGNORECASE)):
        number = int(found[1])
    if number is None:
        raise ScriptError(builder.path, line, f'{field} is a whole number, not "{text}"')
    return number


def as_row(script: Script, panel: ScriptPanel) -> dict[str, str]:
    """The panel as field -> text, empty ones left out; ``read_rows`` of such rows gives the panel again."""
    chapter = script.chapter(panel.chapter)
    words = {field: "\n".join(lines) for field, lines in cells(panel.words).items()}
    fields = {
        "id": panel.id,
        "chapter": str(panel.chapter),
        "chapter_title": chapter.title,
        "chapter_template": chapter.template,
        "chapter_looks": ", ".join(chapter.looks),
        "page": str(panel.page),
        "panel": str(panel.number),
        "size": panel.size,
        "prompt": panel.text,
        "characters": ", ".join(panel.cast),
        "place": panel.place,
        "slug": panel.slug,
        "template": panel.template,
        **words,
        "refs": ", ".join(panel.refs),
        "seed": "" if panel.seed is None else str(panel.seed),
        "aspect": panel.aspect,
    }
    return {field: value for field, value in fields.items() if value}
