"""The journal of a run as it grows, read by somebody outside."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

from core.events import Record
from core.store.journal import CURRENT
from core.store.lines import DamagedLine, UnknownEvent, from_line
from core.store.store import FOLDER


class Tail:
    """Iterating gives what was journaled since the last time. A torn last line waits until it is whole, or is cut
    by the next run; a full segment is read to its end before the next one is begun."""

    def __init__(self, project: Path) -> None:
        self._path = project / FOLDER / CURRENT
        self._file: io.BufferedReader | None = None

    def __iter__(self) -> Iterator[Record]:
        while True:
            if self._file is None:
                if not self._path.exists():
                    return
                self._file = self._path.open("rb")
            yield from self._lines(self._file)
            if not self._full(self._file):
                return
            self._file.close()
            self._file = None

    def _lines(self, file: io.BufferedReader) -> Iterator[Record]:
        while True:
            start = file.tell()
            line = file.readline()
            if not line.endswith(b"\n"):
                file.seek(start)
                return
            try:
                yield from_line(line[:-1])
            except (DamagedLine, UnknownEvent):
                continue  # the verdict reads the journal as the program does and tells of these

    def _full(self, file: io.BufferedReader) -> bool:
        """Whether another file has its name by now."""
        try:
            return self._path.stat().st_ino != os.fstat(file.fileno()).st_ino
        except FileNotFoundError:
            return False  # between a segment's renaming and the next one's first line

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
