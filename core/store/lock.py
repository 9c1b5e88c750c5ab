"""One process a project. The lock itself is the kernel's, so it cannot outlive its process; the note beside it says
who has it, and its age tells a process on another machine (which the kernel here knows nothing of) from one long
gone."""

import errno
import os
import socket
import time
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from core.store.disk import Disk, DiskError, disk_errors
from core.store.owner import NOTE, Owner, ProjectBusy, read_note

FRESH = 30.0
"""A note of another machine that was renewed within so many seconds belongs to a process that lives."""


class ProjectLock:
    """Held from ``take`` to ``release``. ``gone``: who had it before and never gave it back, if anybody."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._lock = FileLock(folder / "lock", mode=0o600, thread_local=False)
        self._note = folder / NOTE
        self._disk = Disk() if disk is None else disk
        self._held: tuple[int, int] | None = None  # device and inode of its folder while we hold it
        self.gone: Owner | None = None

    def take(self, project: Path) -> None:
        """Raises ProjectBusy where another process has it, DiskError where nothing can be written."""
        with disk_errors(self._note):
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                raise ProjectBusy(project, read_note(self._note)) from None
        try:
            with disk_errors(self._note.parent):
                self._held = self._identity()
            self._take_over(project)
        except BaseException:
            self._lock.release()
            raise

    def _take_over(self, project: Path) -> None:
        owner, age = read_note(self._note), self._age()
        if owner is not None and owner.host != socket.gethostname() and age < FRESH:
            wait = f"if that process is gone, try again in {FRESH - age:.0f} seconds"
            raise ProjectBusy(project, owner, f"its last sign of life is {age:.0f} seconds old; {wait}")
        self.gone = owner
        self._disk.replace(self._note, msgspec.json.encode(Owner(os.getpid(), socket.gethostname())))

    def check(self) -> None:
        """Raises DiskError where the project is no longer in its place: moved away, removed, or another one by now.

        A browser makes its profile's folder again, and so there may be a folder of that name all the same.
        """
        with disk_errors(self._note.parent):
            if self._identity() != self._held:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _identity(self) -> tuple[int, int]:
        found = self._note.parent.stat()
        return found.st_dev, found.st_ino

    def renew(self) -> None:
        """A sign of life, for other machines. Raises DiskError."""
        self._disk.touch(self._note)

    def release(self) -> None:
        """Give it back, once; a note that cannot be removed is known as old by its age or its host."""
        if not self._lock.is_locked:
            return  # the note may be somebody else's by now
        try:
            self._disk.remove(self._note)
        except DiskError:
            pass
        finally:
            self._lock.release()

    def _age(self) -> float:
        """Seconds since the note was last renewed, by this machine's clock (a note from the future is fresh)."""
        try:
            return max(0.0, time.time() - self._note.stat().st_mtime)
        except OSError:
            return FRESH
