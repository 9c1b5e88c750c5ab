"""A script as Fountain, with sections for chapters, pages and panels."""

import re

from core.scripts.fountain import NOWHERE
from core.scripts.front_matter import tables_of, values_of, write_pair
from core.scripts.lettering import LANGUAGE, lettered, lettering
from core.scripts.model import Script, ScriptPanel, Words
from core.scripts.slug import place_of

_SAFE_LINE = re.compile(r"[^\s#!.@>~=(\[\\][^\[\]/*\\]*")
_SAFE_SLUG = re.compile(r"(?:INT|EXT)\. [A-Z0-9][A-Z0-9 ',.-]*")
_SAFE_CUE = re.compile(r"[A-Z][A-Z0-9 .'-]*")
_SCENE = re.compile(r"(?:int|ext|est|i)[. /]", re.IGNORECASE)
_SAFE_KEY = re.compile(r"[a-z][a-z0-9 _.-]*")
_LANG_END = re.compile(rf"\[{LANGUAGE}\]$")


def write_fountain(script: Script) -> str:
    """The script as text; ``read_fountain`` of it gives the same script, but for line numbers."""
    out = _title_page(script)
    by_chapter = script.by_chapter()
    for chapter in script.chapters:
        out += [f"# Chapter {chapter.number}" + (f": {chapter.title}" if chapter.title else ""), ""]
        out += [_note(f"template: {chapter.template}"), ""] if chapter.template else []
        out += [_note(f"looks: {', '.join(chapter.looks)}"), ""] if chapter.looks else []
        page: int | None = None
        for panel in by_chapter[chapter.number]:
            if panel.page != page:
                out += [f"## Page {panel.page}", ""]
                page = panel.page
            out += _written(panel)
    return "\n".join(out)


def escaped(text: str) -> str:
    """So that ``[[``, ``]]``, ``/*`` and ``*/`` in a text are not taken for marks."""
    return re.sub(r"([\[\]/*])(\\*)(?=[\[\]/*])", r"\1\2\\", text)


def _note(text: str) -> str:
    return f"[[{escaped(text)}{' ' if text.endswith(']') else ''}]]"


def _title_page(script: Script) -> list[str]:
    values = values_of(script)
    plain = {key for key, value in values.items() if _SAFE_KEY.fullmatch(key) and _is_plain(key, value)}
    out = [f"{key.capitalize()}: {values[key]}" for key in values if key in plain]
    rest = {key: value for key, value in values.items() if key not in plain}
    for name, table in ({"front": rest} | tables_of(script)).items():
        if table:
            out += [f"{name.capitalize()}:", *(f"    {write_pair(key, value)}" for key, value in table.items())]
    return [*out, ""] if out else []


def _is_plain(key: str, value: str) -> bool:
    return (
        value != ""
        and value == " ".join(value.split())
        and value.isprintable()
        and key not in ("front", "characters", "cast", "places", "locations", "aliases", "sheets")
    )


def _written(panel: ScriptPanel) -> list[str]:
    plain_size = panel.size and not set("()[]#/*") & set(panel.size)
    slug = panel.slug if _SAFE_SLUG.fullmatch(panel.slug) else ""
    implied = place_of(panel.slug) if panel.slug else ""
    notes = {
        "id": panel.id,
        "size": "" if plain_size else panel.size,
        "cast": ", ".join(panel.cast),
        "place": "" if panel.place == implied else panel.place or NOWHERE,
        "slug": "" if slug else panel.slug,
        "template": panel.template,
        "aspect": panel.aspect,
        "refs": ", ".join(panel.refs),
        "seed": "" if panel.seed is None else str(panel.seed),
    }
    marks = " ".join(_note(f"{key}: {value}") for key, value in notes.items() if value)
    text = escaped(panel.text)
    safe = (
        _SAFE_LINE.match(text)
        and not _SCENE.match(text)
        and not text.isupper()
        and not text.endswith("TO:")
        and not lettering(text)
    )
    out = [f"### Panel {panel.number}" + (f" ({panel.size})" if plain_size else ""), ""]
    out += [slug, ""] if slug else []
    out += [" ".join(filter(None, [text if safe or not text else f"!{text}", marks])), ""] if text or marks else []
    for words in panel.words:
        out += _said(words)
    return out


def _said(words: Words) -> list[str]:
    """A cue with its dialogue; where that would be read otherwise, a note."""
    who = {"caption": "CAPTION", "sfx": "SFX", "dialogue": words.who}[words.kind]
    lines = words.text.split("\n")
    safe = (
        all(_SAFE_LINE.fullmatch(line) and not _SCENE.match(line) and not line.endswith("TO:") for line in lines)
        and re.fullmatch(r"[^()\[\]/*\\^]*", words.how)
        and re.fullmatch(r"[^\s()\[\]/*\\^:#!@.~=>][^()\[\]/*\\^:]*", who)
        and not (words.kind == "dialogue" and (known := lettering(f"{who}: x")) and known.kind != "dialogue")
    )
    if not safe:
        return [_note("\n".join(lettered(words))), ""]
    lang = f" [{words.lang}]" if words.lang else ""
    cue = f"{who}{lang}" if _SAFE_CUE.fullmatch(f"{who}{lang}") else f"@{who}{lang}"
    return [cue, *([f"({words.how})"] if words.how else []), *lines, ""]
