"""One run on the screen: shown, left in order by key or by signal, gone on with when the screen is gone."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from core.commands import ReportTerminal
from core.complaint import command
from core.state import RunState
from tui.app import CockpitApp
from tui.headless import silently, watch_headless
from tui.opening import Opener, Opening
from tui.options import ScreenOptions
from tui.plain import plain
from tui.terminal.stage import Stage

if TYPE_CHECKING:
    from core.link.local import LocalRun


def run_on_screen(
    stage: Stage,
    folder: Path,
    opener: Opener,
    screen: ScreenOptions,
    prepare: Callable[[], object] | None = None,
) -> RunState | None:
    """Show the run of ``folder``, opened by ``opener``, until it is left.

    Returns its last state, None where it never opened.

    Where the terminal goes and the run stays, returns when the run has ended. Raises what opening it raised, and
    what ended the run or the screen out of order; the terminal is given back before.
    """
    opening = Opening(opener, prepare)
    options = replace(screen, detachable=stage.detachable, folder=folder.resolve())
    app = CockpitApp(opening.open, title=folder.resolve().name, options=options)
    try:
        result = stage.show(app, app.leave_now)
        if result is not None and result.error is not None:
            raise result.error
        state = None if result is None else result.state
        if result is not None and result.terminal:
            stage.leave(_farewell(folder, state) if result.terminal == "detached" else "")
            if opening.run is not None:
                state = anyio.run(_go_on, opening.run, ReportTerminal(result.terminal), stage.asked)
    finally:
        opening.close()
    return state


async def _go_on(run: "LocalRun", report: ReportTerminal, asked: list[int]) -> RunState:
    """The rest of the run, seen by nobody. ``asked``: signals that come before somebody listens for them again."""
    await run.send(report)
    return await watch_headless(run, silently, asked=asked)


def _farewell(folder: Path, state: RunState | None) -> str:
    title = plain(state.title) if state is not None and state.title else plain(folder.name)
    back = plain(command("attach", folder))
    return f"{title} goes on in the background (process {os.getpid()}). Come back with: {back}"
