"""What made a picture, in a file of its own beside it: kept up to date with the state, off the loop.

Sidecars are made of what the journal knows, so nobody waits for them and nothing is synced for them: whatever a
crash took away, or left of an earlier name, is put right by the next run.
"""

from collections.abc import Iterable
from functools import partial

import anyio

from core import events as ev
from core.engine.bus import Letterbox
from core.engine.desk import Desk
from core.made import made, sidecar, sidecar_of
from core.state import PanelState
from core.store.disk import DiskError

AT_ONCE = 50
"""Panels whose sidecars are written in one go."""

GATHERED = 1.0
"""Seconds in which news gather, to be written in one go."""

SHARE = 0.25
"""How much of a core looking at the sidecars there were may take while panels are drawn."""

_TOUCHING = (ev.PanelFinished, ev.TakeMoved, ev.TakeLost, ev.PanelsRenamed)


class Sidecars:
    """One file for every take there is, none for those there are no more."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: dict[str, None] = {}  # panels, in order
        self._gone: set[str] = set()  # files of takes under names they had
        self._working = anyio.Lock(fast_acquire=True)
        self._mailbox = Letterbox(*_TOUCHING)

    async def run(self) -> None:
        """Until cancelled."""
        bus = self._desk.recorder.bus
        bus.add(self._mailbox)
        try:
            self._waiting = dict.fromkeys([*self._desk.state.panels, *self._desk.state.dropped])
            await self._tidy()
            while True:
                await self._write(SHARE)
                await self._mailbox.mail()
                await anyio.sleep(GATHERED)
        finally:
            bus.remove(self._mailbox)

    async def _tidy(self) -> None:
        """Remove what a crash has left of names that takes had."""
        known: dict[str, set[str]] = {f"panels/{p.folder}": set() for p in self._panels(self._waiting)}
        for file in self._takes(self._waiting):
            folder, _, name = file.rpartition("/")
            known.setdefault(folder, set()).add(name)
        store = self._desk.recorder.store
        try:
            for folder, names in known.items():
                stray = await self._desk.offload(partial(store.stray_sidecars, folder, names))
                await self._desk.offload(partial(store.keep_sidecars, {}, stray))
        except DiskError as error:
            self._desk.recorder.disk_failed(error)

    async def catch_up(self) -> None:
        """Return once every take there is by now has its sidecar, or the disk does not take them."""
        await self._write(1.0)

    async def _write(self, share: float) -> None:
        async with self._working:
            self._look_into_the_mail()
            while (self._waiting or self._gone) and self._desk.recorder.disk_works:
                started = anyio.current_time()
                panels = list(self._waiting)[:AT_ONCE]
                gone = frozenset(self._gone)
                wanted = self._wanted(panels)
                stale = {sidecar_of(file) for file in gone - self._takes(panels)} - wanted.keys()
                try:
                    await self._desk.offload(partial(self._desk.recorder.store.keep_sidecars, wanted, stale))
                except DiskError as error:
                    return self._desk.recorder.disk_failed(error)  # the next picture would not be written either
                for id in panels:
                    del self._waiting[id]
                self._gone -= gone
                self._look_into_the_mail()
                if self._waiting and self._desk.in_flight:
                    await anyio.sleep((anyio.current_time() - started) * (1 / share - 1))

    def _look_into_the_mail(self) -> None:
        for record in self._mailbox.drain():
            match record.event:
                case ev.PanelsRenamed(names=names):
                    self._waiting.update((after, None) for _, after in names)
                case ev.PanelFinished(panel=panel):
                    self._waiting[panel] = None
                case ev.TakeMoved(panel=panel, file=file) | ev.TakeLost(panel=panel, file=file):
                    self._waiting[panel] = None
                    self._gone.add(file)

    def _panels(self, ids: Iterable[str]) -> list[PanelState]:
        state = self._desk.state
        found = (state.panels.get(id) or state.dropped.get(id) for id in ids)
        return [panel for panel in found if panel is not None]

    def _takes(self, ids: Iterable[str]) -> set[str]:
        return {take.file for panel in self._panels(ids) for take in panel.takes}

    def _wanted(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Sidecars by file, of takes whose picture is there."""
        state = self._desk.state
        return {
            sidecar_of(take.file): sidecar(made(panel, take, state))
            for panel in self._panels(ids)
            for take in panel.takes
            if take.attempt != panel.attempt  # else its picture is still being written
        }
