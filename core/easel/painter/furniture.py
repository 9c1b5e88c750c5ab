"""Things of a house, and what gives light in it. Each is drawn about ``x`` on the stage it is given."""

import math

from core.easel.painter.palette import Colour, mix, shade
from core.easel.painter.stage import Stage

FLAME: Colour = (255, 226, 150)


def ground(stage: Stage, near: float) -> float:
    """A height on the floor, from the horizon (0) to the lower edge (1)."""
    foot = stage.horizon + (stage.unit * 0.1 if stage.scene.place == "room" else 0)
    return min(foot, stage.height * 0.8) + (stage.height - foot) * near


def window(stage: Stage, x: float) -> None:
    colours, wide = stage.colours, stage.unit * 0.2
    top, tall = stage.height * 0.2, stage.unit * 0.3
    frame = mix(colours.floor, colours.dark, 0.3)
    box = (x - wide / 2, top, x + wide / 2, top + tall)
    outer = stage.unit * 0.014
    stage.draw.rectangle((box[0] - outer, box[1] - outer, box[2] + outer, box[3] + outer), fill=frame)
    inside = stage.scene.place == "room"
    night = stage.scene.time == "night"
    pane = mix(colours.sky, colours.horizon, 0.5) if inside else colours.glow if night else colours.sky_top
    stage.draw.rectangle(box, fill=pane)
    if inside:
        stage.draw.ellipse((x - wide * 0.4, top + tall * 0.72, x + wide * 0.6, top + tall * 1.2), fill=colours.far)
        stage.draw.rectangle((box[0] - outer, box[3] + 1, box[2] + outer, box[3] + outer * 3), fill=frame)
    bar = max(2, round(outer * 0.6))
    stage.draw.line((x, top, x, top + tall), fill=frame, width=bar)
    for part in (1 / 3, 2 / 3):
        stage.draw.line((box[0], top + tall * part, box[2], top + tall * part), fill=frame, width=bar)
    curtain = mix(colours.wall, (150, 70, 60), 0.5) if stage.scene.look == "watercolour" else shade(colours.wall, 0.7)
    if inside:
        for side in (-1, 1):
            edge = x + side * wide * 0.62
            stage.curve(
                [
                    (edge, top - outer * 2),
                    (edge - side * wide * 0.3, top - outer * 2),
                    (edge - side * wide * 0.12, top + tall),
                    (edge + side * wide * 0.1, top + tall * 1.12),
                ],
                curtain,
            )
        stage.light(x, top + tall / 2, stage.unit * 0.5, (90, 96, 110) if night else (110, 100, 80))
        if stage.scene.time != "night":
            stage.glow(x, top + tall * 0.6, stage.unit * 0.34, colours.glow, 0.35)


def door(stage: Stage, x: float) -> None:
    foot, wide, tall = ground(stage, 0.02), stage.unit * 0.16, stage.unit * 0.4
    wood = mix(stage.colours.floor, stage.colours.dark, 0.35)
    stage.draw.rectangle((x - wide * 0.6, foot - tall * 1.05, x + wide * 0.6, foot), fill=shade(wood, 1.25))
    stage.draw.rectangle((x - wide / 2, foot - tall, x + wide / 2, foot), fill=wood)
    for row in (0.08, 0.54):
        for side in (-0.42, 0.06):
            top = foot - tall + tall * row
            stage.draw.rectangle(
                (x + wide * side, top, x + wide * (side + 0.36), top + tall * 0.36), fill=shade(wood, 0.8)
            )
    knob = stage.unit * 0.008
    stage.draw.ellipse(
        (x + wide * 0.38 - knob, foot - tall * 0.5 - knob, x + wide * 0.38 + knob, foot - tall * 0.5 + knob),
        fill=stage.colours.glow,
    )


def candle(stage: Stage, x: float) -> None:
    foot, tall = ground(stage, 0.42), stage.unit * 0.2
    stand = stage.unit * 0.05
    post = mix(stage.colours.dark, stage.colours.glow, 0.25)
    if stage.scene.place == "room":
        stage.draw.rectangle((x - stand * 1.6, foot - tall * 0.1, x + stand * 1.6, foot), fill=stage.colours.dark)
        for side in (-1.3, 1.3):
            stage.draw.rectangle(
                (x + stand * side - 3, foot, x + stand * side + 3, foot + tall * 0.9), fill=stage.colours.dark
            )
    else:
        stage.draw.rectangle((x - 4, foot - tall, x + 4, foot + tall * 0.8), fill=stage.colours.dark)
    wax = stage.unit * 0.014
    top = foot - tall * 0.6 if stage.scene.place == "room" else foot - tall
    stage.draw.rectangle((x - wax, top, x + wax, max(top, foot - tall * 0.1)), fill=mix(post, (240, 230, 205), 0.7))
    flame(stage, x, top, stage.unit * 0.032)


def flame(stage: Stage, x: float, y: float, size: float) -> None:
    stage.glow(x, y - size, size * 7, stage.colours.glow, 0.75)
    stage.curve(
        [(x, y - size * 2), (x + size * 0.55, y - size * 0.6), (x, y), (x - size * 0.55, y - size * 0.6)],
        mix(stage.colours.glow, (255, 140, 50), 0.35),
    )
    stage.curve(
        [
            (x, y - size * 1.4),
            (x + size * 0.28, y - size * 0.5),
            (x, y - size * 0.1),
            (x - size * 0.28, y - size * 0.5),
        ],
        FLAME,
    )
    stage.light(x, y - size, stage.unit * 0.75, (210, 160, 92))


def fire(stage: Stage, x: float) -> None:
    foot, wide = ground(stage, 0.06 if stage.scene.place == "room" else 0.4), stage.unit * 0.17
    if stage.scene.place == "room":
        stone = mix(stage.colours.wall, stage.colours.dark, 0.45)
        stage.draw.rectangle((x - wide * 0.8, foot - wide * 1.7, x + wide * 0.8, foot), fill=stone)
        stage.draw.rectangle(
            (x - wide * 0.95, foot - wide * 1.8, x + wide * 0.95, foot - wide * 1.62), fill=shade(stone, 1.2)
        )
        stage.draw.rectangle((x - wide / 2, foot - wide * 1.1, x + wide / 2, foot), fill=stage.colours.dark)
    for offset, size in ((-0.25, 0.09), (0.25, 0.1), (0, 0.14)):
        flame(stage, x + wide * offset, foot, stage.unit * size * 0.45)


def table(stage: Stage, x: float) -> None:
    top, wide = ground(stage, 0.42), stage.unit * 0.34
    wood = mix(stage.colours.floor, stage.colours.dark, 0.4)
    stage.draw.polygon(
        [
            (x - wide * 0.42, top),
            (x + wide * 0.42, top),
            (x + wide / 2, top + wide * 0.18),
            (x - wide / 2, top + wide * 0.18),
        ],
        fill=shade(wood, 1.25),
    )
    stage.draw.rectangle((x - wide / 2, top + wide * 0.18, x + wide / 2, top + wide * 0.24), fill=wood)
    for side in (-0.46, 0.4):
        stage.draw.rectangle(
            (x + wide * side, top + wide * 0.24, x + wide * (side + 0.06), top + wide * 0.9),
            fill=shade(wood, 0.8),
        )


def page(stage: Stage, x: float) -> None:
    y, wide = ground(stage, 0.46), stage.unit * 0.075
    sheet = mix((244, 236, 214), stage.colours.wall, 0.15)
    stage.draw.polygon(
        [
            (x - wide, y),
            (x, y + wide * 0.16),
            (x + wide, y),
            (x + wide * 1.1, y + wide * 0.5),
            (x, y + wide * 0.7),
            (x - wide * 1.1, y + wide * 0.5),
        ],
        fill=sheet,
    )
    stage.draw.line((x, y + wide * 0.16, x, y + wide * 0.7), fill=stage.colours.dark, width=2)
    for row in range(3):
        for side in (-0.85, 0.15):
            line_y = y + wide * (0.2 + 0.13 * row)
            stage.draw.line(
                (x + wide * side, line_y, x + wide * (side + 0.65), line_y), fill=shade(sheet, 0.6), width=1
            )


def clock(stage: Stage, x: float) -> None:
    y, radius = stage.height * 0.26, stage.unit * 0.06
    stage.draw.ellipse(
        (x - radius * 1.15, y - radius * 1.15, x + radius * 1.15, y + radius * 1.15), fill=stage.colours.dark
    )
    stage.draw.ellipse(
        (x - radius, y - radius, x + radius, y + radius), fill=mix((240, 232, 210), stage.colours.wall, 0.2)
    )
    for hand, length in ((stage.rng.uniform(0, 6.28), 0.5), (stage.rng.uniform(0, 6.28), 0.8)):
        stage.draw.line(
            (x, y, x + math.cos(hand) * radius * length, y + math.sin(hand) * radius * length),
            fill=stage.colours.dark,
            width=max(2, round(radius * 0.1)),
        )


def bed(stage: Stage, x: float) -> None:
    y, wide = ground(stage, 0.2), stage.unit * 0.46
    frame = mix(stage.colours.floor, stage.colours.dark, 0.5)
    stage.draw.rectangle((x - wide / 2, y - wide * 0.34, x - wide * 0.46, y + wide * 0.3), fill=frame)
    stage.curve(
        [
            (x - wide * 0.46, y - wide * 0.02),
            (x + wide * 0.46, y),
            (x + wide / 2, y + wide * 0.24),
            (x - wide * 0.46, y + wide * 0.24),
        ],
        mix((226, 220, 208), stage.colours.wall, 0.25),
    )
    stage.curve(
        [
            (x - wide * 0.44, y - wide * 0.1),
            (x - wide * 0.24, y - wide * 0.08),
            (x - wide * 0.24, y + wide * 0.04),
            (x - wide * 0.44, y + wide * 0.03),
        ],
        (240, 236, 226),
    )
    stage.draw.rectangle((x + wide * 0.46, y - wide * 0.12, x + wide / 2, y + wide * 0.34), fill=frame)


def stairs(stage: Stage, x: float) -> None:
    foot, step = ground(stage, 0.05), stage.unit * 0.045
    side = 1 if x < stage.width / 2 else -1
    for i in range(9):
        left, top = x - side * step * i, foot - step * (9 - i) * 0 - step * i
        tone = mix(stage.colours.floor, stage.colours.dark, 0.15 + 0.05 * i)
        stage.draw.rectangle(
            (min(left, left - side * step * 4), top - step, max(left, left - side * step * 4), foot),
            fill=tone,
        )


def mirror(stage: Stage, x: float) -> None:
    y, wide, tall = stage.height * 0.3, stage.unit * 0.08, stage.unit * 0.12
    stage.draw.ellipse(
        (x - wide * 1.15, y - tall * 1.1, x + wide * 1.15, y + tall * 1.1),
        fill=mix(stage.colours.floor, stage.colours.glow, 0.4),
    )
    stage.draw.ellipse((x - wide, y - tall, x + wide, y + tall), fill=mix(stage.colours.sky, stage.colours.wall, 0.5))
    stage.draw.line(
        (x - wide * 0.4, y + tall * 0.4, x + wide * 0.4, y - tall * 0.4),
        fill=shade(stage.colours.wall, 1.5),
        width=3,
    )


def chair(stage: Stage, x: float) -> None:
    y, wide = ground(stage, 0.5), stage.unit * 0.15
    cloth = (
        mix((120, 52, 44), stage.colours.dark, 0.3)
        if stage.scene.look == "watercolour"
        else shade(stage.colours.floor, 0.7)
    )
    stage.curve(
        [
            (x - wide / 2, y),
            (x - wide * 0.55, y - wide * 1.2),
            (x, y - wide * 1.4),
            (x + wide * 0.55, y - wide * 1.2),
            (x + wide / 2, y),
        ],
        cloth,
    )
    stage.curve(
        [
            (x - wide * 0.6, y - wide * 0.3),
            (x + wide * 0.6, y - wide * 0.3),
            (x + wide * 0.66, y + wide * 0.2),
            (x - wide * 0.66, y + wide * 0.2),
        ],
        shade(cloth, 1.15),
    )
