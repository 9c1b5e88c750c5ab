"""Puts a script together from what a reader finds line by line, and numbers what the author did not number."""

import re
from pathlib import Path
from typing import Any

import msgspec

from core.scripts.front_matter import FrontMatter
from core.scripts.model import Script, ScriptChapter, ScriptError, ScriptPanel, Words

LISTS = ("cast", "refs")
_CHAPTER_ATTRIBUTES = {"template": "template", "looks": "looks", "cast": "looks", "characters": "looks"}
_ATTRIBUTES = {
    "id": "id", "cast": "cast", "characters": "cast", "place": "place", "location": "place", "setting": "place",
    "seed": "seed", "refs": "refs", "references": "refs", "aspect": "aspect", "size": "size", "slug": "slug",
    "template": "template",
}  # fmt: skip
_ATTRIBUTE = re.compile(rf"({'|'.join(_ATTRIBUTES)})\s*:(?:\s+(.*)|$)", re.IGNORECASE)


def attribute(line: str) -> tuple[str, str] | None:
    """(field of ScriptPanel, value) where ``line`` is an attribute line such as ``place: harbour``."""
    found = _ATTRIBUTE.fullmatch(line)
    return None if found is None else (_ATTRIBUTES[found[1].lower()], (found[2] or "").strip())


def chapter_attribute(line: str) -> tuple[str, str] | None:
    """(field of ScriptChapter, value) where ``line`` says something that holds for a whole chapter."""
    key, colon, value = line.partition(":")
    field = _CHAPTER_ATTRIBUTES.get(key.strip().lower())
    return (field, value.strip()) if colon and field and value.strip() else None


class _Chapter:
    def __init__(self, line: int, number: int | None, title: str) -> None:
        self.line, self.number, self.title, self.panels = line, number, title, 0
        self.template, self.looks = "", ()  # type: str, tuple[str, ...]


class ScriptBuilder:
    """Told of chapters, pages, panels and what belongs to them, in reading order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unplaced: list[tuple[int, str]] = []
        self._chapters: list[_Chapter] = []
        self._panels: list[ScriptPanel] = []
        self._page = self._number = 0
        self._fields: dict[str, Any] = {}
        self._text: list[str] = []
        self._words: list[Words] = []

    @property
    def in_panel(self) -> bool:
        return bool(self._fields)

    @property
    def panels(self) -> int:
        """Panels begun so far."""
        return len(self._panels) + self.in_panel

    def chapter(self, line: int, number: int | None, title: str) -> None:
        """A chapter begins. ``number`` None: numbered at the end, when it is known which numbers are free."""
        self._close()
        if number is not None:
            for known in self._chapters:
                if known.number == number:
                    raise ScriptError(
                        self.path,
                        line,
                        f"chapter {number} is on line {known.line} already; give it another number",
                    )
        self._chapters.append(_Chapter(line, number, title))
        self._page = self._number = 0

    @property
    def in_chapter(self) -> bool:
        """True between a chapter's heading and its first page or panel."""
        return bool(self._chapters) and not self._fields and not self._page

    def chapter_attribute(self, field: str, value: str) -> None:
        """Say something that holds for the chapter under way."""
        chapter = self._chapters[-1]
        if field == "looks":
            chapter.looks += listed(value)
        else:
            chapter.template = value

    def page(self, number: int | None) -> None:
        """A page begins; None means the next one."""
        self._close()
        self._page = self._page + 1 if number is None else number
        self._number = 0

    def panel(self, line: int, number: int | None, size: str = "") -> None:
        """A panel begins; None means the next one on its page."""
        self._close()
        if not self._chapters:
            self._chapters.append(_Chapter(line, None, ""))
        self._page = self._page or 1
        self._number = self._number + 1 if number is None else number
        self._fields = {
            "chapter": len(self._chapters) - 1, "page": self._page, "number": self._number, "line": line, "size": size
        }  # fmt: skip

    def text(self, line: str) -> None:
        self._text.append(line)

    def words(self, words: Words) -> None:
        self._words.append(words)

    def attribute(self, line: int, field: str, value: str) -> None:
        """Set a field of the panel under way. Raises ScriptError where it is set already or makes no sense."""
        if not value:
            return
        if field in LISTS:
            self._fields[field] = self._fields.get(field, ()) + listed(value)
            return
        if self._fields.get(field):
            raise ScriptError(self.path, line, f'this panel has "{field}" twice; keep one')
        if field == "seed":
            if not re.fullmatch(r"[0-9]{1,18}", value):
                raise ScriptError(self.path, line, f'a seed is a whole number, not "{value}"')
            self._fields[field] = int(value)
        else:
            self._fields[field] = value

    def leave(self, line: int, text: str) -> None:
        """Nobody knows where this belongs; it is reported."""
        self.unplaced.append((line, text))

    def _close(self) -> None:
        """The panel under way, if any, is complete."""
        if not self._fields:
            return
        text = " ".join(self._text)
        self._panels.append(ScriptPanel(text=text, words=tuple(self._words), **self._fields))
        self._chapters[-1].panels += 1
        self._fields, self._text, self._words = {}, [], []

    def finish(self, front: FrontMatter, hint: str) -> Script:
        """The whole script. ``hint`` says how a panel begins in this format. Raises ScriptError."""
        self._close()
        if not self._panels:
            raise ScriptError(self.path, None, f"there is no panel in it; {hint}")
        fields = front.script_fields()
        skip = self._title_alone() and not fields["title"]
        if skip:
            fields["title"] = self._chapters[0].title
        numbers = self._numbers(skip)
        chapters = tuple(
            ScriptChapter(number, chapter.title, chapter.template, chapter.looks)
            for index, (number, chapter) in enumerate(zip(numbers, self._chapters, strict=True))
            if index or not skip
        )
        panels = tuple(msgspec.structs.replace(panel, chapter=numbers[panel.chapter]) for panel in self._panels)
        unplaced = tuple(sorted([*front.unplaced, *self.unplaced]))
        return Script(chapters, panels, unplaced=unplaced, **fields)

    def _title_alone(self) -> bool:
        """A first heading without a number and without panels is the book's title."""
        return len(self._chapters) > 1 and self._chapters[0].number is None and not self._chapters[0].panels

    def _numbers(self, skip: bool) -> list[int]:
        """A number for every chapter: its own, else the one after its predecessor's, else a free one."""
        taken = {chapter.number for chapter in self._chapters if chapter.number is not None}
        numbers: list[int] = []
        before = 0
        for index, chapter in enumerate(self._chapters):
            if skip and index == 0:
                numbers.append(0)
                continue
            number = chapter.number
            if number is None:
                number = before + 1
                if number in taken:  # a prologue before chapter 1, an interlude between 3 and 4
                    number = 0 if not before and 0 not in taken else max(taken) + 1
                taken.add(number)
            numbers.append(number)
            before = number
        return numbers


def listed(value: str) -> tuple[str, ...]:
    """The names in ``alice, rabbit`` (semicolons and bars part names as well)."""
    return tuple(part.strip() for part in re.split(r"[,;|]", value) if part.strip())
