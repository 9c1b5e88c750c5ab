"""Front matter: ``key: value`` lines between two ``---``, and tables of names (``characters:``, ``places:``, …).

    ---
    title: The Lamplighter
    aspect: 2:3
    characters:
      mira: "girl of nine, yellow raincoat"
    ---

It looks like YAML and the simple part of YAML reads the same; there are no types, anchors or lists.
"""

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from core.scripts.model import Script, ScriptError

_PAIR = re.compile(r"\s*(?P<key>\"(?:[^\"\\]|\\.)*\"|[^:#\s\"'][^:]*?)\s*:(?:\s+(?P<value>.*?))?\s*")
_TABLES = {
    "characters": "cast", "cast": "cast", "places": "places", "locations": "places",
    "aliases": "aliases", "sheets": "sheets",
}  # fmt: skip


class FrontMatter(msgspec.Struct):
    """``end``: index of the first line of the script itself. ``unplaced``: (line, text) that is no pair."""

    values: dict[str, str] = {}
    cast: dict[str, str] = {}
    places: dict[str, str] = {}
    aliases: dict[str, str] = {}
    sheets: dict[str, str] = {}
    unplaced: list[tuple[int, str]] = []
    end: int = 0

    def table(self, key: str) -> dict[str, str] | None:
        """The table of names that is called ``key``, or None."""
        table: dict[str, str] | None = getattr(self, _TABLES[key]) if key in _TABLES else None
        return table

    def script_fields(self) -> dict[str, Any]:
        """What a Script takes from here, as keyword arguments."""
        own = ("title", "style", "aspect")
        return {
            **{key: self.values.get(key, "") for key in own},
            "cast": self.cast,
            "places": self.places,
            "aliases": self.aliases,
            "sheets": self.sheets,
            "front": {key: value for key, value in self.values.items() if key not in own},
        }


def read_front_matter(lines: list[str], path: Path) -> FrontMatter:
    """Read it from the top of ``lines``; empty where there is none. Raises ScriptError."""
    front = FrontMatter()
    if not lines or lines[0].strip() != "---":
        return front
    table: dict[str, str] | None = None
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            front.end = index + 1
            return front
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pair = read_pair(line)
        if pair is None:
            front.unplaced.append((index + 1, line.strip()))
            continue
        key, value = pair
        if line[0].isspace() and table is not None:
            into = table
        elif not value and key in _TABLES:
            table = front.table(key)
            continue
        else:
            table, into = None, front.values
        if key in into:
            raise ScriptError(path, index + 1, f'"{key}" is there twice in the front matter; keep one')
        into[key] = value
    raise ScriptError(path, 1, 'the front matter begins with "---" and never ends; close it with "---"')


def read_pair(line: str) -> tuple[str, str] | None:
    """(key, value) of ``key: value``, either of them plain or in quotes; None for anything else."""
    found = _PAIR.fullmatch(line)
    return None if found is None else (_plain(found["key"]), _plain(found["value"] or ""))


def _plain(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text[1:-1]
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def tables_of(script: Script) -> dict[str, dict[str, str]]:
    """The tables of names as front matter calls them."""
    return {
        "characters": script.cast,
        "places": script.places,
        "aliases": script.aliases,
        "sheets": script.sheets,
    }


def values_of(script: Script) -> dict[str, str]:
    """Everything else that front matter says."""
    values = {"title": script.title, "style": script.style, "aspect": script.aspect}
    return {key: value for key, value in values.items() if value} | script.front


def write_front_matter(script: Script) -> list[str]:
    """The lines ``read_front_matter`` reads back; none where there is nothing to say."""
    out = [write_pair(key, value) for key, value in values_of(script).items()]
    for name, table in tables_of(script).items():
        if table:
            out += [f"{name}:", *(f"  {write_pair(key, looks)}" for key, looks in table.items())]
    return ["---", *out, "---", ""] if out else []


def write_pair(key: str, value: str) -> str:
    """The line that ``read_pair`` reads back."""
    return f"{_written(key, key=True)}: {_written(value)}".rstrip()


def _written(text: str, *, key: bool = False) -> str:
    plain = text == " ".join(text.split()) and text.isprintable() and text[:1] not in ("'", '"')
    if key:
        plain = plain and text != "" and ":" not in text and text[0] != "#" and text not in _TABLES and text != "---"
    return text if plain and text != "" else json.dumps(text, ensure_ascii=False)
