"""The operating system's calls that the store makes, one method each, raising OSError as they do.

There is nothing to decide here. Tests put a file system of their own in its place, which forgets at a crash
whatever was not synced.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES)
"""Folders on some network disks, and folders one may enter but not read, cannot be synced; there is no other way."""


class Calls:
    """Files by absolute path, open ones by number."""

    def is_folder(self, path: Path) -> bool:
        return path.is_dir()

    def make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)

    def open(self, path: Path) -> int:
        """For writing; made where it is missing. A link in its place is not followed (ELOOP)."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)

    def length(self, handle: int) -> int:
        return os.fstat(handle).st_size

    def truncate(self, handle: int, length: int) -> None:
        os.ftruncate(handle, length)

    def write(self, handle: int, data: memoryview, at: int) -> int:
        """Returns how many bytes were taken."""
        return os.pwrite(handle, data, at)

    def allocate(self, handle: int, size: int) -> None:
        """Make the file at least so long, its room taken from the disk."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, size)
        elif self.length(handle) < size:
            os.pwrite(handle, b"\0" * size, 0)

    def sync_data(self, handle: int) -> None:
        """Bytes and length are durable."""
        os.fdatasync(handle) if hasattr(os, "fdatasync") else os.fsync(handle)

    def sync(self, handle: int) -> None:
        os.fsync(handle)

    def close(self, handle: int) -> None:
        os.close(handle)

    def sync_folder(self, folder: Path) -> None:
        """The names in ``folder`` are durable."""
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            if error.errno not in _CANNOT_SYNC:
                raise

    def rename(self, path: Path, to: Path) -> None:
        path.replace(to)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def touch(self, path: Path) -> None:
        os.utime(path)

    def read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def lines(self, path: Path) -> Iterator[bytes] | None:
        try:
            return _closing(path.open("rb"))
        except FileNotFoundError:
            return None

    def size(self, path: Path) -> int | None:
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return None

    def sizes(self, folder: Path) -> dict[str, int]:
        """Of the files in ``folder``; empty where there is no such folder."""
        try:
            with os.scandir(folder) as entries:
                return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
        except FileNotFoundError:
            return {}


def _closing(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from file
