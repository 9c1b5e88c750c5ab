"""What a caller may decide about the screen."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tui.themes import DEFAULT


def over_ssh() -> bool:
    """True in a session over SSH, where bytes are latency."""
    return bool(os.environ.get("SSH_CONNECTION"))


@dataclass(frozen=True)
class ScreenOptions:
    """Frugal where the link is thin, and the same for every run."""

    theme: str = DEFAULT
    ascii: bool = False
    ssh: bool = field(default_factory=over_ssh)
    attached: bool = False  #: the run belongs to another process: leaving leaves it alone
    detachable: bool = False  #: somebody waits in a shell, who can have the prompt back while the run goes on
    theme_folders: tuple[Path, ...] = ()  #: where the user keeps themes of their own
    keymap: dict[str, str] = field(default_factory=dict)  #: action id -> keys, by comma
    clock: Callable[[], float] = time.time  #: seconds since the epoch

    @property
    def frame(self) -> float:
        """Seconds between two paints of what the run does; keys are answered at once."""
        return 0.5 if self.ssh else 0.25

    @property
    def tick(self) -> float:
        """Seconds between two looks at the clock."""
        return 10.0 if self.ssh else 5.0
