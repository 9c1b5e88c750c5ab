"""The sheet a picture is painted on, and the few gestures every painter needs: washes, glows, curves."""

import random
from copy import copy
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

from core.easel.painter.palette import Colour, Palette, in_look, mix
from core.easel.painter.reading import Scene

Point = tuple[float, float]


class Stage:
    """A sheet of ``width`` x ``height`` pixels with a horizon. ``unit`` is the shorter edge."""

    def __init__(self, size: tuple[int, int], scene: Scene, colours: Palette, rng: random.Random) -> None:
        self.width, self.height = size
        self.unit = min(size)
        self.scene, self.colours, self.rng = scene, colours, rng
        level = {"low": 0.76, "high": 0.34, "level": 0.58}[scene.angle]
        self.horizon = self.height * (level + rng.uniform(-0.03, 0.03))
        self.image = Image.new("RGB", size)
        self.draw = ImageDraw.Draw(self.image)
        #: (x, y, radius, colour): where light comes from.
        self.lights: list[tuple[float, float, float, Colour]] = []

    def over(self, picture: Image.Image) -> "Stage":
        """This stage with ``picture`` as its sheet: for what is painted in front of everything."""
        front = copy(self)
        front.image, front.draw = picture, ImageDraw.Draw(picture)
        return front

    def wash(self, top: float, bottom: float, *stops: Colour) -> None:
        """A vertical gradient over the whole width, from ``top`` to ``bottom``."""
        box = (0, round(top), self.width, round(bottom))
        if box[3] > box[1]:
            self.image.paste(gradient((self.width, box[3] - box[1]), stops), box[:2])

    def blotches(self, bottom: float, colour: Colour, strength: float) -> None:
        """Cloudy stains of ``colour`` from the top down to ``bottom``."""
        height = round(bottom)
        if height < 8:
            return
        # Nothing in the last rows: a stain must not end in a straight edge.
        cells = Image.frombytes("L", (9, 8), self.rng.randbytes(54) + bytes(18))
        cells = cells.resize((self.width, height), Image.Resampling.BICUBIC)
        mask = cells.point([round(max(0, v - 110) * strength * 1.7) for v in range(256)])
        self.image.paste(colour, (0, 0, self.width, height), mask)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """A soft light laid over what is there."""
        size = max(2, round(radius * 2))
        mask = _halo().resize((size, size)).point([round(v * strength) for v in range(256)])
        self.image.paste(colour, (round(x - radius), round(y - radius)), mask)

    def shadow(self, x: float, y: float, reach: float) -> None:
        """A soft shadow lying on the ground about (x, y)."""
        size = (max(2, round(reach * 2.6)), max(2, round(reach * 0.6)))
        mask = _halo().resize(size).point([v * 7 // 10 for v in range(256)])
        self.image.paste((14, 12, 20), (round(x - size[0] / 2), round(y - size[1] / 2)), mask)

    def light(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Let what stands within ``radius`` be seen in ``colour`` when the picture is lit."""
        self.lights.append((x, y, radius, in_look(colour, self.scene.look)))

    def curve(self, points: list[Point], colour: Colour, outline: Colour | None = None) -> None:
        """A closed shape with soft corners through ``points``."""
        self.draw.polygon(smooth(points), fill=colour, outline=outline)

    def ridge(self, base: float, height: float, colour: Colour, rough: int = 5) -> None:
        """A range of hills: its foot on ``base``, peaks ``height`` above."""
        line = [self.rng.random() for _ in range(4)]
        for step in range(rough):
            spread = 0.5**step * 0.7
            line = [
                value for a, b in pairwise(line) for value in (a, (a + b) / 2 + self.rng.uniform(-spread, spread) * 0.5)
            ] + [line[-1]]
        last = len(line) - 1
        top = [(self.width * i / last, base - height * max(0.05, v)) for i, v in enumerate(line)]
        self.draw.polygon([*top, (self.width, self.height), (0, self.height)], fill=colour)

    def lit(self) -> Image.Image:
        """The sheet under its light: ambient everywhere, brighter where lamps reach, darker at the edges."""
        ambient = self.colours.ambient
        if self.lights and self.scene.time in ("night", "dusk"):
            ambient = mix(ambient, (0, 0, 0), 0.16)
        small = (max(8, self.width // 16), max(8, self.height // 16))
        light = Image.new("RGB", small, ambient)
        for x, y, radius, colour in self.lights:
            size = max(2, round(radius / 8))
            pool = Image.new("RGB", small)
            place = (round(x / 16 - size / 2), round(y / 16 - size / 2))
            pool.paste(colour, place, _halo().resize((size, size)).point([v * 7 // 10 for v in range(256)]))
            light = ImageChops.add(light, pool)
        edge = _vignette().resize(small)
        light = ImageChops.multiply(light, Image.merge("RGB", (edge, edge, edge)))
        return ImageChops.multiply(self.image, light.resize(self.image.size, Image.Resampling.BICUBIC))


def gradient(size: tuple[int, int], stops: tuple[Colour, ...]) -> Image.Image:
    """A vertical gradient through ``stops``, top to bottom."""
    # Resizing a strip as short as the stops would leave flat ends; one of 32, mixed by hand, does not.
    fine = Image.new("RGB", (1, 32))
    fine.putdata([_between(stops, i / 31) for i in range(32)])
    return fine.resize(size, Image.Resampling.BICUBIC)


def smooth(points: list[Point], steps: int = 5) -> list[Point]:
    """A closed Catmull-Rom curve through ``points``."""
    curve = []
    count = len(points)
    for i in range(count):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (points[(i + k - 1) % count] for k in range(4))
        for step in range(steps):
            t = step / steps
            a, b, c, d = (
                -0.5 * t + t * t - 0.5 * t**3,
                1 - 2.5 * t * t + 1.5 * t**3,
                0.5 * t + 2 * t * t - 1.5 * t**3,
                -0.5 * t * t + 0.5 * t**3,
            )
            curve.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return curve


def disc(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """The box of a disc."""
    return x - radius, y - radius, x + radius, y + radius


def lens(x: float, y: float, length: float, thick: float) -> list[Point]:
    """A thin lying shape, such as a ripple: from (x, y) ``length`` to the right."""
    return [(x, y), (x + length / 2, y - thick), (x + length, y), (x + length / 2, y + thick)]


def steps(count: int) -> list[float]:
    """``count`` numbers from 0 to 1."""
    return [i / (count - 1) for i in range(count)]


@lru_cache(maxsize=4)
def paper(size: tuple[int, int]) -> Image.Image:
    """The grain of the sheet, an L picture near white. Always the same sheet: it is no part of the scene."""
    rng = random.Random(7)
    sheet = Image.new("L", size, 255)
    for cell, depth in ((6, 5), (40, 12)):
        cells = (max(2, size[0] // cell), max(2, size[1] // cell))
        grain = Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1]))
        grain = grain.resize(size, Image.Resampling.BICUBIC).point([255 - v * depth // 255 for v in range(256)])
        sheet = ImageChops.multiply(sheet, grain)
    return sheet


@lru_cache(maxsize=1)
def _halo() -> Image.Image:
    falloff = [round(255 * max(0.0, 1 - v / 250) ** 2) for v in range(256)]
    return Image.radial_gradient("L").point(falloff)


@lru_cache(maxsize=1)
def _vignette() -> Image.Image:
    return Image.radial_gradient("L").point([round(255 * (1 - 0.30 * (v / 255) ** 3)) for v in range(256)])


def _between(stops: tuple[Colour, ...], part: float) -> Colour:
    place = part * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    return mix(stops[index], stops[index + 1], place - index)
