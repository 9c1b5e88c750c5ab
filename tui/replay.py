"""``novelgen-tui replay``: the cockpit on the journal of a project."""

import time
from dataclasses import replace
from pathlib import Path

from core.complaint import Complaint, command
from core.link.port import RunPort
from core.project import load
from core.recording import StoredRun
from tui.travel import moment_of


def replay(folder: Path, at: str = "") -> int:
    """Show the past of the project in ``folder``; returns the exit code. Raises Complaint."""
    from tui.app import CockpitApp
    from tui.config import screen_options
    from tui.run import on_a_terminal
    from tui.terminal.stage import stage

    if at:
        moment_of(at, time.time())  # a mistake is told before anything is shown
    project = load(folder)
    if not on_a_terminal():
        raise Complaint(f"there is no terminal to show a screen on; try: {command('status', folder)}")

    async def opened() -> RunPort:
        return StoredRun(folder)

    options = replace(screen_options(), attached=True, recording=True, at=at, folder=folder.resolve())
    with stage() as here:
        app = CockpitApp(opened, title=project.config.title, options=options)
        result = here.show(app, app.leave_now)
    if result is not None and result.error is not None:
        raise result.error
    return 0
