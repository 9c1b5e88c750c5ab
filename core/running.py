"""Whether somebody else is doing the run. Light: it is asked before the first frame."""

import os
import socket
from pathlib import Path

from core.complaint import Complaint
from core.link.endpoint import of_folder
from core.store.owner import Owner, ProjectBusy, owner_of

SOON = 3.0
"""Seconds within which a run that is there answers."""


def running(folder: Path) -> Owner | None:
    """Who runs the project in ``folder``; None where nobody does, as far as can be told from here."""
    owner = owner_of(folder)
    if owner is None:
        return None
    gone = owner.host == socket.gethostname() and not _alive(owner.pid)
    # a container may share this machine's name and count its processes by itself: the socket knows better
    return None if gone and not _answers(folder) else owner


def answers(folder: Path) -> bool:
    """Whether the run of the project in ``folder`` lets watchers in."""
    return running(folder) is not None and _answers(folder)


def _answers(folder: Path) -> bool:
    """Whether somebody listens on the project's socket."""
    endpoint = of_folder(folder)
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


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
