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


def thumbnails(drawing: Drawing) -> list[tuple[tuple[int, int], bool]]:
    """Where Kitty pictures stand, and whether each is the picture of a panel with an odd number."""
    found = []
    for (id, _), place in drawing.placed.items():
        x, y, columns, rows = place
        assert columns <= 20 and rows <= 10 and not any((x + n, y + m) in drawing.written
            and drawing.written[x + n, y + m] != " " for n in range(columns) for m in range(rows))  # fmt: skip
        mean = drawing.memory[id].resize((1, 1)).getpixel((0, 0))
        assert close(mean, colour(1)) or close(mean, colour(2))  # type: ignore[arg-type]
        found.append(((y, x), close(mean, colour(1))))  # type: ignore[arg-type]
    return sorted(found)


def test_thumbnails_are_in_the_terminals_graphics_too_and_sent_once(tmp_path: Path) -> None:
    with album(tmp_path, kitty=True) as terminal:
        terminal.press("zz")
        until(lambda: len(terminal.draw().placed) == 6, "the six pictures there are")
        places = thumbnails(terminal.draw())
        assert [odd for _, odd in places] == [True, False, True, False, True, False], "in the order of the book"
        memory, sent = dict(terminal.draw().memory), len(terminal.seen)
        terminal.answer("l")
        terminal.answer("h")
        assert thumbnails(terminal.draw()) == places
        terminal.answer("?")
        until(lambda: not terminal.draw().placed, "not over another screen")
        terminal.answer("\x1b")
        until(lambda: thumbnails(terminal.draw()) == places, "back with the book")
        terminal.answer("\x10")
        until(lambda: not terminal.draw().placed, "not over the palette")
        terminal.answer("\x1b")
        until(lambda: thumbnails(terminal.draw()) == places, "back again")
        terminal.answer("G")
        until(lambda: not terminal.draw().placed, "scrolled away")
        terminal.answer("g")
        until(lambda: thumbnails(terminal.draw()) == places, "scrolled back")
        assert terminal.draw().memory == memory, "they were sent again"
        assert b"a=t" not in terminal.seen[sent:]
        terminal.answer("z")
        until(lambda: not terminal.draw().placed, "gone with the zoom")
        terminal.press("\x03")
        assert terminal.wait() == 0


def test_a_thumbnail_that_is_cut_off_is_drawn_in_half_blocks(tmp_path: Path) -> None:
    with album(tmp_path, kitty=True) as terminal:
        terminal.press("zz")
        until(lambda: len(terminal.draw().placed) == 6, "the six pictures there are")
        before = thumbnails(terminal.draw())
        for _ in range(3):
            terminal.answer("\x1b[6~")
        terminal.answer("\x1b[5~")
        until(lambda: thumbnails(terminal.draw()) != before, "it has scrolled")
        lines = {y for (x, y), character in terminal.draw().written.items() if character == "▀"}
        placed = {y + n for _, y, _, rows in terminal.draw().placed.values() for n in range(rows)}
        assert not lines & placed
        terminal.press("\x03")
        assert terminal.wait() == 0


def test_thumbnails_in_sixel_are_where_they_belong_and_leave_nothing(tmp_path: Path) -> None:
    with album(tmp_path, sixel=True) as terminal:

        def odd() -> list[bool]:
            """The colours of what is painted, block by block, in the order of the book."""
            painted = terminal.draw().painted
            if len(painted) != 6 * 14 * 5:
                return []  # not all of it, or something of before
            found = []
            for at in sorted(painted, key=lambda at: (at[1], at[0])):
                x, y = at
                if (x - 1, y) not in painted and (x, y - 1) not in painted:
                    found.append(close(painted[x + 2, y + 2], colour(1)))
            return found

        terminal.press("zz")
        until(lambda: odd() == [True, False, True, False, True, False], "the six pictures there are")
        painted = set(terminal.draw().painted)
        terminal.answer("\x10")
        until(lambda: not terminal.draw().painted, "not under the palette")
        terminal.answer("\x1b")
        until(lambda: set(terminal.draw().painted) == painted, "back again")
        terminal.answer("G")
        until(lambda: not terminal.draw().painted, "scrolled away")
        terminal.answer("g")
        until(lambda: set(terminal.draw().painted) == painted, "scrolled back")
        assert odd() == [True, False, True, False, True, False]
        terminal.answer("z")
        until(lambda: not terminal.draw().painted, "gone with the zoom")
        terminal.press("\x03")
        assert terminal.wait() == 0


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
