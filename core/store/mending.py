"""Folding records over a gap: what a damaged journal has lost must not take with it what it still has."""

from collections.abc import Iterable

from core import events as ev
from core.fold import apply
from core.state import AttemptState, PanelState, RunState


def apply_over_gaps(state: RunState, record: ev.Record) -> str | None:
    """Fold ``record`` in, although records before it may be missing.

    Panels and attempts it speaks of and nobody has introduced are made up: the script names the panels again at the
    next start. Returns a sentence where even so the record fits nowhere, else None.
    """
    before = state.seq
    try:
        apply(state, record)
    except LookupError:
        pass
    else:
        return None
    _introduce(state, record)
    state.seq = before
    if state.log and state.log[-1].seq == record.seq:
        state.log.pop()
    try:
        apply(state, record)
    except LookupError:
        return f"record {record.seq} fits nothing that is known; passed over"
    return None


def fold_over_gaps(records: Iterable[ev.Record], state: RunState | None = None) -> RunState:
    """All ``records`` in order on top of ``state`` (None: nothing has happened yet), over whatever is missing."""
    state = RunState() if state is None else state
    for record in records:
        apply_over_gaps(state, record)
    return state


def _introduce(state: RunState, record: ev.Record) -> None:
    event = record.event
    panel = getattr(event, "panel", "")
    for id in (panel, *getattr(event, "panels", ())):
        if isinstance(id, str) and id and id not in state.panels:
            state.panels[id] = PanelState(id, 0, 0, 0, "", "")
    attempt = getattr(event, "attempt", "")
    if attempt and attempt not in state.attempts:
        state.attempts[attempt] = AttemptState(attempt, panel, getattr(event, "tab", ""), record.at, "")
