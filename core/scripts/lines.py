"""The lines inside a panel, the same in every format made of lines: picture, attributes, lettering."""

import re
from collections.abc import Iterable

import msgspec

from core.scripts.building import ScriptBuilder, attribute, chapter_attribute
from core.scripts.lettering import lettering
from core.scripts.model import Words
from core.scripts.vocabulary import PICTURES, SPEECHES

RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,}|={3,}|~{3,})")
_NO_WORDS = re.compile(
    r"[(\[]?(?:(?:no|without|sans|ohne|sin|senza) (?:dialogue?|words|text|caption|texte|paroles|worte|texto|testo)s?"
    r"|silent(?: panel)?)[)\]]?\.?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?:[-+*•>]\s+)+")
_STRONG = re.compile(r"(?P<mark>\*{1,3}|_{1,3})(?P<head>[^*_]+)(?P=mark)(?P<rest>.*)")
_ENDED = tuple('.!?…。！？"”»」’)')


class PanelLines:
    """Hands each line below a panel's heading to the builder. ``names``: those who may speak in small letters too."""

    def __init__(self, builder: ScriptBuilder, names: Iterable[str] = ()) -> None:
        self._builder = builder
        self._names = speakers(names)
        self._open: tuple[int, Words] | None = None  #: lettering that the next line may go on with
        self._named = False  #: that lettering began with a name on a line of its own
        self._told = False  #: below a label such as "Dialogue:" everybody speaks

    def take(self, number: int, raw: str, line: str | None = None) -> None:
        """``raw`` is line ``number``; ``line``: what it says, with single spaces, where that is known.

        Outside a panel everything but rules is left as unplaced.
        """
        if line is None:
            line = " ".join(raw.split())
        if not line:
            if self._open is not None and self._open[1].text:
                self.end()
        elif self._goes_on(raw, line):
            pass
        elif not self._builder.in_panel:
            if self._builder.in_chapter and (found := chapter_attribute(line)):
                self._builder.chapter_attribute(*found)
            elif not RULE.fullmatch(line):
                self._builder.leave(number, line)
        else:
            self._close()
            self._place(number, line)

    def end(self) -> None:
        """The lettering under way, if any, is complete, and so is whatever a label stood above."""
        self._close()
        self._told = False

    def _close(self) -> None:
        if self._open is None:
            return
        number, words = self._open
        self._open, self._named = None, False
        if words.text:
            self._builder.words(words)
        else:
            self._builder.leave(number, f"{words.who or words.kind.upper()}: (no words)")

    def goes_on(self, raw: str) -> bool:
        """True where ``raw`` is a line more of the lettering above it, whatever it begins with."""
        return self._open is not None and bool(self._open[1].text) and raw[:1] in (" ", "\t") and bool(raw.strip())

    def _goes_on(self, raw: str, line: str) -> bool:
        """An indented line goes on with the lettering above it; so do all lines where only a name stood, up to an
        empty one, and a sentence that is broken in two."""
        if self._open is None:
            return False
        number, words = self._open
        if not self.goes_on(raw):
            broken = bool(words.text) and line[0].islower() and not words.text.endswith(_ENDED)
            if not (broken or self._named or not words.text) or structured(line, self._names):
                return False
        if not words.text:
            self._named = True
            if line[0] == "(" and line[-1] == ")" and not words.how:
                self._open = number, msgspec.structs.replace(words, how=line[1:-1].strip("() "))
                return True
        text = f"{words.text}\n{line}" if words.text else line
        self._open = number, msgspec.structs.replace(words, text=text)
        return True

    def _place(self, number: int, line: str) -> None:
        if line[0] == "\\":
            self._builder.text(line[1:])
            return
        if line[0] in "-+*•>_":
            line = unmarked(line, self._names)
        if ":" in line or "：" in line or line[:3] in _DASHED:
            if found := attribute(line):
                self._builder.attribute(number, *found)
                return
            if words := said(line, self._names):
                self._open = number, words
                return
            if label := labelled(line):
                self._label(number, *label)
                return
            if self._told and (words := lettering(f"@{_BULLET.sub('', line)}")) and len(words.who.split()) <= 4:
                self._open = number, words
                return
        if not RULE.fullmatch(line) and not _NO_WORDS.fullmatch(line):
            self._builder.text(line)

    def _label(self, number: int, label: str, rest: str) -> None:
        """``Description: …`` and ``Dialogue: …`` say what follows is."""
        self._told = label in SPEECHES
        if not self._told:
            if rest:
                self._builder.text(rest)
        elif rest and not _NO_WORDS.fullmatch(rest) and rest.casefold().strip(".()") not in ("none", "-", "–", "—"):
            self._open = number, lettering(f"@{rest}") or Words("dialogue", rest)


_DASHED = ("SFX", "FX ", "CAP")


def speakers(names: Iterable[str]) -> frozenset[str]:
    """``names`` as ``said`` compares them."""
    return frozenset(name.casefold() for name in names)


def said(line: str, names: frozenset[str]) -> Words | None:
    """The words ``line`` letters: as ``lettering`` has it, or said by one of ``names``, however they are written."""
    if words := lettering(line):
        return words
    if names and (words := lettering(f"@{line}")) and words.who.casefold() in names:
        return words
    return None


def labelled(line: str) -> tuple[str, str] | None:
    """(label in small letters, what follows) of ``Description: a lamp``; None for anything else."""
    label, colon, rest = line.replace("：", ": ", 1).partition(":")
    label = label.strip().casefold()
    return (label, rest.strip()) if colon and (label in PICTURES or label in SPEECHES) else None


def unmarked(line: str, names: frozenset[str] = frozenset()) -> str:
    """``- **MIRA:** Run!`` -> ``MIRA: Run!``; a line that is nothing but picture stays as it is."""
    bare = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
    if found := _STRONG.fullmatch(bare):
        head, rest = found["head"].strip(), found["rest"].strip()
        if inner := _STRONG.fullmatch(rest):
            rest = inner["head"].strip() if not inner["rest"] else rest
        bare = f"{head}{rest}" if rest[:1] in (":", "：") else f"{head} {rest}".strip()
    if bare != line and bare and (attribute(bare) or said(bare, names) or labelled(bare)):
        return bare
    return line


def structured(line: str, names: frozenset[str] = frozenset()) -> bool:
    """True where ``line`` would not be read as part of the picture's description."""
    if line.startswith(("\\", "#")):
        return True
    line = unmarked(line, names) if line[:1] in ("-", "+", "*", "•", ">", "_") else line
    return bool(
        attribute(line) or said(line, names) or labelled(line) or RULE.fullmatch(line) or _NO_WORDS.fullmatch(line)
    )
