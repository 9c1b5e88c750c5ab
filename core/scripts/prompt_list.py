"""A plain list: one picture a line, or one a paragraph; ``# Heading`` begins a chapter.

Numbers and bullets in front (``12.``, ``3)``, ``#4``, ``005 |``, ``-``, ``*``) are no part of a prompt. ``Chapter 2``
on a line of its own begins a chapter as well, and a line that introduces the numbered ones (``Prompts:``) is reported.
"""

import re
from itertools import pairwise
from pathlib import Path

from core.scripts.building import ScriptBuilder
from core.scripts.front_matter import read_front_matter, write_front_matter
from core.scripts.headings import Heading, chapter_heading
from core.scripts.model import Script, ScriptError

_MARKS = r"(?:(?:\(?[0-9]{1,7}[.):]|#[0-9]{1,7}[.):]?|[0-9]{1,7}\s+[-–—|]|[-*+•–—])\s+(?:\[[ xX]?\]\s+)?)"
_MARK = re.compile(_MARKS)
_ITEM = re.compile(rf"\s*{_MARKS}\S.*")


def is_items(text: str) -> bool:
    """True where every line that says something is an item of a list (or a heading)."""
    whole = text.split("\n")
    try:
        lines = [line for line in whole[read_front_matter(whole, Path()).end :] if line.strip()]
    except ScriptError:
        return False
    items = [line for line in lines if _ITEM.fullmatch(line)]
    return len(items) > 0 and all(_ITEM.fullmatch(line) or line[0] in "#\t " or _chapter(line) for line in lines)


def read_prompts(text: str, path: Path) -> Script:
    """Read a list of prompts. Raises ScriptError."""
    lines = text.split("\n")
    front = read_front_matter(lines, path)
    builder = ScriptBuilder(path)
    paragraphs = _in_paragraphs(lines[front.end :])
    fresh = True  # the next line begins a prompt
    for number, raw in enumerate(lines[front.end :], start=front.end + 1):
        line = " ".join(raw.split())
        if not line:
            fresh = fresh or paragraphs
        elif builder.panels == 0 and line[-1] in ":：" and not _MARK.match(line) and _introduces(lines, number):
            builder.leave(number, line)
        elif (fresh or not paragraphs) and (said := _chapter(raw)):
            builder.chapter(number, said.number, said.rest)
            fresh = True
        elif raw.startswith("#") and not _MARK.match(line):
            title = line.lstrip("# ")
            heading = chapter_heading(title)
            builder.chapter(number, heading.number if heading else None, heading.rest if heading else title)
            fresh = True
        else:
            item = _MARK.match(line)
            goes_on = builder.in_panel and not item and (raw[0] in " \t" or (paragraphs and not fresh))
            if not goes_on:
                builder.panel(number, None)
            builder.text(line if goes_on or not item else line[item.end() :])
            fresh = False
    return builder.finish(front, "write one picture a line")


def _chapter(raw: str) -> Heading | None:
    """``Chapter 2: Dusk`` as all there is on a line."""
    return chapter_heading(" ".join(raw.split())) if raw[:1] not in (" ", "\t") else None


def _introduces(lines: list[str], number: int) -> bool:
    """Whether the first line that says something after line ``number`` is an item of a list."""
    return next((bool(_ITEM.fullmatch(line)) for line in lines[number:] if line.strip()), False)


def _in_paragraphs(lines: list[str]) -> bool:
    """True where empty lines part the prompts and some prompt has several lines without marks of its own."""
    joined = [
        before.strip() and after.strip() and not after.startswith("#") and not _ITEM.fullmatch(after)
        for before, after in pairwise(lines)
        if not before.startswith("#")
    ]
    inner = [line for line in "\n".join(lines).strip().split("\n") if not line.strip()]
    return bool(inner) and any(joined)


def write_prompts(script: Script) -> str:
    """The pictures' descriptions, numbered; a list has no room for anything else a panel may say."""
    out = write_front_matter(script)
    chapter: int | None = None
    titles = {item.number: item.title for item in script.chapters}
    for number, panel in enumerate(script.panels, start=1):
        if panel.chapter != chapter:
            chapter = panel.chapter
            out.append(f"# Chapter {chapter}" + (f": {titles[chapter]}" if titles[chapter] else ""))
        out.append(f"{number}. {panel.text}")
    return "\n".join([*out, ""])
