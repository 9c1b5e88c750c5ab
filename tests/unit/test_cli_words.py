"""What people type after an option, and what comes of it."""

from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from core.project.config import parse_settings
from core.project.errors import ProjectError
from core.run import _Drawer, _tabs
from tests.unit.test_bad_input import SETTINGS
from tui import cli


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The numbers of tabs a run was started with."""
    found: list[object] = []

    def run(folder: object, *, tabs: object, **others: object) -> int:
        found.append(tabs)
        return 0

    monkeypatch.setattr("tui.run.run_project", run)
    return found


@pytest.mark.parametrize("word", ["1", "200", "auto", None])
def test_tabs_are_a_number_or_auto(given: list[object], word: str | None) -> None:
    done = CliRunner().invoke(cli.app, ["run", "novel", *(("--tabs", word) if word else ())])
    assert done.exit_code == 0, done.output
    assert given == [int(word) if word and word.isdecimal() else word]


@pytest.mark.parametrize("word", ["0", "-1", "201", "five", "", "Auto "])
def test_other_words_are_told_what_is_expected(given: list[object], word: str) -> None:
    done = CliRunner().invoke(cli.app, ["run", "novel", "--tabs", word])
    assert done.exit_code == 2 and not given
    assert f'expected a whole number from 1 to 200 or "auto", got "{word}"' in " ".join(done.output.split())


def test_the_most_tabs_are_those_of_the_settings() -> None:
    for tabs, fits in ((cli.MOST_TABS, True), (cli.MOST_TABS + 1, False)):
        try:
            parse_settings(f"{SETTINGS}[pool]\ntabs = {tabs}\n", "novel.toml")  # type: ignore[arg-type]
        except ProjectError:
            assert not fits
        else:
            assert fits


def test_auto_on_the_command_line_goes_before_a_number_in_the_settings() -> None:
    drawer = _Drawer(None, "easel", tabs=8)  # type: ignore[arg-type]  # nobody draws
    first, most = _tabs("auto", 5, drawer)
    assert most == 8 and first <= 8
    assert _tabs(3, "auto", drawer) == (3, None)


def test_which_version_it_is() -> None:
    done = CliRunner().invoke(cli.app, ["--version"])
    assert done.exit_code == 0 and done.output == f"novelgen-tui {version('novelgen-tui')}\n"
