"""The native script format: Markdown with chapters, pages and panels as headings.

    # Chapter 1: Dusk
    ## Page 1
    ### Panel 1 (wide)
    What the picture shows, in as many lines as it takes.
    cast: mira, oskar
    CAPTION: The lamps were late that night.

The whole format is described in ``core/scripts/README.md``. What the reader cannot place is reported in
``Script.unplaced``, never dropped silently.
"""

import re
from pathlib import Path

from core.scripts.building import ScriptBuilder, attribute
from core.scripts.front_matter import read_front_matter, write_front_matter
from core.scripts.headings import chapter_heading, page_heading, panel_heading
from core.scripts.lettering import lettered
from core.scripts.lines import PanelLines, speakers, structured
from core.scripts.model import Script, ScriptError, ScriptPanel, Words
from core.scripts.vocabulary import CHAPTERS, PAGES, PANELS, either

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*\S)\s*")


_SIGN = re.compile(rf"(?im)^ {{0,3}}#{{1,6}}[ \t]+(?:{either((*PANELS, *PAGES, *CHAPTERS))})\b")


def is_markdown(text: str) -> bool:
    """True where chapters, pages or panels are headings."""
    return bool(_SIGN.search(text))


def read_markdown(text: str, path: Path) -> Script:
    """Read a script in the native format. Raises ScriptError."""
    lines = text.split("\n")
    front = read_front_matter(lines, path)
    builder = ScriptBuilder(path)
    body = PanelLines(builder, [*front.cast, *front.aliases])
    for number, line in enumerate(lines[front.end :], start=front.end + 1):
        if "#" in line and (found := _HEADING.fullmatch(line)):
            body.end()
            _heading(builder, number, len(found[1]), " ".join(found[2].split()))
        else:
            body.take(number, line)
    body.end()
    return builder.finish(front, 'begin one with "### Panel 1"')


def _heading(builder: ScriptBuilder, line: int, level: int, title: str) -> None:
    """The word decides (chapter, page, panel), whatever the level; else a first-level heading is a chapter."""
    if panel := panel_heading(title):
        builder.panel(line, panel.number, panel.size)
        if panel.rest:
            builder.text(panel.rest)
    elif page := page_heading(title):
        builder.page(page.number)
        if page.rest:
            builder.leave(line, title)
    elif chapter := chapter_heading(title):
        builder.chapter(line, chapter.number, chapter.rest)
    elif level == 1:
        builder.chapter(line, None, title)
    elif level == 3:
        raise ScriptError(builder.path, line, f'"### {title}" is no panel; write "### Panel 1" or "### Panel 1 (wide)"')
    else:
        builder.leave(line, title)


def write_markdown(script: Script) -> str:
    """The script as text; ``read_markdown`` of it gives the same script, but for line numbers.

    Holds for every script a reader returns: single spaces inside texts, panels grouped by chapter.
    """
    out = write_front_matter(script)
    by_chapter, names = script.by_chapter(), speakers([*script.cast, *script.aliases])
    for chapter in script.chapters:
        out += [f"# Chapter {chapter.number}" + (f": {chapter.title}" if chapter.title else "")]
        out += [f"template: {chapter.template}"] if chapter.template else []
        out += [f"looks: {', '.join(chapter.looks)}"] if chapter.looks else []
        out.append("")
        page: int | None = None
        for panel in by_chapter[chapter.number]:
            if panel.page != page:
                out += [f"## Page {panel.page}", ""]
                page = panel.page
            out += [*panel_lines(panel, names), ""]
    return "\n".join(out)


def panel_lines(panel: ScriptPanel, names: frozenset[str] = frozenset()) -> list[str]:
    """A panel's heading, its picture, its attributes, its lettering. ``names``: those who may speak."""
    plain_size = panel.size and not set("()") & set(panel.size)
    known = {
        "id": panel.id,
        "size": "" if plain_size else panel.size,
        "cast": ", ".join(panel.cast),
        "place": panel.place,
        "slug": panel.slug,
        "template": panel.template,
        "aspect": panel.aspect,
        "refs": ", ".join(panel.refs),
        "seed": "" if panel.seed is None else str(panel.seed),
    }
    return [
        f"### Panel {panel.number}" + (f" ({panel.size})" if plain_size else ""),
        *([f"\\{panel.text}" if structured(panel.text, names) else panel.text] if panel.text else []),
        *(f"{key}: {value}" for key, value in known.items() if value),
        *(line for words in panel.words for line in _said(words)),
    ]


def _said(words: Words) -> list[str]:
    lines = lettered(words)
    # A speaker called "PLACE" or "SEED" would be read as an attribute.
    return lettered(words, forced=True) if words.kind == "dialogue" and attribute(lines[0]) else lines
