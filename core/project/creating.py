"""New projects: written whole or not at all, and never over anything."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from core.project.config import NAME
from core.project.errors import ProjectError
from core.project.panels import PanelSpec
from core.scripts import Script
from core.scripts.beside import translations

_SKELETON = """\
# Chapter 1: The beginning

## Page 1

### Panel 1 (wide)
Describe what the first picture shows.
CAPTION: Once upon a time.

### Panel 2
And what the second one shows.
"""

_SETTINGS = """\
title = {title}
script = {script}
site = "easel"            # the built-in practice site; see the README for others

{style}

# [[cast]]                # said in the same words whenever a panel names them
# name = "Mira"
# looks = "girl of nine, yellow raincoat, short black hair"   # or several: {{default = "…", armour = "…"}}

# [[places]]
# name = "harbour"
# looks = "old stone harbour, wet cobbles, masts"
"""


_STYLE = """\
[style]
name = "ink-wash"         # or your own words: preamble = "…", avoid = "…"\
"""
_SCRIPTS_OWN_STYLE = """\
# [style]                 # the script says how its pictures look; what is said here goes before that
# name = "ink-wash"\
"""


def empty_project(folder: Path) -> dict[str, bytes]:
    """The files of a project without a script: one to begin with."""
    return {"script.md": _SKELETON.encode(), NAME: _settings(folder, "", "script.md", _STYLE).encode()}


def settings_for(folder: Path, script: Path, read: Script) -> str:
    """The text of novel.toml for a new project in ``folder``, made from the file ``script``."""
    return _settings(folder, read.title, script.name, _SCRIPTS_OWN_STYLE if read.style else _STYLE)


def _settings(folder: Path, title: str, script: str, style: str) -> str:
    title = title or folder.resolve().name or "A new novel"
    return _SETTINGS.format(title=quoted(title), script=quoted(script), style=style)


def taken_along(script: Path, panels: Iterable[PanelSpec]) -> dict[str, bytes]:
    """The script, its translations and the reference pictures its panels name. Raises ProjectError."""
    files = {path for panel in panels for path in panel.references} | set(translations(script).values())
    try:
        beside = {path.relative_to(script.parent).as_posix(): path.read_bytes() for path in sorted(files)}
        return {**beside, script.name: script.read_bytes()}
    except OSError as error:
        raise ProjectError(script, f"it cannot be taken over: {error.strerror}") from error


def check_free(folder: Path) -> None:
    """Raises ProjectError where a new project in ``folder`` would be in something's way."""
    try:
        if folder.is_dir():
            if any(folder.iterdir()):
                raise ProjectError(folder, "it is there already and not empty; choose another folder")
        elif folder.exists() or folder.is_symlink():
            raise ProjectError(folder, "it is there already and is no folder; choose another one")
    except OSError as error:
        raise ProjectError(folder, f"it cannot be looked into: {error.strerror}; choose another folder") from error


def write_project(folder: Path, files: dict[str, bytes]) -> None:
    """Write a new project's files beside ``folder``, then move them there. Raises ProjectError."""
    check_free(folder)
    place = folder.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".novelgen-new-", dir=place.parent))
        try:
            for name, data in files.items():
                path = beside / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            _move(beside, place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise ProjectError(folder, f"it cannot be made there: {error.strerror}; choose another folder") from error


def _move(beside: Path, place: Path) -> None:
    if not place.is_dir():
        beside.chmod(0o755)
        beside.rename(place)
        return
    # An empty folder stays the folder it is (a shell may stand in it); novel.toml goes last: with it, it is a project.
    moved: list[Path] = []
    try:
        for path in sorted(beside.iterdir(), key=lambda path: path.name == NAME):
            path.rename(place / path.name)
            moved.append(place / path.name)
    except OSError:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def quoted(text: str) -> str:
    """A TOML basic string."""
    encoded = msgspec.json.encode(text.encode("utf-8", "replace").decode()).decode()
    return encoded.replace("\x7f", "\\u007f")
