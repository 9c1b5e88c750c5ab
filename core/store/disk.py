"""The one seam to the file system, so that tests can stop the world at any write, fsync or rename.

Every failure becomes a ``DiskError`` with a sentence; nothing else of the operating system leaks upward.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from core.complaint import Complaint

FailureKind = Literal["full", "read-only", "io"]

_KINDS: dict[int, tuple[FailureKind, str]] = {
    errno.ENOSPC: ("full", "the disk is full; free some space, the run goes on by itself"),
    errno.EDQUOT: ("full", "your disk quota is used up; free some space, the run goes on by itself"),
    errno.EROFS: ("read-only", "the disk is read-only; make it writable, the run goes on by itself"),
    errno.EACCES: ("read-only", "writing is not permitted; check the folder's owner and mode"),
    errno.EPERM: ("read-only", "writing is not permitted; check the folder's owner and mode"),
}


class DiskError(Complaint):
    """The disk failed. ``kind`` says how; ``str()`` is a sentence with the path."""

    def __init__(self, kind: FailureKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's errors into ``DiskError``."""
    try:
        yield
    except OSError as error:
        unknown: tuple[FailureKind, str] = (
            "io",
            f"{error.strerror}; check the disk, the run goes on by itself",
        )
        kind, words = _KINDS.get(error.errno or 0, unknown)
        raise DiskError(kind, f"{path}: {words}") from error


class Disk:
    """The real one. Paths are absolute; sizes in bytes; folders are 0700 and files 0600."""

    def make_folder(self, path: Path) -> None:
        with disk_errors(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def append(self, path: Path, data: bytes, at: int) -> None:
        """Write ``data`` at offset ``at`` (cutting whatever lay beyond it) and make it durable."""
        with disk_errors(path):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(handle).st_size != at:
                    os.ftruncate(handle, at)
                view = memoryview(data)
                while view:
                    written = os.pwrite(handle, view, at)
                    view, at = view[written:], at + written
                os.fdatasync(handle)
            finally:
                os.close(handle)

    def replace(self, path: Path, data: bytes, *, keep_as: Path | None = None) -> None:
        """Whole or absent: write beside, fsync, rename, fsync the folder. ``keep_as``: the old file's new name."""
        beside = path.with_name(f".{path.name}.part")
        with disk_errors(path):
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(handle, view) :]
                os.fsync(handle)
            finally:
                os.close(handle)
            if keep_as is not None and path.exists():
                path.replace(keep_as)
            beside.replace(path)
            self._sync_folder(path.parent)

    def rename(self, path: Path, to: Path) -> None:
        with disk_errors(path):
            path.replace(to)
            self._sync_folder(to.parent)

    def read(self, path: Path) -> bytes | None:
        """The file's bytes; None where there is no such file."""
        with disk_errors(path):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return None

    def size(self, path: Path) -> int | None:
        """The file's size; None where there is no such file."""
        with disk_errors(path):
            try:
                return path.stat().st_size
            except FileNotFoundError:
                return None

    def list(self, folder: Path) -> list[str]:
        """Names in ``folder``, sorted; empty where there is no such folder."""
        with disk_errors(folder):
            try:
                return sorted(path.name for path in folder.iterdir())
            except FileNotFoundError:
                return []

    def remove(self, path: Path) -> None:
        with disk_errors(path):
            path.unlink(missing_ok=True)

    def _sync_folder(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
