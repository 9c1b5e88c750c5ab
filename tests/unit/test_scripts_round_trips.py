"""Every format, to a project and back to text, with nothing lost."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.project import create
from core.scripts import FORMATS, Format, format_of, read_script
from core.scripts.model import Script, ScriptChapter, ScriptError, ScriptPanel
from tests.unit.any_script import scripts, some_line, without_lines
from tests.unit.real_scripts import PANELS, REAL

PATH = Path("script")
EVERYTHING = [known for known in FORMATS if known.name != "list of prompts"]
"""Formats with room for all that a script says."""


def whole(script: Script) -> Script:
    """Without what depends on the text it came from; a chapter without panels has no row in a table."""
    told = {panel.chapter for panel in script.panels}
    chapters = tuple(chapter for chapter in script.chapters if chapter.number in told)
    return msgspec.structs.replace(without_lines(script), chapters=chapters, unplaced=())


@pytest.mark.parametrize("known", EVERYTHING, ids=lambda known: known.name)
@settings(max_examples=30, deadline=None)
@given(script=scripts())
def test_what_a_format_writes_it_reads_back(known: Format, script: Script) -> None:
    again = known.read(known.write(script), PATH)
    assert whole(again) == whole(script)
    assert again.unplaced in ((), *(((line, text),) for line, text in again.unplaced if "numbered lines" in text))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(some_line.filter(lambda line: line[0] not in "#-*•0123456789"), min_size=1, max_size=5),
        min_size=1,
        max_size=3,
    )
)
def test_a_list_keeps_its_prompts_and_chapters(chapters: list[list[str]]) -> None:
    known = next(known for known in FORMATS if known.name == "list of prompts")
    panels = [
        ScriptPanel(number, 1, index, text, 0)
        for number, texts in enumerate(chapters, start=1)
        for index, text in enumerate(texts, start=1)
    ]
    script = Script(tuple(ScriptChapter(number, "") for number in range(1, len(chapters) + 1)), tuple(panels))
    assert without_lines(known.read(known.write(script), PATH)) == script


@pytest.mark.parametrize("name", REAL)
def test_a_long_script_as_people_write_it_becomes_a_project_and_text_again(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_text(REAL[name], encoding="utf-8")
    project = create(tmp_path / "novel", source)
    script = project.script
    assert (len(project.panels), script.unplaced) == (PANELS, ())
    assert all(panel.text for panel in project.panels)
    known = format_of(source, REAL[name])
    assert whole(known.read(known.write(script), source)) == whole(script)
    for other in EVERYTHING:
        assert whole(other.read(other.write(script), source)) == whole(script), other.name


@pytest.mark.parametrize("name", [name for name in REAL if not name.startswith("prompts")])
def test_long_scripts_keep_lettering_cast_and_places(name: str) -> None:
    script = format_of(Path(name), REAL[name]).read(REAL[name], Path(name))
    kinds = {words.kind for panel in script.panels for words in panel.words}
    assert kinds == {"caption", "dialogue", "sfx"}
    assert len({panel.place for panel in script.panels if panel.place}) >= 3
    assert len(script.chapters) == 4


SAMPLES = {
    "csv": b'prompt,page\n"open\n',
    "tsv": b"prompt\tprompt\nx\ty\n",
    "jsonl": b'{"prompt": "a"}\n{"prompt" 1}\n',
    "yaml": b"title: x\nchapters:\n  - pages: [\n",
    "json": b'{"panels": [{"prompt": "a", "seed": "x"}]}',
    "fountain": b"Title: x\n\n# Chapter 1\n\n### Panel 1\n\nA hill. [[seed: x]]\n",
    "md": b"### Panel 1\nA.\nseed: x\n",
    "txt": b"[0001] [2-panel] Ada: <<never ends\n",
}


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", SAMPLES)
def test_malformed_scripts_are_one_sentence_with_the_line(ending: str, mark: bytes, end: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"script.{ending}"
    path.write_bytes(mark + SAMPLES[ending].replace(b"\n", end))
    with pytest.raises(ScriptError) as caught:
        read_script(path)
    assert caught.value.line is not None and caught.value.exit_code == 2
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"\0", "x".encode("utf-16"), b"\xff\xfex", b"A\xe9\n", b"", b"PK\x03\x04"])
@pytest.mark.parametrize("ending", SAMPLES)
def test_what_is_no_text_is_refused_in_every_format(ending: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"script.{ending}"
    path.write_bytes(data)
    with pytest.raises(ScriptError):
        read_script(path)


@pytest.mark.parametrize("ending", SAMPLES)
@settings(max_examples=30, deadline=None)
@given(
    data=st.text(
        st.sampled_from("#[]{}<>()@:*/!~=-.,;'\"|&?%\\ \n\tAaZz1PANEL") | st.characters(exclude_categories=("Cs",)),
        max_size=200,
    )
)
def test_any_text_is_read_or_refused_in_one_sentence(ending: str, data: str) -> None:
    path = Path(f"script.{ending}")
    try:
        format_of(path, data).read(data, path)
    except ScriptError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("piece", ["\n", "x\n", "# \n", "[[a:\n", "A (\n", "INT. A - \n", "[1] a: <<\n", "x", "[", " "])
@pytest.mark.parametrize("ending", SAMPLES)
def test_megabytes_of_nonsense_end_in_one_sentence_or_a_script(ending: str, piece: str, tmp_path: Path) -> None:
    path = tmp_path / f"script.{ending}"
    path.write_text(piece * (100_000 // len(piece)) + "x", encoding="utf-8")
    try:
        read_script(path)
    except ScriptError as error:
        assert "\n" not in str(error)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB + "panels:\n  - shot: A hill.\n", "aliases"),
        ("a: &a [*a]\npanels: []\n", "stands for nothing"),
        ("panels:\n  - " + "[" * 300 + "]" * 300 + "\n", "nested too deep"),
        ("panels:\n  - {shot: a, shot: b}\n", "twice"),
        ("panels:\n  - [just, words]\n", "keys and values"),
        ("panels: 3\n", "a list is needed"),
        ("panels:\n  - !!python/object/apply:os.system {shot: a}\n", ""),
    ],
)
def test_yaml_is_only_ever_data(text: str, says: str) -> None:
    try:
        format_of(Path("a.yaml"), text).read(text, Path("a.yaml"))
    except ScriptError as error:
        assert says in str(error)
    else:
        assert says == ""  # a tag makes no object: its table is read as any other
