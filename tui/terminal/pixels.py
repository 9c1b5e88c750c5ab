"""A picture in a terminal's own graphics: made ready in a thread, sent in pieces, put in its place.

textual-image has the same two encoders, but probes the terminal by reading the keys and writes round whoever
writes to it; here every byte goes through the one writer, which may drop it.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

Kind = Literal["kitty", "sixel"]

PIECE = 4096
"""Letters of a Kitty picture in one sequence, by its rules."""

BAND = 3
"""Lines of cells in one Sixel sequence: a key pressed meanwhile waits for no more than that."""

USUAL_CELL = (10, 20)
"""Pixels of a cell where the terminal does not say."""


@dataclass(frozen=True, eq=False)
class Pixels:
    """``pieces``: a PNG in base64 (Kitty), or a Sixel sequence for every ``BAND`` lines. Equal only to itself."""

    kind: Kind
    columns: int
    rows: int
    pieces: tuple[str, ...]


class Placement(NamedTuple):
    """A picture on the screen; the column and line of its upper left corner, from 0."""

    x: int
    y: int
    pixels: Pixels


def fit(width: int, height: int, room: tuple[int, int], cell: tuple[int, int]) -> tuple[int, int]:
    """Pixels of a picture of ``width`` by ``height`` that fills ``room`` (columns, lines) and keeps its shape."""
    scale = min(room[0] * cell[0] / width, room[1] * cell[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def ready(image: "Image.Image", room: tuple[int, int], cell: tuple[int, int], kind: Kind) -> Pixels:
    """``image`` made as large as ``room`` and encoded. Takes a tenth of a second: not for the event loop."""
    from PIL import Image  # not before the first picture: the first screen has none

    from tui.terminal import sixel

    width, height = fit(image.width, image.height, room, cell)
    columns, rows = min(room[0], -(-width // cell[0])), min(room[1], -(-height // cell[1]))
    small = image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if kind == "sixel":
        return Pixels(kind, columns, rows, tuple(sixel.bands(small, BAND * cell[1])))
    whole = Image.new("RGBA", (columns * cell[0], rows * cell[1]))  # whole cells, so that no terminal stretches it
    whole.paste(small)
    file = BytesIO()
    whole.save(file, "PNG", compress_level=6)
    text = b64encode(file.getvalue()).decode()
    return Pixels(kind, columns, rows, tuple(text[at : at + PIECE] for at in range(0, len(text), PIECE)))


# --- Kitty's words ---

FORGET_ALL = "\x1b_Ga=d,d=A,q=2\x1b\\"
BREAK_OFF = "\x1b_Gm=0,q=2;\x1b\\"
"""Ends a picture that was sent by half; what there is of it is thrown away."""


def send(id: int, pieces: Sequence[str]) -> list[str]:
    """The sequences that bring a picture into the terminal's memory."""
    last = len(pieces) - 1
    head = f"a=t,f=100,i={id},q=2,"
    return [f"\x1b_G{head if n == 0 else ''}m={int(n < last)};{piece}\x1b\\" for n, piece in enumerate(pieces)]


def put(id: int, at: Placement) -> str:
    """Show it; cursor and colours stay as they are."""
    size = f"c={at.pixels.columns},r={at.pixels.rows}"
    return _there(at.x, at.y, f"\x1b_Ga=p,i={id},p={_nth(at)},{size},C=1,q=2\x1b\\")


def take_away(id: int, at: Placement) -> str:
    return f"\x1b_Ga=d,d=i,i={id},p={_nth(at)},q=2\x1b\\"


def forget(id: int) -> str:
    """The terminal needs it no longer."""
    return f"\x1b_Ga=d,d=I,i={id},q=2\x1b\\"


# --- Sixel's ---


def draw(at: Placement) -> list[str]:
    """The sequences that draw a Sixel picture, band by band."""
    return [_there(at.x, at.y + n * BAND, piece) for n, piece in enumerate(at.pixels.pieces)]


def _there(x: int, y: int, sequence: str) -> str:
    return f"\x1b7\x1b[{y + 1};{x + 1}H{sequence}\x1b8"


def _nth(at: Placement) -> int:
    return 1 + at.y * 4096 + at.x
