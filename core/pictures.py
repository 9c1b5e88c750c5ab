"""What a picture's bytes are: format and size, and whether they are whole."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp", "GIF": ".gif", "AVIF": ".avif"}

MAX_PIXELS = 120_000_000
"""Larger pictures are refused before they are decoded: a page may send anything."""


class PictureBroken(Exception):
    """The bytes are not a whole picture; ``str()`` says what they are instead."""


class Look(msgspec.Struct, frozen=True):
    """What a picture looks like in a hundred bytes (``core.doubts`` takes and compares them).

    Attributes:
        width, height: in pixels.
        spread: standard deviation of its greys, 0 to 128.
        entropy: of its greys, in bits, 0 to 8.
        shapes: dHash, 16 bytes: which of two neighbouring places is lighter, across and down.
        colours: 48 bytes: histograms of L, a and b, each summing to about 255.
    """

    width: int
    height: int
    spread: float
    entropy: float
    shapes: bytes
    colours: bytes


class PictureInfo(msgspec.Struct, frozen=True):
    """``suffix`` with its dot; width and height in pixels; ``bytes`` the size of the file; ``look`` where asked for."""

    suffix: str
    width: int
    height: int
    bytes: int
    sha256: str
    look: Look | None = None


def inspect(data: bytes, look: "Callable[[Image.Image], Look] | None" = None) -> PictureInfo:
    """Decode every pixel of ``data`` once (CPU-bound: call it in a thread). Raises PictureBroken.

    ``look`` sees the pixels while they are there: to decode a picture costs more than all that is done with it.
    """
    import hashlib  # with Pillow: the vocabulary names ``Look``, and who reads that need not load them

    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            suffix = SUFFIXES.get(picture.format or "")
            if suffix is None:
                raise PictureBroken(f"a {picture.format} file, which no book can use")
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureBroken(f"{picture.width}x{picture.height} pixels, more than any page needs")
            picture.load()
            if suffix == ".png" and b"IEND\xaeB`\x82" not in data:
                raise PictureBroken(f"{len(data)} bytes that end in the middle of a picture")
            size, seen = picture.size, look(picture) if look else None
    except PictureBroken:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        kind = "empty" if not data else f"{len(data)} bytes that are no whole picture ({error})"
        raise PictureBroken(kind) from error
    return PictureInfo(suffix, *size, len(data), hashlib.sha256(data).hexdigest(), seen)
