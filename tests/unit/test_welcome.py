"""The welcome screen: its keys choose, and the list of projects it shows is kept."""

from pathlib import Path

import pytest

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
        ("n x enter", Chosen("new", Path("x"))),
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
