"""Finds site profiles by name: in the project, in the user's own folder, in plugins, built in; the first wins."""

import re
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from core.complaint import Complaint
from core.sites.plugins import plugin_folders
from core.sites.profile import SiteProfile, python_pattern

FOLDER = "sites"
"""Of a project, and of the user's settings."""


class SiteProfileError(Complaint):
    """A site is unknown or its profile cannot be used; ``str()`` names file, line and key."""

    def __init__(self, where: str, sentence: str, *, line: int | None = None, key: str = "") -> None:
        place = ", ".join(filter(None, (where, f"line {line}" if line else "", key)))
        super().__init__(f"{place}: {sentence}" if place else sentence)
        self.where, self.sentence, self.line, self.key = where, sentence, line, key


def known_sites(project: Path | None = None) -> list[str]:
    """Names of all profiles that ``find_site`` finds."""
    return sorted(_files(project))


def find_site(name: str, project: Path | None = None) -> SiteProfile:
    """The profile ``name``, the project's own first. Raises SiteProfileError."""
    files = _files(project)
    if name not in files:
        raise SiteProfileError("", f'site = "{name}" is not known; known sites are {", ".join(sorted(files))}')
    return _read(files[name], files, ())


def load_profile(path: Path, project: Path | None = None) -> SiteProfile:
    """The profile in the file ``path``. Raises SiteProfileError."""
    return _read(path, _files(project), ())


def parse_profile(text: str, where: str, base: dict[str, Any] | None = None) -> SiteProfile:
    """A profile from its TOML, laid over ``base`` (what it ``extends``). Raises SiteProfileError naming ``where``."""
    table = _table(text, where)
    table.pop("extends", None)
    try:
        profile = msgspec.convert(_merged(base or {}, table), SiteProfile)
    except msgspec.ValidationError as error:
        raise _told(where, text, str(error)) from error
    for key, pattern in profile.patterns():
        try:
            re.compile(python_pattern(pattern), re.IGNORECASE)
        except re.error as error:
            line = _line_of_text(text, pattern)
            raise SiteProfileError(where, f"{pattern!r} is no pattern: {error}", line=line, key=key) from error
    if not profile.send.button and not profile.send.key:
        raise SiteProfileError(where, 'say how to submit: a "button" or a "key"', key="send")
    return profile


def _files(project: Path | None) -> dict[str, Traversable | Path]:
    """File of every profile by its name; later folders win."""
    found: dict[str, Traversable | Path] = {}
    own = platformdirs.user_config_path("novelgen-tui") / FOLDER
    folders: list[Traversable | Path] = [
        resources.files("core.sites") / "profiles",
        *plugin_folders()[0],
        own,
    ]
    if project is not None:
        folders.append(project / FOLDER)
    for folder in folders:
        if folder.is_dir():
            found |= {f.name.removesuffix(".toml"): f for f in folder.iterdir() if f.name.endswith(".toml")}
    return found


def _read(file: Traversable | Path, files: dict[str, Traversable | Path], above: tuple[str, ...]) -> SiteProfile:
    where = str(file) if isinstance(file, Path) else f"sites/{file.name}"
    text = _text(file, where)
    return parse_profile(text, where, _base(_table(text, where), where, text, files, above))


def _base(
    table: dict[str, Any], where: str, text: str, files: dict[str, Traversable | Path], above: tuple[str, ...]
) -> dict[str, Any] | None:
    """The table a profile ``extends``, itself laid over what that one extends."""
    name = table.get("extends")
    if name is None:
        return None
    line = _line_of(text, "extends")
    if name not in files or name in above:
        what = "extends itself" if name in above else "is not known"
        raise SiteProfileError(where, f'the profile "{name}" {what}', line=line, key="extends")
    below = str(name)
    inner = _text(files[below], below)
    inner_table = _table(inner, below)
    base = _base(inner_table, below, inner, files, (*above, below)) or {}
    inner_table.pop("extends", None)
    return _merged(base, inner_table)


def _text(file: Traversable | Path, where: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteProfileError(where, f"it cannot be read: {error}") from error


def _table(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise SiteProfileError(where, f"this is no TOML: {error}", line=int(line[1]) if line else None) from error


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """``over`` laid over ``base``, table by table; lists replace lists."""
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        out[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return out


def _told(where: str, text: str, message: str) -> SiteProfileError:
    """msgspec's message in our words, with the line of the key it is about."""
    reason, _, place = message.partition(" - at ")
    key = place.strip("`").removeprefix("$").lstrip(".")
    if unknown := re.search(r"unknown field `(.+?)`", reason):
        key = f"{key}.{unknown[1]}".lstrip(".")
        reason = "there is no such key; see core/sites/README.md for those there are"
    elif missing := re.search(r"missing required field `(.+?)`", reason):
        key = f"{key}.{missing[1]}".lstrip(".")
        return SiteProfileError(where, "it is missing", key=key)
    return SiteProfileError(where, reason[0].lower() + reason[1:], line=_line_of(text, key), key=key)


def _line_of(text: str, key: str) -> int | None:
    """The line (from 1) that sets the last part of a dotted ``key`` within its table."""
    *tables, name = re.sub(r"\[.*?\]", "", key).split(".")
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            table = header[1].split(".")
        elif table == tables and re.match(rf'\s*"?{re.escape(name)}"?\s*=', line):
            return number
    return None


def _line_of_text(text: str, pattern: str) -> int | None:
    written = pattern.replace("\\", "\\\\")
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if pattern in line or written in line), None)
