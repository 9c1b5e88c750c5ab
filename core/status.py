"""How a project stands, read from its disk by anybody, whether or not it is being run."""

from pathlib import Path

import msgspec

from core.project import Difference, Project, compare, load
from core.project.rewordings import found_again
from core.project.translations import translated
from core.state import RunState
from core.store.questions import FoundPanel, find_panels
from core.store.store import read


def open_book(folder: Path, language: str = "") -> tuple[Project, RunState]:
    """The project as its script reads now, its panels as they are drawn (ids, edits), and the stored state.

    For whoever only reads. ``language``: its words are added where a file beside the script has them.
    Raises ProjectError and ScriptError.
    """
    project, state = load(folder), stored_state(folder)
    project = msgspec.structs.replace(project, panels=found_again(project, state.panels, state.dropped).panels)
    return translated(project, language) if language else project, state


def difference(folder: Path) -> Difference:
    """What the script as it reads now changes beside what was planned. Raises ProjectError and ScriptError."""
    project, state = load(folder), stored_state(folder)
    return compare(found_again(project, state.panels, state.dropped), list(state.panels.values()))


def stored_state(folder: Path) -> RunState:
    """The state as checkpoint and journal know it; takes no lock and writes nothing."""
    return read(folder)


def search(folder: Path, *, failed: bool = False, words: str = "") -> list[FoundPanel]:
    """Panels in book order that failed or were refused (all, where not ``failed``) and that have every word.

    Words are looked for in the panel's id, text and caption and in what the site said.
    """
    return find_panels(folder, ("failed", "refused") if failed else (), words)
