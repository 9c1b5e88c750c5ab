"""Who has a project: the note beside the lock, for everybody who wants to know without taking it."""

from pathlib import Path

import msgspec

from core.complaint import Complaint, command
from core.store.folder import FOLDER

NOTE = "lock.owner"


class Owner(msgspec.Struct, frozen=True):
    """The process that runs a project, and its machine."""

    pid: int
    host: str


class ProjectBusy(Complaint):
    """Another process runs the project."""

    exit_code = 5

    def __init__(self, project: Path, owner: Owner | None, more: str = "") -> None:
        who = f"process {owner.pid} on {owner.host}" if owner else "another process"
        what = more or f"watch it with: {command('attach', project)}"
        super().__init__(f"{project} is being run by {who}; {what}")
        self.owner = owner


def owner_of(project: Path) -> Owner | None:
    """Who wrote the note of the project in ``project``, alive or not; None where there is none."""
    return read_note(project / FOLDER / NOTE)


def read_note(note: Path) -> Owner | None:
    """None where there is none, or nothing that can be read."""
    try:
        return msgspec.json.decode(note.read_bytes(), type=Owner)
    except (OSError, msgspec.MsgspecError):
        return None
