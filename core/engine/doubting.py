"""Looks at finished pictures beside the drawing, and tells what makes one doubtful. It never decides anything."""

from functools import partial

import anyio

from core import events as ev
from core.doubts import Judge, look_at
from core.engine.bus import Letterbox
from core.engine.desk import Desk
from core.pictures import Look
from core.state import PanelState, PanelStatus

AGAIN, SHARE = 100, 0.25
"""Pictures, and share of the book, after which all of it is judged again: there is more to compare with then."""


class Doubting:
    """Looks at every chosen picture once, in a thread; judges the book anew now and then, and when it is done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._judge = Judge()
        self._since = 0
        self._working = anyio.Lock()
        self._mailbox = Letterbox(ev.PanelFinished, ev.TakeChosen, ev.RunDone)

    async def run(self) -> None:
        """Until cancelled; does nothing where the settings want no doubts."""
        if not self._desk.settings.doubts:
            return
        bus = self._desk.recorder.bus
        bus.add(self._mailbox)
        try:
            async with self._working:
                for panel in self._finished():
                    if panel.look is None:
                        await self._see(panel)
                    else:
                        self._judge.learn(panel.id, panel.look)
            while True:
                await self._drain()
                await self._mailbox.mail()
        finally:
            bus.remove(self._mailbox)

    async def catch_up(self) -> None:
        """Return once every picture finished so far was looked at and the whole book judged."""
        if self._desk.settings.doubts:
            await self._drain()
            async with self._working:
                await self._judge_all()

    async def _drain(self) -> None:
        async with self._working:
            for record in self._mailbox.drain():
                if isinstance(record.event, ev.PanelFinished | ev.TakeChosen):
                    panel = self._desk.state.panels.get(record.event.panel)
                    if panel is not None:
                        await self._see(panel)
                elif isinstance(record.event, ev.RunDone):
                    await self._judge_all()
            if self._since >= max(AGAIN, SHARE * self._judge.known):
                await self._judge_all()

    async def _see(self, panel: PanelState) -> None:
        """Look at the chosen picture, and tell what comes to mind at once."""
        take = panel.take
        if take is None:
            return
        store = self._desk.recorder.store

        def look() -> tuple[Look, tuple[str, ...]] | None:
            data = store.read_take(take.file)
            if data is None:
                return None
            seen = look_at(data)
            self._judge.learn(panel.id, seen)
            return seen, self._judge.judge(panel.id, self._aspect(panel))

        try:
            found = await self._desk.offload(look)
        except (OSError, ValueError, SyntaxError):
            return  # a damaged picture is found, told and drawn again by the recovery
        if found is None or panel.take != take or panel.id not in self._desk.state.panels:
            return  # it was replaced while we looked; the one in its place is looked at next
        self._since += 1
        self._desk.emit(ev.PictureSeen(panel.id, take.file, found[0]))
        self._tell(panel, found[1])

    async def _judge_all(self) -> None:
        self._since = 0
        for panel in self._finished():
            if panel.look is not None and not panel.kept:
                self._tell(panel, await self._desk.offload(partial(self._judge.judge, panel.id, self._aspect(panel))))

    def _aspect(self, panel: PanelState) -> float | None:
        spec = self._desk.panels.get(panel.id)
        return _ratio(spec.aspect) if spec is not None else None

    def _tell(self, panel: PanelState, doubts: tuple[str, ...]) -> None:
        if _kinds(doubts) != _kinds(panel.doubts) and panel.look is not None:
            self._desk.emit(ev.PanelDoubted(panel.id, doubts))

    def _finished(self) -> list[PanelState]:
        return [p for p in self._desk.state.panels.values() if p.status is PanelStatus.FINISHED and p.take is not None]


def _ratio(aspect: str) -> float | None:
    """Width over height of ``16:9``; None where nothing was asked for."""
    width, colon, height = aspect.partition(":")
    return float(width) / float(height) if colon else None


def _kinds(doubts: tuple[str, ...]) -> list[str]:
    """What the doubts are about, whatever their figures are by now."""
    return [doubt[:20] for doubt in doubts]
