"""The one seam to the file system, in two layers, so that tests can stop the world at any write, fsync or rename.

``Disk`` knows how to change files so that a crash leaves them whole; every failure becomes a ``DiskError`` with a
sentence. Below it, ``Calls`` is the operating system itself, one method a call.
"""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from core.complaint import Complaint
from core.store.calls import Calls

FailureKind = Literal["full", "read-only", "io"]

_KINDS: dict[int, tuple[FailureKind, str]] = {
    errno.ENOSPC: ("full", "the disk is full; free some space"),
    errno.EDQUOT: ("full", "your disk quota is used up; free some space"),
    errno.EROFS: ("read-only", "the disk is read-only; make it writable"),
    errno.EACCES: ("read-only", "writing is not permitted; check the folder's owner and mode"),
    errno.EPERM: ("read-only", "writing is not permitted; check the folder's owner and mode"),
    errno.ENOENT: ("io", "its folder is gone; put it back"),
    errno.ELOOP: ("io", "a link to elsewhere is in its place, and is not written through; remove it"),
}


class DiskError(Complaint):
    """The disk failed at ``path``. ``kind`` says how; ``str()`` is a sentence with what to do and the path."""

    def __init__(self, kind: FailureKind, sentence: str, path: Path | None = None) -> None:
        super().__init__(sentence)
        self.kind, self.path = kind, path


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's errors into ``DiskError``."""
    try:
        yield
    except OSError as error:
        unknown: tuple[FailureKind, str] = ("io", f"the disk failed ({error.strerror or error}); check it")
        kind, words = _KINDS.get(error.errno or 0, unknown)
        raise DiskError(kind, f"{words} ({path})", path) from error


class Disk:
    """Paths are absolute; sizes in bytes; folders are 0700 and files 0600. Every method may raise DiskError."""

    def __init__(self, calls: Calls | None = None) -> None:
        self._calls = Calls() if calls is None else calls
        self._kept: set[Path] = set()  # folders and files whose names this process knows to be durable

    def make_folder(self, path: Path) -> None:
        """Make ``path`` and what is missing above it; their names are durable afterwards."""
        if path in self._kept:
            return
        with disk_errors(path):
            self._make_folder(path)

    def _make_folder(self, path: Path) -> None:
        if not self._calls.is_folder(path):
            if not self._calls.is_folder(path.parent):
                self._make_folder(path.parent)
            self._calls.make_folder(path)
        self._calls.sync_folder(path.parent)
        self._kept.add(path)

    def forget_folder(self, path: Path) -> None:
        """Look again the next time whether ``path`` is there: somebody may have taken it away."""
        self._kept.discard(path)

    def append(self, path: Path, data: bytes, at: int) -> None:
        """Write ``data`` at offset ``at`` (cutting whatever lay beyond it) and make it durable."""
        with disk_errors(path):
            handle = self._calls.open(path)
            try:
                if self._calls.length(handle) != at:
                    self._calls.truncate(handle, at)
                self._write(handle, data, at)
                self._calls.sync_data(handle)
            finally:
                self._calls.close(handle)
            if path not in self._kept:  # perhaps it was new; its name must last as long as its bytes
                self._calls.sync_folder(path.parent)
                self._kept.add(path)

    def replace(self, path: Path, data: bytes | Iterable[bytes], *, keep_as: Path | None = None) -> int:
        """Whole or absent: write beside, fsync, rename, fsync the folder. ``keep_as``: the old file's new name.

        Returns the bytes written.
        """
        beside = part_of(path)
        with disk_errors(path):
            length = self._write_anew(beside, [data] if isinstance(data, bytes) else data, synced=True)
            if keep_as is not None and self._calls.size(path) is not None:
                self._calls.rename(path, keep_as)
            self._calls.rename(beside, path)
            self._calls.sync_folder(path.parent)
        return length

    def _write_anew(self, beside: Path, chunks: Iterable[bytes], *, synced: bool) -> int:
        length = 0
        try:
            handle = self._opened(beside)
            try:
                self._calls.truncate(handle, 0)
                for chunk in chunks:
                    self._write(handle, chunk, length)
                    length += len(chunk)
                if synced:
                    self._calls.sync(handle)
            finally:
                self._calls.close(handle)
        except OSError:
            self._drop_part(beside)  # on a full disk, half a file is room nobody can use
            raise
        return length

    def _opened(self, beside: Path) -> int:
        try:
            return self._calls.open(beside)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        self._calls.remove(beside)  # a link under a name that is ours; where it leads is not
        return self._calls.open(beside)

    def _drop_part(self, beside: Path) -> None:
        try:
            self._calls.remove(beside)
        except OSError:
            return  # what made the write fail is what has to be told

    def _write(self, handle: int, data: bytes, at: int) -> None:
        view = memoryview(data)
        while view:
            written = self._calls.write(handle, view, at)
            view, at = view[written:], at + written

    def put(self, path: Path, data: bytes) -> None:
        """Whole or as it was, but not durable: for what can be made again after a crash."""
        beside = part_of(path)
        with disk_errors(path):
            self._write_anew(beside, [data], synced=False)
            self._calls.rename(beside, path)

    def rename(self, path: Path, to: Path) -> None:
        """Durable when it returns. Asked again after a failure, it finishes what the first try left."""
        with disk_errors(path):
            if self._calls.size(path) is not None or self._calls.size(to) is None:
                self._calls.rename(path, to)
            self._kept.discard(path)
            self._calls.sync_folder(to.parent)

    def reserve(self, path: Path, size: int) -> None:
        """A file that holds so much room and nothing else."""
        with disk_errors(path):
            handle = self._calls.open(path)
            try:
                self._calls.allocate(handle, size)
                self._calls.sync(handle)
            finally:
                self._calls.close(handle)

    def probe(self, folder: Path, room: int) -> None:
        """Find out whether ``room`` bytes can be written in ``folder``; nothing stays behind."""
        path = part_of(folder / "probe")
        with disk_errors(folder):
            try:
                self.reserve(path, room)
                self.append(path, b"\0" * 4096, 0)
            finally:
                self._drop_part(path)
                self._kept.discard(path)

    def remove(self, path: Path) -> None:
        """Gone, whether or not it was there."""
        with disk_errors(path):
            self._calls.remove(path)
            self._kept.discard(path)

    def touch(self, path: Path) -> None:
        """Set the moment of the file's last change to now."""
        with disk_errors(path):
            self._calls.touch(path)

    def read(self, path: Path) -> bytes | None:
        """The file's bytes; None where there is no such file."""
        with disk_errors(path):
            return self._calls.read(path)

    def lines(self, path: Path) -> Iterator[bytes] | None:
        """The file's lines, each with its newline, without holding them all; None where there is no such file."""
        with disk_errors(path):
            lines = self._calls.lines(path)
        return None if lines is None else _guarded(lines, path)

    def size(self, path: Path) -> int | None:
        """The file's size; None where there is no such file."""
        with disk_errors(path):
            return self._calls.size(path)

    def sizes(self, folder: Path) -> dict[str, int]:
        """Name and size of every file in ``folder``; empty where there is no such folder."""
        with disk_errors(folder):
            return self._calls.sizes(folder)

    def list(self, folder: Path) -> list[str]:
        """Names of the files in ``folder``, sorted; empty where there is no such folder."""
        return sorted(self.sizes(folder))


def _guarded(lines: Iterator[bytes], path: Path) -> Iterator[bytes]:
    with disk_errors(path):
        yield from lines


def part_of(path: Path) -> Path:
    """Where the new bytes of ``path`` are written before they take its place."""
    return path.with_name(f".{path.name}.part")


def is_part(name: str) -> bool:
    """Whether a file of this name is half-written and nobody's."""
    return name.startswith(".") and name.endswith(".part")
