"""What somebody looks like: a name decides build, hair, hat and coat, the same in every panel."""

import random
from dataclasses import dataclass
from functools import lru_cache

from core.easel.painter.palette import Colour
from core.easel.painter.reading import Person

COATS: tuple[Colour, ...] = (
    (146, 58, 50), (58, 84, 126), (66, 98, 74), (190, 142, 62), (104, 66, 108), (116, 84, 58), (44, 46, 62),
    (52, 104, 106), (170, 98, 60), (140, 140, 136),
)  # fmt: skip


_HAIRS: tuple[Colour, ...] = (
    (44, 36, 34),
    (92, 58, 36),
    (134, 66, 40),
    (206, 170, 104),
    (176, 174, 170),
    (30, 30, 40),
)


SKINS: tuple[Colour, ...] = ((238, 206, 178), (224, 184, 150), (196, 148, 112), (142, 98, 72), (104, 70, 54))


_HATS = ("none", "none", "bowler", "top", "cap", "brim")


_HAIRCUTS = ("short", "long", "bun", "bob")


@dataclass(frozen=True)
class Looks:
    """How somebody is drawn. ``tall`` and ``broad`` are factors around 1."""

    coat: Colour
    hair: Colour
    skin: Colour
    haircut: str
    hat: str
    beard: bool
    skirt: bool
    scarf: Colour | None
    tall: float
    broad: float


@lru_cache(maxsize=256)
def looks_of(person: Person) -> Looks:
    """The looks a name stands for, bent by what the prompt says."""
    rng = random.Random(person.name.casefold())
    skirt = rng.random() < 0.45
    tall, broad = rng.uniform(0.93, 1.05), rng.uniform(0.88, 1.14)
    coat, hair, skin = rng.choice(COATS), rng.choice(_HAIRS), rng.choice(SKINS[:3] * 2 + SKINS[3:])
    hat, beard, scarf = rng.choice(_HATS), rng.random() < 0.35, rng.choice((*COATS, None, None, None))
    cuts = rng.sample(_HAIRCUTS, 4)
    skirt = not person.beard and (person.skirt if person.skirt is not None else skirt)
    if skirt:
        beard, haircut, hat = False, next(c for c in cuts if c != "short"), "brim" if hat == "top" else "none"
    else:
        haircut = "short"
    if person.hat and hat == "none":
        hat = "brim" if skirt else "bowler"
    if person.beard is not None:
        beard = person.beard
    if person.child:
        tall, broad, beard = tall * 0.68, broad * 0.86, False
    return Looks(person.clothes or coat, person.hair or hair, skin, haircut, hat, beard, skirt, scarf, tall, broad)
