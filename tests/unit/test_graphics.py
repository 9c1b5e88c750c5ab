"""What a terminal says of its graphics is taken out of the keys; pictures are encoded, and sent so that one can cut."""

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.terminal.drawing import Drawing
from tui.terminal.graphics import Graphics, Listener, may_ask
from tui.terminal.overlay import Overlay
from tui.terminal.pixels import Placement, fit, ready

KITTY = b"\x1b_Gi=31;OK\x1b\\"
CELL = b"\x1b[6;18;9t"
SIXEL = b"\x1b[?62;4;22c"


@given(st.lists(st.integers(0, 60), max_size=6))
def test_answers_are_taken_out_wherever_they_are_torn(cuts: list[int]) -> None:
    said = b"ab" + KITTY + b"\x1b[A" + CELL + b"c" + SIXEL + b"\x1b[15~"
    found: list[Graphics] = []
    listener, keys, at = Listener(found.append), b"", 0
    listener.expect()
    for cut in [*sorted(cuts), len(said)]:
        keys += listener.feed(said[at:cut])
        at = max(at, cut)
    assert keys == b"ab\x1b[Ac\x1b[15~"
    assert found == [Graphics(kitty=True, sixel=True, cell=(9, 18))]


def test_half_an_answer_that_is_none_is_keys_after_all() -> None:
    listener = Listener(lambda graphics: None)
    listener.expect()
    assert listener.feed(b"x\x1b") == b"x" and listener.holds
    assert listener.release() == b"\x1b" and not listener.holds


def test_nothing_is_held_once_the_last_answer_is_there() -> None:
    listener = Listener(lambda graphics: None)
    listener.expect()
    listener.feed(b"\x1b[?1;2c")
    assert listener.feed(b"\x1b") == b"\x1b"


@pytest.mark.parametrize(
    ("said", "kitty", "sixel"),
    [(b"\x1b_Gi=31;ENOTSUP\x1b\\\x1b[?64;4c", False, True), (b"\x1b[?4;6c", False, False), (b"\x1b[?6c", False, False)],
)  # fmt: skip
def test_what_it_says(said: bytes, kitty: bool, sixel: bool) -> None:
    found: list[Graphics] = []
    assert Listener(found.append).feed(said) == b""
    assert found == [Graphics(kitty=kitty, sixel=sixel)]


@pytest.mark.parametrize(
    ("environment", "may"),
    [({"TERM": "xterm-256color"}, True), ({"TERM": "xterm-kitty"}, True), ({"TERM": "dumb"}, False), ({}, False),
     ({"TERM": "screen.xterm"}, False), ({"TERM": "xterm", "STY": "1.pts"}, False), ({"TERM": "linux"}, False),
     ({"TERM": "xterm", "TERM_PROGRAM": "Apple_Terminal"}, False)],
)  # fmt: skip
def test_who_is_asked(environment: dict[str, str], may: bool) -> None:
    assert may_ask(environment) is may


@settings(deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.binary(min_size=12, max_size=12))
def test_a_sixel_picture_is_the_picture(width: int, height: int, pixels: bytes) -> None:
    large = fit(width, height, (12, 6), (10, 20))
    image = Image.frombytes("RGB", (2, 2), pixels).resize(large, Image.Resampling.NEAREST)
    made = ready(image, (12, 6), (10, 20), "sixel")
    drawing = Drawing(lambda answer: None, sixel=True)
    drawing.feed("".join(f"\x1b[{1 + 3 * n};1H{piece}" for n, piece in enumerate(made.pieces)).encode())
    assert set(drawing.painted) == {(x, y) for x in range(made.columns) for y in range(made.rows)}
    for (x, y), seen in drawing.painted.items():
        meant = image.getpixel((min(large[0] - 1, x * 10 + 5), min(large[1] - 1, y * 20 + 10)))
        assert all(abs(a - b) < 4 for a, b in zip(seen, meant, strict=True))  # type: ignore[arg-type]


class Slow:
    """A writer whose terminal takes ``taken`` pieces whenever it is asked to."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.waiting: list[str] = []

    def write(self, text: str) -> None:
        self.sent.append(text)

    def later(self, pieces: Collection[str]) -> None:
        self.waiting += pieces

    def cut(self) -> int:
        left = len(self.waiting)
        self.waiting.clear()
        return left

    def take(self, count: int) -> None:
        self.sent += self.waiting[:count]
        del self.waiting[:count]


@pytest.mark.parametrize("kind", ["kitty", "sixel"])
@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), min_size=1, max_size=12))
def test_whenever_it_is_cut_the_terminal_ends_with_what_was_wanted(kind: str, steps: list[tuple[int, int]]) -> None:
    """Show one of five arrangements, let the terminal take some pieces, and so on; then let it take all."""
    here, there = (
        [Placement(x, y, made) for x, y in ((0, 0), (20, 4))] for made in (PICTURES[kind, 0], PICTURES[kind, 1])
    )
    wanted = [[], [here[0]], [there[0]], [here[1], there[0]], [there[1]]]
    writer, drawing = Slow(), Drawing(lambda answer: None, kitty=True, sixel=True)
    blanks = lambda region: "".join(  # noqa: E731
        f"\x1b[{y + 1};{region.x + 1}H{' ' * region.width}" for y in range(region.y, region.bottom)
    )
    overlay = Overlay(writer, blanks)
    for which, takes in steps:
        overlay.show(wanted[which])
        writer.take(takes)
    writer.take(len(writer.waiting))
    drawing.feed("".join([*writer.sent, "\r"]).encode())
    last = wanted[steps[-1][0]]
    if kind == "kitty":
        assert sorted(place[:2] for place in drawing.placed.values()) == sorted(at[:2] for at in last)
    else:
        covered = {(at.x + x, at.y + y) for at in last for x in range(at.pixels.columns) for y in range(at.pixels.rows)}
        assert set(drawing.painted) == covered
    overlay.forget()
    drawing.feed("".join(writer.sent[-1:]).encode())
    assert not drawing.placed and not drawing.memory


PICTURES = {
    (kind, nth): ready(Image.effect_noise((40, 80), 90).point(lambda grey: grey & 0xE0), (4, 4), (10, 20), kind)  # type: ignore[arg-type]
    for kind in ("kitty", "sixel")
    for nth in (0, 1)
}
