"""The journal: append-only, one record a line, each with its sequence number and CRC.

A line is plain JSON: ``{"v":1,"seq":7,"at":1763900000.5,"event":{…},"crc":"9ae0daaf"}``; the CRC-32 is over
the bytes before ``,"crc"``. A torn tail is cut and told; a damaged line in the middle is set aside in
``journal.damaged`` and told, never skipped silently. Full segments are renamed ``journal-000001.jsonl`` and
never touched again.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from core.events import Record
from core.store.disk import Disk

CURRENT = "journal.jsonl"
DAMAGED = "journal.damaged"
VERSION = 1
SEGMENT_BYTES = 8 * 2**20

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)
_TAIL = len(',"crc":"01234567"}')


class DamagedLine(Exception):
    """A line that is not a whole record."""


def to_line(record: Record) -> bytes:
    """One line, with its newline."""
    body = b'{"v":%d,' % VERSION + _ENCODER.encode(record)[1:-1]
    return body + b',"crc":"%08x"}\n' % zlib.crc32(body)


def from_line(line: bytes) -> Record:
    """The record of a line without its newline. Raises DamagedLine."""
    body = line[:-_TAIL]
    if line[-_TAIL:] != b',"crc":"%08x"}' % zlib.crc32(body):
        raise DamagedLine("its checksum does not fit")
    try:
        return _DECODER.decode(body + b"}")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DamagedLine(str(error)) from error


class Scan(msgspec.Struct):
    """What reading the journal found. ``end``: offset behind the last whole line of the current segment."""

    records: list[Record] = []
    repairs: list[str] = []
    damaged: list[bytes] = []
    end: int = 0


class Journal:
    """Reads and appends the segments in ``folder`` (the project's ``.novelgen``)."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self._disk, self._folder = disk, folder
        self._end = 0

    def segments(self) -> list[str]:
        """File names, oldest first, the current one last."""
        names = self._disk.list(self._folder)
        old = [n for n in names if n.startswith("journal-") and n.endswith(".jsonl")]
        return [*old, CURRENT] if CURRENT in names else old

    def read(self, after: int = 0) -> Scan:
        """Every record with a sequence number past ``after``, and what was wrong. Writes nothing."""
        scan = Scan()
        last = after
        for name in reversed(self.segments()):
            part = self._read_segment(name, scan)
            scan.records = part + scan.records
            if part and part[0].seq <= after + 1:
                break  # older segments hold nothing newer
        wanted = []
        for record in scan.records:
            if record.seq <= last:
                continue
            if record.seq != last + 1 and last:
                scan.repairs.append(f"records {last + 1} to {record.seq - 1} are missing from the journal")
            last = record.seq
            wanted.append(record)
        scan.records = wanted
        return scan

    def _read_segment(self, name: str, scan: Scan) -> list[Record]:
        data = self._disk.read(self._folder / name) or b""
        lines = data.split(b"\n")
        torn = lines.pop()  # b"" behind a last whole line
        found: list[Record] = []
        for number, line in enumerate(lines, start=1):
            try:
                found.append(from_line(line))
            except DamagedLine as error:
                if number == len(lines) and name == CURRENT and not torn:
                    torn = line + b"\n"
                    continue
                scan.damaged.append(line)
                scan.repairs.append(f"{name}, line {number} is damaged ({error}); set aside in {DAMAGED}")
        if torn and name == CURRENT:
            scan.repairs.append(f"the last line of {name} was torn off in mid-write and was cut")
        elif torn:
            scan.damaged.append(torn)
            scan.repairs.append(f"{name} ends in mid-line; set aside in {DAMAGED}")
        if name == CURRENT:
            scan.end = len(data) - len(torn)
        return found

    def repair(self, scan: Scan) -> None:
        """Make the disk as the scan found it: the torn tail is cut, damaged lines are set aside."""
        self._end = scan.end
        if scan.damaged:
            aside = self._folder / DAMAGED
            known = self._disk.read(aside) or b""
            fresh = b"".join(line + b"\n" for line in scan.damaged if line not in known)
            self._disk.append(aside, fresh, len(known))

    def append(self, lines: bytes, first_seq: int) -> None:
        """Durable when it returns. ``first_seq`` names the next segment if this one is full."""
        if self._end > SEGMENT_BYTES:
            self._disk.rename(self._folder / CURRENT, self._folder / f"journal-{first_seq:09d}.jsonl")
            self._end = 0
        self._disk.append(self._folder / CURRENT, lines, self._end)
        self._end += len(lines)

    def everything(self) -> Iterator[Record]:
        """All records from the first, segment by segment, damaged ones left out."""
        for name in self.segments():
            yield from self._read_segment(name, Scan())
