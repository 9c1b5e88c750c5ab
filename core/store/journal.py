"""The journal: append-only, one record a line (``lines``), in segments.

The newest segment is ``journal.jsonl``. A full one is renamed ``journal-000000123.jsonl``, after the first record
that is no longer in it, and never touched again. A torn tail is cut and told; a damaged line is passed over, kept in
``journal.damaged`` and told, never skipped silently.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from core.events import Record
from core.store.disk import Disk
from core.store.lines import DamagedLine, UnknownEvent, from_line, seq_of

CURRENT = "journal.jsonl"
DAMAGED = "journal.damaged"
SEGMENT_BYTES = 8 * 2**20


class Findings(msgspec.Struct):
    """What reading the journal found.

    ``end``: offset behind the last whole line of the current segment; ``last``: the highest sequence number seen.
    ``damaged``: the bytes of each damaged line, and how to tell of it.
    """

    records: int = 0
    repairs: list[str] = []
    damaged: list[tuple[bytes, str]] = []
    end: int = 0
    last: int = 0


class Journal:
    """Reads and appends the segments in ``folder`` (the project's ``.novelgen``)."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self._disk, self._folder, self._current = disk, folder, folder / CURRENT
        self._end = 0

    def segments(self) -> list[str]:
        """File names, oldest first, the current one last."""
        names = self._disk.list(self._folder)
        old = [n for n in names if n.startswith("journal-") and n.endswith(".jsonl")]
        return [*old, CURRENT] if CURRENT in names else old

    def records(self, after: int = 0, findings: Findings | None = None) -> Iterator[Record]:
        """Every record with a sequence number past ``after``, segment by segment. Writes nothing; whoever owns the
        journal may go on writing.

        What was wrong is in ``findings`` once the iterator is at its end. Raises NewerJournal or DiskError.
        """
        findings = Findings() if findings is None else findings
        findings.last = after
        read: set[str] = set()
        while True:
            newest = self._bytes(CURRENT)
            full = [name for name in self.segments() if name != CURRENT and name not in read]
            if not full:
                break  # else the newest may have become one of them meanwhile: its owner is writing
            for name in full:
                read.add(name)
                if _next_seq(name) > after + 1:  # else all of it came before
                    yield from self._segment(name, self._bytes(name), findings)
        yield from self._segment(CURRENT, newest, findings)

    def _bytes(self, name: str) -> bytes:
        return self._disk.read(self._folder / name) or b""

    def _segment(self, name: str, data: bytes, findings: Findings) -> Iterator[Record]:
        lines = data.split(b"\n")
        torn = lines.pop()  # b"" behind a last whole line
        size = len(data)
        del data
        for number, line in enumerate(lines, start=1):
            seq = seq_of(line)
            if seq is not None and seq <= findings.last and number < len(lines):
                continue  # known already, from the checkpoint or from a line before
            try:
                record = from_line(line)
                seq = record.seq
            except UnknownEvent as error:
                findings.repairs.append(f"record {error.seq} is of a kind this version does not know; passed over")
                self._missing(error.seq, findings)
                continue
            except DamagedLine as error:
                if number == len(lines) and name == CURRENT and not torn:
                    torn = line + b"\n"
                else:
                    sentence = f"{name}, line {number} is damaged ({error}); passed over and kept in {DAMAGED}"
                    findings.damaged.append((line, sentence))
                continue
            if seq <= findings.last:
                continue
            self._missing(seq, findings)
            findings.records += 1
            yield record
        if torn and name != CURRENT:
            findings.damaged.append((torn, f"{name} ends in mid-line; what was there is kept in {DAMAGED}"))
        elif torn.endswith(b"\n"):
            findings.damaged.append((torn[:-1], f"the last line of {name} is damaged; cut and kept in {DAMAGED}"))
        elif torn:
            findings.repairs.append(f"the last line of {name} was torn off in mid-write and was cut")
        if name == CURRENT:
            findings.end = size - len(torn)

    def _missing(self, seq: int, findings: Findings) -> None:
        """Tell of the numbers between the last record and ``seq``."""
        first, last = findings.last + 1, seq - 1
        if first == last:
            findings.repairs.append(f"record {first} is missing from the journal")
        elif first < last:
            findings.repairs.append(f"records {first} to {last} are missing from the journal")
        findings.last = max(seq, findings.last)

    def repair(self, findings: Findings) -> list[str]:
        """Make the disk as it was found: damaged lines are kept aside, the torn tail is cut by the next append.

        Returns what is new of it, in words; a line known from an earlier start is not told again.
        """
        self._end = findings.end
        aside = self._folder / DAMAGED
        known = self._disk.read(aside) or b"" if findings.damaged else b""
        fresh = [(line, told) for line, told in findings.damaged if line + b"\n" not in known]
        if fresh:
            self._disk.append(aside, b"".join(line + b"\n" for line, _ in fresh), len(known))
        return [*findings.repairs, *(told for _, told in fresh)]

    def append(self, lines: bytes, first_seq: int) -> None:
        """Durable when it returns. ``first_seq`` names the full segment that these lines come after."""
        if self._end > SEGMENT_BYTES:
            current = self._folder / CURRENT
            if self._disk.size(current) is not None:  # else renamed by a try that failed after it
                self._disk.rename(current, self._folder / f"journal-{first_seq:09d}.jsonl")
            self._end = 0
        self._disk.append(self._current, lines, self._end)
        self._end += len(lines)


def _next_seq(name: str) -> int:
    """The first sequence number that is no longer in the full segment ``name``."""
    digits = name.removeprefix("journal-").removesuffix(".jsonl")
    return int(digits) if digits.isdecimal() else 2**62
