"""Structured YAML (and JSON, which is YAML): one document with style, cast, places, chapters, pages and panels.

Only the document's shape is read, never its types: every value is text, so ``2:3`` is an aspect and ``no`` a word,
and no tag can make an object. Aliases are followed up to a bound, whatever they multiply to.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.scripts.building import ScriptBuilder
from core.scripts.front_matter import FrontMatter
from core.scripts.model import Script, ScriptError
from core.scripts.rows import Columns, Row, chapter_name, columns_of, number_in, read_panel, read_rows
from core.scripts.wording import LOOKS, looks_by_name, raw, single

_HINT = 'give it "panels:", or "chapters:" with "pages:" with "panels:"'
MOST_REPEATED = 200_000
"""Lists and tables that aliases repeat, counted every time."""

DEEPEST = 30
_NULLS = ("null", "~", "Null", "NULL")
_SHEETS = ("sheet", "sheets", "references", "refs")
_NUMBERS = ("number", "page", "chapter", "page_number", "chapter_number", "id")
_OF_PAGE = ("number", "page", "page_number", "id")


class Table(dict[str, Any]):
    """A mapping that knows its line."""

    line = 0


def is_structured(text: str) -> bool:
    """True where a document begins with its parts by name."""
    return bool(re.search(r"(?m)^(?:chapters|pages|panels):\s*$", text)) or text.lstrip()[:1] == "{"


def read_structured(text: str, path: Path) -> Script:
    """Read a structured document. Raises ScriptError."""
    document = _document(text, path)
    if isinstance(document, list):
        return read_rows((Row(_line(row), row) for row in _tables(document, path)), path, hint=_HINT)
    if not isinstance(document, Table):
        raise ScriptError(path, 1, f"this is no script; {_HINT}")
    return _Reader(path).read(document)


def _document(text: str, path: Path) -> Any:
    import yaml  # only for those who write it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events = None
    try:
        events = loader(text)
        return _Builder(path, events.get_event).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or "it cannot be read"
        if mark and "\t" in "".join(text.split("\n")[mark.line : mark.line + 1])[: mark.column + 1]:
            said = "a tab; YAML is indented with spaces only"
        raise ScriptError(path, mark.line + 1 if mark else None, f"this is no YAML: {single(said)}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ScriptError(path, line, f"this is no YAML: {error.reason}; remove that character") from error
    except yaml.YAMLError as error:
        raise ScriptError(path, None, f"this is no YAML: {single(error)}") from error
    finally:
        if events is not None:
            events.dispose()


class _Builder:
    """The parser's events -> texts, lists and Tables. Objects and types never come into it."""

    def __init__(self, path: Path, following: Callable[[], Any]) -> None:
        import yaml

        self._path, self._next = path, following
        self._scalar, self._alias_to, self._begins = yaml.ScalarEvent, yaml.AliasEvent, yaml.SequenceStartEvent
        self._list_ends, self._table_ends = yaml.SequenceEndEvent, yaml.MappingEndEvent
        self._anchors: dict[str, tuple[Any, int]] = {}  #: name -> (value, how many lists and tables are in it)
        self._count = self._repeated = 0

    def document(self) -> Any:
        """The first document's value, None where there is none."""
        while (event := self._next()) is not None:
            if type(event).__name__ == "DocumentStartEvent":
                return self._value(self._next(), 0)
        return None

    def _value(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is self._scalar and event.anchor is None:
            text = event.value
            return "" if text in _NULLS and event.style is None else text
        if depth > DEEPEST:
            raise self._error(event, "nested too deep; write it out plainly")
        if kind is self._alias_to:
            return self._alias(event)
        before = self._count
        value: Any
        if kind is self._scalar:
            value = "" if event.style is None and event.value in _NULLS else event.value
        else:
            self._count += 1
            value = self._list(depth) if kind is self._begins else self._table(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._count - before)
        return value

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise self._error(event, f'the alias "*{event.anchor}" stands for nothing that is complete before it')
        value, size = self._anchors[event.anchor]
        self._count += size
        self._repeated += size
        if self._repeated > MOST_REPEATED:
            raise self._error(event, "its aliases multiply to far too much; write it out plainly")
        return value

    def _list(self, depth: int) -> list[Any]:
        found = []
        while type(event := self._next()) is not self._list_ends:
            found.append(self._value(event, depth + 1))
        return found

    def _table(self, start: Any, depth: int) -> Table:
        table = Table()
        table.line = start.start_mark.line + 1
        merged: dict[str, Any] = {}
        while type(event := self._next()) is not self._table_ends:
            name = self._value(event, depth + 1)
            if not isinstance(name, str):
                raise self._error(event, "a key has to be a text")
            value = self._value(self._next(), depth + 1)
            if name == "<<":
                for other in value if isinstance(value, list) else [value]:
                    for field, said in other.items() if isinstance(other, Table) else ():
                        merged.setdefault(field, said)
            elif name in table:
                raise self._error(event, f'"{name}" is there twice; keep one')
            else:
                table[name] = value
        for name, value in merged.items():
            table.setdefault(name, value)
        return table

    def _error(self, event: Any, sentence: str) -> ScriptError:
        return ScriptError(self._path, event.start_mark.line + 1, sentence)


def _line(table: Any) -> int:
    return table.line if isinstance(table, Table) else 1


def _panels_in(value: Any, line: int) -> Any:
    """A list of panels, where they may be nothing but descriptions, or a table of them by number."""
    if isinstance(value, Table) and all(isinstance(item, (Table, str)) for item in value.values()):
        value = [_numbered(number, item, value.line) for number, item in value.items()]
    if not isinstance(value, list):
        return value
    return [_described(item, line) if isinstance(item, str) and item.strip() else item for item in value]


def _described(text: str, line: int) -> Table:
    table = Table(shot=text)
    table.line = line
    return table


def _numbered(number: str, item: Any, line: int) -> Table:
    table = item if isinstance(item, Table) else _described(item, line)
    if re.fullmatch(r"[0-9]{1,6}", number):
        table.setdefault("panel", number)
    return table


def _tables(value: Any, path: Path, line: int = 1) -> Iterator[Table]:
    """The tables of a list. Raises ScriptError for anything else."""
    if value in ("", None):
        return
    if not isinstance(value, list):
        raise ScriptError(path, line, f"a list is needed there; {_HINT}")
    for item in value:
        if not isinstance(item, Table):
            raise ScriptError(path, line, f'a panel is written as keys and values, not "{single(item)[:40]}"; {_HINT}')
        yield item


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._builder = ScriptBuilder(path)
        self._front = FrontMatter()
        self._columns: dict[tuple[str, ...], Columns] = {}
        self._told: set[str] = set()

    def read(self, document: Table) -> Script:
        parts = {name: document.pop(name) for name in ("chapters", "pages", "panels") if name in document}
        self._head(document)
        if "chapters" in parts:
            for chapter in _tables(parts["chapters"], self._path, document.line):
                self._chapter(chapter)
        self._pages(parts, document.line)
        return self._builder.finish(self._front, _HINT)

    def _head(self, document: Table) -> None:
        """What stands above the panels: texts are kept by their keys, names with looks go into their tables."""
        for key, value in document.items():
            table = self._front.table(key)
            if key == "novelgen" and value == "1":
                continue
            if table is not None and (looks := looks_by_name(value)) is not None:
                table.update(looks)
            elif table is not None and isinstance(value, Table):
                self._names(key, table, value)
            elif key == "style" and isinstance(value, Table):
                self._style(value)
            elif isinstance(value, Table):
                for name, said in _flat(key, value):
                    aspect = name in ("defaults.aspect", "output.aspect")
                    self._front.values["aspect" if aspect else name.removeprefix("front.")] = said
            elif isinstance(value, list):
                self._front.values[key] = ", ".join(single(item) for item in value)
            else:
                self._front.values[key] = raw(value)

    def _names(self, key: str, table: dict[str, str], value: Table) -> None:
        for name, said in value.items():
            if not isinstance(said, Table):
                table[name] = ", ".join(map(single, said)) if isinstance(said, list) else raw(said)
                continue
            for field, words in said.items():
                if field in LOOKS and isinstance(words, Table):
                    for look, looks in words.items():
                        table[name if look == "default" else f"{name} ({look})"] = single(looks)
                elif field in LOOKS:
                    table[name] = single(words)
                elif field == "aliases":
                    self._front.aliases[name] = _listed(words)
                elif field in _SHEETS:
                    self._front.sheets[name] = _listed(words)
                else:
                    self._front.unplaced.append((said.line, f"{key}.{name}.{field}"))
            table.setdefault(name, "")

    def _style(self, value: Table) -> None:
        """``style: {ink-wash: {preamble: …, avoid: …}}``, or the inner table by itself."""
        inner = (
            next(iter(value.values())) if len(value) == 1 and isinstance(next(iter(value.values())), Table) else value
        )
        for field, words in inner.items():
            if field in LOOKS:
                self._front.values["style"] = single(words)
            elif field == "avoid":
                self._front.values["avoid"] = _listed(words)
            elif field in _SHEETS:
                self._front.sheets["style"] = _listed(words)
            elif field != "name":
                self._front.unplaced.append((_line(inner), f"style.{field}"))
        if "style" not in self._front.values:
            self._front.values["style"] = single(inner.get("name")) or next(iter(value), "")

    def _chapter(self, chapter: Table) -> None:
        named = next((single(chapter[key]) for key in _NUMBERS if chapter.get(key)), "")
        number, title = chapter_name(named)
        self._builder.chapter(chapter.line, number, single(chapter.get("title")) or title)
        if template := single(chapter.get("template")):
            self._builder.chapter_attribute("template", template)
        if looks := _listed(chapter.get("looks", "")):
            self._builder.chapter_attribute("looks", looks)
        known = {"pages", "panels", "title", "template", "looks", *_NUMBERS}
        self._unknown(chapter, set(chapter) - known, "chapter")
        self._pages(chapter, chapter.line)

    def _pages(self, where: dict[str, Any], line: int) -> None:
        for page in _tables(where.get("pages"), self._path, line):
            said = next((page[key] for key in _OF_PAGE if page.get(key)), "")
            found = re.search(r"[0-9]{1,9}$", single(said))
            self._builder.page(int(found[0]) if found else number_in(self._builder, page.line, "page", said))
            self._unknown(page, set(page) - {"panels", *_OF_PAGE}, "page")
            self._panels(page.get("panels"), page.line)
        self._panels(where.get("panels"), line)

    def _panels(self, panels: Any, line: int) -> None:
        for panel in _tables(_panels_in(panels, line), self._path, line):
            if isinstance(panel.get("text"), list):
                panel["words"] = panel.pop("text")
            keys = tuple(panel)
            columns = self._columns.get(keys)
            if columns is None:
                columns = self._columns[keys] = columns_of(keys)
            self._unknown(panel, set(panel) - columns.known(), "panel")
            read_panel(self._builder, Row(panel.line, panel), columns)

    def _unknown(self, table: Table, keys: set[str], what: str) -> None:
        for key in sorted(keys):
            if (name := f"{what}.{key}") not in self._told:
                self._told.add(name)
                self._builder.leave(table.line, f"{key} (of a {what})")


def _listed(value: Any) -> str:
    return ", ".join(single(item) for item in value) if isinstance(value, list) else single(value)


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Table):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}", inner)
    else:
        yield name, ", ".join(map(single, value)) if isinstance(value, list) else raw(value)


def write_structured(script: Script) -> str:
    """The script as YAML; ``read_structured`` of it gives the same script, but for line numbers."""
    import yaml

    from core.scripts.structured_writing import document

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(document(script), Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text
