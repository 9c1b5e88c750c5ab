"""Strip scripts: numbered lines, words between ``<<`` and ``>>``, what is seen in round brackets.

    [[ location: conservatory ]] [[ mood: dusk, green light ]]
    [0001] [2-panel] Narrator: <<A glasshouse gone wild.>>
    [0002] Ada: <<You kept every letter?>> (she turns an envelope over)
    Caption: <<Rain begins.>>

A numbered line is a panel, ``[2-panel]`` begins a strip (a page), a line without a number adds words to the panel
above. Scene notes on a line of their own hold until they change; behind a panel they hold for that panel.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from core.scripts.building import ScriptBuilder, attribute, chapter_attribute
from core.scripts.front_matter import FrontMatter, read_front_matter, write_front_matter
from core.scripts.headings import chapter_heading
from core.scripts.lettering import LANGUAGE
from core.scripts.model import Script, ScriptError, ScriptPanel, Words
from core.scripts.numbers import number_of
from core.scripts.wording import multiline, single

_BEGINS = re.compile(r"\[(?P<number>[0-9]{1,9})\]\s*(?:\[(?P<count>[0-9]{1,4})[- ]panels?\]\s*)?")
_SAID = re.compile(
    rf"(?P<forced>@?)(?P<who>[^:()@<>\[\]]{{0,60}}?)\s*(?:\((?P<how>[^()]*)\))?\s*(?:\[(?P<lang>{LANGUAGE})\])?"
    r"\s*:\s*<<(?P<text>.*?)>>\s*",
    re.DOTALL,
)
_NOTE = re.compile(r"\[\[\s*(?P<key>[^\]:]+?)\s*:\s*(?P<value>.*?)\s*\]\]")
_SIGN = re.compile(r"(?m)^[ \t]*\[[0-9]{1,9}\][ \t]*(?:\[[0-9]{1,4}[- ]panels?\]|[^:\n]{0,80}:[ \t]*<<|\()")
_SEEN = re.compile(r"\(([^()]*)\)\s*")
_ESCAPED = re.compile(r"([<>\[\]])(\\*)\\(?=\1)")
_KINDS = {"narrator": "caption", "caption": "caption", "sfx": "sfx", "sound": "sfx"}
NOBODY = "-"
"""``[[ cast: - ]]``: those who speak are not in the picture."""

_PLACE = ("place", "location", "setting")


def is_strip(text: str) -> bool:
    """True where numbered lines begin as strips do."""
    return bool(_SIGN.search(text))


def read_strip(text: str, path: Path) -> Script:
    """Read a strip script. Raises ScriptError."""
    lines = text.split("\n")
    front = read_front_matter(lines, path)
    reader = _Reader(path)
    for number, entry in _entries(lines, front.end, path):
        reader.take(number, entry)
    return reader.finish(front)


def _entries(lines: list[str], start: int, path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every entry; words between ``<<`` and ``>>`` may go over several lines."""
    open_at, held = 0, ""
    for number, line in enumerate(lines[start:], start=start + 1):
        if held:
            held += "\n" + line
        else:
            open_at, held = number, line
        if held.count("<<") > held.count(">>"):
            if number - open_at > 200 or number == len(lines):
                raise ScriptError(path, open_at, 'words begin with "<<" here and never end; close them with ">>"')
            continue
        if held.strip():
            yield open_at, held.strip()
        held = ""


class _Panel:
    """What was said of the panel under way."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.seen: list[str] = []
        self.words: list[Words] = []
        self.notes: dict[str, str] = {}

    def text(self) -> str:
        """What the picture shows: as directed, else what is told, else who speaks."""
        told = next((words.text for words in self.words if words.kind == "caption" and not words.lang), "")
        return " ".join(self.seen) or single(told) or ", ".join(speakers(self.words))


def speakers(words: Iterable[Words]) -> list[str]:
    """Who speaks, once each."""
    return list(dict.fromkeys(item.who for item in words if item.kind == "dialogue" and item.who))


class _Reader:
    def __init__(self, path: Path) -> None:
        self._builder = ScriptBuilder(path)
        self._scene: dict[str, str] = {}
        self._panel: _Panel | None = None
        self._paged = False  #: the panel under way begins a strip
        self._strip: tuple[int, int, int] | None = None  #: line, panels announced, panels found

    def take(self, line: int, entry: str) -> None:
        begins = _BEGINS.match(entry)
        if begins:
            self._begin(line, begins["count"])
            entry = entry[begins.end() :]
        elif entry.startswith("#"):
            return self._chapter(line, single(entry.lstrip("#")))
        elif entry.startswith("[[") and not _NOTE.sub("", entry).strip():
            return self._scene_notes(entry)
        elif self._panel is None and self._builder.in_chapter and (found := chapter_attribute(single(entry))):
            return self._builder.chapter_attribute(*found)
        if self._panel is None:
            self._builder.leave(line, single(entry))
        else:
            self._inside(self._panel, line, entry)

    def finish(self, front: FrontMatter) -> Script:
        self._end()
        self._count()
        return self._builder.finish(front, 'begin one with "[0001] Ada: <<words>> (what is seen)"')

    def _chapter(self, line: int, title: str) -> None:
        self._end()
        self._count()
        heading = chapter_heading(title)
        self._builder.chapter(line, heading.number if heading else None, heading.rest if heading else title)

    def _begin(self, line: int, count: str | None) -> None:
        self._end()
        if count is not None:
            self._count()
            self._strip, self._paged = (line, int(count), 0), True
        self._panel = _Panel(line)
        if self._strip:
            self._strip = (*self._strip[:2], self._strip[2] + 1)

    def _count(self) -> None:
        if self._strip and self._strip[1] != self._strip[2]:
            line, announced, found = self._strip
            self._builder.leave(line, f"[{announced}-panel], but numbered lines: {found}")
        self._strip = None

    def _scene_notes(self, entry: str) -> None:
        self._end()
        for note in _NOTE.finditer(entry):
            key = note["key"].lower()
            self._scene["place" if key in _PLACE else key] = note["value"]

    def _inside(self, panel: _Panel, line: int, rest: str) -> None:
        if "[[" in rest:
            for note in _NOTE.finditer(rest):
                self._note(panel, line, note)
            rest = _NOTE.sub("", rest)
        rest = rest.strip()
        while rest:
            if said := _SAID.match(rest):
                words = _words(said)
                if words.text:
                    panel.words.append(words)
                rest = rest[said.end() :]
            elif (seen := _SEEN.match(rest)) and "<<" in rest:  # what is seen may stand before what is said
                panel.seen.append(unescaped(single(seen[1])))
                rest = rest[seen.end() :]
            else:
                break
        if rest.startswith("(") and rest.endswith(")"):
            panel.seen.append(unescaped(single(rest[1:-1])))
        elif rest:
            self._builder.leave(line, single(rest))

    def _note(self, panel: _Panel, line: int, note: re.Match[str]) -> None:
        key = note["key"].lower()
        if key in ("page", "panel") or attribute(f"{key}: x") or key in _PLACE:
            panel.notes["place" if key in _PLACE else key] = unescaped(note["value"])
        else:
            self._builder.leave(line, f"{note['key']}: {note['value']}")

    def _end(self) -> None:
        """The panel under way, if any, is complete."""
        panel, self._panel = self._panel, None
        if panel is None:
            return
        page, number = (number_of(panel.notes.pop(key, "")) for key in ("page", "panel"))
        if page is not None or self._paged:
            self._builder.page(page)
        self._paged = False
        self._builder.panel(panel.line, number)
        mood = "; ".join(f"{key}: {value}" for key, value in self._scene.items() if key != "place" and value)
        text = panel.text()
        if text and mood:
            text = f"{text.rstrip('.')}. {mood[:1].upper()}{mood[1:]}."
        if text:
            self._builder.text(text)
        notes = {"cast": ", ".join(speakers(panel.words)), "place": self._scene.get("place", ""), **panel.notes}
        for key, value in notes.items():
            field = attribute(f"{key}: {value}")
            if field and value != NOBODY:
                self._builder.attribute(panel.line, *field)
        for words in panel.words:
            self._builder.words(words)


def _words(said: re.Match[str]) -> Words:
    who, how, text = single(said["who"]), single(said["how"]), unescaped(multiline(said["text"]))
    kind = "" if said["forced"] else _KINDS.get(who.casefold(), "")
    lang = said["lang"] or ""
    if kind:
        return Words("caption" if kind == "caption" else "sfx", text, how=how, lang=lang)
    return Words("dialogue", text, who=who, how=how, lang=lang)


def escaped(text: str) -> str:
    """So that ``<<``, ``>>``, ``[[`` and ``]]`` in a text are not taken for marks."""
    return re.sub(r"([<>\[\]])(\\*)(?=\1)", r"\1\2\\", text)


def unescaped(text: str) -> str:
    """``text`` as it was before marks in it were written with a backslash."""
    return _ESCAPED.sub(r"\1\2", text) if "\\" in text else text


def write_strip(script: Script) -> str:
    """The script as strips, one a page."""
    out = write_front_matter(script)
    number = 0
    by_chapter = script.by_chapter()
    for chapter in script.chapters:
        out.append(f"# Chapter {chapter.number}" + (f": {chapter.title}" if chapter.title else ""))
        out += [f"template: {chapter.template}"] if chapter.template else []
        out += [f"looks: {', '.join(chapter.looks)}"] if chapter.looks else []
        expected_page = 1
        for page, strip in groupby(by_chapter[chapter.number], key=lambda panel: panel.page):
            panels, expected = list(strip), 1
            for index, panel in enumerate(panels):
                number += 1
                tag = "" if index else f" [{len(panels)}-panel]"
                notes = {"page": str(page)} if not index and page != expected_page else {}
                notes |= {"panel": str(panel.number)} if panel.number != expected else {}
                expected = panel.number + 1
                out += _written(panel, f"[{number:04d}]{tag}", notes)
            expected_page = page + 1
    return "\n".join([*out, ""])


def _written(panel: ScriptPanel, head: str, notes: dict[str, str]) -> list[str]:
    cast = ", ".join(panel.cast)
    notes = notes | {
        "id": panel.id,
        "size": panel.size,
        "cast": (cast or NOBODY) if list(panel.cast) != speakers(panel.words) else "",
        "place": panel.place,
        "slug": panel.slug,
        "template": panel.template,
        "aspect": panel.aspect,
        "refs": ", ".join(panel.refs),
        "seed": "" if panel.seed is None else str(panel.seed),
    }
    marks = "".join(f" [[ {key}: {escaped(value)} ]]" for key, value in notes.items() if value)
    first = f"{head} ({escaped(panel.text)}){marks}" if panel.text else f"{head}{marks}"
    return [first, *(_said(words) for words in panel.words)]


def _said(words: Words) -> str:
    who = {"caption": "Caption", "sfx": "SFX", "dialogue": words.who}[words.kind]
    forced = "@" if words.kind == "dialogue" and who.casefold() in _KINDS else ""
    how = f" ({words.how})" if words.how else ""
    lang = f" [{words.lang}]" if words.lang else ""
    text = escaped(words.text) + (" " if words.text.endswith(">") else "")
    return f"{forced}{who}{how}{lang}: <<{text}>>"
