"""What the READMEs tell people to type exists, with those options; their examples are read by the real readers."""

import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import click
import msgspec
import pytest
import typer

from core.project.config import Config, parse_settings
from core.sites import parse_profile
from tests.docs.readmes import ROOT, Code, blocks, links, readmes, spans
from tui.cli import app
from tui.settings import ConfigFile
from tui.themes import read_theme

OURS = "novelgen-tui"
ENDS = re.compile(r"\s#\s|\s{3,}|\s…|[|<>;&]|$")
"""Where a command ends and what is said about it begins."""


def commands(program: str) -> list[Code]:
    """Every command that starts ``program``, from its first argument on."""
    found = []
    for code in (*blocks(), *spans()):
        for number, line in enumerate(code.text.splitlines()):
            if line.lstrip().startswith(("#", "{")) or (code.inline and not re.match(rf"\S*{program}\b", line)):
                continue
            for start in re.finditer(rf"(?:(?<=\s)|(?<=/)|^){re.escape(program)}(?=\s|$)", line):
                rest = line[start.end() :]
                text = rest[: ENDS.search(rest).start()]  # type: ignore[union-attr]
                found.append(Code(code.readme, code.line + number, text, inline=code.inline))
    return found


def toml_blocks() -> list[Code]:
    """Those that say so, and indented ones that look so."""
    return [
        code
        for code in blocks()
        if code.language == "toml" or (not code.language and re.match(r'(\w+ = |\[\[?[\w."-]+\]\]?\s*$)', code.text))
    ]


def words(code: Code) -> list[str]:
    return shlex.split(code.text)


@pytest.mark.parametrize("code", commands(OURS), ids=str)
def test_our_own_commands_exist_with_these_options(code: Code) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    name, *arguments = words(code) or [""]
    if name in ("", "--help"):
        return
    if name.startswith("-"):
        assert name in {option for parameter in group.params for option in parameter.opts}
        return
    assert name in group.commands, f"there is no command {name}"  # type: ignore[union-attr]
    command = group.commands[name]  # type: ignore[union-attr]
    if code.inline and not arguments:
        return  # it is only spoken of
    try:
        command.make_context(name, arguments)
    except Exception as error:  # noqa: BLE001  # typer brings its own click
        assert type(error).__name__ == "Exit", f"{error}: {getattr(error, 'message', '')}"


@pytest.mark.parametrize("code", [c for c in commands("sh") if c.text.split()[:1] == [".setup"]], ids=str)
def test_the_set_up_starts_something_that_exists(code: Code) -> None:
    _, *rest = words(code)
    while rest and rest[0] == "--dev":
        rest.pop(0)
    assert not rest or rest[0] in (OURS, "pytest", "true")


@cache
def helped(module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("code", [c for c in commands("python") if c.text.split()[:1] == ["-m"]], ids=str)
def test_modules_can_be_run_with_these_options(code: Code) -> None:
    _, module, *rest = words(code)
    if module == "pytest":
        return  # looked at below
    assert importlib.util.find_spec(module) is not None
    for option in (word.partition("=")[0] for word in rest if word.startswith("--")):
        assert option in helped(module)


@pytest.mark.parametrize("code", commands("pytest"), ids=str)
def test_tests_that_are_to_be_run_are_there(code: Code, pytestconfig: pytest.Config) -> None:
    markers = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    arguments = words(code)
    for index, word in enumerate(arguments):
        if index and arguments[index - 1] == "-m":
            assert set(re.findall(r"\w+", word)) - {"and", "or", "not"} <= markers
        elif not word.startswith("-"):
            assert (ROOT / word).exists(), word


@pytest.mark.parametrize("code", toml_blocks(), ids=str)
def test_examples_in_toml_are_read_by_whoever_they_are_for(code: Code, tmp_path: Path) -> None:
    table = tomllib.loads(code.text)
    keys = set(table)
    if {"base", "meanings"} & keys:
        (tmp_path / "theme.toml").write_text(code.text, encoding="utf-8")
        read_theme(tmp_path / "theme.toml")
    elif "url" in keys or "extends" in keys:
        parse_profile(code.text, str(code))
    elif keys == {"project"}:
        groups = [group for group in table["project"]["entry-points"] if group.startswith("novelgen.")]
        assert groups and set(groups) <= {"novelgen.processors", "novelgen.postprocessors", "novelgen.sites"}
    elif "script" in keys:
        parse_settings(code.text, tmp_path / "novel.toml")
    elif keys <= set(ConfigFile.__struct_fields__):
        msgspec.convert(table, ConfigFile)
    else:
        msgspec.convert({"title": "a part", "script": "script.md", **table}, Config)


TOP = ("core/", "tui/", "themes/", "tests/", ".ci/")


@pytest.mark.parametrize("code", [c for c in spans() if c.text.startswith(TOP)], ids=str)
def test_paths_of_the_repository_are_there(code: Code) -> None:
    path = code.text.partition("::")[0]
    if "…" in path or "NAME" in path or " " in path:
        path = path.rpartition("/")[0].partition(" ")[0]
    at = ROOT / path
    assert at.exists() or at.with_suffix(".py").exists() or list(ROOT.glob(path)), path


@pytest.mark.parametrize("code", list(links()), ids=str)
def test_links_lead_somewhere(code: Code) -> None:
    assert (ROOT / code.readme).parent.joinpath(code.text.partition("#")[0]).exists()


def test_the_house_has_the_floors_of_the_contract() -> None:
    told = (ROOT / "core" / "README.md").read_text("utf-8").partition("## Floors")[2].partition("## Where")[0]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    rooms = [room.strip().replace(".", "/") for floor in floors for room in floor.split("|")]
    assert [room for room in rooms if f"`{room}`" not in told and f"`{room}.py`" not in told] == []


def test_there_is_something_to_look_at() -> None:
    """So that nothing above passes because nothing was found."""
    assert len(readmes()) > 6 and len(commands(OURS)) > 10 and len(toml_blocks()) > 8 and len(list(links())) > 4
