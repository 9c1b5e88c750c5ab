"""A project: a folder with ``novel.toml`` and a script, read and checked. Reading touches nothing on disk."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from core import events as ev
from core.collecting import no_collecting
from core.project import panels as _panels
from core.project.config import NAME, Config, Settings, parse_settings, read_settings
from core.project.creating import check_free, empty_project, settings_for, taken_along, write_project
from core.project.difference import Difference, compare
from core.project.errors import ProjectError, blaming
from core.project.ids import Identified, identified
from core.project.panels import PanelBuilder, PanelSpec
from core.project.paths import Inside, Misplaced
from core.project.scenes import Policy, Scenes, pictures_together
from core.project.styles import known_styles, style_of
from core.scripts import read_script
from core.scripts.model import Script

__all__ = [
    "NAME",
    "Config",
    "Difference",
    "Identified",
    "PanelSpec",
    "Policy",
    "Project",
    "ProjectError",
    "Reword",
    "blaming",
    "check_free",
    "compare",
    "create",
    "identified",
    "known_styles",
    "load",
    "pictures_together",
    "plans",
    "reworded",
    "rewording",
    "write_project",
]


class Project(msgspec.Struct, frozen=True):
    """Everything the author gave. ``panels`` in book order."""

    folder: Path
    config: Config
    script: Script
    panels: tuple[PanelSpec, ...]
    notices: tuple[str, ...] = ()  #: what was read but not used, a sentence each

    def with_conversations(self, policy: Policy) -> "Project":
        """The same project, its panels' scenes made by ``policy`` where novel.toml leaves that to the site."""
        if self.config.conversation is not None:
            return self
        scenes = Scenes(policy)
        panels = (
            msgspec.structs.replace(spec, scene=scenes.of(panel))
            for spec, panel in zip(self.panels, self.script.panels, strict=True)
        )
        return msgspec.structs.replace(self, panels=tuple(panels))


def load(folder: Path) -> Project:
    """Read the project in ``folder``. Raises ProjectError and ScriptError, which name file and line."""
    settings = read_settings(folder)
    files = Inside(folder)
    path = _script(settings, files)
    script = read_script(path)
    builder = PanelBuilder(settings, script, style_of(settings, script), path, files)
    with no_collecting():
        panels = builder.build()
    return _whole(folder, builder, panels, path)


def _whole(folder: Path, builder: PanelBuilder, panels: tuple[PanelSpec, ...], path: Path) -> Project:
    """The project and what is to be said of it; ``path``: its script, as it is called there."""
    notices = tuple(f'{path}, line {line}: "{text}" has no place' for line, text in builder.script.unplaced)
    notices += tuple(f"{path}, sheets: {wrong}" for wrong in builder.missing.values())
    notices += tuple(f'{path}, line {line}: nobody says how "{name}" looks' for name, line in builder.strangers.items())
    return Project(folder, builder.settings.config, builder.script, panels, notices)


Reword = Callable[[int, str, PanelSpec | None], PanelSpec]
"""A panel with a person's words in place of the script's: its place in the book (from 0), the words, and the panel
under the id it has in the run (None: as the script names it)."""


def rewording(project: Project) -> Reword:
    """How panels of ``project`` are reworded; novel.toml is read once, now.

    Raises ProjectError and ScriptError where novel.toml can no longer be used.
    """
    settings, files = read_settings(project.folder), Inside(project.folder)
    style = style_of(settings, project.script)
    builder = PanelBuilder(settings, project.script, style, _script(settings, files), files)

    def reword(at: int, text: str, spec: PanelSpec | None) -> PanelSpec:
        return builder.reword(project.panels[at] if spec is None else spec, project.script.panels[at], text)

    return reword


def reworded(project: Project, at: int, text: str, spec: PanelSpec | None = None) -> PanelSpec:
    """One panel as ``rewording`` makes it, by novel.toml as it stands now."""
    return rewording(project)(at, text, spec)


def _script(settings: Settings, files: Inside) -> Path:
    try:
        return files.file(settings.config.script)
    except Misplaced as error:
        raise settings.error("script", str(error)) from error


def plans(
    project: Project, panels: tuple[PanelSpec, ...] | None = None
) -> tuple[ev.BookPlanned, list[ev.PanelsPlanned]]:
    """The book as events: title and chapters, then its panels a thousand at a time (``panels``: under other ids)."""
    return _panels.plans(project.config.title, project.script, project.panels if panels is None else panels)


def create(folder: Path, script: Path | None = None) -> Project:
    """A new project in ``folder``, from ``script`` (with the references it names) or as an empty beginning.

    All or nothing, and nothing is overwritten. Raises ProjectError and ScriptError.
    """
    check_free(folder)
    if script is None:
        write_project(folder, empty_project(folder))
        return load(folder)
    read = read_script(script)
    text = settings_for(folder, script, read)
    settings = parse_settings(text, folder / NAME)
    builder = PanelBuilder(settings, read, style_of(settings, read), script, Inside(script.parent))
    with no_collecting():
        panels = builder.build()
        write_project(folder, {**taken_along(script, panels), NAME: text.encode()})
        moved = tuple(_moved(panel, script.parent, folder) if panel.references else panel for panel in panels)
    return _whole(folder, builder, moved, folder / script.name)


def _moved(panel: PanelSpec, before: Path, folder: Path) -> PanelSpec:
    """The panel with its references where they are now."""
    return msgspec.structs.replace(
        panel, references=tuple(folder / path.relative_to(before) for path in panel.references)
    )
