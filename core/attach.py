"""Finds the run somebody else is doing: where to knock, and whether it is still there."""

from pathlib import Path

from core.complaint import Complaint, command
from core.link.endpoint import Endpoint, of_folder, of_url
from core.link.glance import glance
from core.link.port import RunPort
from core.link.prompt import PromptRun
from core.running import SOON, running
from core.state import RunState

__all__ = ["NotRunning", "at_socket", "find_run", "live_state", "of_url", "remote"]


class NotRunning(Complaint):
    """Nobody runs the project."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not being run; start it with: {command('run', folder)}")


def find_run(folder: Path) -> RunPort:
    """The run of the project in ``folder``, to be watched. Raises NotRunning."""
    endpoint = of_folder(folder) if running(folder) is not None else None
    if endpoint is None:
        raise NotRunning(folder)
    return PromptRun(endpoint, lambda: _gone(folder))


def at_socket(path: Path) -> RunPort:
    """A run behind a Unix socket that was brought here, over SSH for example; nobody here knows its process."""
    return PromptRun(Endpoint(socket=str(path)), lambda: None)


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
    return f"the run of {folder} is gone without a word; go on with: {command('run', folder)}"
