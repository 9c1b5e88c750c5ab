"""Ways back, tried in order: the newest checkpoint, the one before it, the journal from its start; then the
journal's rest. Reading changes nothing on disk, so a second process may do it too (``status``)."""

from pathlib import Path
from typing import Literal

import msgspec

from core.state import RunState
from core.store import checkpoint
from core.store.disk import Disk
from core.store.journal import Findings, Journal
from core.store.mending import apply_over_gaps

Source = Literal["fresh", "checkpoint", "previous checkpoint", "journal"]


class Recovered(msgspec.Struct):
    """The state as far as the disk knows it, and how it was found."""

    state: RunState
    source: Source
    findings: Findings
    repairs: list[str]

    @property
    def in_doubt(self) -> int:
        """Attempts that were under way or in doubt at the end."""
        return sum(1 for panel in self.state.panels.values() if panel.attempt)

    @property
    def clean(self) -> bool:
        """Whether the run before ended in order."""
        return self.state.phase in ("idle", "ended")


def recover(disk: Disk, folder: Path, journal: Journal) -> Recovered:
    """Read checkpoint and journal of the project whose ``.novelgen`` is ``folder``. Raises DiskError, NewerJournal."""
    repairs: list[str] = []
    state, source = _checkpointed(disk, folder, repairs)
    findings = Findings()
    for record in journal.records(state.seq, findings):
        if misfit := apply_over_gaps(state, record):
            repairs.append(misfit)
            state.seq = record.seq
    if source == "journal" and not findings.records and not repairs:
        source = "fresh"
    return Recovered(state, source, findings, repairs)


def _checkpointed(disk: Disk, folder: Path, repairs: list[str]) -> tuple[RunState, Source]:
    ways: tuple[tuple[str, Source], ...] = (
        (checkpoint.NAME, "checkpoint"),
        (checkpoint.PREVIOUS, "previous checkpoint"),
    )
    for name, source in ways:
        try:
            state = checkpoint.load(disk, folder / name)
        except checkpoint.BrokenCheckpoint as error:
            repairs.append(f"{name} cannot be used ({error}); going one step back")
            continue
        if state is not None:
            return state, source
    return RunState(), "journal"
