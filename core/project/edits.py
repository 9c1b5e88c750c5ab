"""Sees edits of a project's own files: novel.toml, its script, and the translations beside it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio

from core.project import Project, load
from core.project.config import NAME

SETTLE = 0.3
"""Seconds a file must have stood still: an editor may still be writing it."""


class ProjectEdits:
    """Edits of the project in ``folder``, which has been read as ``project``.

    ``finish`` is applied to every project read anew.
    """

    def __init__(self, folder: Path, project: Project, finish: Callable[[Project], Project] = lambda project: project):
        self._folder, self._finish = folder, finish
        self._script = folder / project.config.script
        self._seen = self._stamp()

    async def follow(self, changed: Callable[[], Awaitable[None]]) -> None:
        """Call ``changed`` after each edit, until cancelled. Raises OSError where the folder cannot be watched."""
        from watchfiles import awatch

        stop = anyio.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(_set_at_the_end, stop)
            async for _ in awatch(*self._folders(), recursive=False, stop_event=stop, step=100):
                if self._stamp() != self._seen:
                    await self._settled()
                    await changed()

    def read(self) -> Project:
        """The project as it reads now. Raises ProjectError and ScriptError."""
        project = self._finish(load(self._folder))
        self._script = self._folder / project.config.script
        return project

    def _folders(self) -> list[Path]:
        return sorted({self._folder, self._script.parent})

    async def _settled(self) -> None:
        """Until nothing has changed for a moment."""
        while True:
            self._seen = self._stamp()
            await anyio.sleep(SETTLE)
            if self._stamp() == self._seen:
                return

    def _stamp(self) -> dict[str, tuple[int, int]]:
        """(time, size) of every file that matters."""
        found = {}
        stem = self._script.stem
        for path in (self._folder / NAME, self._script, *self._script.parent.glob(f"{_literal(stem)}.*")):
            try:
                about = path.stat()
            except OSError:
                continue
            found[str(path)] = (about.st_mtime_ns, about.st_size)
        return found


def _literal(name: str) -> str:
    """``name`` for a glob that means nothing else."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


async def _set_at_the_end(stop: anyio.Event) -> None:
    """The watching thread does not hear of cancellation; this tells it."""
    try:
        await anyio.sleep_forever()
    finally:
        stop.set()
