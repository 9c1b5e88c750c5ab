"""Things under the sky. Each is drawn about ``x`` on the stage it is given."""

import math

from core.easel.painter.furniture import FLAME, ground
from core.easel.painter.palette import mix, shade
from core.easel.painter.stage import Stage


def tree(stage: Stage, x: float) -> None:
    colours, rng = stage.colours, stage.rng
    foot, tall = ground(stage, 0.3), stage.unit * rng.uniform(0.5, 0.62)
    trunk = stage.unit * 0.022
    bark = mix(colours.dark, colours.floor, 0.3)
    stage.draw.polygon(
        [
            (x - trunk, foot),
            (x - trunk * 0.5, foot - tall * 0.6),
            (x + trunk * 0.6, foot - tall * 0.6),
            (x + trunk * 1.3, foot),
        ],
        fill=bark,
    )
    for i in range(11):
        angle, out = i * 2.4, stage.unit * 0.11 * rng.uniform(0.3, 1.1)
        cx, cy = x + math.cos(angle) * out * 1.2, foot - tall * 0.72 + math.sin(angle) * out
        radius = stage.unit * rng.uniform(0.05, 0.085)
        tone = (
            mix(colours.mid, colours.dark, rng.uniform(0.1, 0.6))
            if cy > foot - tall * 0.72
            else shade(colours.mid, 1.08)
        )
        stage.curve(
            [
                (
                    cx + math.cos(a) * radius * rng.uniform(0.8, 1.2),
                    cy + math.sin(a) * radius * rng.uniform(0.7, 1.1),
                )
                for a in (0, 0.9, 1.8, 2.7, 3.6, 4.5, 5.4)
            ],
            tone,
        )


def boat(stage: Stage, x: float) -> None:
    y, size = stage.horizon + stage.unit * 0.07, stage.unit * 0.2
    hull = mix(stage.colours.dark, stage.colours.floor, 0.25)
    sail = mix((238, 228, 204), stage.colours.horizon, 0.3)
    stage.draw.line((x, y, x, y - size * 1.25), fill=hull, width=max(2, round(size * 0.03)))
    stage.curve(
        [
            (x + size * 0.03, y - size * 1.2),
            (x + size * 0.55, y - size * 0.2),
            (x + size * 0.03, y - size * 0.15),
        ],
        sail,
    )
    stage.curve(
        [
            (x - size * 0.03, y - size * 1.05),
            (x - size * 0.42, y - size * 0.18),
            (x - size * 0.03, y - size * 0.15),
        ],
        shade(sail, 0.85),
    )
    stage.draw.polygon(
        [
            (x - size * 0.55, y - size * 0.1),
            (x + size * 0.62, y - size * 0.1),
            (x + size * 0.42, y + size * 0.12),
            (x - size * 0.4, y + size * 0.12),
        ],
        fill=hull,
    )
    stage.glow(x, y + size * 0.2, size * 0.7, stage.colours.dark, 0.35)


def tower(stage: Stage, x: float) -> None:
    foot, wide, tall = stage.horizon + stage.unit * 0.03, stage.unit * 0.1, stage.unit * 0.36
    stone = mix(stage.colours.far, stage.colours.dark, 0.5)
    for offset, scale in ((-0.9, 0.55), (0.95, 0.7), (0, 1.0)):
        cx, half, high = x + wide * offset, wide * 0.5 * (0.7 + 0.3 * scale), tall * scale
        stage.draw.polygon(
            [
                (cx - half, foot),
                (cx - half * 0.84, foot - high),
                (cx + half * 0.84, foot - high),
                (cx + half, foot),
            ],
            fill=stone,
        )
        stage.draw.polygon(
            [(cx - half, foot - high), (cx, foot - high - wide * 0.9 * scale), (cx + half, foot - high)],
            fill=shade(stone, 0.75),
        )
        light = stage.colours.glow if stage.scene.time in ("night", "dusk") else shade(stone, 0.5)
        stage.draw.rectangle((cx - half * 0.18, foot - high * 0.78, cx + half * 0.18, foot - high * 0.62), fill=light)
        if light == stage.colours.glow:
            stage.light(cx, foot - high * 0.7, stage.unit * 0.16, (150, 110, 60))
        stone = shade(stone, 0.93)


def bird(stage: Stage, x: float) -> None:
    for i in range(5):
        size = stage.unit * stage.rng.uniform(0.014, 0.034)
        bx, by = x + stage.unit * stage.rng.uniform(-0.2, 0.2), stage.height * stage.rng.uniform(0.08, 0.3)
        wings = [
            (bx - size, by - size * 0.5),
            (bx - size * 0.4, by - size * 0.55),
            (bx, by),
            (bx + size * 0.4, by - size * 0.6),
            (bx + size, by - size * (0.3 + 0.1 * i)),
            (bx, by + size * 0.2),
        ]
        stage.draw.polygon(wings, fill=stage.colours.dark)


def bridge(stage: Stage, x: float) -> None:
    y, thick = stage.horizon + stage.unit * 0.08, stage.unit * 0.05
    stone = mix(stage.colours.far, stage.colours.dark, 0.4)
    stage.draw.rectangle((0, y - thick * 1.6, stage.width, y), fill=stone)
    span = stage.width / 4
    for i in range(5):
        stage.draw.rectangle((span * i - thick * 0.4, y, span * i + thick * 0.4, y + thick * 2), fill=shade(stone, 0.8))
        stage.draw.arc(
            (span * i, y - thick * 0.2, span * (i + 1), y + thick * 3.4),
            180,
            360,
            fill=stone,
            width=round(thick * 0.6),
        )


def grave(stage: Stage, x: float) -> None:
    for i in range(4):
        cx, near = x + stage.unit * (i - 1.5) * 0.13, 0.2 + 0.14 * (i % 2)
        y, size = ground(stage, near), stage.unit * 0.05 * (1 + near)
        stone = mix(stage.colours.far, stage.colours.dark, 0.25 + 0.1 * i)
        stage.draw.rectangle((cx - size / 2, y - size, cx + size / 2, y), fill=stone)
        stage.draw.pieslice((cx - size / 2, y - size * 1.5, cx + size / 2, y - size * 0.5), 180, 360, fill=stone)


def machine(stage: Stage, x: float) -> None:
    foot, tall = ground(stage, 0.14), stage.unit * 0.5
    metal = mix(stage.colours.dark, stage.colours.sky, 0.25)
    for side in (-0.34, 0.04, 0.36):
        stage.draw.line(
            [(x, foot - tall), (x + tall * side * 0.8, foot - tall * 0.45), (x + tall * side, foot)],
            fill=metal,
            width=max(3, round(stage.unit * 0.012)),
            joint="curve",
        )
    stage.curve(
        [
            (x - tall * 0.3, foot - tall),
            (x, foot - tall * 1.24),
            (x + tall * 0.3, foot - tall),
            (x, foot - tall * 0.88),
        ],
        metal,
    )
    stage.draw.ellipse((x - tall * 0.05, foot - tall * 1.08, x + tall * 0.05, foot - tall * 0.98), fill=FLAME)
    stage.light(x, foot - tall, stage.unit * 0.3, (160, 120, 60))


def telescope(stage: Stage, x: float) -> None:
    foot, size = ground(stage, 0.3), stage.unit * 0.26
    brass = mix((176, 136, 66), stage.colours.dark, 0.3)
    lean = 1 if x < stage.width / 2 else -1
    for side in (-0.3, 0.3, 0.05):
        stage.draw.line(
            (x, foot - size * 0.7, x + size * side, foot),
            fill=stage.colours.dark,
            width=max(2, round(size * 0.03)),
        )
    stage.draw.line(
        (x - lean * size * 0.4, foot - size * 0.5, x + lean * size * 0.6, foot - size * 1.1),
        fill=brass,
        width=round(size * 0.14),
    )
