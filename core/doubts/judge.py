"""What speaks against a picture, in sentences: blank, nearly another one, another shape, other colours."""

from collections.abc import Sequence
from operator import sub
from statistics import median

from core.doubts.look import colour_path, shape_distance
from core.pictures import Look

BLANK_SPREAD, BLANK_ENTROPY = 3.0, 1.0
"""Standard deviation of the greys, and their entropy in bits, below which there is next to nothing to see."""

SAME_SHAPES, SAME_COLOURS = 6, 0.1
"""Bits of the dHash, and bins of colour, within which two pictures are taken for one."""

OTHER_SHAPE = 0.25
"""Part by which width over height may miss what was asked for."""

FAR, FAR_FLOOR = 2.8, 0.2
"""Colours are doubted so many times as far from their nearest as is usual in the book, and at least so many bins."""

NEIGHBOURS, ENOUGH = 6, 40
"""How many nearest are compared, and from how many pictures on."""

COMPARED, SAMPLE = 600, 40
"""Pictures that colours are compared with at most (evenly over the book), and those the usual is measured on."""

GROWN = 1.1
"""What is usual is looked at again when the book has grown to so many times what it was."""

Path = Sequence[int]


class Judge:
    """Knows every picture it was told of; a picture is judged against all the others.

    A doubt is a reason to look, not a verdict: a night scene in a sunny book is doubted too. Doubts get better as
    the book fills, so they are worth asking for again.
    """

    def __init__(self) -> None:
        self._looks: dict[str, Look] = {}
        self._paths: dict[str, Path] = {}
        self._compared: list[str] = []
        self._usual = 0.0
        self._choose_at = 0  # so many pictures, and what is usual is looked at again

    @property
    def known(self) -> int:
        """How many pictures it knows."""
        return len(self._looks)

    def knows(self, panel: str) -> bool:
        """Whether it was told of the picture of ``panel``."""
        return panel in self._looks

    def learn(self, panel: str, look: Look) -> None:
        """Know the picture of ``panel``, instead of an earlier one of it."""
        self._looks[panel] = look
        self._paths[panel] = colour_path(look.colours)

    def forget(self, panel: str) -> None:
        """The panel has no picture any more."""
        if self._looks.pop(panel, None) is not None:
            del self._paths[panel]
            self._choose_at = 0

    def judge(self, panel: str, aspect: float | None = None) -> tuple[str, ...]:
        """Doubts about the picture of a known ``panel``, a sentence each; ``aspect``: width over height asked for."""
        look = self._looks[panel]
        doubts = []
        if _blank(look):
            doubts.append("it is blank, or nearly")
        else:
            if twin := self._twin(panel, look):
                doubts.append(f"it is nearly the same picture as {twin}")
            if (times := self._other_colours(panel)) is not None:
                doubts.append(f"its colours are {times:.1f} times as far from the other pictures' as is usual")
        if aspect is not None and abs(look.width / max(1, look.height) / aspect - 1.0) > OTHER_SHAPE:
            doubts.append(f"it is {look.width}x{look.height}, which is not the shape that was asked for")
        return tuple(doubts)

    def _twin(self, panel: str, look: Look) -> str | None:
        """A panel known before this one with nearly the same picture: of two, the later is doubted."""
        mine = self._paths[panel]
        for other, known in self._looks.items():
            if other == panel:
                return None
            if shape_distance(look, known) <= SAME_SHAPES and _bins(mine, self._paths[other]) <= SAME_COLOURS:
                return other
        return None

    def _other_colours(self, panel: str) -> float | None:
        """How many times as far as usual, None where that is not far or where too little is known."""
        if len(self._looks) >= self._choose_at:
            self._choose()
        if len(self._compared) < ENOUGH:
            return None
        mine = self._nearness(panel)
        times = mine / max(self._usual, 1e-6)
        return times if times > FAR and mine > FAR_FLOOR else None

    def _choose(self) -> None:
        """Which pictures colours are compared with, and how near they are to each other as a rule."""
        self._choose_at = int(len(self._looks) * GROWN) + 1
        drawn = [id for id, look in self._looks.items() if not _blank(look)]
        self._compared = drawn[:: max(1, len(drawn) // COMPARED)]
        if len(self._compared) >= ENOUGH:
            sample = self._compared[:: max(1, len(self._compared) // SAMPLE)]
            self._usual = median(self._nearness(id) for id in sample)

    def _nearness(self, panel: str) -> float:
        """Mean distance to the nearest few of the compared, in bins."""
        mine = self._paths[panel]
        distances = sorted(_bins(mine, self._paths[id]) for id in self._compared if id != panel)
        return sum(distances[:NEIGHBOURS]) / NEIGHBOURS


def _blank(look: Look) -> bool:
    return look.spread < BLANK_SPREAD or look.entropy < BLANK_ENTROPY


def _bins(one: Path, other: Path) -> float:
    """How far the colours of one have to be moved to become the other's, in bins (mean of L, a and b; 0 to 15)."""
    return float(sum(map(abs, map(sub, one, other)))) / 765
