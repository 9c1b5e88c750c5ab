"""A run without the screen: a progress bar on a terminal, plain lines otherwise."""

import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import anyio

from core.commands import ReportTerminal, Stop
from core.eta import end_in_words
from core.events import Record, RunEnded
from core.fold import apply
from core.link.port import RunPort
from core.state import PanelStatus, RunState
from core.telling import tell
from tui.alerts import Alerts
from tui.plain import plain
from tui.printed import printed
from tui.settings import NAME, folder, read_config
from tui.terminal import front as words
from tui.terminal.front import Front

LINE_EVERY = 30.0
"""Seconds between two lines of counts where there is no bar."""


GATHERED = 0.25
"""Seconds in which records gather, to be reported in one go."""

Report = Callable[[RunState, AsyncIterator[Sequence[Record]]], Awaitable[None]]


@contextmanager
def noted() -> Iterator[list[int]]:
    """Inside, signals to end and hang-ups kill nothing: they are noted for ``watch_headless``, in order.

    A run that is being opened may have a browser already, and nobody to listen yet. Ctrl+C needs no noting: it
    unwinds what was opened.
    """
    asked: list[int] = []
    numbers = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, lambda number, frame: asked.append(number))
    try:
        yield asked
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


async def watch_headless(
    port: RunPort,
    report: Report | None = None,
    front: Front | None = None,
    asked: Sequence[int] = (),
) -> RunState:
    """Report the run until it ends; SIGINT and SIGTERM end it in order. Returns the last state.

    Where something is printed, a hang-up is told to the run, which goes on or stops as its project wants it.

    Args:
        port: the run.
        report: what is done with its records; by default they are printed.
        front: the line to the process that waits in the shell, if one does.
        asked: signals that came before anybody listened.
    """
    async with port.watch() as watch, anyio.create_task_group() as group:
        group.start_soon(_leave_on_signal, port, report is None, asked)
        if front is not None:
            group.start_soon(_obey_the_shell, port, front)
        report = report or (_bar if _bar_moves() else _lines)
        await report(watch.state, _alerting(watch.state, watch.batches))
        group.cancel_scope.cancel()
    return watch.state


def _bar_moves() -> bool:
    """Whether standard error goes to a terminal that can draw a bar over the one before."""
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")


async def _alerting(
    state: RunState, batches: AsyncIterator[Sequence[Record] | RunState]
) -> AsyncIterator[Sequence[Record] | RunState]:
    """The batches, a few a second at most; whenever one was folded, a person who looks elsewhere is told of news."""
    settings, _ = read_config(folder() / NAME)
    alerts = Alerts(settings.notify.command)
    alerts.look(state)
    async for batch in batches:
        yield batch
        alerts.look(state)
        if not isinstance(batch, RunState) and not isinstance(batch[-1].event, RunEnded):
            await anyio.sleep(GATHERED)


async def _leave_on_signal(port: RunPort, on_terminal: bool, asked: Sequence[int]) -> None:
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: nobody wants to hear of it
        numbers.append(signal.SIGHUP)
    with anyio.open_signal_receiver(*numbers) as signals:
        if {signal.SIGINT, signal.SIGTERM} & set(asked):
            await port.send(Stop())
        if signal.SIGHUP in asked and on_terminal:
            on_terminal = False
            await port.send(ReportTerminal("hung up"))
        async for number in signals:
            if number is not signal.SIGHUP:
                await port.send(Stop())
            elif on_terminal:
                on_terminal = False
                await port.send(ReportTerminal("hung up"))


async def _obey_the_shell(port: RunPort, front: Front) -> None:
    """The process in the shell's job was stopped, continued, hung up on or killed."""
    while front.fileno() >= 0:
        await anyio.wait_readable(front.fileno())
        for word in front.heard():
            if word == words.SUSPEND:
                front.suspended()  # the prompt is the shell's; the run goes on
            elif word == words.HUNG_UP:
                front.close()
                await port.send(ReportTerminal("hung up"))
            elif word == words.KILLED:  # kill -9 means the run, not the process that waits for it
                os._exit(128 + signal.SIGKILL)


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
                printed(f"{moment} {told.text}")
        if anyio.current_time() - last >= LINE_EVERY:
            last = anyio.current_time()
            printed(_counts(state))
    printed(_counts(state))


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
