"""The library's Fountain parser, not asked what is plain: many times as fast, and the same in all it finds.

The library puts some twenty questions to every line, empty ones too, most of them an expression of their own. Four
kinds of lines, nearly all there are, need none of them: empty ones, those that begin like a sentence, sections, and
names in plain capitals. These are placed here as the library would place them; every other line, and every line with
or inside a note or a comment, is the library's to decide. A test holds the two side by side.
"""

import re
from typing import Any

from screenplay_tools.fountain.parser import Parser  # type: ignore[import-untyped]
from screenplay_tools.screenplay import (  # type: ignore[import-untyped]
    Action,
    Character,
    Dialogue,
    Element,
    ElementType,
    Parenthetical,
    Section,
)

LONGEST_CUE = 300
"""Letters; longer lines say more than who speaks, and the library's expressions take minutes for some of them."""

_SENTENCE = re.compile(r"(?!(?i:int|ext|est|fade))[A-Za-z][a-z]")
"""Begins like a sentence: action, or dialogue where somebody speaks, and nothing else."""

_CUE = re.compile(r"(?!INT|EXT|EST|FADE)[A-Z](?:[A-Z0-9 .'-]{0,98}[A-Z0-9.'-])?")
"""A name in plain capitals: below an empty line somebody speaks if a line follows, else it is action."""

_DEEPEST = 7
"""Marks the library counts before a section's title."""

_SPEAKS = (Character, Parenthetical)


class QuickParser(Parser):  # type: ignore[misc]
    """Same elements, same notes, but for lines too long for a name."""

    _line: str
    _pending: list[dict[str, Any]]
    _padActions: list[Action]
    _cue = ""  #: the line before, where that was a name in plain capitals: what it is depends on this one

    def add_line(self, line: str) -> None:
        if self._pending or self._inTitlePage or self._boneyard is not None or self._note is not None:
            self._ask(line)
        elif not line:
            self._place_nothing()
        elif "/*" in line or line[-1].isspace():
            self._ask(line)
        elif _SENTENCE.match(line):
            self._begin(line)
            if "[[" in line and self._parse_notes():
                self._defer()  # a note that goes on below
            else:
                self._place_sentence(self._line)
        elif "[[" in line:
            self._ask(line)
        elif line[0] == "#":
            self._begin(line)
            self._settle(line)
            title = line.lstrip("#")
            depth = min(len(line) - len(title), _DEEPEST)
            self._place(Section(depth, line[depth:].strip()))
        elif _CUE.fullmatch(line):
            self._begin(line)
            self._settle(line)
            if self._lastLineEmpty:
                self._cue = line
            else:
                self._place_sentence(line)
        else:
            self._ask(line)

    def _begin(self, line: str) -> None:
        self._lastLine, self._lastLineEmpty = self._line, not self._line.strip()
        self._line = self._lineTrim = line

    def _settle(self, line: str) -> None:
        """By ``line``, which comes next, the name that waits is one who speaks, or no name at all."""
        if self._cue:
            cue, self._cue = self._cue, ""
            self._place(Character(cue) if line else Action(cue))

    def _place_nothing(self) -> None:
        """Every second line of a script: it ends what is said, and is kept between two of action."""
        elements, before = self.script.elements, self._line
        if before and elements and isinstance(elements[-1], Dialogue) and not before.strip():
            self._ask("")  # a line of blanks goes on with what is said
            return
        self._begin("")
        self._settle("")
        self._inDialogue = False
        if elements and isinstance(elements[-1], Action):
            self._padActions.append(Action(""))

    def _place_sentence(self, line: str) -> None:
        self._lineTrim = line
        self._settle(line)
        elements = self.script.elements
        last = elements[-1] if elements else None
        if isinstance(last, _SPEAKS):
            self._place(Dialogue(line))
        elif not isinstance(last, Dialogue) or not self._parse_dialogue():
            self._place(Action(line.replace("\t", "    ")))

    def _place(self, element: Element) -> None:
        """As the library does, where nothing is merged."""
        if isinstance(element, Action):
            if self.mergeActions:
                self._add_element(element)
                return
            self.script.elements.extend(self._padActions)
        if self._padActions:
            self._padActions = []
        self.script.elements.append(element)
        self._inDialogue = isinstance(element, (*_SPEAKS, Dialogue))

    def _defer(self) -> None:
        """The name that waits goes on waiting, among what the library has put off."""
        if self._cue:
            one = {"type": ElementType.CHARACTER, "element": Character(self._cue), "backup": Action(self._cue)}
            self._pending.append(one)
            self._cue = ""

    def _ask(self, line: str) -> None:
        """``line`` is the library's to decide, and with it the name before it."""
        self._defer()
        super().add_line(line)

    def finalize(self) -> None:
        self._settle("")
        super().finalize()

    def _parse_boneyard(self) -> bool:
        return (self._boneyard is not None or "/*" in self._line) and bool(super()._parse_boneyard())

    def _parse_notes(self) -> bool:
        return (self._note is not None or "[[" in self._line) and bool(super()._parse_notes())

    def _parse_section(self) -> bool:
        """The first question asked of a line; a sentence (with a note in it) needs only the last ones."""
        line = self._lineTrim
        if not line or _SENTENCE.match(line):
            if not self._parse_dialogue():
                self._parse_action()
            return True
        return line.startswith("#") and bool(super()._parse_section())

    def _parse_scene_heading(self) -> bool:
        return self._lineTrim.startswith(tuple("IEFiefİı")) and bool(super()._parse_scene_heading())

    def _parse_transition(self) -> bool:
        return self._lineTrim.endswith("TO:") and bool(super()._parse_transition())

    def _parse_character(self) -> bool:
        return self._lastLineEmpty and len(self._lineTrim) <= LONGEST_CUE and bool(super()._parse_character())

    def _parse_forced_character(self) -> bool:
        return (
            self._lineTrim.startswith("@")
            and len(self._lineTrim) <= LONGEST_CUE
            and bool(super()._parse_forced_character())
        )

    def _parse_pending(self) -> None:
        """The library's, without tags, which are not used here."""
        pending, self._pending = self._pending, []
        blank = not self._line.strip()
        for one in pending:
            stands = blank == (one["type"] is ElementType.TRANSITION)  # a transition before it, a cue not
            self._add_element(one["element"] if stands else one["backup"])
