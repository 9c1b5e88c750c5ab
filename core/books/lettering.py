"""Writes a panel's words onto its picture: captions in boxes, speech in balloons, sounds in the open."""

from collections.abc import Iterator, Sequence

import msgspec
from PIL import Image, ImageDraw

from core.books.fonts import Font, Fonts, direction, is_rightward
from core.scripts.model import Words

INK, PAPER, NOTE = (20, 20, 24), (255, 255, 255), (255, 246, 214)

SMALLEST = 11
"""Pixels of type; words that still do not fit are cut with an ellipsis."""


CLOSING = frozenset(
    "、。，．・：；？！ー…—～）］｝〉》」』】〕’”々ゝゞヽヾ!?,.:;)]}%ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
OPENING = frozenset("（［｛〈《「『【〔‘“([{")
"""What must not begin a line, and what must not end one, where lines may end between any two letters."""


class Block(msgspec.Struct, frozen=True):
    """Words set in lines: pixels needed, and the size of their type."""

    lines: tuple[str, ...]
    width: int
    height: int
    size: int


def letter(
    picture: Image.Image, words: Sequence[Words], fonts: Fonts, *, leftward: bool = False, size: int = 0
) -> None:
    """Draw ``words`` onto ``picture``, from the top down, never outside of it. Raises BookError (fonts).

    Whoever speaks first does so where reading begins: at the right in a book that is read ``leftward``, and in
    Hebrew or Arabic. ``size``: of the type in pixels where there is room, as all panels of a page have it; 0: as
    fits the picture.
    """
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    pad = max(6, min(width, height) // 60)
    type_size = size or max(SMALLEST, min(width, height) // 24)
    top = pad
    spoken = [word for word in words if word.kind != "sfx"]
    for number, word in enumerate(spoken):
        room = max(SMALLEST * 2, (height - top - pad) // (len(spoken) - number) - 2 * pad)
        block = fitted(word.text, fonts, type_size, int(width * 0.62) - 4 * pad, room - 2 * pad)
        wide, tall = block.width + 4 * pad, block.height + 2 * pad
        first = word.kind == "caption" or number % 2 == 0
        left = pad if first != (leftward or not is_rightward(word.text)) else width - wide - pad
        box = (left, top, left + wide, top + tall)
        if word.kind == "caption":
            draw.rectangle(box, fill=NOTE, outline=INK, width=2)
        else:
            _balloon(draw, box, pad, thought="thought" in word.how.casefold())
        _write(draw, block, fonts, left + 2 * pad, top + pad, block.width)
        top += tall + 2 * pad
    for word in words:
        if word.kind == "sfx":
            block = fitted(word.text.upper(), fonts, type_size * 2, int(width * 0.8), height // 3)
            side = 2 * pad if leftward or not is_rightward(word.text) else width - block.width - 2 * pad
            place = (side, height - block.height - 2 * pad)
            _write(draw, block, fonts, *place, block.width, outline=max(2, block.size // 10))


def fitted(text: str, fonts: Fonts, size: int, width: int, height: int) -> Block:
    """``text`` in the largest type up to ``size`` that fits into ``width`` x ``height`` pixels."""
    text = " ".join(text.split())
    while True:
        font = fonts.for_text(text, size)
        lines = list(_wrapped(text, font, width))
        step = _step(font)
        wide = max((round(font.getlength(line)) for line in lines), default=0)
        if (step * len(lines) <= height and wide <= width) or size <= SMALLEST:
            break
        size = max(SMALLEST, int(size * 0.9))
    most = max(1, height // step)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], font, width)]
    wide = max((round(font.getlength(line)) for line in lines), default=0)
    return Block(tuple(lines), min(wide, width), step * len(lines), size)


def _cut(line: str, font: Font, width: int) -> str:
    while line and font.getlength(line + "…") > width:
        line = line[:-1]
    return line + "…"


def _wrapped(text: str, font: Font, width: int) -> Iterator[str]:
    line = ""
    for piece in _pieces(text):
        if line and font.getlength((line + piece).rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece
        while font.getlength(line.rstrip()) > width and len(line) > 1:  # one word longer than the line
            cut = max(1, int(len(line) * width / max(1.0, font.getlength(line))))
            yield line[:cut]
            line = line[cut:]
    if line.strip():
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """What may stand on a line of its own: words, and single letters of scripts written without blanks."""
    piece = ""
    for character in text:
        if piece and _may_part(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_part(before: str, after: str) -> bool:
    """Whether a line may end between two letters. No line begins with what closes, and none ends with what opens."""
    if before == " " or after == " ":
        return before == " "
    if after in CLOSING or before in OPENING:
        return False
    return _ideograph(before) or _ideograph(after)


def _ideograph(character: str) -> bool:
    """Chinese and Japanese, with their punctuation. Korean parts its words by blanks."""
    code = ord(character)
    return 0x2E80 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xFF00 <= code <= 0xFF65 or code >= 0x20000


def _step(font: Font) -> int:
    ascent, descent = font.getmetrics()
    return ascent + descent


def _balloon(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], pad: int, *, thought: bool) -> None:
    left, top, right, bottom = box
    radius = min(right - left, bottom - top) // 2
    middle = (left + right) // 2
    if thought:
        draw.rounded_rectangle(box, radius, fill=PAPER, outline=INK, width=2)
        for nth, size in enumerate((pad, pad * 2 // 3)):
            place = bottom + pad // 2 + nth * pad
            draw.ellipse((middle, place, middle + size, place + size), fill=PAPER, outline=INK, width=2)
        return
    tail = [(middle - pad, bottom - 3), (middle + pad, bottom - 3), (middle, bottom + 2 * pad)]
    draw.rounded_rectangle(box, radius, fill=PAPER, outline=INK, width=2)
    draw.polygon(tail, fill=PAPER)
    draw.line([tail[0], tail[2], tail[1]], fill=INK, width=2)


def _write(
    draw: ImageDraw.ImageDraw, block: Block, fonts: Fonts, left: int, top: int, width: int, outline: int = 0
) -> None:
    text = " ".join(block.lines)
    font = fonts.for_text(text, block.size)
    towards = direction(text)
    step = _step(font)
    for number, line in enumerate(block.lines):
        indent = (width - round(font.getlength(line))) // 2
        place = (left + max(0, indent), top + number * step)
        draw.text(place, line, INK, font, direction=towards, stroke_width=outline, stroke_fill=PAPER)
