"""What the READMEs tell people to type is typed here, in a scratch folder, from nothing to a book and a second screen.

Every command stands in one of the tables below, with what has to be added so that a test can run it. A new one that
stands nowhere fails, and so does one that no README tells of any more.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core.link.endpoint import of_folder
from tests.docs.readmes import ROOT, blocks
from tests.docs.test_commands import OURS, commands
from tests.terminal.terminals import ended, environment, on_pty, owner, program, until

pytestmark = [pytest.mark.browser, pytest.mark.terminal]

ON_DISK = {
    "demo my-first-novel": "--headless --panels 4 --tabs 2",
    "run my-first-novel": "--headless",
    "new my-novel --from script.md": "",
    "new my-novel --from SCRIPT": None,
    "sites": "",
    "sites [DIR]": "",
    "sites --schema": "",
    "check my-novel": "",
    "check DIR": "",
    "check DIR --draw-one": "",
    "run my-novel --headless": "",
    "export my-novel --format cbz": "",
    "export my-novel --format pdf --layout page": "",
    "export DIR": "--format html",
    "report my-novel": "",
    "diff DIR": "",
    "diff DIR --agree": "",
    "prompts my-novel": "",
    "prompts DIR": "",
    "run my-novel --redraw-outdated": "--headless",
    "--help": "",
}
"""One after the other, each with what is added; all end with 0. None: the one before it, in other words."""

BESIDE_A_RUN = {
    "run my-novel",
    "attach my-novel",
    "attach DIR",
    "attach /tmp/novel.sock",
    "run my-novel --headless --listen 127.0.0.1:8790",
    "attach http://127.0.0.1:8790 --token-file link.token",
    "attach my-novel --web 8791",
}
"""Those that show or steer a run that is going on."""

FOR_A_PERSON = {"login my-novel", "login DIR", "login my-novel --state session.json"}
"""Opens a visible browser; here, without a display, it says so."""

OURS_IN_PYTHON = {
    "-m tests.docs.licences": "",
    "-m tests.benchmarks --list": "",
    "-m tests.screenshots": "--out screens",
    "-m tests.simulation.nights --seed 17 --panels 3000": "--panels 60",
    "-m tests.simulation.nights": "--nights 2 --panels 60",
    "-m tests.simulation.nights --nights 50 --first 100 --jobs 1": "--nights 1 --panels 60",
    "-m tests.simulation.nights --nights 1000": "--nights 3 --panels 60",
}
"""With what makes them short. The others are tests, benchmarks or the long night, which run as themselves."""

THEMSELVES = r"-m (pytest|tests\.night|tests\.benchmarks)\b"


def said(program: str) -> set[str]:
    """Every command a README tells of, in few words; mentions without arguments are none."""
    found = {" ".join(code.text.split()) for code in commands(program)}
    known = {name for name in found if " " in name or name.startswith("-") or name in ("sites",)}
    return known


def here(folder: Path, *arguments: str, expect: int = 0) -> str:
    done = subprocess.run(
        program(*arguments), cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=150
    )
    assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def test_every_command_has_its_place() -> None:
    assert said(OURS) == {*ON_DISK, *BESIDE_A_RUN, *FOR_A_PERSON}
    assert {name for name in said("python") if not re.match(THEMSELVES, name)} <= {*OURS_IN_PYTHON}


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which somebody has followed the guide: its script, its settings."""
    folder = tmp_path_factory.mktemp("guide")
    [script] = [code.text for code in blocks() if code.readme == "README.md" and code.text.startswith("# Chapter 1")]
    (folder / "script.md").write_text(script + "\n", encoding="utf-8")
    return folder


def settings() -> str:
    """The guide's novel.toml."""
    [text] = [code.text for code in blocks() if code.readme == "README.md" and code.text.startswith("title = ")]
    return text


def test_from_nothing_to_a_book(guide: Path) -> None:
    for command, more in ON_DISK.items():
        if more is None:
            continue
        told = here(guide, *shlex.split(re.sub(r"\[?\bDIR\b\]?", "my-novel", command)), *shlex.split(more))
        assert told.strip()
        if command.startswith("new"):
            (guide / "my-novel" / "novel.toml").write_text(settings() + "\n", encoding="utf-8")
    assert len(list((guide / "my-first-novel" / "panels").rglob("*.png"))) == 4
    assert list((guide / "my-novel" / "panels").rglob("*.png"))
    assert {path.suffix for path in (guide / "my-novel").rglob("*") if path.is_file()} >= {".cbz", ".pdf"}


def test_a_person_is_needed_to_sign_in(guide: Path) -> None:
    for command in FOR_A_PERSON:
        assert "display" in here(guide, *command.replace("DIR", "my-novel").split(), expect=2)


@pytest.fixture
def waiting(guide: Path, tmp_path: Path) -> Path:
    """A novel whose runs wait to be resumed."""
    novel = tmp_path / "my-novel"
    here(tmp_path, "new", "my-novel", "--from", str(guide / "script.md"))
    config = settings()
    assert "[run]\n" in config
    (novel / "novel.toml").write_text(
        config.replace("[run]\n", '[run]\non_start = "paused"\n') + "\n", encoding="utf-8"
    )
    return tmp_path


def test_beside_a_run_on_a_terminal(waiting: Path) -> None:
    env = environment(waiting)
    with on_pty(program("run", waiting / "my-novel"), env) as screen:
        screen.until("paused")
        novel = waiting / "my-novel"
        for where in (novel, os.path.relpath(novel, ROOT), socket_of(novel)):
            arguments = ["attach", where]
            with on_pty(program(*arguments), env) as second:
                second.until("attached")
                second.press("q")
                assert second.wait() == 0
        screen.process.send_signal(signal.SIGTERM)
        assert screen.wait() == 4


def test_beside_a_run_with_a_port(waiting: Path) -> None:
    novel, env = waiting / "my-novel", environment(waiting)
    port, web = free_ports(2)
    listening = "run my-novel --headless --listen 127.0.0.1:8790".replace("8790", str(port)).split()
    run = subprocess.Popen(program(*listening), cwd=waiting, env=env, stdout=subprocess.DEVNULL)
    try:
        token = novel / ".novelgen" / "link.token"
        until(lambda: token.exists() and owner(novel) == run.pid, "the run listens")
        address = f"attach http://127.0.0.1:{port} --token-file".split()
        with on_pty(program(*address, token), env) as second:
            second.until("attached")
            second.press("q")
            assert second.wait() == 0
        page = subprocess.Popen(
            program(*f"attach my-novel --web {web}".split()), cwd=waiting, env=env, stdout=subprocess.PIPE, text=True
        )
        try:
            assert page.stdout is not None
            assert any(str(web) in line for line in page.stdout)
        finally:
            page.terminate()
            page.wait(30)
            page.stdout.close()
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 4
    finally:
        if run.poll() is None:
            run.kill()
            run.wait()
    assert ended(novel) == "stopped"


def socket_of(novel: Path) -> str:
    found = of_folder(novel)
    assert found is not None and found.socket
    return found.socket


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.mark.parametrize("command", OURS_IN_PYTHON)
def test_commands_of_the_repository(command: str, tmp_path: Path) -> None:
    more = [str(tmp_path / word) if word == "screens" else word for word in OURS_IN_PYTHON[command].split()]
    done = subprocess.run(
        [sys.executable, *shlex.split(command), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() or list(tmp_path.rglob("*.svg"))


def test_the_guides_pictures_are_what_the_screen_looks_like_now(tmp_path: Path) -> None:
    """After a change one meant to make: ``python -m tests.screenshots``."""
    subprocess.run([sys.executable, "-m", "tests.screenshots", "--out", str(tmp_path)], cwd=ROOT, check=True)
    made = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.svg")}
    shown = {path.name: path.read_text("utf-8") for path in (ROOT / ".screens").glob("*.svg")}
    assert made.keys() == shown.keys() and [name for name in made if made[name] != shown[name]] == []
