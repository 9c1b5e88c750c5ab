"""A script edited while real tabs draw it: new panels are drawn, old ones keep their pictures, mistakes are told."""

import subprocess
from pathlib import Path

import pytest

from core.project import create
from core.state import PanelStatus
from core.status import open_book
from tests.browser.test_demo import asked, command

pytestmark = pytest.mark.browser

NOUNS = ("lamp on the quay", "rope on wet cobbles", "ferry in the fog", "gull on the mast", "kettle on the stove")
SCRIPT = "# Chapter 1\n" + "".join(f"### Panel {n}\nA {noun}.\n" for n, noun in enumerate(NOUNS, start=1))


def test_edits_count_while_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "script.md").write_text(SCRIPT, encoding="utf-8")
    project = tmp_path / "novel"
    create(project, tmp_path / "script.md")
    script = project / "script.md"
    run = subprocess.Popen(
        command("run", str(project), "--headless", "--tabs", "1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.stdout is not None
    told = []
    for line in run.stdout:
        told.append(line)
        if "ch01-p001 finished" in line:
            script.write_text(SCRIPT + "### Panel 9\n", encoding="utf-8")
        if "is not used" in line:
            edited = SCRIPT.replace("# Chapter 1\n", "# Chapter 1\n### Panel\nA title.\n").replace("lamp", "red lamp")
            script.write_text(edited, encoding="utf-8")
    assert run.wait(timeout=120) == 0, "".join(told)
    assert any("script.md, line 12: this panel says nothing" in line for line in told)
    assert any("1 added, 1 reworded; 1 finished ones are outdated now" in line for line in told), "".join(told)
    book, state = open_book(project)
    assert [panel.id for panel in book.panels] == list(state.panels)
    assert list(state.panels) == ["ch01-p000a", *(f"ch01-p{n:03d}" for n in range(1, 6))]
    assert all(panel.status is PanelStatus.FINISHED for panel in state.panels.values())
    assert [panel.id for panel in state.panels.values() if panel.outdated] == ["ch01-p001"]
    assert sum(asked(project).values()) == len(NOUNS) + 1
    again = subprocess.run(
        command("run", str(project), "--headless", "--redraw-outdated"), capture_output=True, text=True, timeout=120
    )
    assert again.returncode == 0, again.stdout
    assert sum(asked(project).values()) == len(NOUNS) + 2
    assert not any(panel.outdated for panel in open_book(project)[1].panels.values())
    assert len(list((project / "panels" / "ch01").glob("ch01-p001*.png"))) == 2


def test_an_edit_that_waits_is_agreed_to_from_a_prompt(tmp_path: Path) -> None:
    """Not while nobody runs it, not to what nobody was shown, and once."""
    script = tmp_path / "script.md"
    script.write_text(SCRIPT.replace("# Chapter 1\n", "# Chapter 1\n### Panel\nA title.\n") + _MORE)
    project = tmp_path / "novel"
    create(project, script)
    settings = project / "novel.toml"
    settings.write_text(settings.read_text() + '\n[run]\non_edit = "ask"\n')
    script = project / "script.md"
    said = agree(project)
    assert said.returncode == 0 and "new: 15" in said.stdout and "counts from the next run on" in said.stdout

    run = subprocess.Popen(
        command("run", str(project), "--headless", "--tabs", "1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.stdout is not None
    told, said = [], None
    for line in run.stdout:
        told.append(line)
        if said is None and " finished" in line:
            script.write_text(script.read_text().replace("A title.", "A title on a wall."))
            said = agree(project)
    assert run.wait(timeout=120) == 0, "".join(told)
    assert said is not None and said.returncode == 0, (said, "".join(told))
    assert "reworded: 1" in said.stdout and "The edited script counts from now on." in said.stdout
    text = "".join(told)
    assert text.index("novelgen-tui diff --agree") < text.index("the script has changed: 1 reworded"), text
    panel = open_book(project)[1].panels["ch01-p001"]
    assert panel.text == "A title on a wall." and panel.outdated
    said = agree(project)
    assert said.returncode == 0 and said.stdout == "The script says what it said when it was last planned.\n"


_MORE = "".join(f"### Panel {n}\nA boat, number {n}.\n" for n in range(6, 15))


def agree(project: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command("diff", str(project), "--agree"), capture_output=True, text=True, timeout=120)
