"""The checkpoint: a TinyDB one can ask, whose file is replaced as a whole and whose previous generation is kept.

Tables: ``panels``, ``tabs``, ``attempts``, ``metrics``, ``meta`` (one document: the journal position ``seq``,
the moment ``at``, and everything of the run that is not a table).
"""

from pathlib import Path
from typing import Any

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage

from core.state import RunState
from core.store.disk import Disk

NAME = "checkpoint.json"
PREVIOUS = "checkpoint.prev.json"
VERSION = 1

Tables = dict[str, dict[str, Any]]


class AtomicStorage(Storage):
    """TinyDB's file, replaced as a whole: temporary file beside it, fsync, rename; the old one is kept."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk, self._path = disk, path

    def read(self) -> Tables | None:
        data = self._disk.read(self._path)
        return None if data is None else msgspec.json.decode(data, type=Tables)

    def write(self, data: Tables) -> None:
        self._disk.replace(self._path, msgspec.json.encode(data), keep_as=self._path.with_name(PREVIOUS))


class BrokenCheckpoint(Exception):
    """The file is not a whole checkpoint."""


def to_tables(state: RunState) -> Tables:
    """The state as TinyDB tables: documents by number, from 1."""
    document = msgspec.to_builtins(state)
    tables: Tables = {}
    for name in ("panels", "tabs", "attempts"):
        tables[name] = {str(i): row for i, row in enumerate(document.pop(name).values(), start=1)}
    tables["metrics"] = {"1": document.pop("metrics")}
    tables["meta"] = {"1": {"version": VERSION, **document}}
    return tables


def from_tables(tables: Tables) -> RunState:
    """The state back from its tables. Raises BrokenCheckpoint."""
    try:
        document = dict(tables["meta"]["1"])
        if document.pop("version") != VERSION:
            raise BrokenCheckpoint("it is of another version")
        for name in ("panels", "tabs", "attempts"):
            document[name] = {row["id"]: row for row in tables[name].values()}
        document["metrics"] = tables["metrics"]["1"]
        return msgspec.convert(document, RunState)
    except (KeyError, TypeError, msgspec.MsgspecError) as error:
        raise BrokenCheckpoint(f"it does not hold a state: {error}") from error


def write(disk: Disk, folder: Path, tables: Tables) -> None:
    """Replace the checkpoint in ``folder``; the one before becomes ``checkpoint.prev.json``."""
    AtomicStorage(disk, folder / NAME).write(tables)


def load(disk: Disk, path: Path) -> RunState | None:
    """The state in the checkpoint file ``path``; None where there is no such file. Raises BrokenCheckpoint."""
    try:
        tables = AtomicStorage(disk, path).read()
    except msgspec.MsgspecError as error:
        raise BrokenCheckpoint(f"it is not whole: {error}") from error
    return None if tables is None else from_tables(tables)


def database(folder: Path) -> TinyDB:
    """The newest checkpoint as a TinyDB to put questions to; do not write to it while a run goes on."""
    return TinyDB(Disk(), folder / NAME, storage=AtomicStorage)
