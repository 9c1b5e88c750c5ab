"""The native script format: Markdown with chapters, pages and panels as headings.

    ---
    title: The Lamplighter
    ---
    # Chapter 1: Dusk
    ## Page 1
    ### Panel 1 (wide)
    What the picture shows, in as many lines as it takes.
    cast: mira, oskar
    place: harbour
    CAPTION: The lamps were late that night.
    MIRA (whispering): Somebody is awake.
    SFX: tick

Page headings may be left out. Everything the reader cannot place is reported, never dropped silently.
"""

import re
from pathlib import Path

from core.scripts.model import Script, ScriptChapter, ScriptError, ScriptPanel, Words

_HEADING = re.compile(r"^(#{1,3})\s+(.*\S)\s*$")
_CHAPTER = re.compile(r"^chapter\s+(\d+)\s*(?:[:.–-]+\s*(.*))?$", re.IGNORECASE)
_PAGE = re.compile(r"^page\s+(\d+)", re.IGNORECASE)
_PANEL = re.compile(r"^panel(?:\s+(\d+))?\s*(?:\((.*)\))?\s*$", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"^(id|cast|place|seed|refs|aspect|size)\s*:\s*(.*\S)\s*$")
_WORDS = re.compile(r"^(?P<who>[A-Z][A-Z0-9 .'’-]*?)\s*(?:\((?P<how>[^)]*)\))?\s*:\s*(?P<text>.*\S)\s*$")


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.front: dict[str, str] = {}
        self.chapters: list[ScriptChapter] = []
        self.panels: list[ScriptPanel] = []
        self.unplaced: list[tuple[int, str]] = []
        self.page = 1
        self.fields: dict[str, object] | None = None
        self.text: list[str] = []
        self.words: list[Words] = []

    def heading(self, number: int, level: int, title: str) -> None:
        self.close()
        if level == 1:
            found = _CHAPTER.match(title)
            chapter = int(found[1]) if found else len(self.chapters) + 1
            if any(known.number == chapter for known in self.chapters):
                raise ScriptError(self.path, number, f"chapter {chapter} appears twice; give it another number")
            self.chapters.append(ScriptChapter(chapter, (found[2] or "") if found else title))
            self.page = 1
        elif level == 2:
            found = _PAGE.match(title)
            self.page = int(found[1]) if found else self.page + 1
        else:
            self.panel(number, title)

    def panel(self, number: int, title: str) -> None:
        found = _PANEL.match(title)
        if found is None:
            raise ScriptError(
                self.path, number, f'"### {title}" is no panel; write "### Panel 1" or "### Panel 1 (wide)"'
            )
        if not self.chapters:
            self.chapters.append(ScriptChapter(1, ""))
        place = (self.chapters[-1].number, self.page)
        before = sum(1 for panel in self.panels if (panel.chapter, panel.page) == place) if not found[1] else 0
        self.fields = {
            "chapter": place[0],
            "page": place[1],
            "number": int(found[1]) if found[1] else before + 1,
            "line": number,
            "size": found[2] or "",
        }

    def line(self, number: int, line: str) -> None:
        if self.fields is None:
            if line.strip():
                self.unplaced.append((number, line.strip()))
        elif found := _ATTRIBUTE.match(line):
            self.attribute(number, found[1], found[2])
        elif found := _WORDS.match(line):
            self.words.append(_lettering(found["who"], found["how"] or "", found["text"]))
        elif line.strip():
            self.text.append(line.strip())

    def attribute(self, number: int, key: str, value: str) -> None:
        assert self.fields is not None
        if key in ("cast", "refs"):
            self.fields[key] = tuple(part.strip() for part in value.split(",") if part.strip())
        elif key == "seed":
            if not value.isdigit():
                raise ScriptError(self.path, number, f'a seed is a whole number, not "{value}"')
            self.fields[key] = int(value)
        else:
            self.fields[key] = value

    def close(self) -> None:
        """The panel under way, if any, is complete."""
        if self.fields is None:
            return
        text = " ".join(self.text)
        line = self.fields["line"]
        assert isinstance(line, int)
        if not text:
            raise ScriptError(
                self.path, line, "this panel says nothing about its picture; describe it below the heading"
            )
        self.panels.append(ScriptPanel(text=text, words=tuple(self.words), **self.fields))  # type: ignore[arg-type]
        self.fields, self.text, self.words = None, [], []


def _lettering(who: str, how: str, text: str) -> Words:
    if who == "CAPTION":
        return Words("caption", text, how=how)
    if who == "SFX":
        return Words("sfx", text, how=how)
    return Words("dialogue", text, who=who, how=how)


def read_markdown(text: str, path: Path) -> Script:
    """Read a script in the native format. Raises ScriptError."""
    reader = _Reader(path)
    lines = text.splitlines()
    start = _front_matter(lines, reader)
    for number, line in enumerate(lines[start:], start=start + 1):
        if found := _HEADING.match(line):
            reader.heading(number, len(found[1]), found[2])
        else:
            reader.line(number, line)
    reader.close()
    if not reader.panels:
        raise ScriptError(path, None, 'there is no panel in it; begin one with "### Panel 1"')
    front = reader.front
    return Script(
        tuple(reader.chapters),
        tuple(reader.panels),
        title=front.get("title", ""),
        style=front.get("style", ""),
        aspect=front.get("aspect", ""),
        unplaced=tuple(reader.unplaced),
    )


def _front_matter(lines: list[str], reader: _Reader) -> int:
    """Read ``key: value`` lines between two ``---``; returns the index of the first line after them."""
    if not lines or lines[0].strip() != "---":
        return 0
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return index + 1
        key, colon, value = line.partition(":")
        if colon:
            reader.front[key.strip()] = value.strip()
        elif line.strip():
            reader.unplaced.append((index + 1, line.strip()))
    raise ScriptError(reader.path, 1, 'the front matter begins with "---" and never ends; close it with "---"')


def write_markdown(script: Script) -> str:
    """The script back as text; ``read_markdown`` of it gives the same script (but for line numbers)."""
    out: list[str] = []
    front = {"title": script.title, "style": script.style, "aspect": script.aspect}
    if any(front.values()):
        out += ["---", *(f"{key}: {value}" for key, value in front.items() if value), "---", ""]
    titles = {chapter.number: chapter.title for chapter in script.chapters}
    place: tuple[int, int] | None = None
    for panel in script.panels:
        if place is None or panel.chapter != place[0]:
            title = titles[panel.chapter]
            out += [f"# Chapter {panel.chapter}" + (f": {title}" if title else ""), ""]
        if (panel.chapter, panel.page) != place:
            out += [f"## Page {panel.page}", ""]
        place = (panel.chapter, panel.page)
        out.append(f"### Panel {panel.number}" + (f" ({panel.size})" if panel.size else ""))
        out.append(panel.text)
        out += _attributes(panel)
        out += [_said(words) for words in panel.words]
        out.append("")
    return "\n".join(out)


def _attributes(panel: ScriptPanel) -> list[str]:
    known = {
        "id": panel.id,
        "cast": ", ".join(panel.cast),
        "place": panel.place,
        "aspect": panel.aspect,
        "refs": ", ".join(panel.refs),
        "seed": "" if panel.seed is None else str(panel.seed),
    }
    return [f"{key}: {value}" for key, value in known.items() if value]


def _said(words: Words) -> str:
    who = {"caption": "CAPTION", "sfx": "SFX", "dialogue": words.who}[words.kind]
    return f"{who}{f' ({words.how})' if words.how else ''}: {words.text}"
