"""``--out`` of a book or a report never names what the author wrote, nor the pictures."""

from pathlib import Path

import pytest

from core.complaint import Complaint
from core.project import Project, create
from tui.outfile import outfile
from tui.report import print_report


@pytest.fixture
def project(tmp_path: Path) -> Project:
    script = tmp_path / "mill.md"
    script.write_text("# Chapter 1\n\n### Panel 1\nA mill.\n")
    made = create(tmp_path / "novel", script)
    (tmp_path / "novel" / f"{Path(made.config.script).stem}.fr.csv").write_text("id,caption\nch01-p001,Un moulin\n")
    return made


def test_a_report_is_not_written_over_the_script(project: Project) -> None:
    script = project.folder / project.config.script
    translation = script.with_suffix(".fr.csv")
    link = project.folder / "notes.txt"
    link.symlink_to(script)
    before = {path: path.read_bytes() for path in (script, translation, project.folder / "novel.toml")}
    for path in (*before, link, project.folder / "panels" / ".." / "novel.toml"):
        (project.folder / "panels").mkdir(exist_ok=True)
        with pytest.raises(Complaint, match="what the project is made of"):
            print_report(project.folder, format="text", out=path)
    assert {path: path.read_bytes() for path in before} == before


def test_nor_among_the_pictures(project: Project) -> None:
    inside = project.folder / "panels" / "ch01"
    inside.mkdir(parents=True)
    with pytest.raises(Complaint, match="belongs to the project's pictures"):
        outfile(inside / "ch01-p001.html", project, (".html",))


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("", "is a folder; name the file in it"),
        (".", "is a folder; name the file in it"),
        ("nowhere/book.cbz", "there is no folder .*nowhere; make it first"),
        ("book.pdf", "has to end in .cbz or .zip"),
        ("-", "has to end in .cbz or .zip"),
        ("novel.toml", "has to end in .cbz or .zip"),
    ],
)
def test_a_file_that_cannot_be_the_book_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch, out: str, sentence: str
) -> None:
    monkeypatch.chdir(project.folder)
    with pytest.raises(Complaint, match=sentence):
        outfile(Path(out), project, (".cbz", ".zip"))


def test_a_book_of_before_is_written_over(project: Project) -> None:
    book = project.folder / "Mill.CBZ"
    book.write_bytes(b"the book of yesterday")
    assert outfile(book, project, (".cbz", ".zip")) == book
    assert outfile(project.folder / "report.txt", project) == project.folder / "report.txt"
