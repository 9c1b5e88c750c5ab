"""The canvas sends only what differs; a terminal that obeys shows exactly what was meant."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from tui.terminal.canvas import Canvas

WIDTH, HEIGHT = 20, 5
SIZE = Size(WIDTH, HEIGHT)
COLOURS = ColorSystem.EIGHT_BIT
STYLES = [
    Style.parse(words)
    for words in ("", "#ff0000", "bold #ff0000", "on #0000ff", "underline", "reverse #00ff00 on #222222", "bold dim")
]
_TOKEN = re.compile(r"\x1b\[([\d;]*)([A-Za-z])|(\r\n)|(.)", re.S)


class Obedient:
    """A terminal that knows what the canvas says, and nothing else."""

    def __init__(self) -> None:
        self.cells = [[(" ", "")] * WIDTH for _ in range(HEIGHT)]
        self.x = self.y = 0
        self.pen = ["", "", ""]

    def show(self, data: str) -> None:
        for found in _TOKEN.finditer(data):
            codes, final, line_end, text = found.groups()
            if line_end:
                self.x, self.y = 0, self.y + 1
            elif text:
                self._put(text)
            elif final == "H":
                y, _, x = codes.partition(";")
                self.y, self.x = int(y or 1) - 1, int(x or 1) - 1
            elif final == "C":
                self.x += int(codes or 1)
            elif final == "m":
                self._style(codes)
            else:
                raise AssertionError(found[0])

    def _put(self, text: str) -> None:
        assert text.isprintable()
        wide = cell_len(text)
        row = self.cells[self.y]
        assert self.x + wide <= WIDTH
        seen = " ".join(self.pen)
        if text == " " and not set(self.pen[0].split(";")) & {"4", "5", "7"}:
            seen = self.pen[2]  # of a blank only the background is seen
        row[self.x] = (text, seen)
        if wide == 2:
            row[self.x + 1] = ("", seen)
        self.x += wide

    def _style(self, codes: str) -> None:
        for found in re.finditer(r"[34]8;5;\d+|\d+", codes):
            code = found[0]
            if code == "0":
                self.pen = ["", "", ""]
            elif code.startswith(("38", "39")):
                self.pen[1] = "" if code == "39" else code
            elif code.startswith(("48", "49")):
                self.pen[2] = "" if code == "49" else code
            else:
                self.pen[0] = f"{self.pen[0]};{code}".strip(";")


def screen(lines: list[list[tuple[str, int]]]) -> LayoutUpdate:
    strips = [Strip([Segment(text, STYLES[n]) for text, n in line]).adjust_cell_length(WIDTH) for line in lines]
    strips += [Strip.blank(WIDTH)] * (HEIGHT - len(strips))
    return LayoutUpdate([[strip] for strip in strips], Region(0, 0, WIDTH, HEIGHT))


LINES = st.lists(
    st.lists(st.tuples(st.text("ab ─█ 漢字●", max_size=9), st.integers(0, len(STYLES) - 1)), max_size=5),
    max_size=HEIGHT,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=5))
def test_what_is_shown_is_what_was_meant(screens: list[list[list[tuple[str, int]]]]) -> None:
    canvas, terminal = Canvas(), Obedient()
    for lines in screens:
        terminal.show(canvas.frame(screen(lines), SIZE, COLOURS))
        fresh = Obedient()
        fresh.show(Canvas().frame(screen(lines), SIZE, COLOURS))
        assert terminal.cells == fresh.cells
        assert canvas.frame(screen(lines), SIZE, COLOURS) == ""


def test_one_changed_cell_costs_a_move_and_a_character() -> None:
    canvas = Canvas()
    canvas.frame(screen([[("12:00:00  drawn", 1)]]), SIZE, COLOURS)
    sent = canvas.frame(screen([[("12:00:01  drawn", 1)]]), SIZE, COLOURS)
    assert sent.endswith("1") and len(sent) <= len("\x1b[1;8H") + len("\x1b[38;5;196m") + 1


def test_no_control_character_gets_through_whoever_let_it() -> None:
    sent = Canvas().frame(screen([[("a\x1b]0;x\x07\x9bb\u202e\x00", 0)]]), SIZE, COLOURS)
    Obedient().show(sent)
    assert "\x1b]" not in sent and "\x07" not in sent and "\x9b" not in sent and "\u202e" not in sent


def test_forgotten_everything_is_sent_again() -> None:
    canvas = Canvas()
    first = canvas.frame(screen([[("hello", 2)]]), SIZE, COLOURS)
    canvas.forget()
    assert canvas.frame(screen([[("hello", 2)]]), SIZE, COLOURS) == first


def test_what_was_laid_out_for_a_larger_terminal_is_cut_to_this_one() -> None:
    canvas, terminal = Canvas(), Obedient()
    for x, y in ((0, 0), (WIDTH - 2, 1), (WIDTH, 2), (WIDTH + 7, 3), (0, HEIGHT), (WIDTH + 1, HEIGHT + 1)):
        pieces = LayoutUpdate([[Strip([Segment("0123456789")])]], Region(x, y, 10, 1))
        terminal.show(canvas.frame(pieces, SIZE, COLOURS))
    shown = ["".join(text for text, _ in row) for row in terminal.cells]
    assert shown == ["0123456789".ljust(WIDTH), "01".rjust(WIDTH), *[" " * WIDTH] * 3]
