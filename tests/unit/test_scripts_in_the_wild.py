"""Scripts as people write them, whatever their template, tool or language: each panel once, its words beside it."""

from pathlib import Path

import pytest

from core.scripts import format_name, read_script
from core.scripts.headings import page_heading, panel_heading
from core.scripts.model import Script, ScriptError

DARK_HORSE = """\
LAMPLIGHTER #1
Script by A. Author

PAGE ONE (three panels)

PANEL ONE

Wide establishing shot of the harbour. MIRA, 9, runs along the quay.

1 CAP: The lamps were late that night.

2. MIRA (THOUGHT BALLOON): Don't fall,
not now.

3 SFX: SPLASH!

PANEL TWO

Close on Mira's hand.

MIRA\t\tFour more.

OSKAR
(whisper)
Come here.
And hurry.

FX - THUD

Panel 3: The door. [NO DIALOGUE]

TITLE: LOW WATER

PAGES 2-3 (DOUBLE-PAGE SPREAD)

The whole town in flames.

NARRATION: Nothing was left.

PAGE 4 – 2 PANELS

**Panel 1.** Ash.

**OSKAR:** *Late.*

[Panel 2] More ash.

Page 5, Panel 1: A gull.
"""

NUMBERED = """\
PAGE 1 – 2 PANELS

1.1 Wide shot. 3 boats in the harbour.

CAPTION: Late.

1.2 Mira runs.

1. MIRA: Run!

PAGE 2 (2)

1. The lamp.

2. The lamp, closer.
"""

FRENCH = """\
PLANCHE 1 (2 cases)

Case 1
Le port. MIRA court sur le quai.
RÉCITATIF : Les lampes étaient en retard.
MIRA (pensée) : Encore quatre !

Case deux : Gros plan.
BRUITAGE : CLAC

PLANCHE DEUX

Case 1. Fin.
"""

GERMAN = """\
SEITE 1

Bild 1: Der Hafen. Das Bild der Stadt hängt schief.
ERZÄHLER: Die Lampen waren spät dran.
MIRA: Noch vier!

SEITE ZWEI

Bild 1: Ende.
"""

JAPANESE = """\
第1話 夜

1ページ

1コマ目
夕暮れの港。
ナレーション：ランプは遅れていた。
ミラ：「あと四つ。」

2コマ目
手。
効果音：カチッ

2ページ

1コマ目
街。
"""

ARABIC = """\
صفحة ١

كادر ١: الميناء عند الغروب.
تعليق: تأخرت المصابيح.
ميرا: أربعة أخرى!

كادر ٢: يد.
"""

ASSISTANT = """\
# Chapter 1: Dusk

## Page 1

### Panel 1 (wide)
**Description:** A lamp\u00a0in the fog, “late”.
**Setting:** harbour
**Characters:** Mira, Oskar
**Dialogue:**
- Mira: "Run!"
- **OSKAR (off):** “No.”
**Caption:** *Late.*
**SFX:** tick

### Panel 2
A gull.
**Dialogue:** None
"""

FOUNTAIN = """\
# PAGE ONE

## PANEL ONE

Wide. MIRA runs.

CAP
Late.

SFX: KRAK

# PAGE TWO (splash)

The whole town burning. /* PANEL 3 is cut */

MIRA
Fire!
"""

BARE_FOUNTAIN = """\
PAGE ONE

PANEL 1

The harbour.

MIRA
Four more.

PANEL 2

Close.

PAGE TWO

PANEL 1

End.
"""


def outline(script: Script) -> list[str]:
    """A line a panel, ``page.number [size] text``, and a line for its words."""
    found = []
    for panel in script.panels:
        size = f" [{panel.size}]" if panel.size else ""
        found.append(f"{panel.page}.{panel.number}{size} {panel.text}")
        for words in panel.words:
            how = f" ({words.how})" if words.how else ""
            found.append(f"  {words.who or words.kind}{how}: {words.text}".replace("\n", " / "))
    return found


def read(folder: Path, name: str, text: str) -> Script:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_script(path)


def test_a_script_in_the_publishers_way(tmp_path: Path) -> None:
    script = read(tmp_path, "script.txt", DARK_HORSE)
    assert outline(script) == [
        "1.1 Wide establishing shot of the harbour. MIRA, 9, runs along the quay.",
        "  caption: The lamps were late that night.",
        "  MIRA (THOUGHT BALLOON): Don't fall, / not now.",
        "  sfx: SPLASH!",
        "1.2 Close on Mira's hand.",
        "  MIRA: Four more.",
        "  OSKAR (whisper): Come here. / And hurry.",
        "  sfx: THUD",
        "1.3 The door. [NO DIALOGUE]",
        "  caption (title): LOW WATER",
        "2.1 [double-page spread] The whole town in flames.",
        "  caption: Nothing was left.",
        "4.1 Ash.",
        "  OSKAR: Late.",
        "4.2 More ash.",
        "5.1 A gull.",
    ]
    assert script.unplaced == ((1, "LAMPLIGHTER #1"), (2, "Script by A. Author"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            NUMBERED,
            [
                "1.1 [wide] Wide shot. 3 boats in the harbour.", "  caption: Late.", "1.2 Mira runs.", "  MIRA: Run!",
                "2.1 The lamp.", "2.2 The lamp, closer.",
            ],
        ),
        (
            FRENCH,
            [
                "1.1 Le port. MIRA court sur le quai.", "  caption: Les lampes étaient en retard.",
                "  MIRA (pensée): Encore quatre !", "1.2 Gros plan.", "  sfx: CLAC", "2.1 Fin.",
            ],
        ),
        (
            GERMAN,
            [
                "1.1 Der Hafen. Das Bild der Stadt hängt schief.", "  caption: Die Lampen waren spät dran.",
                "  MIRA: Noch vier!", "2.1 Ende.",
            ],
        ),
        (
            JAPANESE,
            [
                "1.1 夕暮れの港。", "  caption: ランプは遅れていた。", "  ミラ: 「あと四つ。」",
                "1.2 手。", "  sfx: カチッ", "2.1 街。",
            ],
        ),
        (
            ARABIC,
            ["1.1 الميناء عند الغروب.", "  caption: تأخرت المصابيح.", "  ميرا: أربعة أخرى!", "1.2 يد."],
        ),
    ],
    ids=["numbered", "French", "German", "Japanese", "Arabic"],
)  # fmt: skip
def test_comic_scripts_in_other_ways_and_languages(text: str, expected: list[str], tmp_path: Path) -> None:
    script = read(tmp_path, "script.txt", text)
    assert [line.replace("[wide] ", "") for line in outline(script)] == [
        line.replace("[wide] ", "") for line in expected
    ]
    assert format_name(tmp_path / "script.txt") == "comic script"
    assert script.unplaced == ()


def test_markdown_with_labels_and_lists_as_assistants_write_it(tmp_path: Path) -> None:
    script = read(tmp_path, "script.md", ASSISTANT)
    assert outline(script) == [
        "1.1 [wide] A lamp in the fog, “late”.",
        '  Mira: "Run!"',
        "  OSKAR (off): “No.”",
        "  caption: Late.",
        "  sfx: tick",
        "1.2 A gull.",
    ]
    assert (script.panels[0].place, script.panels[0].cast) == ("harbour", ("Mira", "Oskar"))


def test_whoever_is_in_the_cast_may_speak_in_small_letters(tmp_path: Path) -> None:
    front = '---\ncharacters:\n  Mira: "girl of nine"\n---\n'
    body = "# Chapter 1\n### Panel 1\nA lamp.\nMira: Run!\nFar away: a gull.\n"
    assert outline(read(tmp_path, "script.md", front + body)) == ["1.1 A lamp. Far away: a gull.", "  Mira: Run!"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            FOUNTAIN,
            [
                "1.1 Wide. MIRA runs.", "  caption: Late.", "  sfx: KRAK", "2.1 [splash] The whole town burning.",
                "  MIRA: Fire!",
            ],
        ),
        (BARE_FOUNTAIN, ["1.1 The harbour.", "  MIRA: Four more.", "1.2 Close.", "2.1 End."]),
    ],
)  # fmt: skip
def test_comics_in_fountain(text: str, expected: list[str], tmp_path: Path) -> None:
    assert outline(read(tmp_path, "script.fountain", text)) == expected


def test_a_page_that_announces_other_panels_than_it_has_is_told(tmp_path: Path) -> None:
    script = read(tmp_path, "script.txt", "PAGE ONE (five panels)\nPanel 1. A.\nPanel 2 & 3. B.\n")
    assert script.unplaced == ((1, "PAGE ONE (five panels), but panels: 2"), (3, "Panel 2 & 3. B. (read as one panel)"))


@pytest.mark.parametrize("title", ["Page turns", "Pages flutter", "Page one shows it", "Seite an Seite", "Partie"])
def test_sentences_are_no_pages(title: str) -> None:
    assert page_heading(title) is None


@pytest.mark.parametrize("title", ["Case closed", "Bild der Stadt", "Frame by frame", "Caseload 3", "Panels of wood"])
def test_sentences_are_no_panels(title: str) -> None:
    assert panel_heading(title) is None


def test_a_spreadsheet_with_a_row_for_every_balloon(tmp_path: Path) -> None:
    text = (
        "sep=;\nKapitel;Seite;Bild;Beschreibung;Character;Dialog;Geräusch\n"
        '1;1;1;"Der ""Hafen""; Nacht";Mira;Noch vier.;KLACK\n;;;;Oskar;Ja.;\n;1;2;Nah.;;;\n2;2;1;Ende.;;;\n'
    )
    script = read(tmp_path, "script.csv", "\ufeff" + text)
    assert outline(script) == [
        '1.1 Der "Hafen"; Nacht', "  Mira: Noch vier.", "  sfx: KLACK", "  Oskar: Ja.", "1.2 Nah.", "2.1 Ende.",
    ]  # fmt: skip
    assert [panel.chapter for panel in script.panels] == [1, 1, 2]
    assert [panel.line for panel in script.panels] == [3, 5, 6]


def test_tabs_with_quotes_that_quote_nothing(tmp_path: Path) -> None:
    assert outline(read(tmp_path, "script.tsv", 'Page\tShot\n1\t"Run," says Mira\n1\tA "gull"\n')) == [
        '1.1 "Run," says Mira', '1.2 A "gull"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("script.jsonl", '{"chapter": {"number": 1, "title": "Dusk"}, "page": 1, "prompt": ["A lamp", "fog"],'
         ' "characters": [{"name": "mira"}], "seed": 7.0, "dialogue": {"mira": "Run!"}, "sfx": ["tick"]}\n'
         '{"chapter": 1, "page": 1, "prompt": "A gull",'
         ' "dialogue": [{"speaker": "Oskar", "text": "No.", "type": "thought"},'
         ' {"type": "narration", "text": "Late."}]}'),
        ("script.jsonl", '[{"page": 1, "prompt": "A lamp, fog", "characters": "mira", "seed": 7,'
         ' "dialogues": [{"character": "mira", "line": "Run!"}], "sound_effects": ["tick"]},\n'
         ' {"page": 1, "prompt": "A gull", "dialogue": [{"Oskar": "No.", "CAPTION": "Late."}]}]'),
        ("script.yaml", "pages:\n- page_number: 1\n  panels:\n"
         "    1: {shot: 'A lamp, fog', characters: [mira], seed: 7,\n"
         "        dialogue: [{mira: 'Run!'}], sfx: [tick]}\n"
         "    2: {visual: A gull, lines: {Oskar: 'No.', caption: Late.}}"),
    ],
    ids=["lines", "list", "yaml"],
)  # fmt: skip
def test_objects_in_other_shapes(name: str, text: str, tmp_path: Path) -> None:
    script = read(tmp_path, name, text)
    plain = [line.replace(" (thought)", "") for line in outline(script)]
    assert plain == ["1.1 A lamp, fog", "  mira: Run!", "  sfx: tick", "1.2 A gull", "  Oskar: No.", "  caption: Late."]
    assert (script.panels[0].cast, script.panels[0].seed, len(script.chapters)) == (("mira",), 7, 1)
    assert script.unplaced == ()


def test_words_nobody_can_make_out_are_told(tmp_path: Path) -> None:
    script = read(tmp_path, "script.jsonl", '{"prompt": "A", "dialogue": [{"speaker": "Mira", "utterance": "Run!"}]}')
    assert script.unplaced == ((1, "dialogue: Mira, Run!"),)


def test_panels_that_are_only_described_and_a_tab_in_yaml(tmp_path: Path) -> None:
    assert outline(read(tmp_path, "a.yaml", "panels:\n- A lamp\n- A gull\n")) == ["1.1 A lamp", "1.2 A gull"]
    with pytest.raises(ScriptError, match="line 2: this is no YAML: a tab"):
        read(tmp_path, "b.yaml", "panels:\n\t- shot: a\n")


def test_lists_with_other_numbers_and_headings(tmp_path: Path) -> None:
    text = "Prompts:\n\n1. A lamp\n2) A gull\n\nChapter 2: Dawn\n\n#3 A rope\n004 | A boat\n(5) A bell\n- [x] A crate\n"
    script = read(tmp_path, "script.txt", text)
    assert [(p.chapter, p.text) for p in script.panels] == [
        (1, "A lamp"), (1, "A gull"), (2, "A rope"), (2, "A boat"), (2, "A bell"), (2, "A crate"),
    ]  # fmt: skip
    assert script.unplaced == ((1, "Prompts:"),)


def test_strips_that_say_first_what_is_seen(tmp_path: Path) -> None:
    script = read(
        tmp_path, "script.txt", "[1] [2 panel] (she waves) Ada: <<Hi>> SFX: <<BAM>>\n[2] Ada: <<So?>> (rain)\n"
    )
    assert outline(script) == ["1.1 she waves", "  Ada: Hi", "  sfx: BAM", "1.2 rain", "  Ada: So?"]
