"""What the screen shows, written as files into the project's folder."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio.to_thread

from core.metrics.export import as_data
from core.report import report
from tui.export import write_figures, write_report

if TYPE_CHECKING:
    from tui.cockpit import Cockpit


def export_figures(app: "Cockpit") -> None:
    """Write the figures of the moment that is shown, and say where."""
    now = app.view.now()
    data = as_data(app.view.state.metrics, now)
    _write(app, lambda folder: write_figures(folder, data, now))


def export_report(app: "Cockpit") -> None:
    """Write the production report, and say where."""
    made = report(app.view.state, app.view.now())
    _write(app, lambda folder: write_report(folder, made))


def _write(app: "Cockpit", write: Callable[[Path], str]) -> None:
    if app.view.options.folder is None:
        app.say("The project's folder is on another machine; export there.", "wait")
        return
    app.run_worker(_written(app, partial(write, app.view.options.folder)), name="export", exit_on_error=False)


async def _written(app: "Cockpit", write: Callable[[], str]) -> None:
    try:
        written = await anyio.to_thread.run_sync(write)
    except OSError as error:
        app.say(f"It cannot be written: {error}", "bad")
    else:
        app.say(f"Written: {written}", "good")
