"""Processors, post-processors and sites from other packages, by entry points.

A package adds a processor by an entry point in the group ``novelgen.processors``: a function that takes a
``Context`` and returns a ``Processor``. Ours are listed the same way in ``pyproject.toml``. A plugin that cannot
be loaded is named and left out; it never takes the program down.
"""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import msgspec

from core.complaint import Complaint
from core.processors.base import Processor

PROCESSORS = "novelgen.processors"


class PluginError(Complaint):
    """A plugin is not there or cannot be used. ``str()`` names it, its package and what to do."""


class Context(msgspec.Struct, frozen=True):
    """What a processor is made from. ``options``: ``[processor.options]`` of novel.toml, unchecked."""

    folder: Path  #: of the project
    options: dict[str, Any] = {}


Factory = Callable[[Context], Processor]


def find_processor(name: str) -> Factory:
    """The processor ``name``. Raises PluginError."""
    factory: Factory = find(PROCESSORS, name, "processor")
    return factory


def find(group: str, name: str, kind: str) -> Any:
    """What the entry point ``name`` of ``group`` stands for. Raises PluginError."""
    known = {entry.name: entry for entry in entry_points(group=group)}
    if name not in known:
        built_in = ["browser"] if group == PROCESSORS else []
        raise PluginError(f'there is no {kind} "{name}"; there are {", ".join([*built_in, *sorted(known)]) or "none"}')
    return _loaded(known[name], kind)


def _loaded(entry: EntryPoint, kind: str) -> Any:
    try:
        return entry.load()
    except Exception as error:  # somebody else's code: whatever it raises, it is named
        package = entry.dist.name if entry.dist else "a package"
        raise PluginError(
            f'the {kind} "{entry.name}" of {package} cannot be loaded ({type(error).__name__}: {error}); '
            f"update or uninstall {package}"
        ) from error
