"""What a picture looks like in a hundred bytes: how much is in it, its shapes (dHash), its colours (LAB).

All of it is taken from a reduced copy, so a look costs a millisecond or two once the picture is decoded (CPU-bound:
in a thread).
"""

import io
from functools import lru_cache
from itertools import accumulate

from PIL import Image, ImageCms, ImageStat

from core.pictures import Look

BINS = 16
"""Of each of the three LAB channels."""


def look_at(data: bytes) -> Look:
    """Look at a picture's bytes. Raises OSError, ValueError for what is no picture."""
    with Image.open(io.BytesIO(data)) as image:
        return look_of(image)


def look_of(image: Image.Image) -> Look:
    """Look at a picture that is open, all or nothing of it decoded. Raises OSError, ValueError."""
    width, height = image.size
    image.draft("RGB", (256, 256))
    whole = image if image.mode == "RGB" else image.convert("RGB")  # a copy costs as much as all that follows
    small = whole.resize((128, 128), Image.Resampling.BOX, reducing_gap=1.0)
    grey = small.convert("L")
    return Look(width, height, ImageStat.Stat(grey).stddev[0], grey.entropy(), _shapes(grey), _colours(small.reduce(2)))


def _shapes(grey: Image.Image) -> bytes:
    values = grey.resize((9, 9), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            bits = bits << 2 | (values[place] > values[place + 1]) << 1 | (values[place] > values[place + 9])
    return bits.to_bytes(16, "big")


def _colours(small: Image.Image) -> bytes:
    lab = ImageCms.applyTransform(small, _to_lab())
    assert lab is not None
    counts = lab.histogram()
    pixels = small.width * small.height
    found = bytearray()
    for channel in range(3):
        whole = counts[channel * 256 : channel * 256 + 256]
        step = 256 // BINS
        found += bytes(round(255 * sum(whole[n * step : n * step + step]) / pixels) for n in range(BINS))
    return bytes(found)


@lru_cache(maxsize=1)
def _to_lab() -> ImageCms.ImageCmsTransform:
    rgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.buildTransform(rgb, lab, "RGB", "LAB")


def shape_distance(one: Look, other: Look) -> int:
    """Differing bits of two dHashes: 0 the same, up to 6 nearly so, 64 unrelated."""
    return (int.from_bytes(one.shapes) ^ int.from_bytes(other.shapes)).bit_count()


def colour_path(colours: bytes) -> tuple[int, ...]:
    """Running sums of the three histograms: their differences add up to how far colour has to be moved."""
    return tuple(sum for start in range(0, len(colours), BINS) for sum in accumulate(colours[start : start + BINS]))
