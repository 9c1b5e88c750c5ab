"""The panels of a project: a script's panels with their ids, files and compiled prompts."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from core import events as ev
from core.project.config import NAME, Config, ProjectError
from core.prompts import Look, Style, compile_prompt, named_in, prompt_hash
from core.scripts.model import Script, ScriptError, ScriptPanel

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

BATCH = 1000
"""Panels in one PanelsPlanned event."""


class PanelSpec(msgspec.Struct, frozen=True):
    """A panel ready to be drawn. ``folder`` lies under ``panels/``; ``scene``: panels that may share a conversation."""

    id: str
    chapter: int
    page: int
    number: int  #: within its chapter, from 1
    folder: str
    text: str
    caption: str
    prompt: str
    prompt_hash: str
    scene: str = ""
    references: tuple[Path, ...] = ()
    aspect: str = ""
    seed: int | None = None


def build_panels(folder: Path, config: Config, script: Script, style: Style, path: Path) -> tuple[PanelSpec, ...]:
    """Every panel of ``script`` (read from ``path``) in book order. Raises ScriptError and ProjectError."""
    numbers: dict[int, int] = {}
    lines: dict[str, int] = {}
    cast = tuple(config.cast) + tuple(Look(name, looks) for name, looks in script.cast.items())
    places = {look.name.casefold(): look for look in config.places}
    shared = tuple(inside(folder, name, folder / NAME, "style.references") for name in config.style.references)
    specs = []
    for panel in script.panels:
        number = numbers[panel.chapter] = numbers.get(panel.chapter, 0) + 1
        id = panel.id or f"ch{panel.chapter:02d}-p{number:03d}"
        if not _ID.fullmatch(id):
            raise ScriptError(path, panel.line, f'the id "{id}" may hold only letters, digits, "-" and "_"')
        if id in lines:
            raise ScriptError(path, panel.line, f'the id "{id}" is on line {lines[id]} already; ids must differ')
        lines[id] = panel.line
        specs.append(_spec(folder, config, script, style, panel, id, number, cast, places, shared, path))
    return tuple(specs)


def _spec(
    folder: Path,
    config: Config,
    script: Script,
    style: Style,
    panel: ScriptPanel,
    id: str,
    number: int,
    cast: tuple[Look, ...],
    places: Mapping[str, Look],
    shared: tuple[Path, ...],
    path: Path,
) -> PanelSpec:
    aspect = panel.aspect or script.aspect or config.aspect
    named = named_in(panel.text, cast, panel.cast)
    place = places.get(panel.place.casefold())
    prompt = compile_prompt(panel.text, style=style, cast=named, place=place, size=panel.size, aspect=aspect)
    own = tuple(inside(folder, name, path, f"line {panel.line}, refs") for name in panel.refs)
    of_cast = tuple(
        inside(folder, name, folder / NAME, "cast.references") for look in named for name in look.references
    )
    references = tuple(dict.fromkeys((*shared, *of_cast, *own)))
    extras = {"references": [p.name for p in references], "aspect": aspect, "seed": panel.seed}
    caption = next((words.text for words in panel.words if words.kind == "caption"), "")
    return PanelSpec(
        id,
        panel.chapter,
        panel.page,
        number,
        f"ch{panel.chapter:02d}",
        panel.text,
        caption,
        prompt,
        prompt_hash(prompt, extras),
        f"ch{panel.chapter:02d}",
        references,
        aspect,
        panel.seed,
    )


def inside(folder: Path, name: str, where: Path, key: str) -> Path:
    """The file ``name`` of the project. Raises ProjectError where it leads out of it or is not there."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ProjectError(where, f'"{name}" leads out of the project; keep its files inside', key=key)
    if not path.is_file():
        raise ProjectError(where, f'there is no file "{name}"; check the name', key=key)
    return path


def plans(title: str, script: Script, panels: tuple[PanelSpec, ...]) -> tuple[ev.BookPlanned, list[ev.PanelsPlanned]]:
    """The book as events."""
    chapters = tuple(ev.ChapterPlan(chapter.number, chapter.title) for chapter in script.chapters)
    return ev.BookPlanned(title, chapters), [ev.PanelsPlanned(batch) for batch in _batches(panels)]


def _batches(panels: tuple[PanelSpec, ...]) -> Iterator[tuple[ev.PanelPlan, ...]]:
    for start in range(0, len(panels), BATCH):
        yield tuple(
            ev.PanelPlan(p.id, p.chapter, p.page, p.number, p.text, p.prompt_hash, p.folder, p.caption)
            for p in panels[start : start + BATCH]
        )
