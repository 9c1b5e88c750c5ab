"""The folder that keeps the sign-in: private, shared by all local tabs, and by one process at a time."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from core.complaint import Complaint

STATE = "storage-state.json"
"""The cookies and local storage of the sign-in, for browsers that do not use the folder itself."""

_LOCK = ".novelgen.lock"


def private_folder(folder: Path) -> Path:
    """Make it, for its owner's eyes only (0700)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def held(folder: Path) -> FileLock:
    """Take the profile for this process; release it with ``release()``. Raises Complaint where another has it."""
    lock = FileLock(private_folder(folder) / _LOCK, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Complaint(
            f"the browser profile {folder} is in use by another run or sign-in; "
            "end that first, or give this project a profile of its own under [browser] profile"
        ) from None
    return lock


def write_private(file: Path, data: bytes) -> None:
    """Write ``file`` whole, for its owner's eyes only (0600). Raises Complaint."""
    beside = file.with_name(file.name + ".new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
        beside.replace(file)
    except OSError as error:
        raise Complaint(f"{file} cannot be written: {error.strerror}") from error
