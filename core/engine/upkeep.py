"""What goes on beside the drawing: group commits, checkpoints, estimates, and signs of life."""

import anyio

from core.engine.desk import Desk
from core.store.disk import DiskError

FLUSH = 0.2
"""Seconds an event that nothing depends on may wait for its group commit."""

CHECKPOINT_RATE = 2e6
"""Bytes a second that checkpoints may cost the disk on average: those of large books are written less often."""


class Upkeep:
    """Endless small loops; each runs until cancelled."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checkpointed = 0  # seq
        self._size = 0  # bytes of the latest checkpoint

    async def flush(self) -> None:
        """Bring small events to disk in groups."""
        recorder = self._desk.recorder
        while True:
            await recorder.wait_for_news()
            await anyio.sleep(FLUSH)
            if recorder.store.pending:
                await recorder.durable()

    async def checkpoints(self) -> None:
        """A checkpoint now and then, and at every pause."""
        while True:
            with anyio.move_on_after(max(self._desk.settings.checkpoint_interval, self._size / CHECKPOINT_RATE)):
                await self._desk.wait_paused()
            await self.checkpoint()

    async def checkpoint(self) -> None:
        """Write one if anything happened since the last."""
        desk = self._desk
        if desk.state.seq == self._checkpointed or not desk.recorder.disk_works:
            return
        seq = desk.state.seq
        try:
            self._size = await desk.recorder.store.checkpoint(desk.state)
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

    async def life_signs(self) -> None:
        """Tell other machines that this process lives, the journal what was measured, the scheduler of a sleep."""
        desk = self._desk
        while True:
            await anyio.sleep(desk.settings.disk_interval)
            if desk.clock.woke_up() or desk.clock.was_set():
                desk.poke()  # what it waits for may be over, or has another time of day
            if desk.recorder.disk_works:
                try:
                    await desk.recorder.store.commit()
                    await desk.recorder.store.renew_lock()
                except DiskError as error:
                    desk.recorder.disk_failed(error)
