"""Looks at finished pictures beside the drawing, and tells what makes one doubtful. It never decides anything."""

from collections.abc import Sequence
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

AT_ONCE = 10
"""Pictures that are judged in one go."""

GATHERED = 1.0
"""Seconds in which new pictures gather, to be judged in one go."""

_CHOOSING = (ev.PanelFinished, ev.TakeChosen)


class Doubting:
    """Judges every chosen picture once, in a thread; judges the book anew now and then, and when it is done.

    Whoever keeps a new picture looks at it, too; only those of earlier runs and other takes are looked at here.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._judge = Judge()
        self._since = 0
        self._learned = True  # something, since all of the book was judged
        self._working = anyio.Lock()
        self._mailbox = Letterbox(*_CHOOSING, ev.RunDone)

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
                        await self._judge_new([panel])
                    else:
                        self._judge.learn(panel.id, panel.look)
            while True:
                await self._drain()
                await self._mailbox.mail()
                await anyio.sleep(GATHERED)
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
            events = [record.event for record in self._mailbox.drain()]
            ids = dict.fromkeys(event.panel for event in events if isinstance(event, _CHOOSING))
            panels = [panel for id in ids if (panel := self._desk.state.panels.get(id)) is not None]
            for panel in panels:
                if panel.look is None:
                    await self._see(panel)
            await self._judge_new(panels)
            done = any(isinstance(event, ev.RunDone) for event in events)
            if done or self._since >= max(AGAIN, SHARE * self._judge.known):
                await self._judge_all()

    async def _see(self, panel: PanelState) -> None:
        """Look at the chosen picture."""
        take = panel.take
        if take is None:
            return
        store = self._desk.recorder.store

        def look() -> Look | None:
            data = store.read_take(take.file)
            return None if data is None else look_at(data)

        try:
            found = await self._desk.offload(look)
        except (OSError, ValueError, SyntaxError):
            return  # a damaged picture is found, told and drawn again by the recovery
        if found is None or panel.take != take or panel.id not in self._desk.state.panels:
            return  # it was replaced while we looked; the one in its place is looked at next
        self._desk.emit(ev.PictureSeen(panel.id, take.file, found))

    async def _judge_new(self, panels: Sequence[PanelState]) -> None:
        """Know these from now on, and tell what comes to mind at once."""
        self._since += len(panels)
        self._learned = self._learned or bool(panels)
        await self._judge_each(panels, new=True)

    async def _judge_all(self) -> None:
        if self._learned:
            self._since, self._learned = 0, False
            # A picture that came meanwhile is seen already, but not known yet: its turn comes with its mail.
            known = [panel for panel in self._finished() if not panel.kept and self._judge.knows(panel.id)]
            await self._judge_each(known, new=False)

    async def _judge_each(self, panels: Sequence[PanelState], *, new: bool) -> None:
        """Tell what speaks against each, in the order in which they became known; ``new``: they become so now."""
        for start in range(0, len(panels), AT_ONCE):
            seen = [(p, p.look, self._aspect(p)) for p in panels[start : start + AT_ONCE] if p.look is not None]
            told = await self._desk.offload(partial(self._judged, seen, new))
            for (panel, look, _), doubts in zip(seen, told, strict=True):
                if panel.look is look and panel.id in self._desk.state.panels:
                    self._tell(panel, doubts)

    def _judged(self, seen: Sequence[tuple[PanelState, Look, float | None]], new: bool) -> list[tuple[str, ...]]:
        """In a thread."""
        found = []
        for panel, look, aspect in seen:
            if new:
                self._judge.learn(panel.id, look)
            found.append(self._judge.judge(panel.id, aspect))
        return found

    def _aspect(self, panel: PanelState) -> float | None:
        spec = self._desk.panels.get(panel.id)
        return _ratio(spec.aspect) if spec is not None else None

    def _tell(self, panel: PanelState, doubts: tuple[str, ...]) -> None:
        if _kinds(doubts) != _kinds(panel.doubts):
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
