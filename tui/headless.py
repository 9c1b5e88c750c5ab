"""A run without the screen: a progress bar on a terminal, plain lines otherwise."""

import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

import anyio

from core.commands import Stop
from core.eta import end_in_words
from core.events import Record
from core.fold import apply
from core.link.port import RunPort
from core.state import PanelStatus, RunState
from core.telling import tell
from tui.alerts import Alerts
from tui.plain import plain
from tui.settings import NAME, folder, read_config

LINE_EVERY = 30.0
"""Seconds between two lines of counts where there is no bar."""


Report = Callable[[RunState, AsyncIterator[Sequence[Record]]], Awaitable[None]]


async def watch_headless(port: RunPort, report: Report | None = None) -> RunState:
    """Report the run until it ends; SIGINT and SIGTERM end it in order. Returns the last state."""
    async with port.watch() as watch, anyio.create_task_group() as group:
        group.start_soon(_leave_on_signal, port)
        report = report or (_bar if sys.stderr.isatty() else _lines)
        await report(watch.state, _alerting(watch.state, watch.batches))
        group.cancel_scope.cancel()
    return watch.state


async def _alerting(
    state: RunState, batches: AsyncIterator[Sequence[Record] | RunState]
) -> AsyncIterator[Sequence[Record] | RunState]:
    """The batches; whenever one was folded, a person who looks elsewhere is told of what is new."""
    settings, _ = read_config(folder() / NAME)
    alerts = Alerts(settings.notify.command)
    alerts.look(state)
    async for batch in batches:
        yield batch
        alerts.look(state)


async def _leave_on_signal(port: RunPort) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            await port.send(Stop())


async def silently(state: RunState, batches: AsyncIterator[Sequence[Record]]) -> None:
    """A report for nobody: the run's screen is gone."""
    async for batch in batches:
        for record in batch:
            apply(state, record)


async def _lines(state: RunState, batches: AsyncIterator[Sequence[Record]]) -> None:
    last = anyio.current_time()
    async for batch in batches:
        for record in batch:
            told = tell(record.event, state)
            apply(state, record)
            if told is not None:
                moment = datetime.fromtimestamp(record.at).strftime("%H:%M:%S")
                print(f"{moment} {plain(told.text)}", flush=True)
        if anyio.current_time() - last >= LINE_EVERY:
            last = anyio.current_time()
            print(_counts(state), flush=True)
    print(_counts(state), flush=True)


async def _bar(state: RunState, batches: AsyncIterator[Sequence[Record]]) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        bar = progress.add_task("opening", total=len(state.panels) or None)
        async for batch in batches:
            for record in batch:
                told = tell(record.event, state)
                apply(state, record)
                if told is not None and told.level in ("warning", "error"):
                    console.print(plain(told.text), markup=False, highlight=False)
            done = state.counts()[PanelStatus.FINISHED]
            progress.update(bar, completed=done, total=len(state.panels) or None, description=_standing(state))


def _standing(state: RunState) -> str:
    if state.phase in ("paused", "pausing"):
        return plain(f"{state.phase}: {state.sentence}")
    return end_in_words(state, state.at)


def _counts(state: RunState) -> str:
    counts = state.counts()
    parts = [f"{counts[status]} {status}" for status in PanelStatus if counts[status] or status == "finished"]
    return f"{len(state.panels)} panels: " + ", ".join(parts)
