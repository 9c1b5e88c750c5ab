"""Runs a project with or without the screen, and says how it ended by an exit code."""

from pathlib import Path

import anyio

from core.run import RunOptions, open_run
from core.state import PanelStatus, RunState

FINISHED, INCOMPLETE, STOPPED = 0, 3, 4


def run_project(folder: Path, *, tabs: int | None, headless: bool, retry_failed: bool = False) -> int:
    """Draw the project in ``folder``; returns the exit code."""
    from tui.headless import watch_headless

    with open_run(folder, RunOptions(tabs=tabs, retry_failed=retry_failed)) as run:
        state = anyio.run(watch_headless, run)
        run.wait()
    return exit_code(state)


def exit_code(state: RunState) -> int:
    """What a run that stands at ``state`` means for a script."""
    counts = state.counts()
    if counts[PanelStatus.QUEUED] or counts[PanelStatus.GENERATING]:
        return STOPPED
    if counts[PanelStatus.FAILED] or counts[PanelStatus.REFUSED]:
        return INCOMPLETE
    return FINISHED
