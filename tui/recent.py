"""The projects one worked on lately, for the welcome screen. Kept for comfort: losing the list loses nothing."""

import os
import time
from pathlib import Path

import msgspec
from platformdirs import user_state_path

MOST = 9


class Entry(msgspec.Struct, frozen=True):
    """``note``: how far it was; ``at``: when, seconds since the epoch."""

    folder: str
    title: str = ""
    note: str = ""
    at: float = 0.0


def _file() -> Path:
    return user_state_path("novelgen-tui") / "recent.json"


def recent() -> list[Entry]:
    """The latest first; folders that are gone are left out."""
    try:
        entries = msgspec.json.decode(_file().read_bytes(), type=list[Entry])
    except (OSError, msgspec.MsgspecError):
        return []
    return [entry for entry in entries if (Path(entry.folder) / "novel.toml").is_file()]


def remember(folder: Path, title: str, note: str) -> None:
    """Put a project at the head of the list; a list that cannot be written is no reason to complain."""
    here = str(folder.resolve())
    entries = [Entry(here, title, note, time.time())]
    entries += [entry for entry in recent() if entry.folder != here]
    file = _file()
    beside = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(msgspec.json.encode(entries[:MOST]))
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
