"""Colours: what light a time of day gives, and how a look (watercolour, ink, noir) bends every colour."""

from dataclasses import dataclass, fields, replace

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Palette:
    """The colours of one picture. ``ambient`` multiplies everything that no lamp reaches."""

    sky_top: Colour
    sky: Colour
    horizon: Colour
    far: Colour
    mid: Colour
    near: Colour
    dark: Colour
    wall: Colour
    floor: Colour
    glow: Colour
    ambient: Colour


_TIMES = {
    "day": Palette(
        (120, 164, 190), (176, 204, 208), (238, 228, 204), (158, 176, 172), (124, 142, 106), (96, 110, 74),
        (52, 58, 54), (206, 186, 150), (142, 108, 78), (255, 240, 200), (255, 252, 246),
    ),
    "dawn": Palette(
        (112, 128, 168), (214, 172, 168), (250, 214, 168), (160, 138, 150), (122, 112, 108), (88, 84, 76),
        (54, 46, 58), (200, 168, 144), (128, 94, 80), (255, 218, 160), (250, 228, 216),
    ),
    "dusk": Palette(
        (58, 62, 104), (170, 100, 104), (240, 164, 96), (104, 76, 98), (80, 62, 74), (56, 46, 54),
        (34, 28, 42), (172, 128, 104), (104, 72, 64), (255, 190, 110), (228, 188, 176),
    ),
    "night": Palette(
        (20, 28, 54), (42, 58, 92), (88, 106, 132), (56, 70, 98), (42, 54, 72), (30, 38, 50),
        (16, 18, 30), (104, 96, 104), (70, 58, 62), (255, 206, 128), (178, 188, 226),
    ),
}  # fmt: skip


def palette(time: str, weather: str, look: str) -> Palette:
    """The colours for a time of day under a weather, in a look."""
    colours = _TIMES[time]
    if weather in ("rain", "fog"):
        grey: Colour = (150, 156, 162) if time != "night" else (56, 64, 80)
        veil = {name: mix(getattr(colours, name), grey, 0.45) for name in ("sky_top", "sky", "horizon", "far", "mid")}
        colours = replace(colours, **veil)
    if weather == "snow":
        white: Colour = (232, 236, 240) if time != "night" else (128, 140, 168)
        colours = replace(colours, near=mix(colours.near, white, 0.8), mid=mix(colours.mid, white, 0.6))
    return Palette(**{f.name: in_look(getattr(colours, f.name), look) for f in fields(colours)})


def in_look(colour: Colour, look: str) -> Colour:
    """One colour as the look would have it."""
    if look == "ink":
        light = luminance(colour)
        return mix(mix((28, 30, 34), (246, 240, 226), light / 255), colour, 0.16)
    if look == "noir":
        light = luminance(colour) / 255
        hard = light * light * (3 - 2 * light)
        return mix((8, 9, 13), (236, 236, 230), hard)
    return colour


def luminance(colour: Colour) -> float:
    """0 (black) to 255 (white)."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def mix(a: Colour, b: Colour, part: float) -> Colour:
    """``a`` with ``part`` (0 to 1) of ``b``."""
    return (
        round(a[0] + (b[0] - a[0]) * part),
        round(a[1] + (b[1] - a[1]) * part),
        round(a[2] + (b[2] - a[2]) * part),
    )


def shade(colour: Colour, by: float) -> Colour:
    """Darker below 1, lighter above."""
    return mix(colour, (255, 252, 244), by - 1) if by > 1 else mix((10, 10, 18), colour, by)
