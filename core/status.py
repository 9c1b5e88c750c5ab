"""How a project stands, read from its disk by anybody, whether or not it is being run."""

from pathlib import Path

from core.state import RunState
from core.store.store import read


def stored_state(folder: Path) -> RunState:
    """The state as checkpoint and journal know it; takes no lock and writes nothing."""
    return read(folder)
