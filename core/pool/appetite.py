"""What the pages of this run hold when they are new, and what every picture adds to them, learned by measuring."""

from collections.abc import Sequence

from core.pool.tab import Tab

BELIEF = 0.5
"""How much the newest measurement counts against all before."""


class Appetite:
    """Bytes. ``per_picture`` is 0 until pictures were drawn between two measurements, ``young`` until pages were."""

    def __init__(self) -> None:
        self.per_picture = 0
        self.young = 0
        self.learned = False  # whether anything is known of what a picture adds
        self._before: tuple[set[tuple[str, int]], int, int] = (set(), 0, 0)  # pages, bytes in all, pictures in all

    def learn(self, tabs: Sequence[Tab], used: int, completed: int) -> None:
        """All that is open was just measured: ``tabs``, ``used`` bytes in all; ``completed`` pictures are drawn."""
        known = [tab for tab in tabs if tab.memory and tab.pictures > tab.first_pictures]
        pages = {(tab.id, tab.generation) for tab in tabs}
        before, used_before, completed_before = self._before
        self._before = pages, used, completed
        if known:
            grown = sum(tab.memory - tab.first_memory for tab in known)
            self._grew(grown, sum(tab.pictures - tab.first_pictures for tab in known))
        elif pages == before and completed > completed_before and not self.per_picture:
            self._grew(used - used_before, completed - completed_before)  # which page took it is not known yet
        leans = [self.lean(tab) for tab in tabs if tab.memory]
        if leans:
            self.young = sum(leans) // len(leans)

    def _grew(self, bytes_: int, pictures: int) -> None:
        self.learned = True
        each = max(0, bytes_) / pictures
        self.per_picture = int(BELIEF * each + (1 - BELIEF) * (self.per_picture or each))

    def lean(self, tab: Tab) -> int:
        """Bytes its page held before its first picture: as measured then, else reckoned back, but never to nothing."""
        drawn_before = self.per_picture * tab.first_pictures
        return max(tab.first_memory // 2, tab.first_memory - drawn_before)
