"""Work that no picture depends on: a mistake of ours in it is told and kept, and the night goes on."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from core import events as ev
from core.crash import kept
from core.engine.desk import Desk


class Beside:
    """Runs such work; what has met a mistake once is left alone for the rest of the run.

    Args:
        desk: where it is told.
        folder: the project's, whose log keeps the traceback.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk, self._folder = desk, folder
        self._broken: set[str] = set()

    async def run(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """``work``, to its end or its first mistake; ``what`` it does, as the beginning of a sentence."""
        if what in self._broken:
            return
        try:
            await work()
        except Exception as error:  # noqa: BLE001  # whatever it is, a night of pictures is worth more
            self._broken.add(what)
            sentence = f"{what} has stopped by a mistake of ours ({type(error).__name__}); drawing goes on"
            self._desk.emit(ev.Noticed("error", sentence + kept(error, self._folder)))
