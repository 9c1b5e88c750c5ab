"""What stands about: which things a scene gets, and where there is room for them beside the people."""

from collections.abc import Callable

from core.easel.painter import furniture, landmarks
from core.easel.painter.stage import Stage

#: More than this and a picture becomes a stall.
MOST = 4


def paint_props(stage: Stage) -> None:
    """Draw the scene's first few props, the far ones first."""
    wanted = [p for p in _DRAW if p in stage.scene.props][:MOST]
    table: float | None = None
    sides = [0.16, 0.84, 0.3, 0.7]
    if stage.rng.random() < 0.5:
        sides = [1 - side for side in sides]
    for prop, side in zip(wanted, sides, strict=False):
        x = stage.width * (side + stage.rng.uniform(-0.03, 0.03))
        if prop == "table":
            table = x
        elif prop in ("book", "letter") and table is not None:
            x = table
        _DRAW[prop](stage, x)


#: Far things first: what comes later is painted over what comes earlier.
_DRAW: dict[str, Callable[[Stage, float], None]] = {
    "bird": landmarks.bird,
    "tower": landmarks.tower,
    "machine": landmarks.machine,
    "boat": landmarks.boat,
    "bridge": landmarks.bridge,
    "window": furniture.window,
    "fire": furniture.fire,
    "door": furniture.door,
    "clock": furniture.clock,
    "mirror": furniture.mirror,
    "stairs": furniture.stairs,
    "tree": landmarks.tree,
    "grave": landmarks.grave,
    "bed": furniture.bed,
    "telescope": landmarks.telescope,
    "table": furniture.table,
    "candle": furniture.candle,
    "book": furniture.page,
    "letter": furniture.page,
    "chair": furniture.chair,
}
