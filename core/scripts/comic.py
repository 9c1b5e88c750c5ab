"""Comic-script conventions in plain text or Markdown: no headings needed.

CHAPTER 1 - The Riverbank
PAGE ONE (three panels)
Panel 1. Wide. A drowsy summer riverbank. ALICE sits in the daisies.
CAPTION: It was far too hot to make a daisy-chain.
ALICE (thought): What is the use of a book with no pictures?

Pages without panels are one picture each. Where nobody writes "Panel", numbers below a page's heading (``1.``,
``2.3``) begin them. Who speaks may stand above what is said, or a tab before it.
"""

import re
from pathlib import Path

import msgspec

from core.scripts.building import ScriptBuilder
from core.scripts.front_matter import read_front_matter
from core.scripts.headings import Heading, chapter_heading, may_be_heading, page_and_panel, page_heading, panel_heading
from core.scripts.lettering import is_speaker, lettering
from core.scripts.lines import RULE, PanelLines
from core.scripts.model import Script
from core.scripts.vocabulary import COUNTED, PAGES, PANELS, either

_HASHES = re.compile(r"#{1,6}\s+")
_MARKS = re.compile(r"[*_]{1,3}(?P<head>[^*_]+)[*_]{1,3}(?P<rest>.*)")
_BRACKETS = re.compile(r"[\[【<](?P<inner>[^\]】>]+)[\]】>]\s*[.:]?\s*(?P<rest>.*)")
_MARKED = ("", *" \t\xa0#*_[【<\u200b\u200e\u200f\u2060\ufeff")
"""First letters of lines whose words begin behind them."""

_UNSEEN = "\u200b\u200e\u200f\u2060\ufeff"
"""What word processors and web pages leave at the beginning of a line."""

_BARE_PANEL = re.compile(rf"(?:{either(PANELS)})\s*#?[\w-]+\s*(?:$|[.:：(（&–—-]|and\b).*|.*目.*", re.IGNORECASE)
_SIZE = re.compile(
    r"(wide|tall|narrow|splash|inset|square|small|large|full[- ]page|double[- ]page|full[- ]width)\.\s+(?=\S)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:(?P<page>[0-9]{1,4})[.-])?(?P<number>[0-9]{1,3})(?P<mark>[.):]?)\s+(?P<text>\S.*)")
_CUE = re.compile(r"(?P<who>[^:()a-z]{1,40}?)\s*(?:\((?P<how>[^()]*)\))?")
_SIGN = re.compile(
    r"(?im)^[ \t\u200b\u200e\u200f\ufeff]*(?:#{1,2}[ \t]+)?[*_\[【]*(?:"
    rf"(?:{either(PAGES)})[ \t]*#?[\w-]+(?:[ \t]*[-–—,:.(\[/&][^\n]*|[ \t]+(?:{either(PANELS)})\b[^\n]*)?[ \t*_\]】]*"
    rf"|(?:{either(PANELS)})[ \t]*#?[\w-]+(?:[ \t]*\([^\n()]*\))?[ \t*_\]】]*(?:[.:：–—-].*)?"
    rf"|第?[0-9０-９一二三四五六七八九十]+(?:{either(COUNTED['page'] + COUNTED['panel'])}).*)$"
)
_NATIVE = re.compile(rf"(?im)^[ \t]*#{{3,6}}[ \t]+(?:{either(PANELS)})\b")


class _Parts(msgspec.Struct):
    """What one line begins, from the outside in."""

    chapter: Heading | None = None
    page: Heading | None = None
    panel: Heading | None = None


def is_comic(text: str) -> bool:
    """True where pages or panels begin on lines of their own without a Markdown heading of the native format."""
    if _NATIVE.search(text):
        return False
    return any(_parts(_bare(" ".join(found[0].split()))) for found in _SIGN.finditer(text))


def read_comic(text: str, path: Path) -> Script:
    """Read a comic script. Raises ScriptError."""
    lines = text.split("\n")
    front = read_front_matter(lines, path)
    reader = _Reader(ScriptBuilder(path), lines, front.end, [*front.cast, *front.aliases])
    reader.read()
    return reader.builder.finish(front, 'begin one with "Panel 1. What it shows."')


def _bare(line: str) -> str:
    """A heading without what surrounds it: ``**PAGE ONE**``, ``## Page 1``, ``[Panel 2]``."""
    line = line.lstrip(_UNSEEN)
    if line[:1] == "#":
        line = _HASHES.sub("", line, count=1)
    if line[:1] in ("*", "_") and (found := _MARKS.fullmatch(line)):
        line = f"{found['head'].strip()} {found['rest'].strip()}".strip()
    elif line[:1] in ("[", "【", "<") and (found := _BRACKETS.fullmatch(line)):
        inner, rest = found["inner"].strip(), found["rest"].strip()
        if rest and not may_be_heading(inner):
            return line
        line = f"{inner}. {rest}" if rest else inner
    return line


def _parts(line: str) -> _Parts | None:
    """What ``line`` (bare) begins; None where it only starts with the word."""
    if not may_be_heading(line):
        return None
    panel = panel_heading(line)
    announced = panel and (panel.number is not None or not panel.rest or _lettered_number(line))
    if announced and (_BARE_PANEL.fullmatch(line) or line.casefold().rstrip(".:") == "panel"):
        return _Parts(panel=panel)
    if both := page_and_panel(line):
        return _Parts(page=both[0], panel=both[1])
    if (page := page_heading(line)) and page.number is not None:
        return _Parts(page=page)
    if chapter := chapter_heading(line):
        return _Parts(chapter=chapter)
    return None


def _lettered_number(line: str) -> bool:
    """``PANEL 1A``"""
    return re.match(r"\w+\.?\s*#?[0-9]+[a-z]\b", line, re.IGNORECASE) is not None


class _Page(msgspec.Struct):
    """The page under way. ``waiting``: it is a picture itself, not begun yet."""

    line: int
    title: str
    heading: Heading
    before: int  #: panels there were when it began
    waiting: bool = False


class _Reader:
    def __init__(self, builder: ScriptBuilder, lines: list[str], start: int, names: list[str]) -> None:
        self.builder = builder
        self._body = PanelLines(builder, names)
        self._lines, self._start = lines, start
        self._bare = [""] * len(lines)  #: of the lines that begin something
        self._found: dict[int, _Parts] = {}
        for index in range(start, len(lines)):
            raw = lines[index]
            if raw[:1] not in _MARKED and not may_be_heading(raw):
                continue
            line = _bare(" ".join(raw.split()))
            if line and (parts := _parts(line)):
                self._found[index], self._bare[index] = parts, line
        self._numbered = not any(parts.panel for parts in self._found.values())
        self._with_panels = self._pages_with_panels()
        self._page: _Page | None = None
        self._on: int | None = None  #: number of the page under way
        self._last = 0  #: number of its last panel
        self._apart = True  #: the line before is empty, or ends a sentence
        self._described = False  #: the panel under way says what is seen
        self._shouted = False  #: in capitals

    def _pages_with_panels(self) -> set[int]:
        """Lines of pages that have panels of their own."""
        found: set[int] = set()
        page: int | None = None
        for index, parts in self._found.items():
            if parts.page or parts.chapter:
                page = index
            if parts.panel and page is not None:
                found.add(page)
        return found

    def read(self) -> None:
        body, lines, found = self._body, self._lines, self._found
        for index in range(self._start, len(lines)):
            raw, number = lines[index], index + 1
            if body.goes_on(raw):
                body.take(number, raw)
            elif index in found:
                body.end()
                self._begin(index, found[index])
            elif raw.startswith("# "):
                self._end_page()
                body.end()
                self.builder.chapter(number, None, _bare(" ".join(raw.split())))
                self._on = None
            elif raw.startswith("#") and _HASHES.match(raw):
                body.end()
                self.builder.leave(number, _bare(" ".join(raw.split())))
            else:
                self._take(index, raw)
            self._apart = not raw.strip() or raw.rstrip()[-1] in ".!?…)"
        self._end_page()
        body.end()

    def _begin(self, index: int, parts: _Parts) -> None:
        number = index + 1
        if parts.chapter:
            self._end_page()
            self.builder.chapter(number, parts.chapter.number, parts.chapter.rest)
            self._on = None
        if parts.page and not (parts.panel and parts.page.number == self._on):
            self._end_page()
            self._on, self._last = parts.page.number, 0
            self.builder.page(parts.page.number)
            empty = index not in self._with_panels
            self._page = _Page(number, self._bare[index], parts.page, self.builder.panels, waiting=empty)
            if parts.page.rest and not empty:
                self.builder.leave(number, self._bare[index])
        if parts.panel:
            self._panel(number, parts.panel)
            if re.match(r"\S+\s*#?\w+\s*(?:&|and\b|et\b|und\b)", self._bare[index]):
                self.builder.leave(number, f"{self._bare[index]} (read as one panel)")

    def _panel(self, number: int, panel: Heading) -> None:
        size, text = panel.size, panel.rest
        if not size and (found := _SIZE.match(text)):
            size, text = found[1].lower(), text[found.end() :]
        page = self._page
        if page is not None:
            page.waiting = False
            if not size and self.builder.panels == page.before:
                size = page.heading.size
        self.builder.panel(number, panel.number, size)
        self._last = self._last + 1 if panel.number is None else panel.number
        self._described, self._shouted = bool(text), text.isupper()
        if text:
            self.builder.text(text)

    def _take(self, index: int, raw: str) -> None:
        """A line that begins nothing by a word."""
        number, line = index + 1, " ".join(raw.split()).lstrip(_UNSEEN)
        if not line:
            self._body.take(number, "")
            return
        if self._numbered and self._page and (item := self._item(line)):
            self._body.end()
            self._panel(number, Heading(self._last + 1, item))
            return
        page = self._page
        if page is not None and page.waiting and not RULE.fullmatch(line):
            self._panel(page.line, Heading(None, page.heading.rest))
        if self.builder.in_panel:
            line = self._spoken(index, raw, line)
        if not self._described:
            self._described = not lettering(line)
            self._shouted = self._described and line.isupper()
        self._body.take(number, raw, line)

    def _item(self, line: str) -> str | None:
        """What a numbered line shows, where it is the page's next panel."""
        found = _ITEM.fullmatch(line)
        if found is None or int(found["number"]) != self._last + 1 or not (found["page"] or found["mark"]):
            return None
        if found["page"] and int(found["page"]) != self._on:
            return None
        return None if lettering(line) else found["text"]

    def _spoken(self, index: int, raw: str, line: str) -> str:
        """``MIRA`` above what she says, or a tab before it, is the same as ``MIRA:``."""
        if ":" in line:
            return line
        if "\t" in raw.strip():
            who, _, words = raw.strip().partition("\t")
            if (cue := _CUE.fullmatch(who.strip())) and is_speaker(cue["who"].strip()):
                return f"{who.strip()}: {' '.join(words.split())}"
        if not (self._apart and self._described) or index + 1 in self._found:
            return line
        after = self._lines[index + 1].strip() if index + 1 < len(self._lines) else ""
        if not after:
            return line
        cue = _CUE.fullmatch(line)
        if cue and is_speaker(cue["who"]) and lettering(f"{line}:") and not (after.isupper() and self._shouted):
            return f"{line}:"
        return line

    def _end_page(self) -> None:
        """The page under way is complete: has it as many panels as it said?"""
        page, self._page = self._page, None
        if page is None:
            return
        if page.waiting and page.heading.rest:
            self._panel(page.line, Heading(None, page.heading.rest))
        found, said = self.builder.panels - page.before, page.heading.pictures
        if said is not None and said != found:
            self.builder.leave(page.line, f"{page.title}, but panels: {found}")
        elif page.waiting and page.heading.size:
            self.builder.leave(page.line, page.title)
