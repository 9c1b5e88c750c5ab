"""A script in comic-script conventions."""

from core.scripts.front_matter import write_front_matter
from core.scripts.lines import speakers
from core.scripts.markdown import panel_lines
from core.scripts.model import Script, ScriptPanel


def write_comic(script: Script) -> str:
    """The script as text; ``read_comic`` of it gives the same script, but for line numbers."""
    out = write_front_matter(script)
    by_chapter, names = script.by_chapter(), speakers([*script.cast, *script.aliases])
    for chapter in script.chapters:
        out.append(f"CHAPTER {chapter.number}" + (f": {chapter.title}" if chapter.title else ""))
        out += [f"template: {chapter.template}"] if chapter.template else []
        out += [f"looks: {', '.join(chapter.looks)}"] if chapter.looks else []
        out.append("")
        page: int | None = None
        for panel in by_chapter[chapter.number]:
            if panel.page != page:
                out += [f"PAGE {panel.page}", ""]
                page = panel.page
            out += _written(panel, names)
    return "\n".join(out)


def _written(panel: ScriptPanel, names: frozenset[str]) -> list[str]:
    head, *rest = panel_lines(panel, names)
    text = [line.removeprefix("\\") for line in rest[: 1 if panel.text else 0]]
    return [head.removeprefix("### "), *(f"\\{line}" for line in text), *rest[len(text) :], ""]
