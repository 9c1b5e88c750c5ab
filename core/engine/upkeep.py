"""What goes on beside the drawing: group commits, checkpoints, estimates, and looking after a failed disk."""

import anyio

from core import events as ev
from core.engine.desk import Desk
from core.outcomes import Cause
from core.store.disk import DiskError

FLUSH = 0.2
"""Seconds an event that nothing depends on may wait for its group commit."""


class Upkeep:
    """Endless small loops; each runs until cancelled."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checkpointed = 0  # seq

    async def flush(self) -> None:
        """Bring small events to disk in groups."""
        while True:
            await self._desk.recorder.wait_for_news()
            await anyio.sleep(FLUSH)
            await self._desk.recorder.durable()

    async def checkpoints(self) -> None:
        """A checkpoint now and then, and at every pause."""
        while True:
            with anyio.move_on_after(self._desk.settings.checkpoint_interval):
                await self._desk.wait_paused()
            await self.checkpoint()

    async def checkpoint(self) -> None:
        """Write one if anything happened since the last."""
        desk = self._desk
        if desk.state.seq == self._checkpointed or not desk.recorder.disk_works:
            return
        await desk.recorder.durable()
        seq = desk.state.seq
        try:
            await desk.recorder.store.checkpoint(desk.state)
        except DiskError as error:
            desk.recorder.disk_failed(error)
        else:
            self._checkpointed = seq

    async def estimates(self) -> None:
        """Keep the ETA honest, and what pacing has learned safe."""
        desk = self._desk
        while True:
            await anyio.sleep(desk.settings.eta_interval)
            if desk.state.phase == "running":
                desk.emit(desk.estimate())
            if desk.governor.changed:
                desk.emit(desk.learned())

    async def disk(self) -> None:
        """After a disk error: look now and then whether it works again, and go on by itself."""
        desk = self._desk
        while True:
            await anyio.sleep(desk.settings.disk_interval)
            if not desk.recorder.disk_works and await desk.recorder.try_again():
                desk.emit(ev.Noticed("info", "the disk can be written again; nothing was lost"))
                if desk.state.cause is Cause.DISK:
                    desk.resume()
