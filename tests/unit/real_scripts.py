"""Long scripts as people write them, a few hundred panels each, one a format: none comes from our own writers."""

import json
import random
from collections.abc import Iterator
from typing import NamedTuple

PANELS = 352
_CHAPTERS = ("The Lamps", "Low Water", "What the Ferryman Saw", "Morning")
_PLACES = ("harbour", "lamp room", "ferry", "market square", "breakwater")
_PEOPLE = ("Mira", "Oskar", "Harbour Master")
_SHOTS = (
    "{who} runs along the quay with a ladder on one shoulder, lamp {n} already lit behind",
    "Close on {who}'s hand at the little brass door of lamp {n}; soot, a split nail",
    "From above: boats {n} and {m} lie crosswise in the fog, {who} small between them",
    "{who} turns up a collar against the rain: eleven steps, a rope, nobody else",
    "A long view over roofs, chimneys, masts; far off, {who} with lantern {n}",
)
_LINES = (
    "Four more.",
    "You said that an hour ago — and the hour before!",
    "What did he want, then?",
    "No.",
    "“Late”, is it? All right: run.",
)
_CAPTIONS = ("The lamps were late that night.", "Nobody counted them; that was the point.", "Quarter past nine.")
_SOUNDS = ("tick", "KRAK", "fssshh")
_SIZES = ("wide", "", "", "inset", "splash")


class _Panel(NamedTuple):
    chapter: int
    page: int
    number: int
    size: str
    place: str
    who: str
    shot: str
    caption: str
    said: str
    how: str
    sound: str


def _panels() -> Iterator[_Panel]:
    rng = random.Random(7)
    for index in range(PANELS):
        chapter, inside = divmod(index, PANELS // len(_CHAPTERS))
        who = rng.choice(_PEOPLE)
        yield _Panel(
            chapter + 1,
            inside // 4 + 1,
            inside % 4 + 1,
            rng.choice(_SIZES),
            rng.choice(_PLACES),
            who,
            rng.choice(_SHOTS).format(who=who, n=index, m=index + 3),
            rng.choice(_CAPTIONS) if rng.random() < 0.3 else "",
            rng.choice(_LINES) if rng.random() < 0.6 else "",
            rng.choice(("whisper", "off", "")),
            rng.choice(_SOUNDS) if rng.random() < 0.2 else "",
        )


_ALL = tuple(_panels())


def _first(panel: _Panel, what: str) -> bool:
    return panel.number == 1 and (what == "page" or panel.page == 1)


def _markdown() -> str:
    out = [
        "---",
        "title: The Lamplighter",
        "style: ink-wash",
        "characters:",
        '  Mira: "girl of nine: yellow raincoat"',
        "---",
        "",
    ]
    for p in _ALL:
        out += [f"# Chapter {p.chapter}: {_CHAPTERS[p.chapter - 1]}", ""] if _first(p, "chapter") else []
        out += [f"## Page {p.page}", ""] if _first(p, "page") else []
        out += [f"### Panel {p.number}" + (f" ({p.size})" if p.size else ""), p.shot + ".", f"place: {p.place}"]
        out += [f"CAPTION: {p.caption}"] if p.caption else []
        out += [f"{p.who.upper()}" + (f" ({p.how})" if p.how else "") + f": {p.said}"] if p.said else []
        out += [f"SFX: {p.sound}"] if p.sound else []
        out.append("")
    return "\n".join(out)


def _comic() -> str:
    out = ["---", "title: The Lamplighter", "---", ""]
    words = ("ONE", "TWO", "THREE", "FOUR")
    for p in _ALL:
        out += [f"# CHAPTER {words[p.chapter - 1]} - {_CHAPTERS[p.chapter - 1]}", ""] if _first(p, "chapter") else []
        out += [f"PAGE {p.page} (four panels)", ""] if _first(p, "page") else []
        size = f"{p.size.capitalize()}. " if p.size else ""
        out += [f"Panel {p.number}. {size}{p.shot.replace(p.who, p.who.upper())}.", "", f"Location: {p.place}", ""]
        out += [f"CAPTION (bottom): {p.caption}", ""] if p.caption else []
        out += [f"{p.who.upper()}: {p.said}", ""] if p.said else []
        out += [f"SFX: {p.sound}", ""] if p.sound else []
        out += ["NO DIALOGUE.", ""] if not (p.caption or p.said or p.sound) else []
    return "\n".join(out)


def _fountain() -> str:
    out = [
        "Title: The Lamplighter",
        "Author: nobody",
        "Style: ink-wash",
        "Characters:",
        "    Mira: girl of nine, yellow raincoat",
        "",
    ]
    for p in _ALL:
        out += [f"# CHAPTER {p.chapter}: {_CHAPTERS[p.chapter - 1]}", ""] if _first(p, "chapter") else []
        out += [f"## PAGE {p.page}", ""] if _first(p, "page") else []
        out += [f"### PANEL {p.number}" + (f" ({p.size})" if p.size else ""), ""]
        out += [f"EXT. {p.place.upper()} - NIGHT", "", f"{p.shot}. [[seed: {p.page * 10 + p.number}]]", ""]
        out += ["CAPTION", p.caption, ""] if p.caption else []
        out += [p.who.upper(), *([f"({p.how})"] if p.how else []), p.said, ""] if p.said else []
        out += ["SFX", p.sound, ""] if p.sound else []
    return "\n".join(out)


def _screenplay() -> str:
    """No sections for panels: scenes, action, dialogue."""
    out = ["Title: The Lamplighter", "", "FADE IN:", ""]
    for p in _ALL:
        out += [f"# {_CHAPTERS[p.chapter - 1]}", ""] if _first(p, "chapter") else []
        out += [f"EXT. {p.place.upper()} - NIGHT", ""] if _first(p, "page") else []
        out += [f"{p.shot}.", ""]
        out += ["CAPTION", p.caption, ""] if p.caption else []
        out += [f"{p.who.upper()} (V.O.)", p.said, ""] if p.said else []
        out += ["SFX", p.sound, ""] if p.sound else []
    return "\n".join(out)


def _strip() -> str:
    out = []
    for index, p in enumerate(_ALL):
        out += [f"# Chapter {p.chapter}: {_CHAPTERS[p.chapter - 1]}"] if _first(p, "chapter") else []
        out += [f"[[ location: {p.place} ]] [[ mood: dusk, green light ]]"] if _first(p, "page") else []
        said = f" {p.who}: <<{p.said}>>" if p.said else ""
        out += [f"[{index + 1:04d}]" + (" [4-panel]" if _first(p, "page") else "") + f"{said} ({p.shot})"]
        out += [f"Caption: <<{p.caption[:9]}\n{p.caption[9:]}>>"] if p.caption else []
        out += [f"SFX: <<{p.sound}>>"] if p.sound else []
    return "\n".join(out)


def _table(delimiter: str) -> str:
    def cell(text: object) -> str:
        return '"' + str(text).replace('"', '""') + '"'

    rows = [
        (
            "Panel ID",
            "Chapter",
            "Page",
            "No",
            "Size",
            "Description",
            "Characters",
            "Location",
            "Narration",
            "Dialog",
            "Sound",
        )
    ]
    for index, p in enumerate(_ALL):
        said = f"{p.who.upper()}: {p.said}" if p.said else ""
        chapter = f"Chapter {p.chapter}: {_CHAPTERS[p.chapter - 1]}"
        rows.append(
            (
                f"lamp-{index}",
                chapter,
                p.page,
                p.number,
                p.size,
                p.shot,
                f"{p.who};Mira",
                p.place,
                p.caption,
                said,
                p.sound,
            )
        )  # type: ignore[arg-type]
    return "\r\n".join(delimiter.join(cell(value) for value in row) for row in rows)


def _jsonl() -> str:
    lines = []
    for index, p in enumerate(_ALL):
        row = {
            "id": f"lamp-{index}",
            "chapter": p.chapter,
            "page": p.page,
            "panel": p.number,
            "prompt": p.shot,
            "location": p.place,
        }
        row |= {"characters": [p.who], "caption": p.caption or None, "sfx": p.sound, "seed": index}
        row |= {"dialogue": [{"who": p.who.lower(), "text": p.said, "how": p.how}]} if p.said else {}
        lines.append(json.dumps(row, ensure_ascii=index % 2 == 0))
    return "\n".join(lines)


def _structured() -> str:
    out = [
        "novelgen: 1",
        "title: The Lamplighter",
        'defaults: {aspect: "2:3"}',
        "characters:",
        "  mira: {look: girl of nine, aliases: [MIRA]}",
        "chapters:",
    ]
    for p in _ALL:
        out += (
            [f"  - id: ch{p.chapter:02d}", f"    title: {_CHAPTERS[p.chapter - 1]}", "    pages:"]
            if _first(p, "chapter")
            else []
        )
        out += [f"      - id: p{p.page:03d}", "        panels:"] if _first(p, "page") else []
        words = [f"{{caption: {json.dumps(p.caption)}}}"] if p.caption else []
        words += [f"{{who: {p.who.lower()}, say: {json.dumps(p.said)}, how: whisper}}"] if p.said else []
        words += [f"{{sfx: {p.sound}}}"] if p.sound else []
        out += [f"          - shot: {json.dumps(p.shot)}", f"            place: {p.place}", "            aspect: 16:9"]
        out += [f"            text: [{', '.join(words)}]"] if words else []
    return "\n".join(out)


def _prompts() -> str:
    out = []
    for index, p in enumerate(_ALL, start=1):
        out += [f"# {_CHAPTERS[p.chapter - 1]}"] if _first(p, "chapter") else []
        out.append(f"{index}. {p.shot}, at the {p.place}")
    return "\n".join(out)


REAL = {
    "script.md": _markdown(),
    "comic.txt": _comic(),
    "panels.fountain": _fountain(),
    "screenplay.fountain": _screenplay(),
    "strip.txt": _strip(),
    "table.csv": _table(","),
    "excel.csv": _table(";"),
    "table.tsv": _table("\t"),
    "rows.jsonl": _jsonl(),
    "structured.yaml": _structured(),
    "prompts.txt": _prompts(),
}
"""File name -> text."""
