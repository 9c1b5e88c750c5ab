"""Pictures that nobody has journaled: a project was copied without its ``.novelgen``, or somebody removed that.

They are the author's work and money: each is the take of the panel whose name it bears, before anything is drawn.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from core import events as ev
from core.made import Made, sidecar_of
from core.pictures import SUFFIXES, PictureBroken, inspect
from core.state import PanelState, RunState
from core.store.disk import Disk, DiskError, is_part


def unknown_takes(disk: Disk, project: Path, state: RunState) -> list[ev.TakeAdopted]:
    """The whole pictures under the names of those of ``state``'s panels that have none; for a journal without attempts.

    What made a picture is taken from its sidecar; one whose sidecar is missing counts as drawn for other words.
    """
    folders = {folder: _by_panel(disk, project / folder) for folder in _folders(state)}
    return [
        take
        for panel in state.panels.values()
        if not panel.takes
        for take in _takes(disk, project, panel, folders[f"panels/{panel.folder}"].get(panel.id, {}))
    ]


def left_behind(disk: Disk, project: Path, folders: Iterable[str]) -> list[Made]:
    """What made the pictures in ``folders`` of ``panels/``, in book order: the sidecars of chosen takes.

    Of a picture without one, only its panel and file are known.
    """
    found = []
    for folder in folders:
        names = {id: takes[max(takes)] for id, takes in _by_panel(disk, project / "panels" / folder).items()}
        for id in sorted(names):
            file = f"panels/{folder}/{names[id]}"
            told = _sidecar(disk, project / sidecar_of(file))
            if told is not None and told.panel == id:
                found.append(msgspec.structs.replace(told, file=file))
            else:
                found.append(Made(id, 1, file, "", 0, 0, 0, "", "", "", ""))
    return found


def _folders(state: RunState) -> set[str]:
    return {f"panels/{panel.folder}" for panel in state.panels.values()}


def _by_panel(disk: Disk, folder: Path) -> dict[str, dict[int, str]]:
    """Panel's id -> number of its take -> name of the file; the chosen one, which bears no number, is the last."""
    found: dict[str, dict[int, str]] = {}
    for name in disk.list(folder):
        id, *middle, ending = name.split(".")
        number = middle[0].removeprefix("take") if middle else ""
        if not is_part(name) and f".{ending}" in SUFFIXES.values() and (not middle or number.isdecimal()):
            found.setdefault(id, {})[int(number) if number else 2**31] = name
    return found


def _takes(disk: Disk, project: Path, panel: PanelState, names: dict[int, str]) -> Iterator[ev.TakeAdopted]:
    for number in sorted(names):
        take = _take(disk, project, panel.id, f"panels/{panel.folder}/{names[number]}", number)
        if take is not None:
            yield take


def _take(disk: Disk, project: Path, panel: str, file: str, number: int) -> ev.TakeAdopted | None:
    try:
        data = disk.read(project / file)
        told = _sidecar(disk, project / sidecar_of(file))
        if data is None:
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        known = told if told is not None and told.sha256 == sha256 else None
        size = (known.width, known.height) if known else _size(data)
    except (DiskError, PictureBroken):
        return None  # a folder, or no whole picture: nothing to be kept
    taken = ev.TakeAdopted(f"kept-{panel}-{number}", panel, file, len(data), sha256, *size)
    if told is None or told.panel != panel:
        return taken
    return msgspec.structs.replace(
        taken, drawn=_moment(told.at), seconds=told.seconds, prompt_hash=told.prompt_hash, prompt=told.prompt,
        conversation=told.conversation, site=told.site, told=told.told,
    )  # fmt: skip


def _size(data: bytes) -> tuple[int, int]:
    info = inspect(data)
    return info.width, info.height


def _sidecar(disk: Disk, path: Path) -> Made | None:
    data = disk.read(path)
    try:
        return None if data is None else msgspec.json.decode(data, type=Made)
    except msgspec.DecodeError:
        return None


def _moment(at: str) -> float:
    try:
        return datetime.fromisoformat(at).timestamp()
    except ValueError:
        return 0.0
