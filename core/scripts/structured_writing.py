"""A script as plain tables and lists, for formats that have them."""

from itertools import groupby
from typing import Any

from core.scripts.front_matter import tables_of
from core.scripts.model import Script, ScriptPanel
from core.scripts.wording import objects


def document(script: Script) -> dict[str, Any]:
    """The whole script as one document, empty values left out."""
    own = {"title": script.title, "style": script.style, "aspect": script.aspect, "front": script.front}
    head = {key: value for key, value in {**own, **tables_of(script)}.items() if value}
    by_chapter = script.by_chapter()
    chapters = []
    for chapter in script.chapters:
        pages = [
            {"number": page, "panels": [_panel(panel) for panel in panels]}
            for page, panels in groupby(by_chapter[chapter.number], key=lambda panel: panel.page)
        ]
        said = {"title": chapter.title, "template": chapter.template, "looks": list(chapter.looks)}
        chapters.append(
            {"chapter": chapter.number, **{key: value for key, value in said.items() if value}, "pages": pages}
        )
    return {"novelgen": 1, **head, "chapters": chapters}


def _panel(panel: ScriptPanel) -> dict[str, Any]:
    fields = {
        "id": panel.id,
        "size": panel.size,
        "aspect": panel.aspect,
        "seed": panel.seed,
        "place": panel.place,
        "slug": panel.slug,
        "template": panel.template,
        "characters": list(panel.cast),
        "refs": list(panel.refs),
        "shot": panel.text,
        "text": objects(panel.words),
    }
    return {
        "panel": panel.number,
        **{key: value for key, value in fields.items() if value or (key == "seed" and value is not None)},
    }
