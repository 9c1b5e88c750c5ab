"""Who stands where: near and large or far and small, as the shot says."""

from core.easel.painter.figures import Figure
from core.easel.painter.looks import COATS, SKINS, looks_of
from core.easel.painter.palette import in_look, mix
from core.easel.painter.stage import Stage


def paint_people(stage: Stage) -> None:
    """Place and draw everybody, nearer and larger as the shot says."""
    scene, rng = stage.scene, stage.rng
    if scene.crowd:
        _paint_crowd(stage)
    count = len(scene.people)
    if not count:
        return
    order = list(scene.people)
    rng.shuffle(order)
    if scene.shot == "close":
        height, feet = stage.height * 1.75, stage.height * 2.0
        room, order = 0.44, order[:2]
    elif scene.shot == "wide":
        feet = stage.horizon + (stage.height - stage.horizon) * rng.uniform(0.42, 0.6)
        height, room = max(stage.unit * 0.22, (feet - stage.horizon) * 1.9), 0.13
    else:
        height, feet, room = stage.height * 0.74, stage.height * 1.06, 0.25
    if scene.angle == "low":
        height *= 1.14
    elif scene.angle == "high":
        height *= 0.84
    count = len(order)
    middle = 0.5 if count > 1 else rng.choice((0.4, 0.5, 0.6))
    room = min(room, 0.8 / count) * stage.unit / stage.width
    for i, person in enumerate(order):
        x = stage.width * (middle + (i - (count - 1) / 2) * room * 1.05)
        facing = 1 if x < stage.width / 2 else -1
        if count == 1:
            facing = rng.choice((-1, 1))
        Figure(stage, looks_of(person), height, facing, rng.choice(("rest", "reach", "hip", "rest"))).paint(x, feet)


def _paint_crowd(stage: Stage) -> None:
    rng, scene = stage.rng, stage.scene
    depth = stage.height - stage.horizon
    beach = 0.3 if scene.place == "sea" else 0.06
    for i in range(16):
        near = beach + 0.22 * i / 16
        foot, tall = stage.horizon + depth * near + stage.unit * 0.06, stage.unit * (0.12 + 0.3 * near)
        x = stage.width * rng.uniform(0.03, 0.97)
        tone = mix(in_look(rng.choice(COATS), scene.look), stage.colours.dark, 0.55 - near)
        wide = tall * 0.16
        stage.curve(
            [
                (x - wide, foot),
                (x - wide * 0.8, foot - tall * 0.8),
                (x, foot - tall * 0.86),
                (x + wide * 0.8, foot - tall * 0.8),
                (x + wide, foot),
            ],
            tone,
        )
        head = tall * 0.085
        stage.draw.ellipse(
            (x - head, foot - tall * 1.02, x + head, foot - tall * 0.82),
            fill=mix(in_look(SKINS[1], scene.look), tone, 0.4),
        )
