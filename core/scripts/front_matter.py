"""Front matter: ``key: value`` lines between two ``---``, and two tables of names, ``characters:`` and ``places:``.

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

_PAIR = re.compile(r"(?P<indent>\s*)(?P<key>\"(?:[^\"\\]|\\.)*\"|[^:#\s\"'][^:]*?)\s*:(?:\s+(?P<value>.*?))?\s*")
_TABLES = {"characters": "cast", "cast": "cast", "places": "places", "locations": "places"}


class FrontMatter(msgspec.Struct):
    """``end``: index of the first line of the script itself. ``unplaced``: (line, text) that is no pair."""

    values: dict[str, str] = {}
    cast: dict[str, str] = {}
    places: dict[str, str] = {}
    unplaced: list[tuple[int, str]] = []
    end: int = 0

    def script_fields(self) -> dict[str, Any]:
        """What a Script takes from here, as keyword arguments."""
        own = ("title", "style", "aspect")
        return {
            **{key: self.values.get(key, "") for key in own},
            "cast": self.cast,
            "places": self.places,
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
        found = _PAIR.fullmatch(line)
        if found is None:
            front.unplaced.append((index + 1, line.strip()))
            continue
        key, value = _plain(found["key"]), _plain(found["value"] or "")
        if found["indent"] and table is not None:
            into = table
        elif not value and key in _TABLES:
            table = front.cast if _TABLES[key] == "cast" else front.places
            continue
        else:
            table, into = None, front.values
        if key in into:
            raise ScriptError(path, index + 1, f'"{key}" is there twice in the front matter; keep one')
        into[key] = value
    raise ScriptError(path, 1, 'the front matter begins with "---" and never ends; close it with "---"')


def _plain(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text[1:-1]
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def write_front_matter(script: Script) -> list[str]:
    """The lines ``read_front_matter`` reads back; none where there is nothing to say."""
    values = {"title": script.title, "style": script.style, "aspect": script.aspect}
    values = {key: value for key, value in values.items() if value} | script.front
    out = [_pair(key, value) for key, value in values.items()]
    for name, table in (("characters", script.cast), ("places", script.places)):
        if table:
            out += [f"{name}:", *(f"  {_pair(key, looks)}" for key, looks in table.items())]
    return ["---", *out, "---", ""] if out else []


def _pair(key: str, value: str) -> str:
    return f"{_written(key, key=True)}: {_written(value)}".rstrip()


def _written(text: str, *, key: bool = False) -> str:
    plain = text == " ".join(text.split()) and text.isprintable() and text[:1] not in ("'", '"')
    if key:
        plain = plain and text != "" and ":" not in text and text[0] != "#" and text not in _TABLES and text != "---"
    return text if plain and text != "" else json.dumps(text, ensure_ascii=False)
