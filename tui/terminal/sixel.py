"""Pixels as Sixel: six rows of pixels a line, one colour after the other, runs shortened. Pure bytes, no Python loop
over pixels.
"""

import re
from collections.abc import Iterator
from functools import cache

from PIL import Image

COLOURS = 256
"""Of one picture: as many registers as terminals have."""

_LETTERS = bytes(min(63, n) + 63 for n in range(256))
_RUN = re.compile(rb"(.)\1{3,}", re.S)


def bands(image: Image.Image, height: int) -> Iterator[str]:
    """``image`` (RGB) as one sequence for every ``height`` rows of pixels, each whole in itself."""
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    colours = few.getpalette() or []
    rows = few.tobytes()
    for top in range(0, image.height, height):
        tall = min(height, image.height - top)
        yield _sequence(rows[top * image.width : (top + tall) * image.width], image.width, tall, colours)


def _sequence(pixels: bytes, width: int, height: int, colours: list[int]) -> str:
    palette = ""
    for colour in sorted(set(pixels)):
        red, green, blue = (round(value * 100 / 255) for value in colours[3 * colour : 3 * colour + 3])
        palette += f"#{colour};2;{red};{green};{blue}"
    lines = [_line(pixels[at : at + 6 * width], width) for at in range(0, len(pixels), 6 * width)]
    return f'\x1bP0;1;0q"1;1;{width};{height}{palette}{"-".join(lines)}\x1b\\'


def _line(pixels: bytes, width: int) -> str:
    """Up to six rows: for every colour in them a bit a row, as letters."""
    rows = [pixels[at : at + width] for at in range(0, len(pixels), width)]
    parts = []
    for colour in sorted(set(pixels)):
        seen = 0
        for nth, row in enumerate(rows):
            seen |= int.from_bytes(row.translate(_bit(colour, nth)), "big")
        letters = seen.to_bytes(width, "big").translate(_LETTERS).rstrip(b"?")
        parts.append(f"#{colour}" + _RUN.sub(_short, letters).decode("ascii"))
    return "$".join(parts)


def _short(run: re.Match[bytes]) -> bytes:
    return b"!%d%b" % (len(run[0]), run[1])


@cache
def _bit(colour: int, nth: int) -> bytes:
    """A table that makes ``colour`` the bit of row ``nth`` and everything else nothing."""
    table = bytearray(256)
    table[colour] = 1 << nth
    return bytes(table)
