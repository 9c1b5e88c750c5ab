"""One record as one line of the journal.

A line is plain JSON: ``{"v":1,"seq":7,"at":1763900000.5,"event":{…},"crc":"9ae0daaf"}``; the CRC-32 is over the
bytes before ``,"crc"``. Fields an event has gained since are filled with their defaults; a line of an older
version goes through ``UPGRADES`` first.
"""

import re
import zlib
from collections.abc import Callable
from typing import Any

import msgspec

from core.complaint import Complaint
from core.events import Record

VERSION = 1

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older version, how a line's JSON becomes that of the version after it."""

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)
_TAIL = len(',"crc":"01234567"}')
_START = b'{"v":%d,"seq":' % VERSION
_HEAD = re.compile(rb'\{"v":(\d+),"seq":(\d+),')


class DamagedLine(Exception):
    """A line that is not a whole record."""


class UnknownEvent(Exception):
    """A whole record of a kind this program does not know (a newer one wrote it)."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(why)
        self.seq = seq


class NewerJournal(Complaint):
    """The journal is of a version this program cannot read."""


def to_line(record: Record) -> bytes:
    """One line, with its newline."""
    body = b'{"v":%d,' % VERSION + _ENCODER.encode(record)[1:-1]
    return body + b',"crc":"%08x"}\n' % zlib.crc32(body)


def whole_line(record: Record) -> tuple[Record, bytes]:
    """The record and its line. Halves of characters, which a page may send, are replaced first: no file takes them."""
    try:
        return record, to_line(record)
    except UnicodeEncodeError:
        clean = msgspec.convert(_cleaned(msgspec.to_builtins(record)), Record)
        return clean, to_line(clean)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, (list, tuple)) else value


def seq_of(line: bytes) -> int | None:
    """The sequence number a line claims, without looking at the rest; None where it claims none."""
    found = _HEAD.match(line)
    return None if found is None else int(found[2])


def from_line(line: bytes) -> Record:
    """The record of a line without its newline. Raises DamagedLine, UnknownEvent or NewerJournal."""
    body = line[:-_TAIL]
    if line[-_TAIL:] != b',"crc":"%08x"}' % zlib.crc32(body):
        raise DamagedLine("its checksum does not fit")
    try:
        if body.startswith(_START):
            return _DECODER.decode(body + b"}")
        return _upgraded(body + b"}")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        if (seq := seq_of(line)) is not None:
            raise UnknownEvent(seq, str(error)) from error
        raise DamagedLine(str(error)) from error


def _upgraded(text: bytes) -> Record:
    document = msgspec.json.decode(text, type=dict[str, Any])
    version = document.get("v")
    if not isinstance(version, int):
        raise DamagedLine("it names no version")
    if version > VERSION:
        raise NewerJournal(
            f"this project was written by a newer novelgen-tui (journal version {version}, this one reads {VERSION}); "
            "update novelgen-tui to go on with it"
        )
    while version < VERSION:
        document, version = UPGRADES[version](document), version + 1
    return msgspec.convert(document, Record)
