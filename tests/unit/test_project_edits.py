"""Edits of a project's files, seen on a real disk; and what ``diff`` says of them."""

from pathlib import Path

import anyio
import pytest
from typer.testing import CliRunner

from core.project import Project, create, load
from core.project.edits import ProjectEdits
from core.status import open_book
from tui.cli import app

SCRIPT = "# Chapter 1\n### Panel 1\nA hill.\n### Panel 2\nA tree on it.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "script.md"
    source.write_text(SCRIPT, encoding="utf-8")
    create(tmp_path / "novel", source)
    return tmp_path / "novel"


@pytest.mark.parametrize("how", ["in place", "replaced", "settings"])
def test_an_edit_is_seen_however_the_editor_saves(folder: Path, how: str) -> None:
    project = read_again(folder)
    edits = ProjectEdits(folder, project)
    seen = anyio.Event()

    async def changed() -> None:
        seen.set()

    async def watch() -> None:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as group:
                group.start_soon(edits.follow, changed)
                while not seen.is_set():  # the watch begins a moment after its task does
                    save(folder, how)
                    with anyio.move_on_after(1.0):
                        await seen.wait()
                group.cancel_scope.cancel()

    anyio.run(watch)
    assert edits.read().panels[0].text == ("A hill." if how == "settings" else "A mountain.")


def read_again(folder: Path) -> Project:

    return load(folder)


def save(folder: Path, how: str) -> None:
    script, settings = folder / "script.md", folder / "novel.toml"
    if how == "settings":
        settings.write_text(settings.read_text(encoding="utf-8") + "# a thought\n", encoding="utf-8")
        return
    text = SCRIPT.replace("hill", "mountain") + "\n"
    if how == "in place":
        script.write_text(text, encoding="utf-8")
    else:
        beside = folder / "script.md~new"
        beside.write_text(text, encoding="utf-8")
        beside.rename(script)


def test_diff_before_anything_was_planned_names_every_panel_as_new(folder: Path) -> None:
    told = CliRunner().invoke(app, ["diff", str(folder)])
    assert told.exit_code == 0
    assert told.output.splitlines()[0] == "new: 2" and "ch01-p002 (line 4): A tree on it." in told.output
    project, state = open_book(folder)
    assert len(project.panels) == 2 and state.panels == {}
