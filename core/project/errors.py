"""A mistake in a project, and the line of novel.toml it is on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.complaint import Complaint


class ProjectError(Complaint):
    """A project cannot be used. ``str()``: ``novel.toml, line 12, pool.tabs: what is wrong; what to do``."""

    def __init__(self, path: Path, sentence: str, *, line: int | None = None, key: str = "") -> None:
        where = str(path) + (f", line {line}" if line else "") + (f", {key}" if key else "")
        super().__init__(f"{where}: {sentence}")
        self.path, self.line, self.key, self.sentence = path, line, key, sentence


@contextmanager
def blaming(folder: Path, key: str) -> Iterator[None]:
    """What goes wrong in here is the mistake of ``key`` in the project's novel.toml: told with its file and line."""
    try:
        yield
    except ProjectError:
        raise
    except Complaint as error:
        path = folder / "novel.toml"
        try:
            line = line_of(path.read_text(encoding="utf-8-sig"), key)
        except (OSError, UnicodeDecodeError):
            line = None  # it was read a moment ago: what is wrong is told all the same
        raise ProjectError(path, str(error), line=line, key=key) from error


def line_of(text: str, key: str) -> int | None:
    """The line (from 1) of TOML ``text`` on which ``key`` is set, or None where that cannot be told.

    ``key`` is dotted with indexes for lists of tables: ``pool.tabs``, ``cast[1].looks``. A key inside an inline
    table or list gives the line on which that begins. Reads headers and ``name =`` lines, not values.
    """
    wanted = [part for part in re.split(r"\.|(?=\[)", key) if part]
    while wanted:
        if (line := _paths(text).get(_joined(wanted))) is not None:
            return line
        wanted.pop()
    return None


def _joined(parts: list[str]) -> str:
    return ".".join(parts).replace(".[", "[")


def _paths(text: str) -> dict[str, int]:
    """Every path that begins on a line of its own."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    quotes = ""  # of the text over several lines that we are in
    for number, line in enumerate(text.splitlines(), start=1):
        if quotes:
            if quotes in line:
                quotes = ""
            continue
        if header := re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line):
            table = _name(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}[{counts[table]}]"
            found.setdefault(table, number)
        elif pair := re.match(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=(.*)", line):
            name = _name(pair[1])
            found.setdefault(f"{table}.{name}" if table else name, number)
            for mark in ('"""', "'''"):
                if pair[2].count(mark) % 2:
                    quotes = mark
    return found


def _name(raw: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in raw.split("."))
