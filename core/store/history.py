"""The past: every record there ever was, and the state at any moment of it. Takes no lock and writes nothing."""

from collections.abc import Iterator
from pathlib import Path

from core.events import Record
from core.state import RunState
from core.store import checkpoint
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.journal import Journal
from core.store.mending import apply_over_gaps


def records(project: Path, *, after: int = 0, disk: Disk | None = None) -> Iterator[Record]:
    """All records past number ``after``, in order; damaged ones are left out. Memory: one segment at a time."""
    return Journal(Disk() if disk is None else disk, project / FOLDER).records(after)


def state_at(project: Path, *, at: float | None = None, seq: int | None = None, disk: Disk | None = None) -> RunState:
    """The state at a past moment (wall clock, seconds since the epoch), after a record, or by default the latest.

    The wall clock may have been set back meanwhile: the moment is over at the first record later than it.
    """
    state = RunState() if seq is None else _checkpoint_before(project, seq, Disk() if disk is None else disk)
    for record in records(project, after=state.seq, disk=disk):
        if (seq is not None and record.seq > seq) or (at is not None and record.at > at):
            break
        apply_over_gaps(state, record)
    return state


def _checkpoint_before(project: Path, seq: int, disk: Disk) -> RunState:
    for name in (checkpoint.NAME, checkpoint.PREVIOUS):
        try:
            state = checkpoint.load(disk, project / FOLDER / name)
        except checkpoint.BrokenCheckpoint:
            continue
        if state is not None and state.seq <= seq:
            return state
    return RunState()
