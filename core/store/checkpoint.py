"""The checkpoint: a TinyDB one can ask, whose file is replaced as a whole and whose previous generation is kept.

Tables: ``panels``, ``tabs``, ``attempts``, ``metrics``, ``meta`` (one document: version, journal position ``seq``,
moment ``at``, and everything of the run that is not a table), and last ``check``: the CRC-32 of all bytes before its
line. Each document has a line of its own, so that a large book is written and read without holding the file in memory.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from core import events as ev
from core.metrics import Metrics
from core.state import AttemptState, PanelState, RunState, TabState
from core.store.disk import Disk

NAME = "checkpoint.json"
PREVIOUS = "checkpoint.prev.json"
VERSION = 1

CHUNK = 2**17
"""Bytes that are handed to the disk at once, at least: few calls, and most rows are copied only once."""

Tables = dict[str, dict[str, Any]]
"""Rows by table and number. Where they are ``bytes``, they are whole lines already: ``"12":{…}``."""

_TABLES = ("panels", "tabs", "attempts", "metrics")
_META = tuple(field for field in RunState.__struct_fields__ if field not in _TABLES)
_ENCODER = msgspec.json.Encoder()

ROWS = 500
"""Rows put together at a time: few steps, and little memory."""


class BrokenCheckpoint(Exception):
    """The file is not a whole checkpoint."""


class TableKeeper:
    """The state as TinyDB tables, kept up to date by converting only what events have touched since the last time."""

    def __init__(self) -> None:
        self._panels: dict[str, bytes] = {}
        self._attempts: dict[str, bytes] = {}
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
        # All of one moment: the run goes on while this is written, and what moves must not be seen half-moved.
        meta = {"version": VERSION, **{name: getattr(state, name) for name in _META}}
        tabs = enumerate(state.tabs.values(), start=1)
        return {
            "panels": self._panels,
            "tabs": {str(number): msgspec.Raw(_ENCODER.encode(tab)) for number, tab in tabs},
            "attempts": self._attempts,
            "metrics": {"1": msgspec.Raw(_ENCODER.encode(state.metrics))},
            "meta": {"1": msgspec.Raw(_ENCODER.encode(meta))},
        }

    def _convert(self, table: dict[str, bytes], rows: dict[str, Any], ids: Iterable[str]) -> None:
        for id in ids:
            row = rows.get(id)
            if row is not None:
                number = self._numbers.setdefault(id, str(len(self._numbers) + 1))
                table[number] = b'"%b":%b' % (number.encode(), _ENCODER.encode(row))


def write(disk: Disk, folder: Path, tables: Tables) -> int:
    """Replace the checkpoint in ``folder``; the one before becomes ``checkpoint.prev.json``. Returns its bytes."""
    return disk.replace(folder / NAME, _chunks(tables), keep_as=folder / PREVIOUS)


def _chunks(tables: Tables) -> Iterator[bytes]:
    """The file in pieces of CHUNK bytes and more, its checksum at the end."""
    crc = size = 0
    parts: list[bytes] = []
    for piece in _pieces(tables):
        crc = zlib.crc32(piece, crc)
        parts.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield piece if len(parts) == 1 else b"".join(parts)
            parts.clear()
            size = 0
    yield b"".join(parts) + b'},"check":{"1":{"crc32":"%08x"}}}\n' % crc


def _pieces(tables: Tables) -> Iterator[bytes]:
    """The file's lines, ROWS at a time."""
    before = b"{"
    for name, rows in tables.items():
        if name == "check":
            continue
        yield before + b'"%s":{\n' % name.encode()
        first = True
        ready = type(next(iter(rows.values()), None)) is bytes
        lines = iter(rows.values()) if ready else (_line(number, row) for number, row in rows.items())
        while some := list(islice(lines, ROWS)):
            if not first:
                yield b",\n"
            yield b",\n".join(some)
            first = False
        before = b"\n},"
    yield b"\n"


def text(tables: Tables) -> bytes:
    """The whole file."""
    return b"".join(_chunks(tables))


def _line(number: Any, row: Any) -> bytes:
    return b'"%b":%b' % (str(number).encode(), _ENCODER.encode(row))


class _Reader:
    """Rows as they come, each to its table."""

    def __init__(self) -> None:
        self.panels: dict[str, PanelState] = {}
        self.tabs: dict[str, TabState] = {}
        self.attempts: dict[str, AttemptState] = {}
        self.metrics: Metrics | None = None
        self.meta: bytes | None = None
        self._panel = msgspec.json.Decoder(PanelState)
        self._tab = msgspec.json.Decoder(TabState)
        self._attempt = msgspec.json.Decoder(AttemptState)

    def row(self, table: str, row: bytes) -> None:
        if table == "panels":
            panel = self._panel.decode(row)
            self.panels[panel.id] = panel
        elif table == "attempts":
            attempt = self._attempt.decode(row)
            self.attempts[attempt.id] = attempt
        elif table == "tabs":
            tab = self._tab.decode(row)
            self.tabs[tab.id] = tab
        elif table == "metrics":
            self.metrics = msgspec.json.decode(row, type=Metrics)
        elif table == "meta":
            self.meta = row

    def state(self) -> RunState:
        if self.metrics is None or self.meta is None:
            raise BrokenCheckpoint("a table is missing")
        if msgspec.json.decode(self.meta, type=dict[str, Any]).get("version") != VERSION:
            raise BrokenCheckpoint("it is of another version")
        state = msgspec.json.decode(self.meta, type=RunState)
        state.metrics = self.metrics
        state.panels, state.tabs, state.attempts = self.panels, self.tabs, self.attempts
        return state


def load(disk: Disk, path: Path) -> RunState | None:
    """The state in the checkpoint file ``path``; None where there is no such file. Raises BrokenCheckpoint."""
    lines = disk.lines(path)
    if lines is None:
        return None
    reader, table, crc = _Reader(), "", 0
    try:
        for line in lines:
            if line.startswith(b'"'):
                reader.row(table, line[line.index(b":") + 1 :].rstrip(b",\n"))
            elif line.startswith(b'},"check":'):
                if line != b'},"check":{"1":{"crc32":"%08x"}}}\n' % crc:
                    break
                return reader.state()
            elif line != b"\n":  # an empty table
                table = line.split(b'"')[1].decode()
            crc = zlib.crc32(line, crc)
    except (IndexError, ValueError) as error:  # MsgspecError and UnicodeDecodeError are ValueErrors
        raise BrokenCheckpoint(f"it is not whole: {error}") from error
    raise BrokenCheckpoint("its checksum does not fit")
