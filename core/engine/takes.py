"""From bytes in hand to a take on disk: whole or absent, and journaled on both sides of the write."""

from collections.abc import Sequence
from functools import partial
from pathlib import PurePosixPath

from core import events as ev
from core.doubts import look_of
from core.engine.desk import Desk
from core.outcomes import AttemptError, Outcome
from core.pictures import PictureBroken, PictureInfo, inspect
from core.processors.base import Drawing, Job
from core.state import PanelState, Take

LONGEST = 4000
"""Letters of a thing a site tells of its picture that are kept."""


class TakeKeeper:
    """Writes the pictures of an attempt. The newest take gets the panel's plain name, the ones before it ``.takeN``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def keep(self, job: Job, drawing: Drawing, *, harvested: bool) -> None:
        """Journal, write, journal: after this the panel is finished. Raises AttemptError for broken pictures.

        Nobody waits for the last record: should it be lost, the picture is found whole where the first one said.
        """
        desk = self._desk
        infos = [await self._inspected(data) for data in drawing.pictures]
        told = {str(name)[:LONGEST]: str(value)[:LONGEST] for name, value in drawing.told.items()}
        panel = desk.state.panels[job.panel]
        await self._set_aside([take for take in panel.takes if take.attempt != job.attempt], panel)
        for number, (data, info) in enumerate(zip(drawing.pictures, infos, strict=True)):
            file = plain_name(panel, info.suffix)
            if number:
                file = aside_name(file, len(panel.takes) + 1)
            await desk.recorder.record(
                ev.PictureReceived(job.attempt, job.panel, file, info.bytes, info.sha256, info.width, info.height, told)
            )
            await desk.recorder.keep_take(file, data)
        desk.emit(ev.PanelFinished(job.attempt, job.panel, drawing.seconds, harvested))
        if panel.take is not None and infos[0].look is not None:
            desk.emit(ev.PictureSeen(panel.id, panel.take.file, infos[0].look))

    async def choose(self, panel: PanelState, index: int) -> None:
        """Make take ``index`` the chosen one: it gets the plain name, and the one that had it goes aside."""
        if panel.chosen == index:
            return
        await self._set_aside(panel.takes, panel)
        file = panel.takes[index].file
        to = plain_name(panel, PurePosixPath(file).suffix)
        self._desk.emit(ev.TakeMoved(panel.id, file, to))
        await self._desk.recorder.durable()
        await self._desk.recorder.move_take(file, to)
        self._desk.emit(ev.TakeChosen(panel.id, index))

    async def _inspected(self, data: bytes) -> PictureInfo:
        try:
            return await self._desk.offload(partial(inspect, data, look_of if self._desk.settings.doubts else None))
        except PictureBroken as error:
            raise AttemptError(Outcome.RETRYABLE, f"the site sent {error}") from error

    async def _set_aside(self, takes: Sequence[Take], panel: PanelState) -> None:
        """Give an earlier take that bears the plain name its number. Journaled before the disk follows."""
        for take in list(takes):
            if is_plain(panel, take.file):
                to = aside_name(take.file, panel.takes.index(take) + 1)
                self._desk.emit(ev.TakeMoved(panel.id, take.file, to))
                await self._desk.recorder.durable()
                await self._desk.recorder.move_take(take.file, to)


def plain_name(panel: PanelState, suffix: str) -> str:
    """``panels/ch01/ch01-p003.png``"""
    return str(PurePosixPath("panels", panel.folder, panel.id + suffix))


def aside_name(file: str, number: int) -> str:
    """``panels/ch01/ch01-p003.take1.png``"""
    path = PurePosixPath(file)
    return str(path.with_name(f"{path.stem}.take{number}{path.suffix}"))


def is_plain(panel: PanelState, file: str) -> bool:
    """Whether ``file`` has the plain name of the chosen take, without ``.take1``."""
    return PurePosixPath(file).stem == panel.id
