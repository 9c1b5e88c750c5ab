"""The queue: which panel is next.

It is a view of the state, so it is as persistent as the journal: attempts in doubt first (their pictures
are paid for), then what the user moved to the front, then the book in order. Entries are checked when they
come up, not searched for when they leave, so every step is O(log n).
"""

import heapq

from core.state import PanelState, PanelStatus, RunState

Entry = tuple[int, int, str]


class PanelQueue:
    """Queued panels in drawing order. ``now`` is the run clock in seconds."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._heap: list[Entry] = []
        self._entries: dict[str, Entry] = {}  # the one entry of each panel that counts
        self._order: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self.rebuild()

    def rebuild(self) -> None:
        """Read the whole state again (start, reorder, edited script)."""
        self._order = {id: i for i, id in enumerate(self._state.panels)}
        queued = (panel for panel in self._state.panels.values() if panel.status is PanelStatus.QUEUED)
        self._entries = {panel.id: self._entry(panel) for panel in queued}
        self._heap = list(self._entries.values())
        heapq.heapify(self._heap)

    def put(self, id: str, *, not_before: float | None = None) -> None:
        """A panel was queued (again); with ``not_before`` it is passed over until then."""
        if not_before is not None:
            self._not_before[id] = not_before
        else:
            self._not_before.pop(id, None)
        entry = self._entry(self._state.panels[id])
        if self._entries.get(id) != entry:
            self._entries[id] = entry
            heapq.heappush(self._heap, entry)

    def take(self, now: float) -> PanelState | None:
        """The next panel that may start now, taken out of the queue; None where there is none."""
        passed: list[Entry] = []
        found = None
        while found is None and (panel := self._first()) is not None:
            entry = heapq.heappop(self._heap)
            if panel.held or self._not_before.get(panel.id, 0.0) > now:
                passed.append(entry)
            else:
                found = panel
                del self._entries[panel.id]
                self._not_before.pop(panel.id, None)
        for entry in passed:
            heapq.heappush(self._heap, entry)
        return found

    def next_moment(self) -> float | None:
        """When the earliest panel that rests after a failure may go; None where none rests."""
        return min((moment for id, moment in self._not_before.items() if self._waits(id)), default=None)

    def holds(self, panels: int) -> bool:
        """True where at least so many wait."""
        return len(self._entries) >= panels

    def is_empty(self) -> bool:
        """True where nothing is left that could ever start by itself (held panels do not count)."""
        self._first()
        return not any(self._waits(entry[2]) for entry in self._heap)

    def _first(self) -> PanelState | None:
        """The panel of the top entry that still counts; entries from before a panel moved on are dropped."""
        while self._heap:
            entry = self._heap[0]
            panel = self._state.panels.get(entry[2])
            if panel is not None and panel.status is PanelStatus.QUEUED and self._entries.get(panel.id) == entry:
                return panel
            heapq.heappop(self._heap)
        return None

    def _waits(self, id: str) -> bool:
        panel = self._state.panels.get(id)
        return panel is not None and panel.status is PanelStatus.QUEUED and not panel.held

    def _entry(self, panel: PanelState) -> Entry:
        if panel.attempt:
            return (0, self._order[panel.id], panel.id)
        if panel.id in self._state.first:
            return (1, self._state.first.index(panel.id), panel.id)
        return (2, self._order[panel.id], panel.id)
