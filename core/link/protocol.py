"""What goes over the link: a few small structs, MessagePack on the wire. ``README.md`` beside this file tells it
to somebody who writes another client.
"""

import re
import zlib
from typing import Any

import msgspec

from core.commands import AnyCommand, Reply
from core.events import Record
from core.state import RunState

VERSION = 1

BEAT = 15.0
"""Seconds between two signs of life, either way; a peer silent for more than two of them is dropped."""

MOST_ASKED = 4 * 2**20
"""Bytes of the largest message a server takes (a command that names 100,000 panels is half of it)."""

MOST_TOLD = 4 * 2**20
"""Bytes of the largest message a client takes, as it comes over the wire."""

MOST_UNPACKED = 64 * 2**20
"""Bytes of the largest message a client takes, unpacked."""

MOST_POLLED = 256 * 2**20
"""Bytes of the largest answer to a poll: a snapshot comes in one piece there."""

MOST_STATE = 2**30
"""Bytes of the largest state a client takes, unpacked: far beyond a book of 100,000 panels."""

PART = 2**20
"""Bytes of a snapshot in one message: a slow link still hears a heartbeat in between."""

PACK_FROM = 1024
"""Smaller messages are not worth packing."""


def _tag(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


class LinkMessage(msgspec.Struct, frozen=True, tag_field="is", tag=_tag):
    """Base of everything sent."""


# --- from the watcher ----------------------------------------------------------------------------------


class Hello(LinkMessage, frozen=True):
    """The first word. ``after``: the last record already known of ``session``; None wants a snapshot."""

    version: int
    after: int | None = None
    session: str = ""


class Ask(LinkMessage, frozen=True):
    """A command. Sent again with the same ``id`` it is obeyed once and answered twice."""

    id: str
    command: AnyCommand


class Beat(LinkMessage, frozen=True):
    """A sign of life, either way."""


# --- from the run --------------------------------------------------------------------------------------


class Welcome(LinkMessage, frozen=True):
    """The answer to ``Hello``. ``session`` names this process's run of the project; ``seq`` is its newest record,
    ``beat`` the seconds between signs of life."""

    version: int
    session: str
    seq: int
    beat: float


class Snapshot(LinkMessage, frozen=True):
    """One part of the state after record ``seq``: zlib over the MessagePack of ``core.state.RunState``."""

    seq: int
    part: int  #: from 0
    parts: int
    data: bytes


class Records(LinkMessage, frozen=True):
    """Records in order, without gap, that follow what was sent before."""

    records: list[Record]


class Answer(LinkMessage, frozen=True):
    """What became of the command ``id``."""

    id: str
    reply: Reply


class Refused(LinkMessage, frozen=True):
    """Nothing was done, and the link is closed. ``why`` is a sentence."""

    why: str


class End(LinkMessage, frozen=True):
    """The run's process lets go of the project; every record was sent."""


FromWatcher = Hello | Ask | Beat
FromRun = Welcome | Snapshot | Records | Answer | Refused | End | Beat


class _EncodedRecords(LinkMessage, frozen=True, tag="records"):
    """``Records`` on the sending side: every record is encoded once, for all watchers."""

    records: list[msgspec.Raw]


_ENCODER = msgspec.msgpack.Encoder()
_FROM_WATCHER: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(FromWatcher)
_FROM_RUN: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(FromRun)
_PLAIN, _PACKED = b"\x00", b"\x01"


class Malformed(Exception):
    """Bytes that are no message. ``str()`` says why, without repeating them."""


def encode(message: LinkMessage) -> bytes:
    """The message as it goes over the wire: one byte (0 plain, 1 zlib) and its MessagePack."""
    return _framed(_ENCODER.encode(message))


def encode_snapshot(part: Snapshot) -> bytes:
    """Like ``encode``, for data that is packed already."""
    return _PLAIN + _ENCODER.encode(part)


def encode_record(record: Record) -> bytes:
    """One record for ``encode_records``."""
    return _ENCODER.encode(record)


def encode_records(records: list[bytes]) -> bytes:
    """A ``Records`` message made of records encoded before."""
    return _framed(_ENCODER.encode(_EncodedRecords([msgspec.Raw(record) for record in records])))


def _framed(data: bytes) -> bytes:
    if len(data) < PACK_FROM:
        return _PLAIN + data
    return _PACKED + zlib.compress(data, 1)


def from_watcher(data: bytes) -> FromWatcher:
    """A watcher's message; packed ones are not taken. Raises Malformed."""
    if len(data) > MOST_ASKED:
        raise Malformed(f"a message of {len(data)} bytes is more than {MOST_ASKED}")
    if data[:1] != _PLAIN:
        raise Malformed("its first byte is not 0")
    try:
        message: FromWatcher = _FROM_WATCHER.decode(data[1:])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error
    return message


def to_run(message: FromWatcher) -> bytes:
    """A watcher's message as it goes over the wire."""
    return _PLAIN + _ENCODER.encode(message)


def from_run(data: bytes) -> FromRun:
    """A run's message. Raises Malformed."""
    kind, body = data[:1], data[1:]
    if kind == _PACKED:
        body = unpack(body, MOST_UNPACKED)
    elif kind != _PLAIN:
        raise Malformed("its first byte is neither 0 nor 1")
    try:
        message: FromRun = _FROM_RUN.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from error
    return message


def unpack(data: bytes, most: int) -> bytes:
    """zlib data of at most ``most`` bytes unpacked. Raises Malformed."""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(data, most)
    except zlib.error as error:
        raise Malformed("it cannot be unpacked") from error
    if not unpacker.eof:
        raise Malformed(f"it is torn, or more than {most} bytes unpacked")
    return found


def state_of(packed: bytes) -> RunState:
    """The state in a whole snapshot. Raises Malformed."""
    try:
        return msgspec.msgpack.decode(unpack(packed, MOST_STATE), type=RunState)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed(f"a state that is none ({error})") from error


def split(body: bytes) -> list[FromRun]:
    """The messages of an answer to a poll. Raises Malformed."""
    found, start = [], 0
    while start < len(body):
        length = int.from_bytes(body[start : start + 4], "big")
        message = body[start + 4 : start + 4 + length]
        if len(message) != length:
            raise Malformed("it is torn")
        found.append(from_run(message))
        start += 4 + length
    return found
