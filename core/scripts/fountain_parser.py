"""The library's Fountain parser, not asked what a line cannot be: several times as fast, and the same in all it finds.

The library asks every line, empty ones too, whether it is a section, a forced scene heading, a page break and so on,
with an expression for each. Here a line's first letters rule most of that out; whatever is left is the library's to
decide. A test holds the two side by side.
"""

import re
from typing import Any

from screenplay_tools.fountain.parser import Parser  # type: ignore[import-untyped]
from screenplay_tools.screenplay import Action, Dialogue, ElementType  # type: ignore[import-untyped]

LONGEST_CUE = 300
"""Letters; longer lines say more than who speaks, and the library's expressions take minutes for some of them."""

_PLAIN = re.compile(r"(?!(?i:int|ext|est|fade))[A-Za-z][a-z]|$")
"""Begins like a sentence, or is empty: action, or dialogue where somebody speaks, and nothing else."""


class QuickParser(Parser):  # type: ignore[misc]
    """Same elements, same notes, but for lines too long for a name."""

    _line: str
    _pending: list[dict[str, Any]]

    def add_line(self, line: str) -> None:
        if line or self._pending or self._inTitlePage or self._boneyard is not None or self._note is not None:
            super().add_line(line)
            return
        # An empty line, every second one of a script: it ends what is said, and is kept between two of action.
        last = self.script.elements[-1] if self.script.elements else None
        before = self._line
        if isinstance(last, Dialogue) and before and not before.strip():
            super().add_line(line)  # a blank line of blanks goes on with what is said
            return
        self._lastLine, self._lastLineEmpty = before, not before.strip()
        self._line = self._lineTrim = ""
        self._inDialogue = False
        if isinstance(last, Action):
            self._padActions.append(Action(""))

    def _parse_boneyard(self) -> bool:
        return (self._boneyard is not None or "/*" in self._line) and bool(super()._parse_boneyard())

    def _parse_notes(self) -> bool:
        return (self._note is not None or "[[" in self._line) and bool(super()._parse_notes())

    def _parse_section(self) -> bool:
        """The first question asked of a line."""
        line = self._lineTrim
        if _PLAIN.match(line):
            if not self._parse_dialogue():
                self._parse_action()
            return True
        return line.startswith("#") and bool(super()._parse_section())

    def _parse_forced_scene_heading(self) -> bool:
        return self._lineTrim.startswith(".") and bool(super()._parse_forced_scene_heading())

    def _parse_page_break(self) -> bool:
        return self._lineTrim.startswith("=") and bool(super()._parse_page_break())

    def _parse_synopsis(self) -> bool:
        return self._lineTrim.startswith("=") and bool(super()._parse_synopsis())

    def _parse_scene_heading(self) -> bool:
        return self._lineTrim.startswith(tuple("IEFiefİı")) and bool(super()._parse_scene_heading())

    def _parse_transition(self) -> bool:
        return self._lineTrim.endswith("TO:") and bool(super()._parse_transition())

    def _parse_parenthetical(self) -> bool:
        return self._lineTrim.startswith("(") and bool(super()._parse_parenthetical())

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
