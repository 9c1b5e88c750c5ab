"""What a caller may decide about the screen."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tui.settings import NotifyTable
from tui.themes import DEFAULT


def over_ssh() -> bool:
    """True in a session over SSH, where bytes are latency."""
    return bool(os.environ.get("SSH_CONNECTION"))


@dataclass(frozen=True)
class ScreenOptions:
    """Frugal where the link is thin, and the same for every run."""

    theme: str = DEFAULT
    ascii: bool = False
    ssh: bool = field(default_factory=over_ssh)  #: begin frugal; a key switches
    attached: bool = False  #: the run belongs to another process: leaving leaves it alone
    detachable: bool = False  #: somebody waits in a shell, who can have the prompt back while the run goes on
    recording: bool = False  #: a run of the past: there is no now to come back to
    at: str = ""  #: the moment of it one looks at first
    folder: Path | None = None  #: the project's, where its files are on this machine
    pictures: Literal["auto", "kitty", "sixel", "blocks", "off"] = "auto"  #: auto: the best found, blocks if frugal
    notify: NotifyTable = field(default_factory=lambda: NotifyTable(bell=False))
    theme_folders: tuple[Path, ...] = ()  #: where the user keeps themes of their own
    keymap: dict[str, str] = field(default_factory=dict)  #: action id -> keys, by comma
    motion: bool = True  #: False: nothing moves by itself
    complaints: tuple[str, ...] = ()  #: what was wrong in the person's own settings, a sentence each
    clock: Callable[[], float] = time.time  #: seconds since the epoch
