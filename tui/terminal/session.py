"""One run on the screen: shown, left in order by key or by signal, and told when the screen is gone."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.run import RunOptions
from core.state import RunState
from tui.app import CockpitApp, CockpitResult
from tui.options import ScreenOptions
from tui.terminal.opening import Opening


def run_on_screen(
    folder: Path, run: RunOptions, screen: ScreenOptions, prepare: Callable[[], object] | None = None
) -> RunState | None:
    """Show the run of ``folder`` until it is left; returns its last state, None where it never opened.

    Raises what opening it raised, and what ended the run or the screen out of order; the terminal is given back
    before.
    """
    opening = Opening(folder, run, prepare)
    app = CockpitApp(opening.open, title=folder.resolve().name, options=screen)
    try:
        result = asyncio.run(_show(app))
    finally:
        opening.close()
    if app.crash is not None:
        raise app.crash
    if result is not None and result.error is not None:
        raise result.error
    return None if result is None else result.state


async def _show(app: CockpitApp) -> CockpitResult | None:
    with _leaving_on_signals(app):
        return await app.run_async()


@contextmanager
def _leaving_on_signals(app: CockpitApp) -> Iterator[None]:
    """SIGTERM and SIGINT leave in order, the second time without waiting for the run."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, app.leave_now)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
