"""Fonts that can write a text: those the user names first, then what the system has."""

import functools
from collections.abc import Sequence
from pathlib import Path

from PIL import ImageFont, features

from core.books.content import BookError

SYSTEM = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "LiberationSans-Regular.ttf",
    "Arial.ttf",
    "Arial Unicode.ttf",
    "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc",
    "msyh.ttc",
    "YuGothM.ttc",
    "malgun.ttf",
    "Nirmala.ttf",
)
"""Looked for in the system's font folders, in this order."""

Font = ImageFont.FreeTypeFont


class Fonts:
    """Chooses a font for a text. ``named``: font files of the user, tried first."""

    def __init__(self, named: Sequence[Path] = ()) -> None:
        for path in named:
            if _opened(str(path), 16) is None:
                raise BookError(f"{path}: this is no font file; name a .ttf, .otf or .ttc")
        self._names = [*map(str, named), *(name for name in SYSTEM if _opened(name, 16) is not None)]

    def for_text(self, text: str, size: int) -> Font:
        """A font of ``size`` pixels that has every letter of ``text``. Raises BookError naming the one nobody has."""
        letters = {letter for letter in text if not letter.isspace()}
        missing: set[str] = set()
        for name in self._names:
            lacking = {letter for letter in letters if not _has(name, letter)}
            if not lacking:
                font = _opened(name, size)
                assert font is not None
                return font
            missing = missing & lacking if missing else lacking
        if not self._names and all(letter.isascii() for letter in letters):
            default = ImageFont.load_default(size)
            if isinstance(default, ImageFont.FreeTypeFont):
                return default
        letter = min(missing or letters or {"?"})
        raise BookError(f'no font here can write "{letter}" (U+{ord(letter):04X}); name one that can with --font FILE')


def is_rightward(text: str) -> bool:
    """False where the text's first strong letter is Hebrew or Arabic."""
    import unicodedata

    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind == "L" for kind in strong if kind in ("L", "R", "AL")), True)


def direction(text: str) -> str | None:
    """Pillow's word for a text's direction, None for what every layout engine does anyway. Raises BookError."""
    if is_rightward(text):
        return None
    if not features.check("raqm"):
        raise BookError("letters from right to left need Pillow with Raqm, which this one lacks; install libraqm")
    return "rtl"


@functools.lru_cache(maxsize=64)
def _opened(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size)
    except (OSError, ValueError):
        return None


@functools.lru_cache(maxsize=20_000)
def _has(name: str, letter: str) -> bool:
    """Whether the font draws ``letter`` otherwise than the box it draws for letters it lacks."""
    font = _opened(name, 16)
    if font is None:
        return False
    drawn, box = font.getmask(letter), font.getmask("\U0010fffe")
    return drawn.size != box.size or bytes(drawn) != bytes(box)
