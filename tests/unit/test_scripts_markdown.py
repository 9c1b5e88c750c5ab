"""The native script format: what is read, what is reported, and that writing and reading are inverse."""

import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scripts.lettering import lettering
from core.scripts.markdown import read_markdown, write_markdown
from core.scripts.model import Script, ScriptChapter, ScriptError, ScriptPanel, Words

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
        ("### Panel 1\n\n### Panel 2\nA.\n", 1, "says nothing"),
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

printable = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Co", "Cn"), include_characters=" ")
line = st.text(printable | st.sampled_from(':()#@\\-"*'), max_size=40).map(lambda text: " ".join(text.split()))
some_line = line.filter(bool)
tricky = st.sampled_from(
    ["# x", "cast: a", "ALICE: b", "\\x", "---", "@x: y", "### Panel 1", "NO DIALOGUE.", "CAPTION:", "  "]
).map(str.strip)
name = st.text(st.sampled_from(string.ascii_letters + "éÉ王 _."), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
some_name = name.filter(bool)
words = st.builds(
    lambda kind, lines, who, how: Words(kind, "\n".join(lines), who=who if kind == "dialogue" else "", how=how),
    st.sampled_from(["caption", "dialogue", "sfx"]),
    st.lists(some_line, min_size=1, max_size=3),
    name | st.sampled_from(["CAPTION", "SFX", "SEED", "WIDE SHOT", "ALICE", ""]),
    name,
)
panel = st.builds(
    ScriptPanel,
    chapter=st.just(0),
    page=st.integers(1, 99),
    number=st.integers(0, 99),
    text=(some_line | tricky).filter(bool),
    line=st.just(0),
    id=name,
    size=name | st.just("a (b"),
    aspect=name,
    cast=st.lists(some_name, max_size=3).map(tuple),
    place=name,
    words=st.lists(words, max_size=3).map(tuple),
    refs=st.lists(some_name, max_size=2).map(tuple),
    seed=st.none() | st.integers(0, 10**18 - 1),
)
table = st.dictionaries(some_line, line | st.text(max_size=20), max_size=3)


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    numbers = draw(st.lists(st.integers(0, 999), min_size=1, max_size=4, unique=True))
    panels: list[ScriptPanel] = []
    for number in numbers:
        own = draw(st.lists(panel, max_size=4))
        panels += [msgspec.structs.replace(item, chapter=number) for item in own]
    if not panels:
        panels = [msgspec.structs.replace(draw(panel), chapter=numbers[0])]
    titles = line.filter(lambda title: not title.startswith((":", "-", "."))) | st.just("")
    return Script(
        tuple(ScriptChapter(number, draw(titles)) for number in numbers),
        tuple(panels),
        title=draw(line),
        style=draw(line),
        aspect=draw(line),
        cast=draw(table),
        places=draw(table),
        front=draw(table.map(lambda t: {k: v for k, v in t.items() if k not in ("title", "style", "aspect")})),
    )


def without_lines(script: Script) -> Script:
    panels = tuple(msgspec.structs.replace(panel, line=0) for panel in script.panels)
    return msgspec.structs.replace(script, panels=panels)


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
