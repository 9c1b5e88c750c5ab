"""Readers of scripts, one per format."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from core.scripts.comic import is_comic, read_comic
from core.scripts.jsonl import read_jsonl
from core.scripts.markdown import read_markdown, write_markdown
from core.scripts.model import Script, ScriptError
from core.scripts.tables import read_table

__all__ = ["FORMATS", "Format", "Script", "ScriptError", "format_of", "read_script", "write_markdown"]

MOST_BYTES = 200 * 2**20
"""A larger file is no script."""


class Format(msgspec.Struct, frozen=True):
    """A script format. ``claims`` looks at a file's text where its name ends in one of ``endings``."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[str, Path], Script]
    claims: Callable[[str], bool] = lambda text: True


FORMATS: tuple[Format, ...] = (
    Format("comic script", (".md", ".markdown", ".txt"), read_comic, is_comic),
    Format("Markdown", (".md", ".markdown", ".txt"), read_markdown),
    Format("table", (".csv", ".tsv"), read_table),
    Format("JSON Lines", (".jsonl", ".ndjson"), read_jsonl),
)
"""Tried in order; the first that ends right and claims the text reads it. A new format is a module and a line."""


def read_script(path: Path) -> Script:
    """Read the script at ``path``. Raises ScriptError with file, line and what to do."""
    _known_ending(path)
    text = _text(path)
    return format_of(path, text).read(text, path)


def format_of(path: Path, text: str) -> Format:
    """The format of a script with this name and text. Raises ScriptError."""
    ending = path.suffix.lower()
    for known in FORMATS:
        if ending in known.endings and known.claims(text):
            return known
    raise ScriptError(path, None, "its format is not recognised; see core/scripts/README.md")


def _known_ending(path: Path) -> None:
    known = sorted({ending for known in FORMATS for ending in known.endings})
    if path.suffix.lower() not in known:
        called = f'"{path.suffix}" files' if path.suffix else "files without an ending"
        raise ScriptError(path, None, f"there is no reader for {called}; known endings are {', '.join(known)}")


def _text(path: Path) -> str:
    """The file as text with plain newlines, whatever it was saved with. Raises ScriptError."""
    try:
        if path.is_dir():
            raise ScriptError(path, None, "this is a folder; name the script itself")
        if path.stat().st_size > MOST_BYTES:
            raise ScriptError(path, None, "more than 200 MiB are no script; split it")
        data = path.read_bytes()
    except FileNotFoundError:
        raise ScriptError(path, None, "there is no such file; check the name") from None
    except OSError as error:
        raise ScriptError(path, None, f"it cannot be read: {error.strerror}") from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ScriptError(path, 1, "it is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ScriptError(path, line, "it is not UTF-8 there; save it as UTF-8") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ScriptError(path, line, "a NUL character is no text; remove it")
    if not text.strip():
        raise ScriptError(path, None, 'it is empty; begin a panel with "### Panel 1"')
    return text
