"""Fountain, the screenwriters' plain text, read by the library screenplay-tools.

Two ways of writing a comic in it are understood. With sections for panels, they rule:

    # Chapter One: A Spark
    ## Page 1
    ### Panel 1 (wide)

Without them it is a screenplay: every scene heading begins a page, every paragraph of action is a panel, and what
is said belongs to the panel above it. Notes such as ``[[seed: 1101]]`` are attributes of the panel they stand in.
"""

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from core.scripts.building import ScriptBuilder, attribute, chapter_attribute
from core.scripts.front_matter import FrontMatter, read_pair
from core.scripts.headings import Heading, chapter_heading, page_heading, panel_heading
from core.scripts.lettering import LANGUAGE, lettering, meaning
from core.scripts.model import Script, Words
from core.scripts.slug import place_of
from core.scripts.vocabulary import PANELS, either
from core.scripts.wording import multiline, single

NOWHERE = "-"
"""``[[place: -]]``: the scene heading names no place."""

_KEY = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9 _.-]*?)\s*:\s*(?P<value>.*?)\s*")
_SCENE = re.compile(r"(?:int|ext|est|i/e)[. /][ \t]*\S.*", re.IGNORECASE)
_SCENES = re.compile(rf"(?m)^{_SCENE.pattern}$", re.IGNORECASE)
_PANEL = re.compile(rf"(?im)^[ \t]*#{{1,6}}[ \t]*(?:{either(PANELS)})\b")
_BARE_PANEL = re.compile(rf"(?im)^[ \t]*(?:{either(PANELS)})[ \t]*#?[\w-]+[ \t]*(?:[(:.–—-].*)?$")
_MARK = re.compile(r"\[\[(\d+)\]\]")
_BONEYARD = re.compile(r"/\*\d+\*/")
_ESCAPED = re.compile(r"([\[\]/*])(\\*)\\(?=[\[\]/*])")
_RUN = re.compile(r"[^\S\n]{3,}")
"""One space is as good, and long runs of them are more than the library's expressions can bear."""

_NONE: list[str] = []
_LANG = re.compile(rf"(?P<who>.*?)\s*\[(?P<lang>{LANGUAGE})\]")


def is_fountain(text: str) -> bool:
    """True where scenes begin as screenplays' do, or a title page stands above sections."""
    head = text.lstrip("\n").split("\n", 1)[0]
    if head.lower().startswith(("title:", "credit:", "author:")):
        return bool(_SCENES.search(text) or _PANEL.search(text))
    return len(_SCENES.findall(text)) > 1


def read_fountain(text: str, path: Path) -> Script:
    """Read a screenplay in Fountain. Raises ScriptError."""
    lines = text.split("\n")
    front = _title_page(lines)
    sections = bool(_PANEL.search(text))
    if not sections and any(_bare_heading(found[0]) for found in _BARE_PANEL.finditer(text)):
        # A comic script under this ending.
        lines = [f"## {line.strip()}" if _bare_heading(line) else line for line in lines]
        sections = True
    reader = _Reader(path, sections=sections, pictures=_pages_without_panels(lines) if sections else set())
    _each(lines, front.end, bool(_RUN.search(text)), reader.take, reader.gap)
    return reader.finish(front)


def _title_page(lines: list[str]) -> FrontMatter:
    """``Key: value`` down to the first empty line; indented lines go on with the key above, or are its table."""
    front = FrontMatter()
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if not _KEY.fullmatch(lines[start]) or lines[start].strip().isupper():
        return front
    key = ""
    for index, line in enumerate(lines[start:], start=start):
        front.end = index + 1
        if not line.strip():
            break
        if not line[0].isspace() and (found := _KEY.fullmatch(line)):
            key = found["key"].lower()
            if found["value"]:
                front.values[key] = found["value"]
            continue
        table = front.values if key == "front" else front.table(key)
        pair = read_pair(line)
        if table is not None and pair is not None:
            table[pair[0]] = pair[1]
        elif key and line[0].isspace():
            front.values[key] = f"{front.values.get(key, '')} {single(line)}".strip()
        else:
            front.unplaced.append((index + 1, line.strip()))
    return front


def _bare_heading(line: str) -> bool:
    """``PAGE ONE``, ``Panel 2: …`` without the marks of a section."""
    title = single(line)
    found = page_heading(title) or (panel_heading(title) if _BARE_PANEL.fullmatch(line) else None)
    return found is not None and found.number is not None


def _pages_without_panels(lines: list[str]) -> set[int]:
    """Lines (from 1) of the pages that are one picture: no panel's section comes before the next page's."""
    found: set[int] = set()
    page: int | None = None
    for number, line in enumerate(lines, start=1):
        if line[:1] == "#":
            title = single(line.lstrip("#"))
            if panel_heading(title):
                page = None
            elif page_heading(title):
                found |= {page} if page else set()
                page = number
            elif chapter_heading(title) or not line.startswith("##"):
                found |= {page} if page else set()
                page = None
    return found | ({page} if page else set())


def _each(
    lines: list[str], start: int, runs: bool, take: Callable[[int, Any, list[str]], None], gap: Callable[[], None]
) -> None:
    """``take`` every (line, element, the notes in it) as the library finds them; ``gap``: nothing, between actions.

    ``runs``: there are long runs of spaces somewhere.
    """
    from screenplay_tools.screenplay import Action, Character, Transition  # type: ignore[import-untyped]

    from core.scripts.fountain_parser import QuickParser

    parser = QuickParser()
    late = (Character, Transition)
    parser.mergeActions = False
    parser.add_line("")  # the title page is behind us
    elements, notes, places = parser.script.elements, parser.script.notes, list[int]()

    def hand_over(keep: int) -> None:
        while len(elements) > keep:
            element, place = elements.pop(0), places.pop(0)
            text = element.text_raw
            if text or type(element) is not Action:
                marks = [notes[int(mark)].text_raw for mark in _MARK.findall(text)] if "[[" in text else _NONE
                take(place, element, marks)
            else:
                gap()

    for number, line in enumerate(islice(lines, start, None), start=start + 1):
        parser.add_line(_RUN.sub("  ", line) if runs else line)
        if len(places) < len(elements):
            # A cue and a transition are only known by the line after them.
            if len(elements) == 1 + len(places):
                places.append(number - isinstance(elements[-1], late))
            else:
                places.extend([number - isinstance(element, late) for element in islice(elements, len(places), None)])
            hand_over(1)  # the last one may still be added to
    parser.finalize()
    places.extend([len(lines)] * (len(elements) - len(places)))
    hand_over(0)


def _bare(element: Any) -> str:
    """The element's text without notes and what is commented out."""
    text: str = element.text_raw
    if "[[" not in text and "/*" not in text and "\\" not in text:
        return text
    return unescaped(_BONEYARD.sub("", _MARK.sub("", text)))


class _Reader:
    """One method a kind of element."""

    def __init__(self, path: Path, *, sections: bool, pictures: set[int]) -> None:
        self._builder, self._sections = ScriptBuilder(path), sections
        self._pictures = pictures  #: lines of pages that are one picture
        self._whole: tuple[int, Heading] | None = None  #: such a page, not begun yet
        self._scene = ""  #: the scene heading in force
        self._slug = ""  #: that of the panel under way
        self._own: set[str] = set()  #: attributes the panel under way has
        self._text = False  #: the panel under way says what is seen
        self._apart = True  #: the next line of action begins a paragraph
        self._cue = ("", "", "")  #: who speaks, how, in which language
        self._forced = False  #: that name is one whatever it says
        self._line = 0
        self._paged = 0  #: panels there were when the last page began
        self._handlers: dict[Any, tuple[str, Callable[[int, Any], None] | None]] = {}  #: by the library's type

    def finish(self, front: FrontMatter) -> Script:
        self._end()
        return self._builder.finish(front, 'begin one with "### Panel 1", or a scene with "INT. SOMEWHERE - DAY"')

    def gap(self) -> None:
        """An empty line: whatever is seen next stands apart."""
        self._apart = True

    def take(self, line: int, element: Any, notes: list[str]) -> None:
        known = self._handlers.get(type(element))
        if known is None:
            kind = element.type.value.lower()
            known = self._handlers[type(element)] = kind, getattr(self, f"_{kind}", None)
        kind, handler = known
        if handler is None:
            self._builder.leave(line, single(_bare(element)) or kind)
        else:
            handler(line, element)
        if kind == "character" and not self._builder.in_panel and not self._begin_whole():
            self._begin(line, f"{self._cue[0]} speaks")
        for note in notes:
            self._note(line, note)
        if kind not in ("action", "note"):
            self._apart = True

    def _section(self, line: int, element: Any) -> None:
        title = single(_bare(element))
        if panel := panel_heading(title):
            self._end()
            self._builder.panel(line, panel.number, panel.size)
            self._line, self._slug = line, self._scene
            if panel.rest:
                self._say(panel.rest)
        elif page := page_heading(title):
            self._end()
            self._builder.page(page.number)
            if line in self._pictures:
                self._whole = line, page
            elif page.rest:
                self._builder.leave(line, title)
        elif (chapter := chapter_heading(title)) or element.level == 1:
            self._end()
            self._scene = ""
            self._builder.chapter(line, chapter.number if chapter else None, chapter.rest if chapter else title)
        else:
            self._builder.leave(line, title)

    def _heading(self, line: int, element: Any) -> None:
        slug = single(_bare(element))
        if self._sections and self._builder.in_panel:
            self._slug = slug
            return
        self._end()
        self._scene = slug
        if not self._sections and self._builder.panels > self._paged:
            self._builder.page(None)
            self._paged = self._builder.panels

    def _action(self, line: int, element: Any) -> None:
        text = single(_bare(element))
        if not text:
            self._apart = self._apart or not _MARK.search(element.text_raw)
            return
        if self._builder.in_chapter and (found := chapter_attribute(text)):
            self._builder.chapter_attribute(*found)
        elif self._sections and not self._builder.in_panel and not self._begin_whole():
            self._builder.leave(line, text)
        elif self._builder.in_panel and not getattr(element, "forced", False) and (words := lettering(text)):
            self._builder.words(words)
        elif not self._sections and self._apart:
            self._begin(line, text)
        else:
            self._say(text)
        self._apart = False

    def _begin(self, line: int, text: str) -> None:
        """A panel nobody announced."""
        self._end()
        self._builder.panel(line, None)
        self._line, self._slug = line, self._scene
        self._say(text)

    def _begin_whole(self) -> bool:
        """Begin the page that is one picture, if it is such a one."""
        whole, self._whole = self._whole, None
        if whole is None:
            return False
        line, page = whole
        self._builder.panel(line, None, page.size)
        self._line, self._slug = line, self._scene
        if page.rest:
            self._say(page.rest)
        return True

    def _say(self, text: str) -> None:
        self._builder.text(text)
        self._text = True

    def _character(self, line: int, element: Any) -> None:
        who, lang = single(element.name), ""
        if who.endswith("]") and (found := _LANG.fullmatch(who)):
            who, lang = found["who"], found["lang"]
        self._cue = (who, single(element.extension or ""), lang)
        self._forced = bool(getattr(element, "forced", False)) and who == who.upper()

    def _parenthetical(self, line: int, element: Any) -> None:
        who, how, lang = self._cue
        said = single(_bare(element))
        self._cue = (who, f"{how}, {said}" if how else said, lang)

    def _dialogue(self, line: int, element: Any) -> None:
        self._words(line, multiline(_bare(element)))

    def _lyric(self, line: int, element: Any) -> None:
        who, _, lang = self._cue
        self._cue = (who, "sung", lang)
        self._words(line, multiline(_bare(element)))

    def _words(self, line: int, text: str) -> None:
        who, how, lang = self._cue
        self._cue = (who, "", lang)
        how = how.replace("(", "").replace(")", "")
        if not self._builder.in_panel:
            self._builder.leave(line, f"{who}: {single(text)}")
        elif text and not self._forced and (known := meaning(who)) and known[0] != "dialogue":
            self._builder.words(Words(known[0], text, how=how or known[1], lang=lang))
        elif text:
            self._builder.words(Words("dialogue", text, who=who, how=how, lang=lang))

    def _note(self, line: int, note: str) -> None:
        """An attribute of the panel, lettering, or the author's own business (reported)."""
        first, *more = unescaped(note).strip().split("\n")
        first = single(first)
        found = attribute(first)
        if self._builder.in_panel and found:
            self._own.add(found[0])
            if found[0] == "slug":
                self._slug = found[1]
            elif found[1] != NOWHERE:
                self._builder.attribute(line, *found)
        elif self._builder.in_panel and (words := lettering(first)):
            text = multiline("\n".join([words.text, *more]))
            self._builder.words(Words(words.kind, text, who=words.who, how=words.how, lang=words.lang))
        elif self._builder.in_chapter and (held := chapter_attribute(first)):
            self._builder.chapter_attribute(*held)
        else:
            self._builder.leave(line, single(note))

    def _end(self) -> None:
        """The panel under way, if any, is complete."""
        if self._builder.in_panel and self._slug:
            self._builder.attribute(self._line, "slug", self._slug)
            if "place" not in self._own:
                self._builder.attribute(self._line, "place", place_of(self._slug))
        self._slug, self._own, self._text, self._apart = "", set(), False, True
        self._whole = None


def unescaped(text: str) -> str:
    """See ``fountain_writing.escaped``."""
    return _ESCAPED.sub(r"\1\2", text) if "\\" in text else text
