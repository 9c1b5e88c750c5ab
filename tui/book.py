"""The book as the screen walks it: panels in reading order, how each one looks, and how many look so."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from core import events as ev
from core.state import PanelState, PanelStatus, RunState
from tui.glyphs import PANELS

Look = IntEnum("Look", [(name.upper(), index) for index, name in enumerate(PANELS)])
"""A panel's status, and the marks that change how it is shown."""

PROBLEMS = frozenset({Look["FAILED"], Look["REFUSED"]})

_BY_STATUS = {
    PanelStatus.QUEUED: Look["QUEUED"],
    PanelStatus.GENERATING: Look["GENERATING"],
    PanelStatus.FINISHED: Look["FINISHED"],
    PanelStatus.FAILED: Look["FAILED"],
    PanelStatus.REFUSED: Look["REFUSED"],
    PanelStatus.SKIPPED: Look["SKIPPED"],
}


def look_of(panel: PanelState) -> int:
    """How ``panel`` is shown."""
    if panel.status is PanelStatus.QUEUED:
        if panel.held:
            return Look["HELD"]
        if panel.attempt:
            return Look["IN-DOUBT"]
        return Look["REDRAW"] if panel.redraw else Look["QUEUED"]
    if panel.status is PanelStatus.FINISHED and panel.outdated:
        return Look["OUTDATED"]
    if panel.doubtful:
        return Look["DOUBTFUL"]
    return _BY_STATUS[panel.status]


class Span(NamedTuple):
    """A chapter's panels, as indices into ``Book.ids``."""

    number: int
    title: str
    panels: Sequence[int]


Narrowing = Callable[["Book", Sequence[int]], Sequence[int]]
"""Of these panels (indices into the book, rising), those that are wanted."""


class Book:
    """Kept in step with the state by ``touch`` (some panels changed) and ``rebuild`` (the script did)."""

    def __init__(self, state: RunState) -> None:
        self.rebuild(state)

    def rebuild(self, state: RunState) -> None:
        """Read everything anew; the filter is dropped."""
        self._panels = state.panels
        panels = list(state.panels.values())  # in the order of the script, whatever its chapters' numbers are
        self.ids = [panel.id for panel in panels]
        self.index = {id: index for index, id in enumerate(self.ids)}
        self.looks = bytearray(look_of(panel) for panel in panels)
        self.counts = [self.looks.count(look) for look in range(len(PANELS))]
        titles = {chapter.number: chapter.title for chapter in state.chapters}
        starts = [i for i, p in enumerate(panels) if i == 0 or p.chapter != panels[i - 1].chapter]
        self.chapters = [
            Span(panels[start].chapter, titles.get(panels[start].chapter, ""), range(start, end))
            for start, end in pairwise([*starts, len(panels)])
        ]
        self.shown: Sequence[int] = range(len(panels))
        self._wanted: Narrowing | None = None
        self._sought: Narrowing | None = None  # what is being found ahead, and what of it is
        self._words: list[str] = []

    def panel(self, index: int) -> PanelState | None:
        """The panel at ``index``, None outside the book."""
        return self._panels.get(self.ids[index]) if 0 <= index < len(self.ids) else None

    def touch(self, ids: Iterable[str]) -> list[int]:
        """Look at these panels again; returns the indices of those that look different now."""
        changed = []
        for id in ids:
            index = self.index.get(id)
            if index is None:
                continue
            look = look_of(self._panels[id])
            if self._sought is not None:
                self._meanwhile.add(index)
            if index < len(self._words):
                self._words[index] = _words_of(self._panels[id])
            if look != self.looks[index]:
                self.counts[self.looks[index]] -= 1
                self.counts[look] += 1
                self.looks[index] = look
                changed.append(index)
        return changed

    # --- finding ---

    @property
    def words(self) -> Sequence[str]:
        """Each panel's id, text and message, ready to be searched whatever the case."""
        self.read(len(self.ids))
        return self._words

    def read(self, count: int) -> bool:
        """Make ``words`` of ``count`` more panels ready; True while there are more still."""
        first = len(self._words)
        self._words += [_words_of(self._panels[id]) for id in self.ids[first : first + count]]
        return len(self._words) < len(self.ids)

    def find(self, wanted: "Narrowing", count: int) -> bool:
        """Look for what may be shown next, in ``count`` more panels; True while there are more still."""
        if wanted is not self._sought:
            self._sought, self._looked, self._found = wanted, 0, []
            self._meanwhile: set[int] = set()
        first, self._looked = self._looked, min(len(self.ids), self._looked + count)
        self._found += wanted(self, range(first, self._looked))
        return self._looked < len(self.ids)

    @property
    def filtered(self) -> bool:
        return self._wanted is not None

    def show(self, wanted: "Narrowing | None") -> None:
        """Show only the panels that ``wanted`` leaves of all; None shows all."""
        self._wanted = wanted
        if wanted is None:
            self.shown = range(len(self.ids))
            return
        self.find(wanted, len(self.ids))
        self.shown, self._sought = self._found, None
        self.look_again(self._meanwhile)

    def look_again(self, panels: Iterable[int]) -> bool:
        """These panels have changed; returns whether others are shown now."""
        if self._wanted is None or not isinstance(self.shown, list):
            return False
        changed, others = sorted(panels), False
        wanted = set(self._wanted(self, changed))
        for panel in changed:
            at = bisect_left(self.shown, panel)
            here = at < len(self.shown) and self.shown[at] == panel
            if here != (panel in wanted):
                others = True
                self.shown[at : at + here] = () if here else (panel,)
        return others

    def is_shown(self, panel: int) -> bool:
        at = bisect_left(self.shown, panel)
        return at < len(self.shown) and self.shown[at] == panel

    def spans(self) -> list[Span]:
        """The chapters with the panels that are shown; chapters without any are left out."""
        if not self.filtered:
            return self.chapters
        found = []
        for number, title, panels in self.chapters:
            first = bisect_left(self.shown, panels[0])
            last = bisect_left(self.shown, panels[-1] + 1)
            if last > first:
                found.append(Span(number, title, self.shown[first:last]))
        return found

    def next_problem(self, index: int, step: int) -> int | None:
        """The nearest failed or refused panel after (``step`` 1) or before (-1) ``index``, going round."""
        size = len(self.ids)
        looks = self.looks
        return next(
            (i for n in range(1, size + 1) if looks[i := (index + step * n) % size] in PROBLEMS),
            None,
        )


def _words_of(panel: PanelState) -> str:
    return f"{panel.id}\n{panel.text}\n{panel.message}".casefold()


def touched(event: ev.Event) -> Sequence[str]:
    """The ids of the panels an event may have changed."""
    panel = getattr(event, "panel", None)
    if panel is not None:
        return (panel,)
    panels = getattr(event, "panels", ())
    return panels if isinstance(event, _MANY) else ()


REBUILDS = (ev.BookPlanned, ev.PanelsPlanned, ev.PanelsDropped, ev.PanelsRenamed)
"""Events after which the book has other panels."""

_MANY = (ev.PanelsQueued, ev.PanelsSkipped, ev.PanelsHeld, ev.PanelsMovedFirst, ev.PanelsKept)
