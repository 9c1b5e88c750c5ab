"""Comic-script conventions in plain text or Markdown: no headings needed.

CHAPTER 1 - The Riverbank
PAGE ONE (three panels)
Panel 1. Wide. A drowsy summer riverbank. ALICE sits in the daisies.
CAPTION: It was far too hot to make a daisy-chain.
ALICE (thought): What is the use of a book with no pictures?
"""

import re
from pathlib import Path

from core.scripts.building import ScriptBuilder
from core.scripts.front_matter import read_front_matter
from core.scripts.headings import Heading, chapter_heading, page_heading, panel_heading
from core.scripts.lines import PanelLines
from core.scripts.model import Script

_HASHES = re.compile(r"#{1,6}\s+")
_WORDED = re.compile(r"(?:chapter|page|panel)\b", re.IGNORECASE)
_NUMBERED_PANEL = re.compile(r"panel\s*#?(?P<number>[\w-]+)\s*(?:$|[.:(–—-]).*", re.IGNORECASE)
_SIZE = re.compile(
    r"(wide|tall|narrow|splash|inset|square|small|large|full[- ]page|double[- ]page|full[- ]width)\.\s+(?=\S)",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"(?im)^[ \t]*(?:#{1,2}[ \t]+)?"
    r"(?:page[ \t]+[\w-]+[ \t]*(?:\([^\n]*\))?[ \t]*|panel[ \t]+[\w-]+[.:].*)$"
)


def is_comic(text: str) -> bool:
    """True where pages or panels begin on lines of their own without a Markdown heading of the native format."""
    if re.search(r"(?im)^[ \t]*###[ \t]+panel\b", text):
        return False
    return bool(_SIGN.search(text))


def read_comic(text: str, path: Path) -> Script:
    """Read a comic script. Raises ScriptError."""
    lines = text.split("\n")
    front = read_front_matter(lines, path)
    builder = ScriptBuilder(path)
    body = PanelLines(builder)
    for number, raw in enumerate(lines[front.end :], start=front.end + 1):
        line = " ".join(raw.split())
        if body.goes_on(raw):
            body.take(number, raw)
            continue
        bare = _HASHES.sub("", line, count=1) if line.startswith("#") else line
        if _WORDED.match(bare) and _heading(builder, body, number, bare):
            continue
        if bare != line:
            body.end()
            if line.startswith("# "):
                builder.chapter(number, None, bare)
            else:
                builder.leave(number, bare)
        else:
            body.take(number, raw)
    body.end()
    return builder.finish(front, 'begin one with "Panel 1. What it shows."')


def _heading(builder: ScriptBuilder, body: PanelLines, number: int, line: str) -> bool:
    """Begin what ``line`` begins; False where it only starts with the word."""
    if chapter := chapter_heading(line):
        body.end()
        builder.chapter(number, chapter.number, chapter.rest)
    elif (page := page_heading(line)) and page.number is not None:
        body.end()
        builder.page(page.number)
        if page.rest:
            builder.leave(number, line)
    elif _is_panel(line) and (panel := panel_heading(line)):
        body.end()
        _panel(builder, number, panel)
    else:
        return False
    return True


def _is_panel(line: str) -> bool:
    """``Panel 1. …`` and a bare ``Panel``, but not «Panel doors slide open»."""
    if line.casefold().rstrip(".:") == "panel":
        return True
    found = _NUMBERED_PANEL.fullmatch(line)
    return found is not None and (heading := panel_heading(line)) is not None and heading.number is not None


def _panel(builder: ScriptBuilder, number: int, panel: Heading) -> None:
    size, text = panel.size, panel.rest
    if not size and (found := _SIZE.match(text)):
        size, text = found[1].lower(), text[found.end() :]
    builder.panel(number, panel.number, size)
    if text:
        builder.text(text)
