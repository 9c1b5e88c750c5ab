"""Every bad start, through the real program: one clear sentence, the right exit code, and nothing on disk touched."""

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.complaint import Complaint
from core.store.folder import FOLDER
from core.store.lock import ProjectLock
from tui.cli import _said_plainly

SETTINGS = 'title = "Mill"\nscript = "script.md"\n'
SCRIPT = "# Chapter 1\n\n### Panel 1\nA mill.\n\n### Panel 2\nA river.\n"


def novelgen(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from tui.cli import main; main()", *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def project(folder: Path, settings: str = SETTINGS, script: str | bytes | None = SCRIPT) -> Path:
    folder.mkdir()
    (folder / "novel.toml").write_text(settings)
    if script is not None:
        (folder / "script.md").write_bytes(script if isinstance(script, bytes) else script.encode())
    return folder


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every path below ``folder``, with what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


Make = Callable[[Path], Path]

BAD: dict[str, tuple[Make, str]] = {
    "no such folder": (lambda folder: folder, "there is no such folder; make a project with"),
    "no novel.toml": (lambda folder: folder.mkdir() or folder, "novel.toml: it is missing"),  # type: ignore[func-returns-value]
    "an empty one": (lambda folder: project(folder, ""), "novel.toml: it is empty"),
    "no TOML": (lambda folder: project(folder, 'title = "Mill"\nscript ='), "novel.toml, line 2"),
    "an unknown key": (lambda folder: project(folder, SETTINGS + "tabs = 3\n"), "novel.toml, line 3, tabs"),
    "a wrong value": (lambda folder: project(folder, SETTINGS + "[pool]\ntabs = 0\n"), "novel.toml, line 4, pool.tabs"),
    "an unknown site": (
        lambda folder: project(folder, SETTINGS + 'site = "nowhere"\n'),
        'site = "nowhere" is not known',
    ),
    "unaccepted terms": (lambda folder: project(folder, SETTINGS + 'site = "chatgpt"\n'), "accept_site_terms = true"),
    "no script": (lambda folder: project(folder, script=None), "novel.toml, line 2, script"),
    "an empty script": (lambda folder: project(folder, script=""), "script.md: it is empty"),
    "no UTF-8": (lambda folder: project(folder, script=b"### Panel 1\n\xe9t\xe9\n"), "script.md, line 2"),
    "one id twice": (
        lambda folder: project(
            folder, script=SCRIPT.replace("A mill.", "A mill.\nid: a").replace("river.", "r.\nid: a")
        ),
        "line 7: the id",
    ),
    "a script outside": (
        lambda folder: project(folder, SETTINGS.replace("script.md", "../script.md")),
        "leads out of the project",
    ),
    "an id that leaves": (lambda folder: project(folder, script=SCRIPT + "id: ../x\n"), "may hold only"),
    "no browser there": (
        lambda folder: project(folder, SETTINGS + '[browser]\npath = "/nowhere/chromium"\n'),
        "/nowhere/chromium",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_start_is_one_sentence_and_touches_nothing(tmp_path: Path, name: str) -> None:
    make, sentence = BAD[name]
    folder = make(tmp_path / "novel")
    before = everything(tmp_path)
    done = novelgen("run", str(folder), "--headless")
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("novelgen-tui: "), done.stderr
    assert sentence in lines[0]
    assert "Traceback" not in done.stdout + done.stderr
    assert everything(tmp_path) == before


def test_a_project_that_is_being_run_is_left_alone(tmp_path: Path) -> None:
    folder = project(tmp_path / "novel")
    (folder / FOLDER).mkdir(mode=0o700)
    lock = ProjectLock(folder / FOLDER)
    lock.take(folder)
    try:
        done = novelgen("run", str(folder), "--headless")
    finally:
        lock.release()
    assert done.returncode == 5, done.stderr
    assert f"process {os.getpid()} on {socket.gethostname()}" in done.stderr
    assert f"novelgen-tui attach {folder}" in done.stderr


def test_a_reader_that_leaves_and_an_output_that_is_full(tmp_path: Path) -> None:
    """As other programs: ``head`` costs nothing, and a full disk is no mistake of ours."""
    program = [sys.executable, "-c", "from tui.cli import main; main()", "prompts", str(project(tmp_path / "novel"))]
    reader, writer = os.pipe()
    os.close(reader)
    left = subprocess.run(program, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=120)
    os.close(writer)
    assert (left.returncode, left.stderr) == (141, "")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr == "novelgen-tui: the output cannot be written: No space left on device\n"
    assert not (tmp_path / "novel" / FOLDER).exists()


def test_what_is_to_be_typed_next_can_be_typed(tmp_path: Path) -> None:
    folder = tmp_path / "Mira's novel; or not"
    (told,) = novelgen("new", str(folder)).stdout.strip().splitlines()
    assert shlex.split(told.partition("Draw it with: ")[2]) == ["novelgen-tui", "run", str(folder)]


def test_what_a_task_could_not_mend_is_a_sentence_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Tasks end in groups of errors; where all of them are a person's to mend, none is an internal one."""
    mendable = ExceptionGroup("tasks", [ExceptionGroup("tasks", [Complaint("the disk failed; check it")])])
    with pytest.raises(SystemExit) as ended, _said_plainly():
        raise mendable
    assert ended.value.code == 2
    assert capsys.readouterr().err == "novelgen-tui: the disk failed; check it\n"


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = novelgen("easel", "--port", str(port))
    assert done.returncode == 2
    assert str(port) in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file is no folder")
    done = novelgen("new", str(in_the_way / "novel"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1 and "choose another folder" in done.stderr
    folder = project(tmp_path / "novel")
    (folder / FOLDER).write_text("a file where a folder has to be")
    done = novelgen("run", str(folder), "--headless")
    assert done.returncode == 2, done.stderr
    assert FOLDER in done.stderr and "Traceback" not in done.stderr


def test_a_project_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    folder = project(tmp_path / "novel")
    before = everything(folder)
    done = novelgen("new", str(folder))
    assert done.returncode == 2 and "not empty; choose another folder" in done.stderr
    assert everything(folder) == before
