"""A simulated night: the real engine, queue, pool, pacing, ETA and store under trio's mock clock.

Deterministic from its seed. The process can be killed at any moment and started again on the same (in-memory)
disk; the site outside goes on. Invariants are checked at every event.
"""

from dataclasses import dataclass, field

from core import events as ev
from core.fold import apply
from core.state import PanelStatus, RunState

EPOCH = 1_800_000_000.0
"""The wall clock at the start of every night."""


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass
class Watcher:
    """Checks the invariants at every record, on a fold of its own."""

    tabs: int
    state: RunState = field(default_factory=RunState)
    finished: dict[str, str] = field(default_factory=dict)  #: panel -> sha256 of its picture
    records: int = 0

    def see(self, record: ev.Record) -> None:
        if record.seq != self.state.seq + 1:
            raise Broken(f"record {record.seq} after {self.state.seq}")
        before = {p.id for p in self.state.panels.values() if p.status is PanelStatus.FINISHED}
        apply(self.state, record)
        self.records += 1
        event = record.event
        if isinstance(event, ev.AttemptStarted) and event.panel in before:
            raise Broken(f"{event.panel} was finished and is asked for again")
        if isinstance(event, ev.PanelFinished) and event.panel in before:
            raise Broken(f"{event.panel} is finished twice")
        busy = [tab.panel for tab in self.state.tabs.values() if tab.panel]
        if len(busy) != len(set(busy)):
            raise Broken(f"two tabs draw the same panel: {busy}")
        if len(busy) > self.tabs:
            raise Broken(f"{len(busy)} in flight on {self.tabs} tabs")
