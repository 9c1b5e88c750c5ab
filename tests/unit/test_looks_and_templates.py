"""Several looks per character, scene templates, and what a screenplay's headings say of the picture."""

from pathlib import Path

import pytest

from core.project import Project, create, load
from core.project.templates import known_templates
from core.prompts import Cast, Look
from core.scripts.model import ScriptError

SCRIPT = """\
---
characters:
  Mira: girl of nine, yellow raincoat
  Mira (armour): girl of nine in dented plate armour
  Oskar: old man
---
# Chapter 1: Dusk
### Panel 1
Mira waits.
### Panel 2
Mira draws a sword.
cast: Mira (armour)
template: action
# Chapter 2: War
template: landscape
looks: Mira (armour)
### Panel 1
Mira and Oskar on a hill.
### Panel 2
Mira at home.
cast: Mira (default)
template: dialogue
slug: INT. KITCHEN - NIGHT
"""


def project_of(tmp_path: Path, script: str, extra: str = "") -> Project:
    source = tmp_path / "script.md"
    source.write_text(script, encoding="utf-8")
    folder = tmp_path / "novel"
    create(folder, source)
    settings = folder / "novel.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + extra, encoding="utf-8")
    return load(folder)


def test_looks_are_chosen_by_panel_and_by_chapter(tmp_path: Path) -> None:
    prompts = [panel.prompt for panel in project_of(tmp_path, SCRIPT).panels]
    assert ["armour" in prompt for prompt in prompts] == [False, True, True, False]
    assert "yellow raincoat" in prompts[0] and "yellow raincoat" in prompts[3]
    assert "Oskar: old man" in prompts[2]


def test_templates_add_their_words_by_panel_and_by_chapter(tmp_path: Path) -> None:
    prompts = [panel.prompt for panel in project_of(tmp_path, SCRIPT).panels]
    words = known_templates()
    wanted = [None, "action", "landscape", "dialogue"]
    for prompt, name in zip(prompts, wanted, strict=True):
        assert [known for known in words if words[known] in prompt] == ([] if name is None else [name])
    assert "interior, night" in prompts[3]


def test_a_project_has_looks_and_templates_of_its_own(tmp_path: Path) -> None:
    extra = '\n[templates]\naction = "Sparks fly."\n\n[[cast]]\nname = "Mira"\nlooks = {default = "a", armour = "b"}\n'
    prompts = [panel.prompt for panel in project_of(tmp_path, SCRIPT, extra).panels]
    assert "Sparks fly." in prompts[1] and "Mira: b" in prompts[1]
    assert "Mira: a" in prompts[0]


def test_a_prompt_template_without_the_field_keeps_the_scene_with_the_picture(tmp_path: Path) -> None:
    extra = '\n[prompt]\ntemplate = "{picture}"\n'
    prompt = project_of(tmp_path, SCRIPT, extra).panels[1].prompt
    assert prompt == f"Mira draws a sword.\n{known_templates()['action']}"


def test_an_unknown_template_names_the_line_and_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="line 1: there is no scene template .*action"):
        project_of(tmp_path, "### Panel 1\nA hill.\ntemplate: ballet\n")


def test_an_unknown_look_is_told(tmp_path: Path) -> None:
    told = project_of(tmp_path, SCRIPT.replace("cast: Mira (armour)", "cast: Mira (tutu)")).notices
    assert len(told) == 1 and '"Mira (tutu)"' in told[0]


def test_nothing_of_it_changes_a_prompt_that_uses_none(tmp_path: Path) -> None:
    plain = project_of(tmp_path, "### Panel 1\nA hill.\n").panels[0]
    assert plain.prompt.splitlines()[-1].startswith("No ")
    assert "Scene" not in plain.prompt and "Place" not in plain.prompt


@pytest.mark.parametrize(
    ("text", "who", "sent"),
    [
        ("MIRA'S hand, O’NEIL’S boot", ["Mira", "O'Neil"], "Mira's hand, O'Neil’s boot"),
        ("Almira, admirals and MIRAGES", [], "Almira, admirals and MIRAGES"),
        ("the girl and Mrs Hale", ["Mira", "Mrs. Hale"], "the girl and Mrs Hale"),
        ("The ship will sail; a rose", [], "The ship will sail; a rose"),
        ("WILL climbs, Will falls", ["Will"], "Will climbs, Will falls"),
        ("JOSE\u0301 and McCLANE", ["McClane", "José"], "José and McCLANE"),
        ("MCCLANE's gun", ["McClane"], "McClane's gun"),
        ("夕暮れの港をミラが走る", ["ミラ"], "夕暮れの港をミラが走る"),
        ("ミラノの街", [], "ミラノの街"),
        ("민수가 달린다", ["민수"], "민수가 달린다"),
    ],
)
def test_whoever_is_named_is_in_the_picture_and_nobody_else(text: str, who: list[str], sent: str) -> None:
    names = [("Mira", ("the girl",)), ("O'Neil", ()), ("Mrs. Hale", ()), ("Will", ()), ("McClane", ())]
    names += [("José", ()), ("ミラ", ()), ("민수", ()), ("Rose", ())]
    cast = Cast([Look(name, "looks", aliases) for name, aliases in names])
    assert [look.name for look in cast.named(text)] == who
    assert cast.in_usual_case(text) == sent
