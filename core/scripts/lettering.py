"""Lettering lines: ``CAPTION: …``, ``SFX: …``, ``ALICE (thought): …`` and the forced form ``@Alice: …``.

A name in capitals before a colon speaks; ``ALICE [fr]: …`` says it in another language. ``@`` in front (as in
Fountain) makes any name a speaker; camera directions in capitals (``LOW ANGLE: …``) are no speakers.
"""

import re

import msgspec

from core.scripts.model import Words

LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
"""A language as BCP 47 tags it: ``fr``, ``pt-BR``, ``zh-Hant``."""

_LINE = re.compile(
    r"(?P<forced>@?)(?P<who>[^:()@]{0,60}?)\s*(?:\((?P<how>[^()]*)\))?"
    rf"\s*(?:\[(?P<lang>{LANGUAGE})\])?\s*:(?:\s+(?P<text>.*)|$)"
)
_CAMERA = re.compile(
    r"\b(SHOT|ANGLE|CLOSE|CLOSE-UP|CLOSEUP|WIDE|VIEW|FOREGROUND|BACKGROUND|MONTAGE|FLASHBACK|PANEL|PAGE|NOTE|POV|"
    r"INT|EXT|INSET|SPLASH|ESTABLISHING|ZOOM|PAN)\b"
)


def lettering(line: str) -> Words | None:
    """The words ``line`` (whitespace collapsed) letters, with empty text where it only names who; or None."""
    if ":" not in line or (found := _LINE.fullmatch(line)) is None:
        return None
    who, how, text = found["who"].strip(), (found["how"] or "").strip(), (found["text"] or "").strip()
    lang = found["lang"] or ""
    if found["forced"]:
        return Words("dialogue", text, who=who, how=how, lang=lang)
    if who == "CAPTION":
        return Words("caption", text, how=how, lang=lang)
    if who == "SFX":
        return Words("sfx", text, how=how, lang=lang)
    return Words("dialogue", text, who=who, how=how, lang=lang) if _is_speaker(who) else None


def _is_speaker(who: str) -> bool:
    """Capitals (or letters without case), a few words at most, and no camera direction."""
    return (
        who != ""
        and who == who.upper()
        and who[0].isalpha()
        and len(who.split()) <= 4
        and not _CAMERA.search(who)
        and '"' not in who
    )


def lettered(words: Words, *, forced: bool = False) -> list[str]:
    """The lines that ``lettering`` reads back as ``words``; those after the first are continuations, indented."""
    first, *rest = words.text.split("\n")
    who = {"caption": "CAPTION", "sfx": "SFX", "dialogue": words.who}[words.kind]
    how = f" ({words.how})" if words.how else ""
    lang = f" [{words.lang}]" if words.lang else ""
    line = f"{who}{how}{lang}: {first}"
    if forced or lettering(line) != msgspec.structs.replace(words, text=first):
        line = f"@{line}"
    return [line, *(f"    {more}" for more in rest)]
