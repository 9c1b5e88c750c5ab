"""Captions and dialogue in other languages: ``script.fr.md`` beside ``script.md``, in any format a script may have.

A translation's panels are found by id, else by chapter, page and panel; their pictures' descriptions do not matter.
Words in other languages inside the script itself (``CAPTION [fr]: …``, a column ``caption_fr``) need no such file.
"""

from collections.abc import Iterator

import msgspec

from core.project import Project
from core.scripts import read_words
from core.scripts.beside import translations
from core.scripts.model import Words


class Untranslated(msgspec.Struct, frozen=True):
    """A line that is missing in a language. ``line``: where the script has it."""

    panel: str
    line: int
    words: Words


def languages(project: Project) -> list[str]:
    """Every language the words are in besides the script's own, as tags."""
    inside = {words.lang for panel in project.panels for words in panel.words if words.lang}
    return sorted(inside | set(translations(project.folder / project.config.script)))


def translated(project: Project, lang: str) -> Project:
    """``project`` with the words of the file for ``lang`` added to its panels; as it is where there is none.

    What fits no panel is told in its notices. Raises ScriptError.
    """
    files = {tag.casefold(): (tag, path) for tag, path in translations(project.folder / project.config.script).items()}
    if lang.casefold() not in files:
        return project
    tag, path = files[lang.casefold()]
    read = read_words(path)
    places = _places(project)
    added: dict[int, tuple[Words, ...]] = {}
    notices = []
    for panel in read.panels:
        words = tuple(msgspec.structs.replace(item, lang=tag) for item in panel.words if item.lang in ("", tag))
        index = places.get(panel.id) if panel.id else places.get((panel.chapter, panel.page, panel.number))
        if index is None:
            named = f'"{panel.id}"' if panel.id else f"chapter {panel.chapter}, page {panel.page}, {panel.number}"
            notices.append(f"{path}, line {panel.line}: the script has no panel {named}")
        else:
            added[index] = added.get(index, ()) + words
    return _with_words(project, added, notices)


def _places(project: Project) -> dict[str | tuple[int, int, int], int]:
    """Id and place of every panel -> its index."""
    found: dict[str | tuple[int, int, int], int] = {}
    for index, (spec, panel) in enumerate(zip(project.panels, project.script.panels, strict=True)):
        found[spec.id] = index
        found.setdefault((panel.chapter, panel.page, panel.number), index)
    return found


def _with_words(project: Project, added: dict[int, tuple[Words, ...]], notices: list[str]) -> Project:
    written = list(project.script.panels)
    specs = list(project.panels)
    for index, words in added.items():
        inside = written[index].words
        # The script's own translation of a panel goes before the file's.
        known = {item.lang for item in inside}
        more = tuple(item for item in words if item.lang not in known)
        written[index] = msgspec.structs.replace(written[index], words=inside + more)
        specs[index] = msgspec.structs.replace(specs[index], words=inside + more)
    script = msgspec.structs.replace(project.script, panels=tuple(written))
    return msgspec.structs.replace(project, script=script, panels=tuple(specs), notices=(*project.notices, *notices))


def untranslated(project: Project, lang: str) -> Iterator[Untranslated]:
    """The lines of a ``translated`` project that are missing in ``lang``, in book order.

    A panel's captions, dialogue and sounds are each counted by themselves: the second caption is missing where the
    language has one only.
    """
    for panel in project.panels:
        there = [item.kind for item in panel.words if item.lang.casefold() == lang.casefold()]
        for item in panel.words:
            if item.lang:
                continue
            if item.kind in there:
                there.remove(item.kind)
            else:
                yield Untranslated(panel.id, panel.line, item)
