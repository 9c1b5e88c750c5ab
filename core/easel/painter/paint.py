"""From words to a picture: scene, colours, place, things, people, light, paper, lettering."""

import hashlib
import random

from PIL import Image, ImageChops, ImageFilter, ImageOps

from core.easel.painter.lettering import letter
from core.easel.painter.palette import mix, palette
from core.easel.painter.people import paint_people
from core.easel.painter.props import paint_props
from core.easel.painter.reading import Scene, read
from core.easel.painter.scenery import paint_place
from core.easel.painter.stage import Stage, paper

#: In a close-up the place is painted this much smaller and enlarged: nearer, out of focus, and cheap.
BEHIND = 4


def paint(prompt: str, seed: int, take: int, size: int) -> Image.Image:
    """An RGB picture whose longer edge is ``size`` pixels; the same for the same arguments.

    The prompt decides what is seen, seed and take where it stands.
    """
    scene = read(prompt)
    rng = random.Random(hashlib.sha256(f"{seed}/{take}/{prompt}".encode()).digest())
    wide, tall = _edges(size, scene.aspect)
    stage = _backdrop((wide, tall), scene, rng)
    paint_people(stage)
    picture = _weather(stage, stage.lit())
    picture = _brushed(picture, scene.look)
    grain = paper(picture.size)
    picture = ImageChops.multiply(picture, Image.merge("RGB", (grain, grain, grain)))
    letter(picture, scene.caption, scene.look)
    return picture


def _backdrop(size: tuple[int, int], scene: Scene, rng: random.Random) -> Stage:
    """The stage with place and things on it, people still to come."""
    colours = palette(scene.time, scene.weather, scene.look)
    if scene.shot != "close":
        stage = Stage(size, scene, colours, rng)
        paint_place(stage)
        paint_props(stage)
        return stage
    far = Stage((size[0] // BEHIND, size[1] // BEHIND), scene, colours, rng)
    paint_place(far)
    paint_props(far)
    stage = Stage(size, scene, colours, rng)
    stage.image.paste(far.image.resize(size, Image.Resampling.BICUBIC))
    stage.lights = [(x * BEHIND, y * BEHIND, radius * BEHIND, colour) for x, y, radius, colour in far.lights]
    return stage


def _brushed(picture: Image.Image, look: str) -> Image.Image:
    """Hard edges softened, and what the look does then: gather pigment there, or drive the tones apart."""
    picture = picture.filter(ImageFilter.SMOOTH)
    if look in ("noir", "ink"):
        return ImageOps.autocontrast(picture, cutoff=(1, 0.5), preserve_tone=True)
    edges = picture.convert("L").reduce(2).filter(ImageFilter.FIND_EDGES)
    pigment = edges.point([max(176, 255 - v * 7 // 10) for v in range(256)]).resize(
        picture.size, Image.Resampling.BICUBIC
    )
    return ImageChops.multiply(picture, Image.merge("RGB", (pigment, pigment, pigment)))


def _weather(stage: Stage, picture: Image.Image) -> Image.Image:
    """Rain, snow or fog in front of everything."""
    scene, rng, unit = stage.scene, stage.rng, stage.unit
    front = stage.over(picture)
    if scene.place == "room":
        return picture
    if scene.weather == "fog":
        for _ in range(4):
            x, y = rng.uniform(0, stage.width), stage.horizon + unit * rng.uniform(-0.1, 0.2)
            front.glow(x, y, unit * 0.5, mix(stage.colours.horizon, (220, 222, 222), 0.3), 0.55)
    elif scene.weather == "rain":
        tone = mix(stage.colours.horizon, (235, 240, 245), 0.4)
        for _ in range(170):
            x, y, long = (
                rng.uniform(-0.1, 1.1) * stage.width,
                rng.uniform(-0.1, 1) * stage.height,
                unit * rng.uniform(0.03, 0.08),
            )
            front.draw.line(
                (x, y, x - long * 0.3, y + long),
                fill=mix(tone, stage.colours.mid, rng.random() * 0.7),
                width=1,
            )
    elif scene.weather == "snow":
        for _ in range(220):
            x, y, dot = (
                rng.uniform(0, stage.width),
                rng.uniform(0, stage.height),
                unit * rng.choice((0.002, 0.003, 0.005)),
            )
            front.draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=(244, 246, 250))
    return front.image


def _edges(size: int, aspect: float) -> tuple[int, int]:
    return (size, max(16, round(size / aspect))) if aspect >= 1 else (max(16, round(size * aspect)), size)
