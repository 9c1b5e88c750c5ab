"""Pictures in the terminal's own graphics: as it answers, where they belong, and gone when the screen changes."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.terminal.album import colour, paint
from tests.terminal.drawing import Drawing
from tests.terminal.terminals import Pty, environment, until

pytestmark = pytest.mark.terminal


class Watched(Pty):
    """``drawing`` is fed what comes, as it comes."""

    drawing: Drawing | None = None
    watching: threading.Thread

    def watch(self, *, kitty: bool = False, sixel: bool = False) -> Drawing:
        self.drawing = Drawing(self.press, kitty=kitty, sixel=sixel)
        self._fed = 0
        return self.drawing

    def draw(self) -> Drawing:
        """The drawing, up to date."""
        assert self.drawing is not None
        fresh = bytes(self.seen[self._fed :])
        self._fed += len(fresh)
        self.drawing.feed(fresh)
        return self.drawing


@contextmanager
def album(
    tmp_path: Path, kind: str = "auto", *, kitty: bool = False, sixel: bool = False, **more: str
) -> Iterator[Watched]:
    if not (tmp_path / "panels").exists():
        paint(tmp_path)
    command = [sys.executable, "-m", "tests.terminal.album", str(tmp_path), kind]
    terminal = Watched(command, environment(tmp_path, COLORTERM="truecolor", **more), (120, 36))
    try:
        terminal.watch(kitty=kitty, sixel=sixel)
        until(lambda: "26 of 60" in words(terminal.draw()), "the book is there")
        yield terminal
    finally:
        terminal.close()


def words(drawing: Drawing) -> str:
    rows: dict[int, dict[int, str]] = {}
    for (x, y), character in drawing.written.items():
        rows.setdefault(y, {})[x] = character
    return "\n".join("".join(row.get(x, " ") for x in range(120)) for _, row in sorted(rows.items()))


def close(seen: tuple[int, ...], meant: tuple[int, ...]) -> bool:
    return len(seen) == 3 and all(abs(a - b * 0.85 - 19) < 45 for a, b in zip(seen, meant, strict=True))


def kitty_colours(drawing: Drawing) -> list[tuple[int, ...]]:
    """The mean colour of every picture that is shown."""
    images = [drawing.memory[id] for id, _ in drawing.placed]
    return [image.resize((1, 1)).getpixel((0, 0)) for image in images]  # type: ignore[misc]


def sixel_colour(drawing: Drawing) -> tuple[int, ...]:
    seen = list(drawing.painted.values())
    return tuple(sum(part) // len(seen) for part in zip(*seen, strict=True)) if seen else ()


def test_a_terminal_with_kitty_graphics_shows_them_and_gives_them_back(tmp_path: Path) -> None:
    with album(tmp_path, kitty=True, sixel=True) as terminal:
        assert not terminal.draw().memory
        terminal.press("\r")
        until(lambda: terminal.draw().placed, "the picture is shown")
        (place,) = terminal.draw().placed.values()
        x, y, columns, rows = place
        assert x + columns <= 120 and y + rows <= 35 and columns > 40
        assert close(kitty_colours(terminal.draw())[0], colour(1))
        covered = {(x + n, y + m) for n in range(columns) for m in range(rows)}
        assert {terminal.draw().written.get(at, " ") for at in covered} == {" "}, "words under the picture"
        sent = len(terminal.seen)
        terminal.press("l")
        until(lambda: [close(c, colour(2)) for c in kitty_colours(terminal.draw())] == [True], "the next picture")
        fresh = len(terminal.seen) - sent
        terminal.press("h")
        sent = len(terminal.seen)
        until(lambda: [close(c, colour(1)) for c in kitty_colours(terminal.draw())] == [True], "the first again")
        assert len(terminal.seen) - sent < fresh / 4, "a picture the terminal remembers was sent again"
        terminal.press("?")
        until(lambda: not terminal.draw().placed, "gone with its screen")
        terminal.press("q")
        until(lambda: terminal.draw().placed, "back with its screen")
        terminal.press("\x10")
        until(lambda: not terminal.draw().placed, "not over the palette")
        terminal.press("\x1b")
        until(lambda: terminal.draw().placed, "back again")
        terminal.press("\x03")
        assert terminal.wait() == 0
        until(lambda: not terminal.draw().memory, "nothing is left in the terminal")


def test_a_terminal_with_sixel_shows_them_and_words_take_their_place(tmp_path: Path) -> None:
    with album(tmp_path, sixel=True) as terminal:
        terminal.press("\r")
        until(lambda: terminal.draw().painted, "the picture is shown")
        until(lambda: close(sixel_colour(terminal.draw()), colour(1)), "its colour")
        assert not terminal.draw().memory
        terminal.press("l")
        until(lambda: close(sixel_colour(terminal.draw()), colour(2)), "the next picture")
        terminal.press("?")
        until(lambda: not terminal.draw().painted, "gone with its screen")
        terminal.press("q")
        until(lambda: close(sixel_colour(terminal.draw()), colour(2)), "back with its screen")
        terminal.press("\x1b")
        until(lambda: not terminal.draw().painted, "gone with its screen")
        terminal.press("\x03")
        assert terminal.wait() == 0


@pytest.mark.parametrize(
    ("kind", "kitty", "more"),
    [("auto", False, {}), ("blocks", True, {}), ("auto", True, {"TERM": "screen-256color"}),
     ("auto", True, {"TMUX": "/tmp/tmux-0/default,1,0"})],
    ids=["no answer", "blocks wanted", "screen", "tmux"],
)  # fmt: skip
def test_everywhere_else_they_are_half_blocks(tmp_path: Path, kind: str, kitty: bool, more: dict[str, str]) -> None:
    with album(tmp_path, kind, kitty=kitty, **more) as terminal:
        terminal.press("\r")
        until(lambda: words(terminal.draw()).count("▀") > 200, "the picture in half blocks")
        assert not terminal.draw().memory and not terminal.draw().painted
        assert terminal.draw().asked == (not more), "a multiplexer answers for itself, not for the terminal outside"
        terminal.press("\x03")
        assert terminal.wait() == 0


def test_turned_off_there_are_none(tmp_path: Path) -> None:
    with album(tmp_path, "off", kitty=True) as terminal:
        terminal.press("\r")
        until(lambda: "Pictures are turned off" in words(terminal.draw()), "a sentence in their place")
        assert "▀" not in words(terminal.draw()) and not terminal.draw().memory


def test_a_stuck_terminal_loses_a_picture_and_gets_it_again(tmp_path: Path) -> None:
    with album(tmp_path, kitty=True) as terminal:
        terminal.reading.clear()
        terminal.press("\r")
        for _ in range(40):
            terminal.press("l")
            terminal.press("h")
        terminal.reading.set()
        until(lambda: [close(c, colour(1)) for c in kitty_colours(terminal.draw())] == [True], "the picture, once")
        terminal.press("l")
        until(lambda: [close(c, colour(2)) for c in kitty_colours(terminal.draw())] == [True], "and the next")
        terminal.press("\x03")
        assert terminal.wait() == 0
