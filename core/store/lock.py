"""One process a project. The lock itself is the kernel's, so it cannot go stale; the note beside it says who."""

import os
import socket
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from core.complaint import Complaint


class Owner(msgspec.Struct, frozen=True):
    pid: int
    host: str


class ProjectBusy(Complaint):
    """Another process runs the project."""

    exit_code = 5

    def __init__(self, project: Path, owner: Owner | None) -> None:
        who = f"process {owner.pid} on {owner.host}" if owner else "another process"
        super().__init__(f"{project} is being run by {who}; watch it with: novelgen-tui attach {project}")
        self.owner = owner


class ProjectLock:
    """Held from ``take`` to ``release``."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "lock", mode=0o600)
        self._note = folder / "lock.owner"

    def take(self, project: Path) -> None:
        """Raises ProjectBusy where another process has it."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ProjectBusy(project, self._owner()) from None
        self._note.write_bytes(msgspec.json.encode(Owner(os.getpid(), socket.gethostname())))

    def release(self) -> None:
        self._note.unlink(missing_ok=True)
        self._lock.release()

    def _owner(self) -> Owner | None:
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Owner)
        except (OSError, msgspec.MsgspecError):
            return None
