"""Custody of what is on disk: mending after the disk failed, and reading every picture again after a start."""

import anyio

from core import events as ev
from core.engine.desk import Desk
from core.state import PanelStatus, Take
from core.store.disk import DiskError
from core.store.takes import Condition, lost

SHARE = 0.25
"""How much of one disk (or core) reading pictures again may take while panels are drawn."""


class Custody:
    """Two loops beside the drawing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.verifying = True

    async def mend(self) -> None:
        """After a disk error: write the last words, look now and then whether it works again, and go on by itself."""
        desk = self._desk
        while True:
            await desk.recorder.wait_for_failure()
            await desk.recorder.last_words()
            while not desk.recorder.disk_works:
                await anyio.sleep(desk.settings.disk_interval)
                if await desk.recorder.try_again():
                    desk.emit(ev.Noticed("info", "the disk can be written again; nothing was lost"))
            desk.disk_works_again()

    async def verify(self) -> None:
        """Read every picture that was there at the start, and queue those again whose bytes are damaged."""
        desk = self._desk
        takes = [(panel.id, take) for panel in desk.state.panels.values() for take in panel.takes]
        if takes and desk.queue.is_empty():
            desk.emit(ev.Noticed("info", f"nothing to draw; reading {len(takes)} pictures again to verify them"))
        changed: list[str] = []
        for id, take in takes:
            started = anyio.current_time()
            if await self._look_at(id, take) == "changed":
                changed.append(take.file)
            if desk.in_flight:
                await anyio.sleep((anyio.current_time() - started) * (1 / SHARE - 1))
        if changed:
            names = changed[0] if len(changed) == 1 else f"{changed[0]} and {len(changed) - 1} more"
            desk.emit(ev.Noticed("info", f"changed since they were drawn, kept as they are: {names}"))
        desk.verifying = False
        desk.poke()

    async def _look_at(self, id: str, take: Take) -> Condition | None:
        desk = self._desk
        try:
            how = await desk.recorder.store.condition(take)
        except DiskError as error:
            desk.emit(ev.Noticed("warning", f"{take.file} cannot be read to verify it: {error}"))
            return None
        panel = desk.state.panels.get(id)
        if panel is None or panel.attempt or take not in panel.takes:
            return None  # drawn again, moved or given up meanwhile
        if how in ("missing", "damaged"):
            desk.emit(lost(panel, take, how))
            if panel.status is PanelStatus.QUEUED:
                desk.queue.put(id)
                desk.resume_if_done()
        return how
