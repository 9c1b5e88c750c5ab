"""One set of pictures, several languages: files beside the script, lines and columns inside it, and what is missing."""

from pathlib import Path

from core.project import create
from core.project.translations import languages, translated, untranslated
from core.scripts.beside import translations
from core.scripts.model import Words
from core.status import open_book

SCRIPT = """\
# Chapter 1
## Page 1
### Panel 1
A hill.
CAPTION: Once.
MIRA: Four more.
CAPTION: Later.
### Panel 2
id: tree
A tree.
MIRA: Home.
MIRA [de]: Nach Hause.
## Page 2
### Panel 1
A door.
"""
FRENCH = """\
# Chapitre
## Page 1
### Panel 1
CAPTION: Jadis.
MIRA: Encore quatre.
### Panel 2
id: tree
MIRA: À la maison.
### Panel 7
MIRA: Personne.
"""


def made(tmp_path: Path, **beside: str) -> Path:
    (tmp_path / "script.md").write_text(SCRIPT, encoding="utf-8")
    for name, text in beside.items():
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    create(tmp_path / "novel", tmp_path / "script.md")
    return tmp_path / "novel"


def test_a_file_beside_the_script_adds_its_words_to_the_same_panels(tmp_path: Path) -> None:
    folder = made(tmp_path, script__fr__md=FRENCH)
    project, _ = open_book(folder, "fr")
    french = [tuple(words.text for words in panel.words if words.lang == "fr") for panel in project.panels]
    assert french == [("Jadis.", "Encore quatre."), ("À la maison.",), ()]
    assert [panel.words for panel in project.script.panels] == [panel.words for panel in project.panels]
    assert [notice.partition("script.fr.md")[2] for notice in project.notices] == [
        ", line 9: the script has no panel chapter 1, page 1, 7"
    ]


def test_what_is_missing_is_listed_line_by_line(tmp_path: Path) -> None:
    project, _ = open_book(made(tmp_path, script__fr__md=FRENCH), "fr")
    assert [(m.panel, m.line, m.words) for m in untranslated(project, "fr")] == [
        ("ch01-p001", 3, Words("caption", "Later."))
    ]
    assert [m.words.text for m in untranslated(project, "de")] == ["Once.", "Four more.", "Later."]


def test_pictures_do_not_depend_on_languages(tmp_path: Path) -> None:
    plain, _ = open_book(made(tmp_path))
    (tmp_path / "two").mkdir()
    french, _ = open_book(made(tmp_path / "two", script__fr__md=FRENCH), "fr")
    assert [panel.prompt_hash for panel in plain.panels] == [panel.prompt_hash for panel in french.panels]


def test_a_translation_may_be_a_table_with_ids_and_words_only(tmp_path: Path) -> None:
    table = "id,caption,dialogue\nch01-p001,Jadis.,MIRA: Encore quatre.\ntree,,MIRA: À la maison.\n"
    project, _ = open_book(made(tmp_path, script__fr__csv=table), "fr")
    assert [words.text for words in project.panels[1].words if words.lang == "fr"] == ["À la maison."]


def test_languages_are_those_inside_and_those_beside(tmp_path: Path) -> None:
    folder = made(tmp_path, **{"script__pt-BR__md": FRENCH, "script__notes__md": "x", "scripted__fr__md": "x"})
    assert set(translations(folder / "script.md")) == {"pt-BR"}
    project, _ = open_book(folder)
    assert languages(project) == ["de", "pt-BR"]
    assert translated(project, "xx") is project
    brazilian = translated(project, "pt-br")
    assert [words.lang for words in brazilian.panels[0].words if words.lang] == ["pt-BR", "pt-BR"]


def test_columns_by_language(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text('prompt,caption,caption_fr,"dialogue (pt-BR)"\nA hill,Once.,Jadis.,MIRA: Oi.\n')
    project = create(tmp_path / "novel", tmp_path / "s.csv")
    assert project.panels[0].words == (
        Words("caption", "Once."),
        Words("caption", "Jadis.", lang="fr"),
        Words("dialogue", "Oi.", who="MIRA", lang="pt-BR"),
    )
