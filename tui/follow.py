"""Follows a run: its snapshot, then batch after batch, painted a few times a second at most."""

from collections.abc import Awaitable, Callable

import anyio
import anyio.lowlevel

from core.commands import AnyCommand, Reply
from core.events import Record
from core.link.port import LinkState, RunPort
from core.state import RunState
from tui.view import View

SLICE = 500
"""Records folded before the keys get a turn."""

PortSource = RunPort | Callable[[], Awaitable[RunPort]]


class Follower:
    """Owns the watch on one run.

    Args:
        source: the run, or what opens it.
        view: gets every record.
        opened: called once the snapshot is there.
        changed: called when something is to be painted, with the panels that look different and whether the
            book has others now; never more often than every ``view.frame`` seconds.
    """

    def __init__(
        self,
        source: PortSource,
        view: View,
        opened: Callable[[], None],
        changed: Callable[[set[int], bool], None],
    ) -> None:
        self._source, self._view, self._opened, self._changed = source, view, opened, changed
        self._port: RunPort | None = None
        self._panels: set[int] = set()
        self._rebuilt = False
        self._news = anyio.Event()

    async def run(self) -> None:
        """Follow until the run's process lets go of the project. Raises what opening it raised."""
        source = self._source
        self._port = await source() if callable(source) else source
        self._port.on_link(self._link_changed)
        async with self._port.watch() as watch, anyio.create_task_group() as group:
            self._view.link = self._port.link_state
            self._view.opened(watch.state)
            self._opened()
            group.start_soon(self._paints)
            async for batch in watch.batches:
                if isinstance(batch, RunState):
                    self._view.opened(batch)
                    self._rebuilt = True
                    self._news.set()
                    continue
                for start in range(0, len(batch), SLICE):
                    panels, rebuilt = self._view.fold(batch[start : start + SLICE])
                    self._panels.update(panels)
                    self._rebuilt = self._rebuilt or rebuilt
                    await anyio.lowlevel.checkpoint()
                self._news.set()
            group.cancel_scope.cancel()
        self._view.stage = "over"
        self._paint()

    async def send(self, command: AnyCommand) -> Reply:
        """Ask something of the run."""
        if self._port is None:
            return Reply(False, "The run is still being opened.")
        return await self._port.send(command)

    async def picture(self, panel: str, take: int) -> bytes | None:
        """The file of a panel's take, None where it cannot be had."""
        return None if self._port is None else await self._port.picture(panel, take)

    async def history(self) -> list[Record]:
        """Everything the run's journal has."""
        found: list[Record] = []
        if self._port is not None:
            async for batch in self._port.history():
                found += batch
        return found

    def _link_changed(self, link: LinkState) -> None:
        self._view.link = link
        self._news.set()

    async def _paints(self) -> None:
        while True:
            await self._news.wait()
            self._news = anyio.Event()
            self._paint()
            await anyio.sleep(self._view.frame)

    def _paint(self) -> None:
        panels, rebuilt = self._panels, self._rebuilt
        self._panels, self._rebuilt = set(), False
        self._changed(set() if rebuilt else panels, rebuilt)
