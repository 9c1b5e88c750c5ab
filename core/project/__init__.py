"""A project: a folder with ``novel.toml`` and a script, read and validated. Nothing on disk is touched by reading."""

import shutil
import tempfile
import tomllib
from importlib import resources
from pathlib import Path

import msgspec

from core import events as ev
from core.project import panels as _panels
from core.project.config import NAME, Config, ProjectError, line_of, read_config
from core.project.panels import PanelSpec, build_panels, inside
from core.prompts import Style
from core.scripts import read_script
from core.scripts.model import Script

__all__ = ["Config", "PanelSpec", "Project", "ProjectError", "create", "load", "plans"]


class Project(msgspec.Struct, frozen=True):
    """Everything the author gave. ``panels`` in book order."""

    folder: Path
    config: Config
    script: Script
    panels: tuple[PanelSpec, ...]


def load(folder: Path) -> Project:
    """Read the project in ``folder``. Raises ProjectError and ScriptError."""
    config = read_config(folder)
    path = inside(folder, config.script, folder / NAME, "script")
    script = read_script(path)
    return Project(folder, config, script, build_panels(folder, config, script, _style(folder, config, script), path))


def plans(project: Project) -> tuple[ev.BookPlanned, list[ev.PanelsPlanned]]:
    """The book as events: title and chapters, then its panels in batches."""
    return _panels.plans(project.config.title, project.script, project.panels)


def _style(folder: Path, config: Config, script: Script) -> Style:
    """The named style with the project's own words over it."""
    table = config.style
    name = table.name or script.style
    known = Style()
    if name:
        file = resources.files("themes") / "styles" / f"{name}.toml"
        if not file.is_file():
            names = sorted(
                entry.name.removesuffix(".toml") for entry in (resources.files("themes") / "styles").iterdir()
            )
            line = line_of((folder / NAME).read_text(encoding="utf-8"), "style.name")
            known_names = ", ".join(n for n in names if not n.startswith("_"))
            raise ProjectError(
                folder / NAME, f'there is no style "{name}"; known are {known_names}', line=line, key="style.name"
            )
        known = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Style)
    return Style(table.preamble or known.preamble, table.avoid or known.avoid)


_SKELETON_SCRIPT = """# Chapter 1: The beginning

### Panel 1 (wide)
Describe what the first picture shows.
CAPTION: Once upon a time.
"""


def create(folder: Path, script: Path | None = None) -> Project:
    """A new project in ``folder``, from ``script`` or as an empty beginning. All or nothing; overwrites nothing."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(folder, "it is there already and not empty; choose another folder")
    read = read_script(script) if script is not None else None
    name = script.name if script is not None else "script.md"
    title = (read.title if read else "") or folder.resolve().name
    settings = f'title = {_quoted(title)}\nscript = {_quoted(name)}\nsite = "easel"   # the built-in practice site\n'
    files = {NAME: settings.encode(), name: script.read_bytes() if script is not None else _SKELETON_SCRIPT.encode()}
    write_project(folder, files)
    return load(folder)


def write_project(folder: Path, files: dict[str, bytes]) -> None:
    """Write a new project's files, all or nothing. Raises ProjectError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, data in files.items():
                (beside / name).write_bytes(data)
            beside.chmod(0o755)
            if folder.is_dir():
                folder.rmdir()  # an empty one makes room; anything else refuses
            beside.rename(folder)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    except OSError as error:
        raise ProjectError(folder, f"it cannot be made there: {error.strerror}; choose another folder") from error


def _quoted(text: str) -> str:
    """A TOML basic string."""
    return msgspec.json.encode(text).decode()
