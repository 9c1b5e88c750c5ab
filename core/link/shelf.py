"""What a watcher may ask of the project's disk: pictures by panel, and the journal. Never a path."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from core.events import Record
from core.link.protocol import encode_record
from core.state import Take
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.journal import Journal

LARGEST_PICTURE = 64 * 2**20
"""Bytes; a larger file is not one of ours."""

BATCH = 2000
"""Records in one batch of the history."""

PAGE_BYTES = 4 * 2**20
"""Bytes of records in one answer about the past, about."""


def picture(folder: Path, take: Take) -> bytes | None:
    """The bytes of a take's file; None where it is not there, or not inside the project any more."""
    root = folder.resolve()
    try:
        path = (root / take.file).resolve()  # follows links: one that leads out is as good as none
        if not path.is_relative_to(root) or path.stat().st_size > LARGEST_PICTURE:
            return None
        return path.read_bytes()
    except (OSError, RuntimeError, ValueError):
        return None


def history(folder: Path, after: int) -> Iterator[Record]:
    """The journaled records after ``after``, in order, a segment in memory at a time. Raises DiskError."""
    return Journal(Disk(), folder / FOLDER).records(after)


def page(folder: Path, after: int, most: int) -> list[bytes]:
    """The next records after ``after``, encoded for the link: ``most``, or fewer where they are long. Raises DiskError.

    No more of the journal is read than that, but for the rest of a segment.
    """
    found, size = list[bytes](), 0
    for record in islice(history(folder, after), most):
        found.append(encode_record(record))
        size += len(found[-1])
        if size >= PAGE_BYTES:
            break
    return found
