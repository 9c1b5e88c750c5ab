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
from core.scripts.model import Script, ScriptError, ScriptPanel, Words
from core.scripts.numbers import number_of
from core.scripts.vocabulary import CAPTIONS, SOUNDS, SPEECHES
from core.scripts.wording import WORD_FIELDS, cells, flat, names, single, words_in

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "panel_id", "key", "name"),
    "chapter": ("chapter", "ch", "act", "episode", "issue", "kapitel", "chapitre", "capítulo", "capitolo", "章"),
    "chapter_title": ("chapter_title", "chapter_name"),
    "chapter_template": ("chapter_template",),
    "chapter_looks": ("chapter_looks",),
    "page": (
        "page", "pg", "page_number", "page_no", "page_nr", "seite", "planche", "página", "pagina", "tavola", "страница",
        "ページ",
    ),
    "panel": (
        "panel", "number", "panel_number", "panel_no", "panel_nr", "no", "nr", "#", "frame", "shot_no", "shot_number",
        "scene_no", "scene_number", "case", "bild", "vignette", "viñeta", "vignetta", "кадр", "コマ",
    ),
    "text": (
        "prompt", "image_prompt", "description", "panel_description", "shot", "picture", "text", "action", "image",
        "visual", "visuals", "art", "art_description", "visual_description", "shot_description", "image_description",
        "scene_description", "beschreibung", "bildbeschreibung", "descripción", "descrizione", "описание", "説明",
        "描述",
    ),
    "size": ("size", "layout", "panel_size", "größe", "taille", "tamaño", "formato"),
    "aspect": ("aspect", "aspect_ratio", "ratio"),
    "cast": (
        "cast", "characters", "character", "who", "characters_present", "figuren", "personen", "personnages",
        "personajes", "personaggi", "персонажи", "登場人物", "キャラクター",
    ),
    "place": (
        "place", "location", "setting", "scene", "ort", "schauplatz", "lieu", "décor", "lugar", "luogo", "место",
        "場所",
    ),
    "slug": ("slug", "slugline"),
    "template": ("template", "scene_template"),
    "speaker": ("speaker", "speaking", "sprecher", "locuteur", "hablante"),
    "caption": ("caption", "captions", "narration", *sorted(name.replace(" ", "_") for name in CAPTIONS)),
    "dialogue": (
        "dialogue", "dialog", "speech", "balloons", "lines", "line", "speech_bubbles", "bubbles", "spoken",
        *sorted(SPEECHES),
    ),
    "sfx": (
        "sfx", "sound", "sounds", "effects", "sound_effects", "sound_fx",
        *sorted(name.replace(" ", "_") for name in SOUNDS)
    ),
    "words": ("words", "lettering"),
    "refs": ("refs", "references", "reference"),
    "seed": ("seed",),
}  # fmt: skip
"""Field -> the names a column for it may have, best first; case, spaces and hyphens do not matter."""

_ATTRIBUTES = ("id", "aspect", "place", "slug", "template", "seed")
_LISTS = ("cast", "refs")
_IN_LANGUAGE = re.compile(rf"(?P<name>.+?)(?:_|[_ ]*[(\[:]_*)(?P<lang>{LANGUAGE})[)\]]?")


class Row(msgspec.Struct, frozen=True):
    """``line`` counts from 1."""

    line: int
    values: Mapping[str, Any]


class Columns(msgspec.Struct, frozen=True):
    """``fields``: field -> its column. ``words``: (field, language, column), the script's own language first."""

    fields: dict[str, str] = {}
    words: tuple[tuple[str, str, str], ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()  #: (field, column) of those that are one text
    lists: tuple[tuple[str, str], ...] = ()  #: the same for lists of names

    def known(self) -> set[str]:
        return {*self.fields.values(), *(column for _, _, column in self.words)}


def columns_of(columns: Iterable[str]) -> Columns:
    """What each column holds; ``caption_fr`` and ``dialogue (pt-BR)`` hold words in another language."""
    plain = {re.sub(r"[\s-]+", "_", column.strip().casefold()): column for column in columns}
    fields = {}
    for field, known in COLUMNS.items():
        for name in known:
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
    attributes = tuple((field, fields[field]) for field in _ATTRIBUTES if field in fields)
    lists = tuple((field, fields[field]) for field in _LISTS if field in fields)
    plain_fields = {field: column for field, column in fields.items() if field not in WORD_FIELDS}
    return Columns(plain_fields, tuple(words), attributes, lists)


def read_rows(rows: Iterable[Row], path: Path, *, hint: str, front: FrontMatter | None = None) -> Script:
    """A script from its rows, in their order; a chapter that comes back later is continued. Raises ScriptError."""
    chapters: dict[int | str, list[tuple[Row, Columns]]] = {}
    names_of: dict[str, tuple[int | str, str]] = {}  #: name as written -> (what is the same for one chapter, title)
    titles: dict[int | str, str] = {}
    builder = ScriptBuilder(path)
    columns = Columns()
    seen: set[str] = set()
    chapter = ""
    for row in rows:
        if not seen.issuperset(row.values):
            new = set(row.values) - seen
            seen.update(row.values)
            columns = columns_of(seen)
            for column in sorted(new - columns.known()):
                builder.leave(row.line, f'column "{column}"')
        if "text" not in columns.fields and not ("id" in columns.fields and columns.words):
            raise ScriptError(path, row.line, f"no column says what the picture shows; {hint}")
        # Spreadsheets name a chapter once, in its first row.
        chapter = _chapter_in(row.values.get(columns.fields.get("chapter", ""), "")) or chapter
        known = names_of.get(chapter)
        if known is None:
            number, title = chapter_name(chapter)
            known = names_of[chapter] = (chapter if number is None else number, title)
            titles[known[0]] = titles.get(known[0]) or title
        chapters.setdefault(known[0], []).append((row, columns))
    for key, panels in chapters.items():
        _chapter(builder, key if isinstance(key, int) else None, titles[key], panels)
    return builder.finish(front or FrontMatter(), hint)


def _chapter_in(value: object) -> str:
    """``1``, ``{"number": 1, "title": "Dusk"}``"""
    if not isinstance(value, Mapping):
        return single(value)
    number = single(next((value[key] for key in ("number", "chapter", "id") if value.get(key)), ""))
    title = single(value.get("title", value.get("name")))
    return f"Chapter {number}: {title}".rstrip(": ") if number.isdecimal() else title or number


def _chapter(builder: ScriptBuilder, number: int | None, title: str, panels: list[tuple[Row, Columns]]) -> None:
    first, columns = panels[0]

    def said(field: str) -> str:
        return single(first.values.get(columns.fields.get(field, ""), ""))

    builder.chapter(first.line, number, said("chapter_title") or title)
    if template := said("chapter_template"):
        builder.chapter_attribute("template", template)
    if looks := said("chapter_looks"):
        builder.chapter_attribute("looks", looks)
    page: int | None = None
    last: int | None = None
    for row, columns in panels:
        more = _goes_on(builder, row, columns, page, last)
        if more is not None:
            for words in more:
                builder.words(words)
            continue
        on = number_in(builder, row.line, "page", row.values.get(columns.fields.get("page", "")))
        if on is not None and on != page:
            builder.page(on)
            page = on
        read_panel(builder, row, columns)
        last = number_in(builder, row.line, "panel", row.values.get(columns.fields.get("panel", "")))


def _goes_on(
    builder: ScriptBuilder, row: Row, columns: Columns, page: int | None, panel: int | None
) -> list[Words] | None:
    """The lettering of a row that is a balloon more of the panel above it (one row a line of dialogue); else None."""
    fields, values = columns.fields, row.values
    if not builder.in_panel or "panel" not in fields or "text" not in fields or single(values.get(fields["text"])):
        return None
    if single(values.get(fields.get("id", ""))):
        return None
    for field, before in (("page", page), ("panel", panel)):
        number = number_in(builder, row.line, field, values.get(fields.get(field, "")))
        if number is not None and number != before:
            return None
    return _words(builder, row, columns) or None


def chapter_name(name: str) -> tuple[int | None, str]:
    """``1``, ``ch01``, ``Chapter 1: Dusk`` and ``Dusk`` are all names of chapters."""
    if heading := chapter_heading(name):
        return heading.number, heading.rest
    found = re.fullmatch(r"(?:[a-z.]*\s*)?([0-9]{1,9})", name, re.IGNORECASE)
    return (int(found[1]), "") if found else (None, name)


def read_panel(builder: ScriptBuilder, row: Row, columns: Columns) -> None:
    """One row is one panel. Raises ScriptError."""
    values, fields = row.values, columns.fields

    def given(field: str) -> object:
        column = fields.get(field)
        return None if column is None else values.get(column)

    builder.panel(row.line, number_in(builder, row.line, "panel", given("panel")), single(given("size")))
    if text := _seen(given("text")):
        builder.text(text)
    for field, column in columns.attributes:
        value = values.get(column)
        if value is not None and value != "":
            said = names(value) if field == "place" else single(value)
            builder.attribute(row.line, field, _WHOLE.sub(r"\1", said) if field == "seed" else said)
    for field, column in columns.lists:
        if found := names(values.get(column)):
            builder.attribute(row.line, field, ", ".join(listed(found)))
    for words in _words(builder, row, columns):
        builder.words(words)


_WHOLE = re.compile(r"([0-9]+)\.0+")


def _seen(value: object) -> str:
    return single(value) if isinstance(value, str) else flat(value)


def _words(builder: ScriptBuilder, row: Row, columns: Columns) -> list[Words]:
    """All lettering of a row; what cannot be made out is reported."""
    found: list[Words] = []
    for field, lang, column in columns.words:
        value = row.values.get(column)
        if value is None or value == "":
            continue
        here = list(words_in(field, value, lang))
        if not here and (left := flat(value)):
            builder.leave(row.line, f"{column}: {left}")
        found += here
    if any(words.kind == "dialogue" and not words.who for words in found) and (who := _speaker(row, columns)):
        found = [
            msgspec.structs.replace(words, who=who) if words.kind == "dialogue" and not words.who else words
            for words in found
        ]
    return found


def _speaker(row: Row, columns: Columns) -> str:
    """Who says a row's dialogue: its speaker, or the one character where the column is for one."""
    column = columns.fields.get("speaker") or columns.fields.get("cast", "")
    if "speaker" not in columns.fields and column.strip().casefold() not in ("character", "who"):
        return ""
    said = listed(names(row.values.get(column)))
    return re.sub(r"[:：()（）@].*", "", said[0]).strip() if len(said) == 1 else ""


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
