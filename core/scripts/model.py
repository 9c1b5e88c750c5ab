"""What every script reader returns, whatever the format."""

from pathlib import Path
from typing import Literal

import msgspec

from core.complaint import Complaint


class ScriptError(Complaint):
    """A script cannot be read. ``str()`` is one sentence: file, line, what is wrong, what to do."""

    def __init__(self, path: Path, line: int | None, sentence: str) -> None:
        where = f"{path}, line {line}" if line is not None else str(path)
        super().__init__(f"{where}: {sentence}")
        self.path, self.line, self.sentence = path, line, sentence


class Words(msgspec.Struct, frozen=True):
    """Lettering that belongs to a panel. ``who`` speaks; ``how``: thought, whisper, bottom, …

    ``lang``: ``fr``, ``pt-BR``, …; "" is the script's own language.
    """

    kind: Literal["caption", "dialogue", "sfx"]
    text: str
    who: str = ""
    how: str = ""
    lang: str = ""


class ScriptPanel(msgspec.Struct, frozen=True):
    """One picture to make, as written. ``line`` counts from 1; ``id`` is "" where the author gave none.

    A name in ``cast`` (or ``place``) may choose one of several looks: ``Mira (armour)``.
    """

    chapter: int
    page: int
    number: int  #: within the page, from 1
    text: str
    line: int
    id: str = ""
    size: str = ""  #: wide, splash, inset, … as written
    aspect: str = ""
    cast: tuple[str, ...] = ()
    place: str = ""
    slug: str = ""  #: a screenplay's scene heading as written: ``INT. GARRET - NIGHT``
    template: str = ""  #: scene template: action, dialogue, …
    words: tuple[Words, ...] = ()  #: in reading order, in every language there is
    refs: tuple[str, ...] = ()
    seed: int | None = None


class ScriptChapter(msgspec.Struct, frozen=True):
    """``template`` and ``looks`` (``Mira (armour)``) hold for its panels that say nothing else."""

    number: int
    title: str
    template: str = ""
    looks: tuple[str, ...] = ()


class Script(msgspec.Struct, frozen=True):
    """A script in reading order. ``unplaced``: (line, text) of what the reader could not place."""

    chapters: tuple[ScriptChapter, ...]
    panels: tuple[ScriptPanel, ...]
    title: str = ""
    style: str = ""
    aspect: str = ""
    cast: dict[str, str] = {}  #: name -> looks, as written in the script itself
    places: dict[str, str] = {}
    aliases: dict[str, str] = {}  #: name of a character or place -> its other names, by comma
    sheets: dict[str, str] = {}  #: name of a character or place, or "style" -> reference pictures, by comma
    front: dict[str, str] = {}  #: whatever else the front matter says (language, source, licence, …)
    unplaced: tuple[tuple[int, str], ...] = ()

    def by_chapter(self) -> dict[int, list[ScriptPanel]]:
        """The panels of every chapter, by its number, in reading order."""
        found: dict[int, list[ScriptPanel]] = {chapter.number: [] for chapter in self.chapters}
        for panel in self.panels:
            found[panel.chapter].append(panel)
        return found

    def chapter(self, number: int) -> ScriptChapter:
        """The chapter with this number."""
        return next(chapter for chapter in self.chapters if chapter.number == number)
