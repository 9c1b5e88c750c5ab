"""What ``status`` and ``sites`` print."""

from pathlib import Path
from typing import Any

import humanize
import msgspec

from core.attach import live_state
from core.eta import end_in_words
from core.project import load
from core.state import RunState
from core.status import search, stored_state
from tui.printed import printed, printed_json


def print_status(folder: Path, *, as_json: bool) -> None:
    """Counts and figures of the project in ``folder``: from its run where one is going on, else from its disk."""
    load(folder)  # a folder that is no project is told so, by the same sentence as everywhere
    state = live_state(folder) or stored_state(folder)
    if as_json:
        printed_json(as_document(state))
        return
    counts = ", ".join(f"{count} {status}" for status, count in state.counts().items() if count)
    printed(f"{state.title or folder}: {state.phase}")
    printed(f"  panels   {len(state.panels)}: {counts or 'none planned yet'}")
    if state.phase in ("running", "pausing"):
        printed(f"  end      {end_in_words(state, state.at)}")
    if state.sentence:
        printed(f"  because  {state.sentence}")
    figures = state.metrics.figures(state.at)
    if figures.images_per_minute is not None:
        printed(f"  speed    {figures.images_per_minute:.1f} pictures a minute")
    printed(f"  memory   {humanize.naturalsize(state.memory.peak, binary=True)} at its peak")


def print_panels(folder: Path, *, failed: bool, words: str, as_json: bool) -> None:
    """One line a panel that is looked for: where it stands, and what was said of it."""
    load(folder)
    found = search(folder, failed=failed, words=words)
    if as_json:
        printed_json({"panels": found})
        return
    for panel in found:
        said = panel.sentence or panel.text
        printed(f"{panel.panel}  {panel.status:10}  {said}")
    if not found:
        printed("No panel failed or was refused." if failed and not words else "No such panel.")


def as_document(state: RunState) -> dict[str, Any]:
    """The stable shape of ``status --json``."""
    counts = {str(status): count for status, count in state.counts().items()}
    return {
        "title": state.title,
        "state": state.phase,
        "reason": state.sentence,
        "run": state.run,
        "panels": {"total": len(state.panels), **counts},
        "eta": {"seconds": state.eta.seconds, "low": state.eta.low, "high": state.eta.high},
        "tabs": [msgspec.to_builtins(tab) for tab in state.tabs.values()],
        "memory": msgspec.to_builtins(state.memory),
        "metrics": msgspec.to_builtins(state.metrics.figures(state.at)),
        "possible_duplicates": state.metrics.possible_duplicates,
    }
