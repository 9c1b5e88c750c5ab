"""The queue: which panel is next.

It is a view of the state, so it is as persistent as the journal: attempts in doubt first (their pictures
are paid for), then what the user moved to the front, then the book in order. Entries are checked when they
come up, not searched for when they leave, so every step is O(log n).
"""

import heapq

from core.state import PanelState, PanelStatus, RunState


class PanelQueue:
    """Queued panels in drawing order. ``now`` is the run clock in seconds."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._heap: list[tuple[int, int, str]] = []
        self._order: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self.rebuild()

    def rebuild(self) -> None:
        """Read the whole state again (start, reorder, edited script)."""
        self._order = {id: i for i, id in enumerate(self._state.panels)}
        self._heap = [self._entry(p) for p in self._state.panels.values() if p.status is PanelStatus.QUEUED]
        heapq.heapify(self._heap)

    def put(self, id: str, *, not_before: float | None = None) -> None:
        """A panel was queued (again); with ``not_before`` it is passed over until then."""
        if not_before is not None:
            self._not_before[id] = not_before
        else:
            self._not_before.pop(id, None)
        heapq.heappush(self._heap, self._entry(self._state.panels[id]))

    def take(self, now: float) -> PanelState | None:
        """The next panel that may start now, taken out of the queue; None where there is none."""
        passed: list[tuple[int, int, str]] = []
        found = None
        while self._heap and found is None:
            entry = heapq.heappop(self._heap)
            panel = self._state.panels.get(entry[2])
            if panel is None or panel.status is not PanelStatus.QUEUED or entry != self._entry(panel):
                continue  # an entry from before the panel moved on
            if panel.held or self._not_before.get(panel.id, 0.0) > now:
                passed.append(entry)
            else:
                found = panel
        for entry in passed:
            heapq.heappush(self._heap, entry)
        return found

    def next_moment(self) -> float | None:
        """When the earliest panel that rests after a failure may go; None where none rests."""
        moments = [
            moment
            for id, moment in self._not_before.items()
            if (panel := self._state.panels.get(id)) and panel.status is PanelStatus.QUEUED and not panel.held
        ]
        return min(moments, default=None)

    def is_empty(self) -> bool:
        """True where nothing is left that could ever start by itself (held panels do not count)."""
        while self._heap:
            entry = self._heap[0]
            panel = self._state.panels.get(entry[2])
            if panel is not None and panel.status is PanelStatus.QUEUED and entry == self._entry(panel):
                break
            heapq.heappop(self._heap)
        return not any(
            (panel := self._state.panels.get(entry[2])) is not None
            and panel.status is PanelStatus.QUEUED
            and not panel.held
            for entry in self._heap
        )

    def _entry(self, panel: PanelState) -> tuple[int, int, str]:
        if panel.attempt:
            return (0, self._order[panel.id], panel.id)
        if panel.id in self._state.first:
            return (1, self._state.first.index(panel.id), panel.id)
        return (2, self._order[panel.id], panel.id)
