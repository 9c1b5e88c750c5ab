"""Places that people built: streets and rooms."""

from core.easel.painter.palette import Colour, mix, shade
from core.easel.painter.stage import Point, Stage, lens


def city(stage: Stage) -> None:
    colours, rng = stage.colours, stage.rng
    _house_row(stage, stage.horizon, 0.1, 0.26, mix(colours.far, colours.horizon, 0.4), windows=False)
    _house_row(stage, stage.horizon + stage.unit * 0.02, 0.08, 0.2, mix(colours.far, colours.dark, 0.3), windows=True)
    ground = mix(colours.floor, colours.dark, 0.25)
    stage.wash(
        stage.horizon + stage.unit * 0.02,
        stage.height,
        mix(ground, colours.horizon, 0.4),
        ground,
        shade(ground, 0.8),
    )
    vanish = (stage.width * rng.uniform(0.42, 0.58), stage.horizon)
    for side in (0, 1):
        edge = 0 if side == 0 else stage.width
        reach = stage.width * rng.uniform(0.2, 0.28)
        inner = edge + (reach if side == 0 else -reach)
        part = (inner - edge) / (vanish[0] - edge)
        top, foot = stage.height * rng.uniform(-0.25, 0.05), stage.height * 1.02
        inner_top, inner_foot = top + (vanish[1] - top) * part, foot + (vanish[1] - foot) * part
        wall = mix(colours.wall, colours.dark, 0.45 + 0.1 * side)
        stage.draw.polygon([(edge, top), (inner, inner_top), (inner, inner_foot), (edge, foot)], fill=wall)
        for floor in range(4):
            for column in range(2):
                _wall_window(stage, edge, inner, vanish, (top, foot), (column * 0.45 + 0.12, floor * 0.2 + 0.12))
    for _ in range(60):
        near = rng.random()
        x, y = (
            rng.uniform(0.15, 0.85) * stage.width,
            stage.horizon + (stage.height - stage.horizon) * (0.1 + 0.9 * near),
        )
        stage.draw.polygon(
            lens(x, y, stage.unit * 0.05 * near + 3, stage.unit * 0.004 * near + 1), fill=shade(ground, 1.1)
        )


def room(stage: Stage) -> None:
    colours, rng = stage.colours, stage.rng
    lit = stage.scene.time in ("night", "dusk")
    wall = mix(colours.wall, rng.choice(((96, 120, 110), (150, 100, 84), (104, 112, 140), (170, 150, 110))), 0.3)
    if stage.scene.look != "watercolour":
        wall = colours.wall
    left, right = stage.width * rng.uniform(0.1, 0.24), stage.width * rng.uniform(0.76, 0.9)
    top, foot = stage.height * 0.1, min(stage.height * 0.8, stage.horizon + stage.unit * 0.1)
    stage.wash(0, stage.height, shade(wall, 0.78), wall, shade(wall, 0.94))
    stage.blotches(foot, shade(wall, 1.12), 0.5)
    stage.draw.polygon([(0, 0), (left, top), (left, foot), (0, stage.height * 1.05)], fill=shade(wall, 0.7))
    stage.draw.polygon(
        [(stage.width, 0), (right, top), (right, foot), (stage.width, stage.height * 1.05)],
        fill=shade(wall, 0.82),
    )
    stage.draw.polygon([(0, 0), (stage.width, 0), (right, top), (left, top)], fill=shade(wall, 0.6 if lit else 1.12))
    floor = [
        (left, foot),
        (right, foot),
        (stage.width * 1.1, stage.height),
        (-stage.width * 0.1, stage.height),
    ]
    stage.draw.polygon(floor, fill=colours.floor)
    vanish = ((left + right) / 2, stage.horizon - stage.unit * 0.1)
    for i in range(-6, 19):
        x = stage.width * i / 12
        part = (stage.height - foot) / (stage.height - vanish[1])
        stage.draw.line(
            (x, stage.height, x + (vanish[0] - x) * part, foot),
            fill=shade(colours.floor, 0.8),
            width=max(1, round(stage.unit / 340)),
        )
    skirting = shade(wall, 0.62)
    stage.draw.line([(left, foot), (right, foot)], fill=skirting, width=round(stage.unit * 0.012))
    if not lit and "window" not in stage.scene.props:
        stage.glow(stage.width * rng.choice((0.2, 0.8)), stage.height * 0.3, stage.unit * 0.6, colours.glow, 0.4)


def _wall_window(
    stage: Stage,
    edge: float,
    inner: float,
    vanish: Point,
    wall: tuple[float, float],
    where: tuple[float, float],
) -> None:
    top, foot = wall

    def at(u: float, v: float) -> Point:
        x = edge + (inner - edge) * u
        y = top + (foot - top) * v
        return x, y + (vanish[1] - y) * ((x - edge) / (vanish[0] - edge))

    u, v = where
    burns = stage.scene.time in ("night", "dusk") and stage.rng.random() < 0.45
    colour = stage.colours.glow if burns else mix(stage.colours.dark, stage.colours.sky, 0.25)
    corners = [at(u, v), at(u + 0.26, v), at(u + 0.26, v + 0.12), at(u, v + 0.12)]
    stage.draw.polygon(corners, fill=colour)
    if burns:
        x, y = corners[0]
        stage.light(x, y, stage.unit * 0.22, (120, 90, 50))


def _house_row(stage: Stage, foot: float, low: float, high: float, colour: Colour, *, windows: bool) -> None:
    rng, x = stage.rng, -10.0
    while x < stage.width:
        wide, tall = stage.unit * rng.uniform(0.07, 0.15), stage.unit * rng.uniform(low, high)
        roof = tall * rng.uniform(0.15, 0.4)
        tone = shade(colour, rng.uniform(0.88, 1.08))
        stage.draw.polygon(
            [
                (x, foot),
                (x, foot - tall),
                (x + wide / 2, foot - tall - roof),
                (x + wide, foot - tall),
                (x + wide, foot),
            ],
            fill=tone,
        )
        chimney = x + wide * rng.uniform(0.15, 0.75)
        stage.draw.rectangle((chimney, foot - tall - roof, chimney + wide * 0.12, foot - tall), fill=shade(tone, 0.85))
        if windows:
            for i in range(3):
                burns = stage.scene.time in ("night", "dusk") and rng.random() < 0.4
                left = x + wide * (0.16 + 0.26 * i)
                fill = stage.colours.glow if burns else shade(tone, 0.7)
                stage.draw.rectangle((left, foot - tall * 0.75, left + wide * 0.14, foot - tall * 0.5), fill=fill)
        x += wide * rng.uniform(0.85, 1.05)
