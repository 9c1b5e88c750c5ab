"""Lettering lines: ``CAPTION: …``, ``SFX: …``, ``ALICE (thought): …`` and the forced form ``@Alice: …``.

A name in capitals before a colon speaks; ``ALICE [fr]: …`` says it in another language. ``@`` in front (as in
Fountain) makes any name a speaker; camera directions in capitals (``LOW ANGLE: …``) are no speakers. Captions and
sounds go by many names (``CAP``, ``NARRATION``, ``FX``, ``BRUITAGE``; see ``vocabulary.py``), and letterers' numbers
in front (``3. ALICE: …``) are no part of a name.
"""

import re
from functools import lru_cache
from typing import Literal

import msgspec

from core.scripts.headings import chapter_heading, page_heading, panel_heading
from core.scripts.model import Words
from core.scripts.vocabulary import CAPTIONS, PICTURES, SOUNDS, SPEECHES, SURE, TITLES

LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
"""A language as BCP 47 tags it: ``fr``, ``pt-BR``, ``zh-Hant``."""

_LINE = re.compile(
    r"(?:(?P<forced>@)|[0-9]{1,3}[.)]?\s+(?=[^\W\d_]))?"
    r"(?P<who>[^:：()（）@]{0,60}?)\s*(?:[(（](?P<how>[^()（）]*)[)）])?"
    rf"\s*(?:\[(?P<lang>{LANGUAGE})\])?\s*(?::(?:\s+(?P<text>.*)|$|(?P<close>[\"“„«「].*))|：\s*(?P<wide>.*))"
)
_DASHED = re.compile(r"(?P<who>SFX|FX|CAP|CAPTION)\s*(?:\((?P<how>[^()]*)\))?\s*[-–—]\s+(?P<text>\S.*)")
_CAMERA = re.compile(
    r"\b(SHOT|ANGLE|CLOSE|CLOSE-UP|CLOSEUP|WIDE|VIEW|FOREGROUND|BACKGROUND|MONTAGE|FLASHBACK|PANEL|PAGE|NOTE|POV|"
    r"INT|EXT|INSET|SPLASH|ESTABLISHING|ZOOM|PAN)\b"
)
_COUNTED = re.compile(r"\s*#?[0-9]{1,3}$")

Kind = Literal["caption", "dialogue", "sfx"]


def lettering(line: str) -> Words | None:
    """The words ``line`` (whitespace collapsed) letters, with empty text where it only names who; or None."""
    if ":" not in line and "：" not in line:
        found = _DASHED.fullmatch(line) if line[:3] in ("SFX", "FX ", "CAP") else None
        if found is None:
            return None
        return Words("sfx" if found["who"] in ("SFX", "FX") else "caption", found["text"], how=found["how"] or "")
    if (found := _LINE.fullmatch(line)) is None:
        return None
    forced, who, how, lang, text, close, wide = found.groups()
    who, how, lang = who.strip(), (how or "").strip(), lang or ""
    text = (text or close or wide or "").strip()
    if forced:
        return Words("dialogue", text, who=who, how=how, lang=lang)
    known = meaning(who)
    if known is None:
        return None
    kind, said_how = known
    if kind == "dialogue":
        return Words("dialogue", text, who=who, how=how, lang=lang)
    return Words(kind, text, how=how or said_how, lang=lang)


@lru_cache(maxsize=4096)
def meaning(who: str) -> tuple[Kind, str] | None:
    """What a name before a colon letters, and how; None where it letters nothing."""
    label = _COUNTED.sub("", who).casefold()
    if who == who.upper() or label in SURE:
        if label in CAPTIONS:
            return "caption", ""
        if label in SOUNDS:
            return "sfx", ""
        if label in TITLES:
            return "caption", label
    return ("dialogue", "") if is_speaker(who) else None


@lru_cache(maxsize=4096)
def is_speaker(who: str) -> bool:
    """Capitals (or letters without case), a few words at most, no camera direction, no heading and no label."""
    return (
        who != ""
        and who == who.upper()
        and who[0].isalpha()
        and len(who.split()) <= 4
        and not _CAMERA.search(who)
        and '"' not in who
        and who.casefold() not in PICTURES
        and who.casefold() not in SPEECHES
        and not chapter_heading(who)
        and not page_heading(who)
        and not panel_heading(who)
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
