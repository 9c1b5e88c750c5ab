"""What is done with finished pictures beside the drawing: post-processors, one picture at a time."""

from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath

import anyio
import anyio.to_process

from core import events as ev
from core.engine.bus import Letterbox
from core.engine.desk import Desk
from core.processors.post import Picture, PostProcessor, Processed
from core.state import PanelState, PanelStatus


class Afterwards:
    """Runs every post-processor over every finished panel whose chosen take it has not seen.

    What is done is remembered by the file it left; one that leaves none is run once in each run's lifetime for
    the panels that run finishes.
    """

    def __init__(self, desk: Desk, processors: Mapping[str, PostProcessor]) -> None:
        self._desk, self._processors = desk, processors
        self._working = anyio.Lock()
        self._mailbox = Letterbox(ev.PanelFinished, ev.TakeChosen)

    async def run(self) -> None:
        """Until cancelled."""
        if not self._processors:
            return
        bus = self._desk.recorder.bus
        bus.add(self._mailbox)
        try:
            async with self._working:
                for panel in [p for p in self._desk.state.panels.values() if p.status is PanelStatus.FINISHED]:
                    await self._all(panel, missing=True)
            while True:
                await self.catch_up()
                await self._mailbox.mail()
        finally:
            bus.remove(self._mailbox)

    async def catch_up(self) -> None:
        """Return once every picture finished so far has gone through."""
        async with self._working:
            for record in self._mailbox.drain():
                if isinstance(record.event, ev.PanelFinished | ev.TakeChosen):
                    panel = self._desk.state.panels.get(record.event.panel)
                    if panel is not None:
                        await self._all(panel, missing=False)

    async def _all(self, panel: PanelState, *, missing: bool) -> None:
        take = panel.take
        if take is None:
            return
        store = self._desk.recorder.store
        waiting = {
            name: post
            for name, post in self._processors.items()
            if not (missing and store.has_any(_folder(name, panel), panel.id))
        }
        if not waiting:
            return
        data = await self._desk.offload(partial(store.read_take, take.file))
        if data is None:
            return
        picture = Picture(panel.id, panel.text, panel.caption, data)
        for name, post in waiting.items():
            done = await self._one(name, post, picture)
            if done is not None:
                await self._desk.recorder.keep_take(f"{_folder(name, panel)}/{panel.id}{done.suffix}", done.data)

    async def _one(self, name: str, post: PostProcessor, picture: Picture) -> Processed | None:
        try:
            if getattr(post, "in_process", False):
                return await anyio.to_process.run_sync(post, picture)
            return await self._desk.offload(partial(post, picture))
        except Exception as error:  # noqa: BLE001  # somebody else's code: whatever it raises, it is told
            sentence = f"{name} failed on {picture.panel}: {type(error).__name__}: {error}"
            self._desk.emit(ev.Noticed("warning", sentence))
            return None


def _folder(name: str, panel: PanelState) -> str:
    """``processed/webp/ch01``"""
    return str(PurePosixPath("processed", name, panel.folder))
