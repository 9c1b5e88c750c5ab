"""What ``new`` says it has read: everything it inferred, and every line it could not place."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from core.complaint import command
from core.project import Project, create
from core.project.translations import languages
from core.scripts import format_name
from tui.printed import printed

MOST_LINES = 40
"""Lines shown of what could not be placed; the rest is counted."""


def make_project(folder: Path, script: Path | None) -> None:
    """Make the project and say what was read. Raises ProjectError and ScriptError; nothing is asked."""
    project = create(folder, script)
    if script is not None:
        for line in _report(project, script):
            printed(line)
    printed(f"{folder} is ready. Draw it with: {command('run', folder)}")


def _report(project: Project, script: Path) -> Iterator[str]:
    read = project.script
    pages = len({(panel.chapter, panel.page) for panel in read.panels})
    named = format_name(project.folder / project.config.script)
    yield f"{script.name} was read as {named}:"
    yield f"  {_count(len(read.chapters), 'chapter')}, {_count(pages, 'page')}, {_count(len(read.panels), 'panel')}"
    panels = Counter(panel.chapter for panel in read.panels)
    for chapter in read.chapters[:MOST_LINES]:
        yield f"  chapter {chapter.number:>3}  {_count(panels[chapter.number], 'panel'):>10}  {chapter.title}"
    yield from _more(len(read.chapters), "chapters")
    words = Counter(words.kind for panel in read.panels for words in panel.words if not words.lang)
    if words:
        kinds = (("caption", "caption"), ("dialogue", "balloon"), ("sfx", "sound"))
        yield "  lettering    " + ", ".join(_count(words[kind], what) for kind, what in kinds if words[kind])
    if langs := languages(project):
        yield f"  languages    {', '.join(langs)}"
    yield from _who("cast", Counter(name for panel in project.panels for name in panel.cast))
    yield from _who("places", Counter(panel.place for panel in project.panels if panel.place))
    if project.notices:
        yield "Not used, or not known:"
        yield from (f"  {notice.removeprefix(f'{project.folder}/')}" for notice in project.notices[:MOST_LINES])
        yield from _more(len(project.notices), "lines")


def _who(what: str, panels: Counter[str]) -> Iterator[str]:
    if panels:
        told = [f"{name} ({_count(count, 'panel')})" for name, count in panels.most_common(12)]
        yield f"  {what:12} {', '.join(told)}" + (" …" if len(panels) > 12 else "")


def _more(count: int, what: str) -> Iterator[str]:
    if count > MOST_LINES:
        yield f"  … and {count - MOST_LINES} {what} more"


def _count(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
