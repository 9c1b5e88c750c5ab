"""The caption box at the foot of a picture."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from core.easel.painter.palette import Colour

#: Looked for only where the built-in face lacks letters: it knows Latin alone.
_WIDER_FACES = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial Unicode.ttf", "Arial.ttf")
_MOST_LINES = 2


def letter(picture: Image.Image, caption: str, look: str) -> None:
    """Letter ``caption`` into a box at the lower left, at most two lines; nothing for an empty caption."""
    caption = "".join(c if c.isprintable() else " " for c in caption).strip()
    if not caption:
        return
    unit = min(picture.size)
    size = max(8, round(sum(picture.size) * 0.0135))
    font = _face(size, caption.isascii() or max(caption) <= "\u024f" or max(caption) in "–—‘’“”…")
    margin, pad = round(unit * 0.03), round(size * 0.7)
    lines = _broken(caption, font, picture.width - 2 * (margin + pad))
    step = round(size * 1.35)
    wide = round(max(font.getlength(line) for line in lines)) + 2 * pad
    tall = step * len(lines) + round(pad * 1.2)
    left, top = margin, picture.height - margin - tall
    box, ink, edge = _colours(look)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((left, top, left + wide, top + tall), fill=box, outline=edge, width=max(1, round(unit / 500)))
    for i, line in enumerate(lines):
        draw.text((left + pad, top + round(pad * 0.6) + i * step), line, font=font, fill=ink)


def _colours(look: str) -> tuple[Colour, Colour, Colour]:
    if look == "noir":
        return (14, 14, 18), (236, 232, 220), (236, 232, 220)
    return (250, 245, 230), (40, 36, 34), (70, 62, 54)


def _broken(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) == _MOST_LINES:
            lines[-1] = lines[-1].rstrip(",;:") + "…"
            break
        else:
            lines.append(word)
    # A word without a break may still be too long: cut it rather than letter outside the box.
    return [_cut(line, font, width) for line in lines]


def _cut(line: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float) -> str:
    while len(line) > 1 and font.getlength(line) > width:
        line = line[: -max(2, len(line) // 8)] + "…"
    return line


@lru_cache(maxsize=8)
def _face(size: int, latin: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if not latin:
        for name in _WIDER_FACES:
            try:
                return ImageFont.truetype(name, size)
            except OSError:
                continue
    return ImageFont.load_default(size)
