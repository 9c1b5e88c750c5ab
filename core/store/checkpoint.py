"""The checkpoint: a TinyDB one can ask, whose file is replaced as a whole and whose previous generation is kept.

Tables: ``panels``, ``tabs``, ``attempts``, ``metrics``, ``meta`` (one document: version, journal position ``seq``,
moment ``at``, and everything of the run that is not a table).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage

from core import events as ev
from core.metrics import Metrics
from core.state import AttemptState, PanelState, RunState, TabState
from core.store.disk import Disk

NAME = "checkpoint.json"
PREVIOUS = "checkpoint.prev.json"
VERSION = 1

Tables = dict[str, dict[str, Any]]

_TABLES = ("panels", "tabs", "attempts", "metrics")
_META = tuple(field for field in RunState.__struct_fields__ if field not in _TABLES)
_ENCODER = msgspec.json.Encoder()


class AtomicStorage(Storage):
    """TinyDB's file, replaced as a whole: temporary file beside it, fsync, rename; the old one is kept."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk, self._path = disk, path

    def read(self) -> Tables | None:
        data = self._disk.read(self._path)
        return None if data is None else msgspec.json.decode(data, type=Tables)

    def write(self, data: Tables) -> None:
        self._disk.replace(self._path, _ENCODER.encode(data), keep_as=self._path.with_name(PREVIOUS))


class BrokenCheckpoint(Exception):
    """The file is not a whole checkpoint."""


class _File(msgspec.Struct):
    """The file as it is read back, each document by its TinyDB number."""

    panels: dict[str, PanelState]
    tabs: dict[str, TabState]
    attempts: dict[str, AttemptState]
    metrics: dict[str, Metrics]
    meta: dict[str, msgspec.Raw]


class TableKeeper:
    """The state as TinyDB tables, kept up to date by converting only what events have touched since the last time."""

    def __init__(self) -> None:
        self._panels: dict[str, msgspec.Raw] = {}
        self._attempts: dict[str, msgspec.Raw] = {}
        self._numbers: dict[str, str] = {}
        self._touched: set[str] = set()
        self._touched_attempts: set[str] = set()
        self._everything = True

    def see(self, event: ev.Event) -> None:
        """Note what ``event`` changes."""
        if isinstance(event, (ev.PanelsPlanned, ev.PanelsDropped, ev.PanelsRenamed)):
            self._everything = True
            return
        if panel := getattr(event, "panel", ""):
            self._touched.add(panel)
        self._touched.update(getattr(event, "panels", ()))
        if attempt := getattr(event, "attempt", ""):
            self._touched_attempts.add(attempt)

    def tables(self, state: RunState) -> Tables:
        """All tables of ``state``, to be written before the next call."""
        if self._everything:
            self._everything = False
            self._panels, self._attempts, self._numbers = {}, {}, {}
            self._touched, self._touched_attempts = set(state.panels), set(state.attempts)
            self._convert(self._panels, state.panels, state.panels)
            self._convert(self._attempts, state.attempts, state.attempts)
        else:
            self._convert(self._panels, state.panels, self._touched)
            self._convert(self._attempts, state.attempts, self._touched_attempts)
        self._touched, self._touched_attempts = set(), set()
        meta = {"version": VERSION, **{name: getattr(state, name) for name in _META}}
        return {
            "panels": self._panels,
            "tabs": {str(number): tab for number, tab in enumerate(state.tabs.values(), start=1)},
            "attempts": self._attempts,
            "metrics": {"1": state.metrics},
            "meta": {"1": meta},
        }

    def _convert(self, table: dict[str, msgspec.Raw], rows: dict[str, Any], ids: Iterable[str]) -> None:
        for id in ids:
            row = rows.get(id)
            if row is not None:
                number = self._numbers.setdefault(id, str(len(self._numbers) + 1))
                table[number] = msgspec.Raw(_ENCODER.encode(row))


def write(disk: Disk, folder: Path, tables: Tables) -> None:
    """Replace the checkpoint in ``folder``; the one before becomes ``checkpoint.prev.json``."""
    AtomicStorage(disk, folder / NAME).write(tables)


def load(disk: Disk, path: Path) -> RunState | None:
    """The state in the checkpoint file ``path``; None where there is no such file. Raises BrokenCheckpoint."""
    data = disk.read(path)
    if data is None:
        return None
    try:
        file = msgspec.json.decode(data, type=_File)
        meta = file.meta["1"]
        if msgspec.json.decode(meta, type=dict[str, Any])["version"] != VERSION:
            raise BrokenCheckpoint("it is of another version")
        state = msgspec.json.decode(meta, type=RunState)
        state.metrics = file.metrics["1"]
    except (KeyError, msgspec.MsgspecError) as error:
        raise BrokenCheckpoint(f"it is not whole: {error}") from error
    state.panels = {panel.id: panel for panel in file.panels.values()}
    state.tabs = {tab.id: tab for tab in file.tabs.values()}
    state.attempts = {attempt.id: attempt for attempt in file.attempts.values()}
    return state


def database(folder: Path) -> TinyDB:
    """The newest checkpoint as a TinyDB to put questions to; do not write to it while a run goes on."""
    return TinyDB(Disk(), folder / NAME, storage=AtomicStorage)
