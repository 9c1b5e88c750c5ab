"""The welcome screen: its keys choose, and the list of projects it shows is kept."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tui.recent import recent, remember
from tui.screens.welcome import Chosen, Recent, WelcomeApp

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ("q", None),
        ("ctrl+c", None),
        ("d", Chosen("demo")),
        ("enter", Chosen("open", Path("/somewhere/novel"))),
        ("o a / b enter", Chosen("open", Path("a/b"))),
        ("n enter x enter", Chosen("new", Path("x"))),
        ("n nowhere enter escape q", None),
        ("o q escape q", None),
    ],
)
async def test_keys(keys: str, chosen: Chosen | None) -> None:
    app = WelcomeApp([Recent(Path("/somewhere/novel"), "A Novel")])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        await pilot.pause()
        assert app._exit, "the key was taken by something else"
    assert app.return_value == chosen


async def test_a_new_project_begins_with_a_script(tmp_path: Path) -> None:
    script = tmp_path / "mill.md"
    app = WelcomeApp()
    async with app.run_test(size=(100, 30)) as pilot:

        def seen() -> str:
            return "\n".join(strip.text for strip in app.screen._compositor.render_strips())

        await pilot.press("n")
        app.screen.query_one(Input).value = str(script)
        await pilot.press("enter")
        assert "There is no file" in seen(), "a name that was mistyped is said before anything is made"
        script.write_text("# Chapter 1\n### Panel 1\nA mill.\n")
        await pilot.press("enter")
        assert "Its script:" in seen() and app.screen.query_one(Input).value == str(tmp_path / "mill")
        await pilot.press("enter")
    assert app.return_value == Chosen("new", tmp_path / "mill", script)


def test_the_list_has_the_latest_first_and_forgets_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert recent() == []
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "novel.toml").touch()
        remember(tmp_path / name, name, "none yet")
    remember(tmp_path / "one", "one", "3 of 4")
    assert [entry.title for entry in recent()] == ["one", "three", "two"]
    assert recent()[0].note == "3 of 4"
    (tmp_path / "three" / "novel.toml").unlink()
    assert [entry.title for entry in recent()] == ["one", "two"]


def test_a_broken_list_is_an_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "novelgen-tui").mkdir()
    (tmp_path / "novelgen-tui" / "recent.json").write_text("[{")
    assert recent() == []
