"""Where it happens: from the sky down to the ground."""

import math
from collections.abc import Callable

from core.easel.painter.palette import mix, shade
from core.easel.painter.stage import Stage, disc, lens, steps
from core.easel.painter.walls import city, room


def paint_place(stage: Stage) -> None:
    """Fill the whole sheet with the scene's place."""
    if stage.scene.place == "room":
        room(stage)
        return
    _sky(stage)
    _OUTDOORS[stage.scene.place](stage)


def _sky(stage: Stage) -> None:
    colours, rng = stage.colours, stage.rng
    stage.wash(0, stage.horizon + 2, colours.sky_top, colours.sky, colours.horizon)
    stage.blotches(stage.horizon * 0.9, mix(colours.horizon, (255, 255, 255), 0.25), 0.75)
    stage.blotches(stage.horizon * 0.6, colours.sky_top, 0.7)
    x, y = stage.width * rng.uniform(0.14, 0.86), stage.horizon * rng.uniform(0.2, 0.5)
    if stage.scene.weather in ("rain", "fog", "snow"):
        return
    if stage.scene.time == "night":
        for _ in range(70):
            star_x, star_y = rng.uniform(0, stage.width), rng.uniform(0, stage.horizon * 0.85)
            size = rng.choice((0.6, 0.6, 1.0, 1.6)) * stage.unit / 700
            stage.draw.ellipse(disc(star_x, star_y, size), fill=mix(colours.sky, (255, 250, 230), rng.uniform(0.4, 1)))
        radius = stage.unit * 0.05
        stage.glow(x, y, radius * 5, mix(colours.sky, (226, 228, 214), 0.6), 0.6)
        stage.draw.ellipse(disc(x, y, radius), fill=(238, 234, 214))
        stage.draw.ellipse(disc(x - radius * 0.3, y - radius * 0.2, radius * 0.22), fill=(222, 218, 200))
        stage.draw.ellipse(disc(x + radius * 0.35, y + radius * 0.3, radius * 0.16), fill=(224, 220, 202))
        stage.light(x, y, stage.unit * 0.55, (70, 74, 80))
    else:
        low = stage.scene.time in ("dawn", "dusk")
        y = stage.horizon - stage.unit * 0.09 if low else y
        radius = stage.unit * (0.06 if low else 0.04)
        stage.glow(x, y, radius * 6, colours.glow, 0.75)
        stage.draw.ellipse(disc(x, y, radius), fill=mix(colours.glow, (255, 255, 255), 0.45))


def _sea(stage: Stage) -> None:
    colours, rng = stage.colours, stage.rng
    if rng.random() < 0.6:
        stage.ridge(stage.horizon + 2, stage.unit * 0.09, mix(colours.far, colours.horizon, 0.35), rough=4)
    deep = mix(colours.sky_top, colours.near, 0.35)
    stage.wash(stage.horizon, stage.height, mix(colours.horizon, deep, 0.3), mix(colours.sky, deep, 0.6), deep)
    for i in range(90):
        near = (i / 90) ** 1.8
        y = stage.horizon + 3 + (stage.height - stage.horizon) * near
        x, length = (
            rng.uniform(-0.1, 1) * stage.width,
            stage.unit * (0.03 + 0.16 * near) * rng.uniform(0.5, 1.4),
        )
        colour = mix(deep, colours.horizon if rng.random() < 0.55 else colours.dark, rng.uniform(0.25, 0.6))
        thick = stage.unit * (0.002 + 0.007 * near)
        stage.draw.polygon(lens(x, y, length, thick), fill=colour)
    if stage.scene.people or stage.scene.crowd:
        _shore(stage)


def _shore(stage: Stage) -> None:
    """Ground to stand on: nobody walks on the water."""
    colours, rng = stage.colours, stage.rng
    depth = stage.height - stage.horizon
    tilt = rng.choice((-1, 1)) * 0.12
    line = [
        (stage.width * t, stage.horizon + depth * (0.3 + tilt * (t - 0.5) + rng.uniform(-0.015, 0.015)))
        for t in steps(9)
    ]
    sand = mix(colours.floor, colours.horizon, 0.35)
    stage.draw.polygon([*line, (stage.width, stage.height), (0, stage.height)], fill=sand)
    foam = max(2, round(stage.unit * 0.008))
    stage.draw.line(line, fill=mix(colours.horizon, (255, 255, 255), 0.5), width=foam, joint="curve")
    for _ in range(50):
        near = rng.random()
        y = stage.horizon + depth * (0.4 + 0.6 * near)
        pebble = lens(rng.uniform(0, stage.width), y, stage.unit * 0.03 * near + 3, stage.unit * 0.003 * near + 1)
        stage.draw.polygon(pebble, fill=shade(sand, rng.uniform(0.8, 0.95)))


def _field(stage: Stage) -> None:
    colours, rng = stage.colours, stage.rng
    stage.ridge(stage.horizon, stage.unit * 0.12, colours.far, rough=4)
    stage.wash(stage.horizon - 2, stage.height, mix(colours.mid, colours.horizon, 0.3), colours.mid, colours.near)
    depth = stage.height - stage.horizon
    middle, end = stage.width * rng.uniform(0.35, 0.65), stage.width * rng.uniform(0.3, 0.7)
    path = [(middle - 3, stage.horizon), (middle + 3, stage.horizon)]
    right = [(middle + (end - middle) * t**2 + stage.unit * 0.24 * t**1.6, stage.horizon + depth * t) for t in steps(8)]
    left = [(middle + (end - middle) * t**2 - stage.unit * 0.24 * t**1.6, stage.horizon + depth * t) for t in steps(8)]
    road = mix(colours.floor, colours.horizon, 0.45)
    stage.draw.polygon([path[0], *left, *reversed(right), path[1]], fill=road)
    for _ in range(170):
        near = rng.random() ** 0.6
        x, y = rng.uniform(0, stage.width), stage.horizon + depth * near
        tall = stage.unit * 0.045 * near * rng.uniform(0.4, 1)
        if abs(x - (middle + (end - middle) * near**2)) > stage.unit * 0.26 * near**1.6:
            lean = tall * rng.uniform(-0.5, 0.5)
            colour = mix(colours.near, colours.dark if rng.random() < 0.6 else colours.horizon, 0.4)
            stage.draw.line((x, y, x + lean, y - tall), fill=colour, width=max(1, round(near * stage.unit / 340)))


def _forest(stage: Stage) -> None:
    colours, rng = stage.colours, stage.rng
    stage.wash(stage.horizon - 2, stage.height, mix(colours.mid, colours.horizon, 0.3), colours.mid, colours.near)
    for layer in range(4):
        near = layer / 3
        colour = mix(mix(colours.far, colours.horizon, 0.45), colours.dark, near * 0.9)
        foot = stage.horizon + (stage.height - stage.horizon) * (0.05 + 0.4 * near**1.5)
        for _ in range(9 - 2 * layer):
            x = stage.width * rng.uniform(-0.02, 1.02)
            if layer == 3 and 0.25 < x / stage.width < 0.75:
                continue
            trunk = stage.unit * (0.008 + 0.034 * near**1.5) * rng.uniform(0.7, 1.3)
            lean = trunk * rng.uniform(-2, 2)
            stage.draw.polygon(
                [
                    (x - trunk, foot),
                    (x + lean - trunk * 0.5, -5),
                    (x + lean + trunk * 0.5, -5),
                    (x + trunk, foot),
                ],
                fill=colour,
            )
            for _ in range(3):
                y = foot * rng.uniform(0.15, 0.65)
                out = stage.unit * 0.13 * rng.choice((-1, 1)) * (0.4 + near)
                line = [
                    (x + lean * 0.5, y),
                    (x + out * 0.5, y - abs(out) * 0.35),
                    (x + out, y - abs(out) * 0.9),
                ]
                stage.draw.line(line, fill=colour, width=max(1, round(trunk * 0.35)), joint="curve")
        stage.blotches(stage.height * (0.18 + 0.06 * layer), mix(colour, colours.near, 0.5), 0.9)


def _mountain(stage: Stage) -> None:
    colours = stage.colours
    for i, part in enumerate((0.0, 0.3, 0.62)):
        tone = mix(mix(colours.far, colours.horizon, 0.5), colours.near, part * 1.3)
        stage.ridge(stage.horizon + stage.unit * 0.1 * i, stage.unit * (0.5 - 0.13 * i), tone, rough=6)
        stage.glow(stage.width * 0.5, stage.horizon + stage.unit * 0.1 * i, stage.width * 0.6, colours.horizon, 0.28)
    top = stage.horizon + (stage.height - stage.horizon) * 0.45
    stage.wash(top, stage.height, colours.mid, colours.near, shade(colours.near, 0.75))
    stage.ridge(top + stage.unit * 0.04, stage.unit * 0.06, colours.mid, rough=5)


def _river(stage: Stage) -> None:
    _field(stage)
    colours, rng = stage.colours, stage.rng
    top = stage.horizon + (stage.height - stage.horizon) * 0.14
    bank = stage.horizon + (stage.height - stage.horizon) * rng.uniform(0.62, 0.8)
    stage.wash(top, bank, mix(colours.sky, colours.horizon, 0.4), mix(colours.sky_top, colours.near, 0.3))
    for _ in range(45):
        y = rng.uniform(top, bank)
        size = (y - top) / (bank - top)
        line = lens(
            rng.uniform(0, stage.width),
            y,
            stage.unit * (0.04 + 0.1 * size),
            stage.unit * 0.004 * (0.3 + size),
        )
        stage.draw.polygon(line, fill=mix(colours.horizon, colours.near, rng.random() * 0.6))
    near = [(stage.width * t, bank + stage.unit * 0.02 * math.sin(t * 9 + rng.random())) for t in steps(9)]
    stage.draw.polygon([*near, (stage.width, stage.height), (0, stage.height)], fill=colours.near)


_OUTDOORS: dict[str, Callable[[Stage], None]] = {
    "sea": _sea,
    "forest": _forest,
    "city": city,
    "mountain": _mountain,
    "field": _field,
    "river": _river,
}
