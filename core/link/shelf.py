"""What a watcher may ask of the project's disk: pictures by panel, and the journal. Never a path."""

from collections.abc import Sequence
from pathlib import Path

from core.events import Record
from core.state import Take
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.journal import Journal

LARGEST_PICTURE = 64 * 2**20
"""Bytes; a larger file is not one of ours."""

BATCH = 2000
"""Records in one batch of the history."""


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


def history(folder: Path, after: int) -> Sequence[Record]:
    """The journaled records after ``after``, in order. Raises DiskError."""
    return list(Journal(Disk(), folder / FOLDER).records(after))
