"""A person's own settings: what they change, and that a mistake is a sentence and no obstacle."""

from pathlib import Path

import pytest

from tests.unit.test_tui_keys import cockpit
from tui.config import screen_options


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_CONNECTION", "NO_COLOR", "NOVELGEN_ASCII"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    options = screen_options(tmp_path)
    assert (options.theme, options.ascii, options.ssh, options.keymap, options.complaints) == (
        "ink",
        False,
        False,
        {},
        (),
    )


def test_a_file_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'theme = "paper"\nascii = true\nfrugal = true\nmotion = false\npictures = "off"\n[keys]\n"run.pause" = "p"\n'
    )
    options = screen_options(tmp_path)
    assert (options.theme, options.ascii, options.ssh, options.motion) == ("paper", True, True, False)
    assert (options.pictures, options.keymap, options.complaints) == ("off", {"run.pause": "p"}, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = ", "config.toml:"),
        ('colour = "red"', "config.toml, line 1, colour: there is no such key; known are theme, pictures"),
        ('theme = "ink"\nfrugl = true', 'config.toml, line 2, frugl: there is no such key; did you mean "frugal"?'),
        ('ascii = "yes"', 'config.toml, line 1, ascii: expected true or false, got "yes"'),
        ('[notify]\ncommand = "bell"', 'config.toml, line 2, notify.command: expected a list of texts, got "bell"'),
        ('[keys]\n"run.pause" = 3', "config.toml, line 2, keys.run.pause: expected a text, got 3"),
        ('theme = "blue"', "there is no theme 'blue'"),
        ('[keys]\n"run.puase" = "p"', "there is no action 'run.puase'"),
        ('pictures = "sometimes"', "pictures"),
    ],
)
def test_a_mistake_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    options = screen_options(tmp_path)
    assert options.theme == "ink" and len(options.complaints) == 1 and said in options.complaints[0]


def test_no_color_and_ascii_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("NOVELGEN_ASCII", "1")
    options = screen_options(tmp_path)
    assert options.theme == "mono" and options.ascii


@pytest.mark.anyio
async def test_a_theme_of_ones_own_and_a_broken_one(tmp_path: Path) -> None:
    folder = tmp_path / "themes"
    folder.mkdir()
    ours = Path(__file__).parents[2] / "themes" / "ink.toml"
    (folder / "mine.toml").write_text(ours.read_text().replace('name = "ink"', 'name = "mine"'))
    (folder / "broken.toml").write_text("name = 3")
    (tmp_path / "config.toml").write_text('theme = "mine"')
    options = screen_options(tmp_path)
    assert options.theme == "mine" and len(options.complaints) == 1
    async with cockpit(theme="mine", theme_folders=(folder,), complaints=options.complaints) as one:
        assert one.app.view.palette.name == "mine" and "broken.toml" in one.screen()
