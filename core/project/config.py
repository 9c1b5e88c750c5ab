"""``novel.toml``: its shape, and how a mistake in it is told with file, line and key."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from core.complaint import Complaint
from core.prompts import Look

NAME = "novel.toml"

Text = Annotated[str, msgspec.Meta(min_length=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class ProjectError(Complaint):
    """A project cannot be used; ``str()`` names file, line and key and says what to do."""

    def __init__(self, path: Path, sentence: str, *, line: int | None = None, key: str = "") -> None:
        where = str(path) + (f", line {line}" if line else "") + (f", {key}" if key else "")
        super().__init__(f"{where}: {sentence}")
        self.path, self.line, self.key, self.sentence = path, line, key, sentence


class StyleTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str = ""  #: of a style in ``themes/styles``
    preamble: str = ""
    avoid: str = ""
    references: tuple[str, ...] = ()


class PoolTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Times in seconds."""

    tabs: Annotated[int, msgspec.Meta(ge=1, le=200)] | Literal["auto"] = 5
    memory: str = "auto"
    pictures_per_tab: Annotated[int, msgspec.Meta(ge=1)] = 100
    heartbeat: Annotated[float, msgspec.Meta(gt=0, le=20)] = 10.0
    timeout: Seconds = 300.0


class BrowserTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: str = ""
    headless: bool = True
    profile: str = ""


class RunTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on_start: Literal["resume", "paused"] = "resume"
    max_tries: Annotated[int, msgspec.Meta(ge=1, le=100)] = 4


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    script: Text
    site: Text = "easel"
    site_url: str = ""
    accept_site_terms: bool = False
    account: str = ""
    aspect: str = ""
    style: StyleTable = StyleTable()
    cast: tuple[Look, ...] = ()
    places: tuple[Look, ...] = ()
    pool: PoolTable = PoolTable()
    browser: BrowserTable = BrowserTable()
    run: RunTable = RunTable()


def read_config(folder: Path) -> Config:
    """The settings in ``folder/novel.toml``. Raises ProjectError."""
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        what = "there is no such folder" if not folder.exists() else "it is missing"
        raise ProjectError(path, f"{what}; make a project with: novelgen-tui new {folder}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(path, f"it cannot be read: {error}") from error
    if not text.strip():
        raise ProjectError(path, 'it is empty; it needs at least title = "…" and script = "…"')
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ProjectError(path, f"this is no TOML: {error}", line=int(line[1]) if line else None) from error
    try:
        return msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise _told(path, text, str(error)) from error


def _told(path: Path, text: str, message: str) -> ProjectError:
    """Say msgspec's message in our words, with the line of the key it is about."""
    reason, _, where = message.partition(" - at ")
    key = where.strip("`").removeprefix("$").lstrip(".")
    if unknown := re.search(r"unknown field `(.+?)`", reason):
        key = f"{key}.{unknown[1]}" if key else unknown[1]
        near = difflib.get_close_matches(unknown[1], _known_keys(), n=1)
        reason = "there is no such key" + (f'; did you mean "{near[0]}"?' if near else "; remove it")
    elif missing := re.search(r"missing required field `(.+?)`", reason):
        return ProjectError(path, f'"{missing[1]}" is missing; add {missing[1]} = "…"', key=key)
    return ProjectError(path, reason[0].lower() + reason[1:], line=line_of(text, key), key=key)


def _known_keys() -> list[str]:
    tables = (Config, StyleTable, PoolTable, BrowserTable, RunTable, Look)
    return [field for table in tables for field in table.__struct_fields__]


def line_of(text: str, key: str) -> int | None:
    """The line (from 1) on which the last part of a dotted ``key`` is set, within its table."""
    *tables, name = re.sub(r"\[.*?\]", "", key).split(".")
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            table = header[1].split(".")
        elif table == tables and re.match(rf'\s*"?{re.escape(name)}"?\s*=', line):
            return number
    return None
