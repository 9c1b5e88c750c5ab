"""Finds the run somebody else is doing: where to knock, who it is, and whether it is still there."""

import os
import socket
from pathlib import Path

import msgspec

from core.complaint import Complaint
from core.link.endpoint import Endpoint, of_folder, of_url
from core.link.glance import glance
from core.link.port import RunPort
from core.link.prompt import PromptRun
from core.state import RunState
from core.store.folder import FOLDER
from core.store.lock import Owner, ProjectBusy

__all__ = ["NotRunning", "answers", "busy", "find_run", "live_state", "of_url", "remote", "running"]

SOON = 3.0
"""Seconds within which a run that is there answers."""


class NotRunning(Complaint):
    """Nobody runs the project."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not being run; start it with: novelgen-tui run {folder}")


def running(folder: Path) -> Owner | None:
    """Who runs the project in ``folder``; None where nobody does, as far as can be told from here."""
    try:
        owner = msgspec.json.decode((folder / FOLDER / "lock.owner").read_bytes(), type=Owner)
    except (OSError, msgspec.MsgspecError):
        return None
    return None if owner.host == socket.gethostname() and not _alive(owner.pid) else owner


def answers(folder: Path) -> bool:
    """Whether the run of the project in ``folder`` lets watchers in."""
    endpoint = of_folder(folder) if running(folder) is not None else None
    if endpoint is None:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.settimeout(SOON)
        try:
            knock.connect(endpoint.socket)
        except OSError:
            return False
    return True


def busy(folder: Path) -> Complaint:
    """What is said to somebody who wants to run what another process runs."""
    return ProjectBusy(folder, running(folder))


def find_run(folder: Path) -> RunPort:
    """The run of the project in ``folder``, to be watched. Raises NotRunning."""
    endpoint = of_folder(folder) if running(folder) is not None else None
    if endpoint is None:
        raise NotRunning(folder)
    return PromptRun(endpoint, lambda: _gone(folder))


def remote(endpoint: Endpoint) -> RunPort:
    """A run known by its address; whether its process lives cannot be seen from here."""
    from core.link.client import RemoteRun  # it takes longer to load than a run on this machine to answer

    return RemoteRun(endpoint)


def live_state(folder: Path) -> RunState | None:
    """The state of the run that is going on for ``folder``, from the run itself; None where none answers."""
    endpoint = of_folder(folder) if running(folder) is not None else None
    if endpoint is None:
        return None
    try:
        return glance(endpoint.socket, SOON)[1]
    except Complaint:
        return None


def _gone(folder: Path) -> str | None:
    if running(folder) is not None:
        return None
    return f"the run of {folder} is gone without a word; go on with: novelgen-tui run {folder}"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
