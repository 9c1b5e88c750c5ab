"""Pictures on disk held against the journal: which are missing or damaged, and which can be adopted."""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from core import events as ev
from core.outcomes import Outcome
from core.pictures import SUFFIXES, PictureBroken, PictureInfo, inspect
from core.state import PanelState, PanelStatus, RunState, Take
from core.store.disk import Disk, DiskError, is_part

Condition = Literal["whole", "missing", "damaged", "changed"]
"""``changed``: not the bytes that were drawn, but a whole picture all the same; somebody has worked on it."""


class Shelves:
    """The project's picture folders, each listed once. Paths are relative to the project."""

    def __init__(self, disk: Disk, project: Path) -> None:
        self._disk, self._project = disk, project
        self._sizes: dict[str, dict[str, int]] = {}

    def names(self, folder: str) -> dict[str, int]:
        """Names and sizes in ``folder``."""
        found = self._sizes.get(folder)
        if found is None:
            found = self._sizes[folder] = self._disk.sizes(self._project / folder)
        return found

    def size(self, file: str) -> int | None:
        """Bytes of ``file`` (relative to the project); None where it is not there."""
        folder, _, name = file.rpartition("/")
        return self.names(folder).get(name)

    def move(self, file: str, to: str) -> None:
        """Rename, on disk and in the listing."""
        size = self.size(file) or 0
        self._disk.rename(self._project / file, self._project / to)
        for path in (file, to):
            folder, _, name = path.rpartition("/")
            self.names(folder).pop(name, None) if path == file else self.names(folder).update({name: size})


def condition(disk: Disk, project: Path, take: Take) -> Condition:
    """What has become of a take's file. Reads all of it, and decodes it where its bytes are others than journaled."""
    data = disk.read(project / take.file)
    if data is None:
        return "missing"
    if hashlib.sha256(data).hexdigest() == take.sha256:
        return "whole"
    try:
        inspect(data)
    except PictureBroken:
        return "damaged"
    return "changed"


def lost(panel: PanelState, take: Take, how: Condition) -> ev.TakeLost:
    """The event for a take that is missing or damaged."""
    then = "it goes back to the queue" if panel.takes == [take] else "its other takes are there"
    return ev.TakeLost(panel.id, take.file, f"{take.file} is {how}; {then}")


def lost_takes(disk: Disk, project: Path, state: RunState) -> list[ev.TakeLost]:
    """Takes of finished panels that are missing or damaged, as far as sizes tell (quick: no file is read whole)."""
    found = []
    shelves = Shelves(disk, project)
    for panel in state.panels.values():
        if panel.attempt:
            continue  # still being looked for
        for take in panel.takes:
            if shelves.size(take.file) != take.bytes:
                try:
                    how = condition(disk, project, take)
                except DiskError:
                    continue  # it may be whole: whoever verifies it tells that it cannot be read
                if how in ("missing", "damaged"):
                    found.append(lost(panel, take, how))
    return found


def adoptable(disk: Disk, project: Path, state: RunState) -> list[ev.AnyEvent]:
    """Finishes that the journal lacks though the picture is whole on disk.

    Either the process was cut off between writing a picture and journaling that the panel is finished, or a damaged
    journal has lost the record that describes the picture.
    """
    found: list[ev.AnyEvent] = []
    for panel in state.panels.values():
        if panel.status is PanelStatus.FINISHED:
            if not panel.takes:
                found += _described_again(disk, project, state, panel)
        elif panel.attempt:
            mine = [take for take in panel.takes if take.attempt == panel.attempt]
            if mine and all(condition(disk, project, take) == "whole" for take in mine):
                found.append(ev.PanelFinished(panel.attempt, panel.id, 0.0, harvested=True))
    return found


def _described_again(disk: Disk, project: Path, state: RunState, panel: PanelState) -> list[ev.AnyEvent]:
    attempts = (a for a in reversed(state.attempts.values()) if a.panel == panel.id and a.outcome is Outcome.OK)
    attempt = next(attempts, None)
    for suffix in SUFFIXES.values():
        file = str(PurePosixPath("panels", panel.folder, panel.id + suffix))
        info = _inspected(disk.read(project / file))
        if info is not None and attempt is not None:
            return [
                ev.PictureReceived(attempt.id, panel.id, file, info.bytes, info.sha256, info.width, info.height),
                ev.PanelFinished(attempt.id, panel.id, attempt.seconds, harvested=True),
            ]
    return [ev.TakeLost(panel.id, "", f"the picture of {panel.id} is nowhere; it goes back to the queue")]


def _inspected(data: bytes | None) -> PictureInfo | None:
    try:
        return None if data is None else inspect(data)
    except PictureBroken:
        return None


def tidy(disk: Disk, project: Path, state: RunState) -> list[str]:
    """Finish renames that were journaled before the disk followed, and drop half-written files.

    Returns the renames in words.
    """
    shelves = Shelves(disk, project)
    done: list[str] = []
    for panel in state.panels.values():
        for take in panel.takes:
            if shelves.size(take.file) is None:
                done += _found_under_old_name(disk, project, shelves, panel, take)
    for folder in sorted({str(PurePosixPath("panels", panel.folder)) for panel in state.panels.values()}):
        for name in [name for name in shelves.names(folder) if is_part(name)]:
            disk.remove(project / folder / name)
    return done


def _found_under_old_name(disk: Disk, project: Path, shelves: Shelves, panel: PanelState, take: Take) -> Iterator[str]:
    folder, _, name = take.file.rpartition("/")
    known = {other.file for other in panel.takes}
    for old in list(shelves.names(folder)):
        file = f"{folder}/{old}"
        if old.split(".")[0] == panel.id and file not in known and shelves.size(file) == take.bytes:
            data = disk.read(project / file) or b""
            if hashlib.sha256(data).hexdigest() == take.sha256:
                shelves.move(file, take.file)
                yield f"{old} was given its new name {name}"
                return
