"""The quick parser finds exactly what the library's own does."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from screenplay_tools.fountain.parser import Parser

from core.scripts.fountain_parser import QuickParser
from tests.unit.real_scripts import REAL

PIECES = st.sampled_from(
    [
        "", " ", "\t", "  ", "INT. HOUSE - DAY", "ext. quay", "I/E CAR", "Interesting.",
        "Fade in:", "FADE IN:",
        ".FORCED", ".. dots", "# Chapter 1", "### Panel 1 (wide)", "====", "=== ", "= a synopsis",
        "MIRA", "Mira", "MIRA (V.O.)",
        "MIRA (CONT'D)", "(CONT’D) MIRA", "(CONT'D)", "@McAda", "O", "A1", "1A", "Éva", "ÉVA", "McCOY", "CUT TO:",
        "  CUT TO:  ", "to TO:", "> CUT", "> centred <", "(softly)", "( softly )", "~ sung ~", "!FORCED", "Four more.",
        "and so on", "İstanbul", "int. x", "ſoft", "[[note]]", "[[open", "end]]", "/* gone", "back */", "/* in */ MIRA",
        "A [[seed: 3]] lamp", "MIRA [[lang: fr]]", "x /* y */ z", "MIRA ^", "Title: x", "   indented", "CAPTION", "…",
    ]
)  # fmt: skip
LINES = st.lists(st.one_of(PIECES, st.text("AaTO:.#=(~!@> [/*]^'\tiİ", max_size=8)), max_size=25)


def found(parser: Parser, lines: list[str], merge: bool) -> list[object]:
    parser.mergeActions = merge
    counts = []
    for line in lines:
        parser.add_line(line)
        counts.append(len(parser.script.elements))
    parser.finalize()
    elements = [(vars(element) | {"type": element.type.value}) for element in parser.script.elements]
    notes = [note.text_raw for note in parser.script.notes]
    return [elements, notes, [one.text_raw for one in parser.script.boneyards], counts]


@settings(max_examples=600, deadline=None)
@given(LINES, st.booleans())
@example(["", "MIRA", "Four more.", "  ", "And home."], False)
@example(["", "Rain.", "", "", "More rain.", "", "MIRA", ""], False)
def test_side_by_side(lines: list[str], merge: bool) -> None:
    assert found(QuickParser(), lines, merge) == found(Parser(), lines, merge)


@pytest.mark.parametrize("name", [name for name in REAL if name.endswith(".fountain")])
def test_side_by_side_on_whole_scripts(name: str) -> None:
    lines = REAL[name].split("\n")
    assert len(lines) > 1000
    assert found(QuickParser(), lines, False) == found(Parser(), lines, False)
