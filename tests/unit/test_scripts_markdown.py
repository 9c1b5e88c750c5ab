"""The native script format: what is read, what is reported, and that writing and reading are inverse."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scripts.lettering import lettering
from core.scripts.markdown import read_markdown, write_markdown
from core.scripts.model import Script, ScriptChapter, ScriptError, Words
from tests.unit.any_script import scripts, some_line, tricky, without_lines

PATH = Path("script.md")

EXAMPLE = """\
---
title: The Lamplighter
language: en
characters:
  Mira: "girl of nine, yellow raincoat"
---
# Chapter 1: Dusk
## Page 2
### Panel 1 (wide)
The harbour at dusk.
Mira runs along the quay.
cast: Mira, Oskar
place: harbour
seed: 1101
refs: refs/mira.png
CAPTION: The lamps were late.
MIRA (out of breath): Four more.
  And then home.
@Oskar: Go!
SFX: tick

### Panel
Close on a lamp.
# Epilogue
### Panel
Morning.
"""


def test_everything_written_is_found() -> None:
    script = read_markdown(EXAMPLE, PATH)
    first, second, last = script.panels
    assert (script.title, script.front, script.cast) == (
        "The Lamplighter",
        {"language": "en"},
        {"Mira": "girl of nine, yellow raincoat"},
    )
    assert script.chapters == (ScriptChapter(1, "Dusk"), ScriptChapter(2, "Epilogue"))
    assert (first.page, first.number, first.size, first.line) == (2, 1, "wide", 9)
    assert first.text == "The harbour at dusk. Mira runs along the quay."
    assert (first.cast, first.place, first.seed, first.refs) == (
        ("Mira", "Oskar"),
        "harbour",
        1101,
        ("refs/mira.png",),
    )
    assert first.words == (
        Words("caption", "The lamps were late."),
        Words("dialogue", "Four more.\nAnd then home.", who="MIRA", how="out of breath"),
        Words("dialogue", "Go!", who="Oskar"),
        Words("sfx", "tick"),
    )
    assert (second.page, second.number, second.text) == (2, 2, "Close on a lamp.")
    assert (last.chapter, last.page, last.number) == (2, 1, 1)
    assert script.unplaced == ()


def test_what_has_no_place_is_reported_with_its_line() -> None:
    text = "stray\n# Chapter 1\nabout the chapter\n## Somewhere\n### Panel 1\nA hill.\nBOB:\n### Panel 2\nA tree.\n"
    assert read_markdown(text, PATH).unplaced == (
        (1, "stray"),
        (3, "about the chapter"),
        (4, "Somewhere"),
        (7, "BOB: (no words)"),
    )


@pytest.mark.parametrize(
    ("headings", "numbers"),
    [
        (["# Prologue", "# Chapter 1", "# Chapter 2"], [0, 1, 2]),
        (["# Chapter 3", "# Interlude", "# Chapter 4"], [3, 5, 4]),
        (["# Dawn", "# Noon"], [1, 2]),
        (["# Chapter One: Dawn", "# CHAPTER IV - Noon"], [1, 4]),
    ],
)
def test_chapters_without_numbers_get_free_ones(headings: list[str], numbers: list[int]) -> None:
    text = "\n".join(f"{heading}\n### Panel 1\nA hill." for heading in headings)
    script = read_markdown(text, PATH)
    assert [chapter.number for chapter in script.chapters] == numbers
    assert [panel.chapter for panel in script.panels] == numbers


def test_a_first_heading_without_panels_is_the_title() -> None:
    script = read_markdown("# The Lamplighter\n\n## Chapter 1: Dusk\n### Panel 1\nA hill.\n", PATH)
    assert (script.title, script.chapters) == ("The Lamplighter", (ScriptChapter(1, "Dusk"),))


@pytest.mark.parametrize(
    "line", ["LOW ANGLE: a tall man.", "Low angle: a tall man.", "At 12:30 the bell rings.", "See https://x.example"]
)
def test_descriptions_with_a_colon_stay_descriptions(line: str) -> None:
    assert lettering(line) is None
    assert read_markdown(f"### Panel 1\n{line}\n", PATH).panels[0].text == line


@pytest.mark.parametrize("who", ["ÉLODIE", "太郎", "MRS. O'NEIL", "ROBOT 7"])
def test_speakers_of_any_alphabet(who: str) -> None:
    assert lettering(f"{who}: Hello.") == Words("dialogue", "Hello.", who=who)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("# Chapter 1\n### Panel 1\nA.\n# Chapter 1\n", 4, "line 1 already"),
        ("### Wide shot\nA.\n", 1, "is no panel"),
        ("### Panel 1\nA.\nseed: ²\n", 3, "whole number"),
        ("### Panel 1\nA.\nplace: a\nplace: b\n", 4, "twice"),
        ("---\ntitle: x\n", 1, "never ends"),
        ("---\ntitle: x\ntitle: y\n---\n", 3, "twice"),
        ("Just prose.\n", None, "no panel"),
    ],
)
def test_mistakes_name_the_line(text: str, line: int | None, says: str) -> None:
    with pytest.raises(ScriptError, match=says) as caught:
        read_markdown(text, PATH)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


# --- writing and reading are inverse ---


@settings(max_examples=250, deadline=None)
@given(scripts())
def test_what_is_written_is_read_back(script: Script) -> None:
    text = write_markdown(script)
    assert without_lines(read_markdown(text, PATH)) == script


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(tricky, some_line, st.just("### Panel"), st.just("# Chapter"), st.just("## Page 3")), max_size=30
    )
)
def test_any_text_is_read_or_refused_in_one_sentence(lines: list[str]) -> None:
    try:
        script = read_markdown("\n".join(lines), PATH)
    except ScriptError as error:
        assert "\n" not in str(error)
    else:
        assert without_lines(read_markdown(write_markdown(script), PATH)).panels == without_lines(script).panels
