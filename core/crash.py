"""Our own mistakes: one short sentence for the person, the traceback in a file."""

import os
import traceback
from datetime import datetime
from pathlib import Path

from platformdirs import user_state_path

NAME = "crash.log"


def kept(error: BaseException, project: Path | None = None) -> str:
    """Keep the traceback, and what to say of that behind a sentence: ``; what happened is in …``, "" where it cannot
    be written."""
    file = _keep_traceback(error, project)
    return f"; what happened is in {file}" if file else ""


def _keep_traceback(error: BaseException, project: Path | None) -> Path | None:
    """Append the traceback of ``error``, without local variables, to the project's log or the user's.

    Returns the file (0600), or None where neither can be written.
    """
    text = f"--- {datetime.now().astimezone().isoformat(timespec='seconds')}\n"
    text += "".join(traceback.format_exception(error))
    folders = [user_state_path("novelgen-tui")]
    if project is not None and (project / ".novelgen").is_dir():
        folders.insert(0, project / ".novelgen")
    for folder in folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError:
            continue
        return folder / NAME
    return None
