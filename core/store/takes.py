"""Pictures on disk held against the journal: which are missing or damaged, and which can be adopted."""

import hashlib
from pathlib import Path

from core import events as ev
from core.state import PanelState, PanelStatus, RunState, Take
from core.store.disk import Disk


def lost_takes(disk: Disk, project: Path, state: RunState) -> list[ev.TakeLost]:
    """Takes of finished panels whose file is not there with the journaled size."""
    lost = []
    for panel in state.panels.values():
        if panel.attempt:
            continue  # still being looked for
        for take in panel.takes:
            size = disk.size(project / take.file)
            if size == take.bytes:
                continue
            what = "is missing" if size is None else f"has {size} bytes instead of {take.bytes}"
            lost.append(ev.TakeLost(panel.id, take.file, f"{take.file} {what}; it is drawn again"))
    return lost


def adoptable(disk: Disk, project: Path, state: RunState) -> list[ev.PanelFinished]:
    """Attempts cut off between writing their picture and journaling its finish: the picture is whole on disk."""
    found = []
    for panel in state.panels.values():
        mine = [take for take in panel.takes if take.attempt == panel.attempt] if panel.attempt else []
        if mine and panel.status is not PanelStatus.FINISHED and all(_whole(disk, project, t) for t in mine):
            found.append(ev.PanelFinished(panel.attempt, panel.id, 0.0, harvested=True))
    return found


def finish_moves(disk: Disk, project: Path, state: RunState) -> list[str]:
    """Renames that were journaled but cut off before the disk followed. Returns what was done, in words."""
    done = []
    for panel in state.panels.values():
        for take in panel.takes:
            if disk.size(project / take.file) is None:
                done += _find_under_old_name(disk, project, panel, take)
    return done


def _find_under_old_name(disk: Disk, project: Path, panel: PanelState, take: Take) -> list[str]:
    folder = (project / take.file).parent
    known = {Path(other.file).name for other in panel.takes}
    for name in disk.list(folder):
        if name.split(".")[0] == panel.id and name not in known:
            data = disk.read(folder / name) or b""
            if hashlib.sha256(data).hexdigest() == take.sha256:
                disk.rename(folder / name, project / take.file)
                return [f"{name} was given its new name {Path(take.file).name}"]
    return []


def _whole(disk: Disk, project: Path, take: Take) -> bool:
    data = disk.read(project / take.file)
    return data is not None and hashlib.sha256(data).hexdigest() == take.sha256
