"""The colours of a style as a terminal is told them: all of them, 256, 16 by their meaning, or none."""

from colorsys import rgb_to_hsv
from functools import cache
from typing import NamedTuple

from rich.color import Color, ColorSystem, ColorType
from rich.style import Style

GREYS = ((0.95, 15), (0.55, 7), (0.2, 8), (0.0, 0))
"""Least brightness, and the colour of sixteen that stands for it."""

HUES = ((32, 1), (75, 3), (166, 2), (192, 6), (262, 4), (342, 5), (360, 1))
"""Degrees up to which a hue is red, yellow, green, cyan, blue, magenta, and red again."""

PALE = 0.24
"""Saturation below which a colour is a grey."""

DARK = 0.2
"""Brightness below which any colour is black."""

BRIGHT = 0.6

FAINT = 0.45
"""Difference in brightness below which words without colours are faint."""


class Pen(NamedTuple):
    """SGR codes: attributes, foreground, background. ``ink``: the attributes are seen on a blank, too."""

    attributes: str
    foreground: str
    background: str
    ink: bool = False


def pen_of(style: Style, colours: ColorSystem | None) -> Pen:
    """``colours`` None: attributes alone, what is lighter behind than before is reversed."""
    if colours is None:
        style = _without_colours(style)
    seen = (style.underline, style.underline2, style.reverse, style.strike, style.overline, style.blink)
    attributes = style.without_color._make_ansi_codes(colours or ColorSystem.STANDARD)
    on_light = (_brightness(style.bgcolor) or 0.0) > BRIGHT
    before, behind = _code(style.color, colours, True, on_light), _code(style.bgcolor, colours, False)
    return Pen(attributes, before, behind, any(seen))


def _code(colour: Color | None, colours: ColorSystem | None, foreground: bool, on_light: bool = False) -> str:
    if colour is None or colours is None:
        return ""
    if colours is ColorSystem.STANDARD and colour.type is ColorType.TRUECOLOR:
        colour = sixteen(colour, on_light)
    return ";".join(colour.downgrade(colours).get_ansi_codes(foreground))


@cache
def sixteen(colour: Color, on_light: bool = False) -> Color:
    """The nearest in meaning: a pale green stays green, where the nearest by numbers would be a grey.

    ``on_light``: dark enough to be read there; white lines on white are none.
    """
    assert colour.triplet is not None
    hue, saturation, value = rgb_to_hsv(*(part / 255 for part in colour.triplet))
    if value < DARK:
        number = 0
    elif saturation < PALE:
        number = 8 if on_light else next(number for least, number in GREYS if value >= least)
    else:
        number = next(number for most, number in HUES if hue * 360 <= most) + (
            8 if value >= BRIGHT and not on_light else 0
        )
    return Color.from_ansi(number)


def _without_colours(style: Style) -> Style:
    before, behind = _brightness(style.color), _brightness(style.bgcolor)
    attributes = style.without_color
    if behind is not None and behind > (0.3 if before is None else before):
        return attributes + Style(reverse=True)
    if before is not None and before - (behind or 0.0) < FAINT and not style.bold:
        return attributes + Style(dim=True)
    return attributes


def _brightness(colour: Color | None) -> float | None:
    return None if colour is None or colour.is_default else max(colour.get_truecolor()) / 255
