"""The lines inside a panel, the same in every format made of lines: picture, attributes, lettering."""

import re

import msgspec

from core.scripts.building import ScriptBuilder, attribute, chapter_attribute
from core.scripts.lettering import lettering
from core.scripts.model import Words

RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})")
_NO_WORDS = re.compile(r"(?:no|without) (?:dialogue|words|text|caption)s?\.?", re.IGNORECASE)


class PanelLines:
    """Hands each line below a panel's heading to the builder."""

    def __init__(self, builder: ScriptBuilder) -> None:
        self._builder = builder
        self._open: tuple[int, Words] | None = None  #: lettering that the next line may go on with

    def take(self, number: int, raw: str) -> None:
        """``raw`` is line ``number``. Outside a panel everything but rules is left as unplaced."""
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
            self.end()
            self._place(number, line)

    def end(self) -> None:
        """The lettering under way, if any, is complete."""
        if self._open is None:
            return
        number, words = self._open
        self._open = None
        if words.text:
            self._builder.words(words)
        else:
            self._builder.leave(number, f"{words.who or words.kind.upper()}: (no words)")

    def goes_on(self, raw: str) -> bool:
        """True where ``raw`` is a line more of the lettering above it, whatever it begins with."""
        return self._open is not None and bool(self._open[1].text) and raw[:1] in (" ", "\t") and bool(raw.strip())

    def _goes_on(self, raw: str, line: str) -> bool:
        """An indented line goes on with the lettering above it; so does any line where only a name stood."""
        if self._open is None:
            return False
        number, words = self._open
        if raw[:1] not in (" ", "\t") and (words.text or structured(line)):
            return False
        text = f"{words.text}\n{line}" if words.text else line
        self._open = number, msgspec.structs.replace(words, text=text)
        return True

    def _place(self, number: int, line: str) -> None:
        if line.startswith("\\"):
            self._builder.text(line[1:])
        elif found := attribute(line):
            self._builder.attribute(number, *found)
        elif words := lettering(line):
            self._open = number, words
        elif not RULE.fullmatch(line) and not _NO_WORDS.fullmatch(line):
            self._builder.text(line)


def structured(line: str) -> bool:
    """True where ``line`` would not be read as part of the picture's description."""
    return bool(
        line.startswith(("\\", "#"))
        or attribute(line)
        or lettering(line)
        or RULE.fullmatch(line)
        or _NO_WORDS.fullmatch(line)
    )
