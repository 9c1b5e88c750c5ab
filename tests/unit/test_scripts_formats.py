"""Choosing a reader, the other formats, and files as they come: encodings, line ends, sizes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.scripts import format_of, read_script
from core.scripts.markdown import read_markdown, write_markdown
from core.scripts.model import Script, ScriptError, Words
from tests.unit.real_scripts import REAL

COMIC = """\
---
title: Down the Rabbit-Hole
characters:
  alice: "girl of seven, blue pinafore dress"
---

# CHAPTER 1 - The Riverbank

PAGE ONE (two panels)

Panel 1. Wide. A drowsy riverbank. ALICE sits in the daisies.

CAPTION: It was far too hot.

ALICE (thought): What is the use of it?

Panel 2. Low angle through the grass: the RABBIT hurries past.
Panel doors slide open behind it.

RABBIT:
Late, late!

NO DIALOGUE.

PAGE TWO

Panel 1. A hedge.
"""

TABLE = """\
id,chapter,page,panel,prompt,characters,caption,dialogue,Mood
sb-1,1,1,1,"Baker Street, a ""hansom"" cab",helen,"April, 1883.",,grim
sb-2,1,2,1,"Two
lines",holmes;watson,,"HOLMES: Sorry, Watson.
WATSON (yawning): What, a fire?",
sb-3,2,1,1,A moor,,,It howls.,
"""

JSONL = """\
{"id": "a", "chapter": "Dawn", "prompt": "A street", "characters": ["helen"], "dialogue": "HELEN: Cold.", "seed": 42}

{"id": "b", "chapter": "Dawn", "prompt": "A room", "dialogue": [{"who": "Holmes", "say": "Sit.", "how": "kindly"}]}
"""


def read(tmp_path: Path, name: str, data: str | bytes) -> Script:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_script(path)


def test_comic_script(tmp_path: Path) -> None:
    script = read(tmp_path, "alice.md", COMIC)
    one, two, three = script.panels
    assert (script.title, script.chapters[0].title) == ("Down the Rabbit-Hole", "The Riverbank")
    assert (one.page, one.number, one.size) == (1, 1, "wide")
    assert one.text == "A drowsy riverbank. ALICE sits in the daisies."
    assert one.words == (
        Words("caption", "It was far too hot."),
        Words("dialogue", "What is the use of it?", who="ALICE", how="thought"),
    )
    assert two.text.endswith("hurries past. Panel doors slide open behind it.")
    assert two.words == (Words("dialogue", "Late, late!", who="RABBIT"),)
    assert (three.page, three.number, three.text) == (2, 1, "A hedge.")
    assert script.unplaced == ()


def test_table(tmp_path: Path) -> None:
    script = read(tmp_path, "band.csv", TABLE)
    assert [(p.id, p.chapter, p.page, p.line) for p in script.panels] == [
        ("sb-1", 1, 1, 2),
        ("sb-2", 1, 2, 3),
        ("sb-3", 2, 1, 6),
    ]
    assert script.panels[0].text == 'Baker Street, a "hansom" cab'
    assert script.panels[1].cast == ("holmes", "watson")
    assert script.panels[1].words == (
        Words("dialogue", "Sorry, Watson.", who="HOLMES"),
        Words("dialogue", "What, a fire?", who="WATSON", how="yawning"),
    )
    assert script.panels[2].words == (Words("dialogue", "It howls."),)
    assert script.unplaced == ((2, 'column "Mood"'),)


def test_tabs_and_semicolons_part_columns_too(tmp_path: Path) -> None:
    assert read(tmp_path, "a.tsv", "Shot\tPlace\nA hill, far\tmoor\n").panels[0].text == "A hill, far"
    assert read(tmp_path, "a.csv", "Shot;Place\nA hill, far;moor\n").panels[0].place == "moor"


def test_json_lines(tmp_path: Path) -> None:
    script = read(tmp_path, "a.jsonl", JSONL)
    assert [(p.id, p.number, p.line, p.seed) for p in script.panels] == [("a", 1, 1, 42), ("b", 2, 3, None)]
    assert script.panels[1].words == (Words("dialogue", "Sit.", who="Holmes", how="kindly"),)
    assert script.chapters[0].title == "Dawn"


@pytest.mark.parametrize(("name", "text"), [("a.md", COMIC), ("a.csv", TABLE), ("a.jsonl", JSONL)])
def test_every_format_can_be_written_as_markdown(tmp_path: Path, name: str, text: str) -> None:
    script = read(tmp_path, name, text)
    again = read_markdown(write_markdown(script), Path("again.md"))
    assert [(p.id, p.text, p.words, p.cast, p.page, p.number) for p in again.panels] == [
        (p.id, p.text, p.words, p.cast, p.page, p.number) for p in script.panels
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "### Panel 1\nPanel 2. is written on the wall.\n", "Markdown"),
        ("a.txt", "PAGE ONE\nPanel 1\nA hill.\n", "comic script"),
        ("A.MD", "# Chapter 1\n", "Markdown"),
        ("a.tsv", "x\n", "table"),
    ],
)
def test_formats_are_told_apart(name: str, text: str, expected: str) -> None:
    assert format_of(Path(name), text).name == expected


@pytest.mark.parametrize(
    ("name", "data", "line", "says"),
    [
        ("a.md", b"", None, "empty"),
        ("a.md", b"### Panel 1\n\n### Panel 2\nA.\n", 1, "says nothing"),
        ("a.md", b"\xef\xbb\xbf \r\n", None, "empty"),
        ("a.md", b"### Panel 1\n\xe9t\xe9\n", 2, "not UTF-8"),
        ("a.md", "### Panel 1\nx".encode("utf-16"), 1, "UTF-16"),
        ("a.md", b"### Panel 1\r\nA\r\nB\0\r\n", 3, "NUL"),
        ("a.txt", "### Panel 1\nxyz abc".encode("utf-16-be"), 1, "UTF-16"),
        ("a.yaml", b"panels:\n- prompt: A\n- prompt: \x1b[31m\n", 3, "remove that character"),
        ("a.docx", b"x", None, "no reader"),
        ("a.docx", b"PK\x03\x04\0", None, "plain text"),
        ("script", b"x", None, "without an ending"),
        ("a.csv", b'prompt\n"open\n', 2, "cannot be read"),
        ("a.csv", b"prompt\nA, B\n", 2, "2 cells but 1 columns"),
        ("a.csv", b"prompt,prompt\nA,B\n", 1, "two columns"),
        ("a.csv", b"name,mood\nA,B\n", 2, "no column says"),
        ("a.csv", b"prompt,page\nA,first\nB,soon\n", 2, "page is a whole number"),
        ("a.jsonl", b'{"prompt": "A"}\n{"prompt": \n', 2, "no JSON"),
        ("a.jsonl", b"[1]\n", 1, "one object a line"),
        ("a.jsonl", b'{"prompt": ""}\n', 1, "says nothing"),
        ("a.jsonl", b"[" * 100_000, 1, "no JSON"),
    ],
)
def test_bad_files_are_one_sentence_with_the_line(
    tmp_path: Path, name: str, data: bytes, line: int | None, says: str
) -> None:
    with pytest.raises(ScriptError, match=says) as caught:
        read(tmp_path, name, data)
    assert caught.value.line == line
    assert name in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data, at: data[:at] + b"\0" + data[at:], "NUL"),
        (lambda data, at: data[:at] + b"\xe9 " + data[at:], "not UTF-8"),
        (lambda data, at: data.decode().encode("utf-16-le"), "UTF-16"),
    ],
    ids=["nul", "latin-1", "utf-16"],
)
def test_a_long_script_that_is_spoilt_somewhere(
    tmp_path: Path, name: str, spoil: Callable[[bytes, int], bytes], says: str
) -> None:
    data = REAL[name].encode()
    at = data.index(b"\n", len(data) // 2) + 1
    with pytest.raises(ScriptError, match=says) as caught:
        read(tmp_path, name, spoil(data, at))
    assert caught.value.line == (1 if says == "UTF-16" else data.count(b"\n", 0, at) + 1)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(("mark", "end"), [(b"\xef\xbb\xbf", "\n"), (b"", "\r\n"), (b"\xef\xbb\xbf", "\r")])
def test_a_long_script_saved_elsewhere_reads_the_same(tmp_path: Path, name: str, mark: bytes, end: str) -> None:
    text = REAL[name].replace("\r\n", "\n")
    plain = read(tmp_path, name, text)
    saved = read(tmp_path, name, mark + text.replace("\n", end).encode())
    assert saved == plain


@pytest.mark.parametrize("name", ["a.fountain", "a.md", "a.txt"])
@pytest.mark.parametrize(
    "line",
    [
        "MIRA" + " " * 19_000 + "x",
        "A" + "(" * 19_000,
        "@" + "(" * 19_000,
        "A" + " ^" * 9_000 + "x",
        "A B " * 4_000 + "TO",
    ],
    ids=["blanks", "brackets", "forced", "carets", "nearly a transition"],
)
def test_lines_that_expressions_could_get_lost_in(tmp_path: Path, name: str, line: str) -> None:
    """Each took the library of Fountain minutes to years; here a file of them is read at once."""
    read(tmp_path, name, "### Panel 1\n\n" + f"{line}\n\n" * 20 + "Rain.\n")


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="no such file"):
        read_script(tmp_path / "a.md")
    (tmp_path / "b.md").mkdir()
    with pytest.raises(ScriptError, match="folder"):
        read_script(tmp_path / "b.md")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_marks_and_line_ends_change_nothing(tmp_path: Path, end: str, mark: bytes) -> None:
    text = "# Chapter 1\n### Panel 1\nA hill.\nCAPTION: Once.\n"
    script = read(tmp_path, "a.md", mark + text.replace("\n", end).encode())
    assert (script.panels[0].text, script.panels[0].line) == ("A hill.", 2)


def test_a_hundred_thousand_panels_and_fifty_megabytes(tmp_path: Path) -> None:
    filler = "A wide hill under a slow sky, " * 14
    panels = (f"### Panel {n}\n{filler}number {n}.\ncast: Mira\nMIRA: So it is.\n\n" for n in range(100_000))
    path = tmp_path / "big.md"
    path.write_text("# Chapter 1\n" + "".join(panels), encoding="utf-8")
    assert path.stat().st_size > 45_000_000
    script = read_script(path)
    assert (len(script.panels), script.panels[-1].words[0].who) == (100_000, "MIRA")
