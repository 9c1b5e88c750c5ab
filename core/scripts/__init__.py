"""Readers of scripts, one per format."""

from collections.abc import Callable
from pathlib import Path

from core.scripts.markdown import read_markdown
from core.scripts.model import Script, ScriptError

MOST_BYTES = 200 * 2**20
"""A larger file is no script."""

READERS: dict[str, Callable[[str, Path], Script]] = {".md": read_markdown, ".markdown": read_markdown}
"""By file name ending; a new format is a module and a line here."""


def read_script(path: Path) -> Script:
    """Read the script at ``path``. Raises ScriptError with file, line and what to do."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise ScriptError(path, None, f'no reader for "{path.suffix}" files; known endings are {known}')
    return reader(_text(path), path)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ScriptError(path, None, "more than 200 MiB are no script; split it")
        data = path.read_bytes()
    except FileNotFoundError:
        raise ScriptError(path, None, "there is no such file; check the name") from None
    except OSError as error:
        raise ScriptError(path, None, f"it cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ScriptError(path, line, "it is not UTF-8 there; save it as UTF-8") from error
    if "\0" in text:
        raise ScriptError(path, text[: text.index("\0")].count("\n") + 1, "a NUL byte is no text; remove it")
    if not text.strip():
        raise ScriptError(path, None, 'it is empty; begin a panel with "### Panel 1"')
    return text
