"""Finished pictures on the screen: half blocks from real files, and sentences where there is none."""

from pathlib import Path

import pytest
from PIL import Image

from tests.unit.test_tui_keys import cockpit
from tui.pictures import Key
from tui.pictures import picture as seen

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def picture(path: Path, size: tuple[int, int] = (256, 128)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, (200, 0, 0))
    image.paste((0, 0, 200), (0, size[1] // 2, size[0], size[1]))
    image.save(path)


def test_a_wide_picture_keeps_its_shape_and_equal_cells_are_one_run(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    rows = seen(tmp_path, Key("a.png", 20, 20)).rows
    assert [[cells for cells, _ in row] for row in rows] == [[20]] * 5
    style = rows[0][0][1]
    assert style.color is not None and style.color.triplet is not None and style.color.triplet.red == 200


@pytest.mark.parametrize("file", ["none.png", "broken.png", "../outside.png", "/etc/hostname"])
def test_what_cannot_be_shown_is_a_sentence(tmp_path: Path, file: str) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno")
    picture(tmp_path / "outside.png")
    found = seen(tmp_path / "p", Key(file, 10, 10))
    assert not found.rows and found.sentence


async def test_the_panel_screen_and_the_thumbnails_show_them(tmp_path: Path) -> None:
    for n in range(1, 21):
        picture(tmp_path / f"panels/ch01/ch01-p{n:03d}.png", (64, 64))
    async with cockpit(folder=tmp_path) as one:
        await one.press("enter")
        await one.until(lambda: "▀▀▀▀" in one.screen())
        assert "take 1  chosen" in one.screen()
        await one.press("escape", "z", "z")
        await one.until(lambda: one.screen().count("▀" * 14) >= 14)
        await one.press("down", "right")
        assert one.app.view.panel is not None and one.app.view.panel.id == "ch01-p005"


async def test_a_panel_without_a_picture_says_so(tmp_path: Path) -> None:
    async with cockpit(folder=tmp_path) as one:
        await one.press("end", "enter")
        assert "No picture yet." in one.screen()
        await one.press("escape", "home", "enter")
        await one.until(lambda: "its file is not here" in one.screen())
