"""The guide to scripts: every example in it is read as it says."""

import re
from importlib import resources
from pathlib import Path

import pytest

from core.project import create
from core.project.templates import known_templates
from core.scripts import FORMATS, format_of, read_script, read_words

TEXT = (resources.files("core.scripts") / "README.md").read_text(encoding="utf-8")
EXAMPLES = {
    found["name"]: (found["text"], int(found["count"]), bool(found["words"]))
    for found in re.finditer(
        r"(?ms)^```\w+ (?P<name>\S+) (?P<words>words of )?(?P<count>\d+) panels\n(?P<text>.*?)^```$", TEXT
    )
}
PICTURES = [name for name, (_, _, words) in EXAMPLES.items() if not words]


def test_every_block_is_an_example_and_every_format_has_one() -> None:
    assert len(EXAMPLES) == TEXT.count("\n```") // 2
    shown = {format_of(Path(name), text).name for name, (text, _, _) in EXAMPLES.items()}
    assert shown == {known.name for known in FORMATS}


@pytest.mark.parametrize("name", PICTURES)
def test_an_example_becomes_a_project(name: str, tmp_path: Path) -> None:
    text, count, _ = EXAMPLES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    project = create(tmp_path / "novel", tmp_path / name)
    assert len(project.panels) == count
    assert [told for _, told in project.script.unplaced] == (["CUT TO:"] if name == "screenplay.fountain" else [])


def test_the_example_of_a_translation_needs_no_pictures(tmp_path: Path) -> None:
    text, count, _ = EXAMPLES["script.fr.csv"]
    (tmp_path / "script.fr.csv").write_text(text, encoding="utf-8")
    assert len(read_words(tmp_path / "script.fr.csv").panels) == count


def test_the_native_example_means_what_the_guide_says(tmp_path: Path) -> None:
    (tmp_path / "script.md").write_text(EXAMPLES["script.md"][0], encoding="utf-8")
    script = read_script(tmp_path / "script.md")
    first, second = create(tmp_path / "novel", tmp_path / "script.md").panels
    assert script.panels[0].words[2].text == "Four more.\nAnd then home."
    assert known_templates()["landscape"] in first.prompt and known_templates()["close-up"] in second.prompt
    assert "plate armour" in second.prompt and "yellow raincoat" in first.prompt


def test_the_guide_names_every_template_and_format_file() -> None:
    assert all(f"`{name}`" in TEXT for name in known_templates())
    assert all(f"`{ending}`" in TEXT for known in FORMATS for ending in known.endings if ending != ".markdown")
