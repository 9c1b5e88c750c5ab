"""Readers and writers of scripts, one of each per format."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from core.collecting import no_collecting
from core.scripts.comic import is_comic, read_comic
from core.scripts.comic_writing import write_comic
from core.scripts.fountain import is_fountain, read_fountain
from core.scripts.fountain_writing import write_fountain
from core.scripts.jsonl import is_jsonl, read_jsonl, write_jsonl
from core.scripts.markdown import is_markdown, read_markdown, write_markdown
from core.scripts.model import Script, ScriptError
from core.scripts.prompt_list import is_items, read_prompts, write_prompts
from core.scripts.strip import is_strip, read_strip, write_strip
from core.scripts.structured import is_structured, read_structured, write_structured
from core.scripts.tables import is_table, read_table, write_table

__all__ = [
    "FORMATS",
    "Format",
    "Script",
    "ScriptError",
    "format_name",
    "format_of",
    "read_script",
    "read_words",
    "write_markdown",
]

MOST_BYTES = 200 * 2**20
"""A larger file is no script."""


class Format(msgspec.Struct, frozen=True):
    """A script format. ``claims`` looks at a text and says whether it is certainly of this format."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[str, Path], Script]
    write: Callable[[Script], str]
    claims: Callable[[str], bool]


_PLAIN = (".md", ".markdown", ".txt")

FORMATS: tuple[Format, ...] = (
    Format("strip script", _PLAIN, read_strip, write_strip, is_strip),
    Format("comic script", _PLAIN, read_comic, write_comic, is_comic),
    Format("list of prompts", _PLAIN, read_prompts, write_prompts, is_items),
    Format("Fountain", (".fountain", ".spmd"), read_fountain, write_fountain, is_fountain),
    Format("Markdown", _PLAIN, read_markdown, write_markdown, is_markdown),
    Format("JSON Lines", (".jsonl", ".ndjson"), read_jsonl, write_jsonl, is_jsonl),
    Format("table", (".csv", ".tsv"), read_table, write_table, is_table),
    Format("structured YAML", (".yaml", ".yml", ".json"), read_structured, write_structured, is_structured),
)
"""A new format is a module and a line."""

LONGEST_LINE = 20_000
"""Letters; a longer line in a script made of lines is no writing."""

_DEFAULTS = {".md": "Markdown", ".markdown": "Markdown", ".txt": "list of prompts"}
"""What a file is taken for whose text nobody claims."""


def read_script(path: Path) -> Script:
    """Read the script at ``path``. Raises ScriptError with file, line and what to do."""
    script = read_words(path)
    for panel in script.panels:
        if not panel.text:
            sentence = "this panel says nothing about its picture; describe what it shows"
            raise ScriptError(path, panel.line, sentence)
    return script


def format_name(path: Path) -> str:
    """What the script at ``path`` is read as. Raises ScriptError."""
    return format_of(path, _text(path)).name


def read_words(path: Path) -> Script:
    """The same for a script whose panels may be without pictures, such as a translation. Raises ScriptError."""
    with no_collecting():
        text = _text(path)
        if path.suffix.lower() in (*_PLAIN, ".fountain", ".spmd"):
            _check_lines(text, path)
        return format_of(path, text).read(text, path)


def _check_lines(text: str, path: Path) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise ScriptError(path, number, f"a line of {len(line):,} letters is no script; break it up")


def format_of(path: Path, text: str) -> Format:
    """The format of a script with this name and text. Raises ScriptError.

    An ending that means one format decides; else the text does, and where it does not, the ending again.
    """
    ending = path.suffix.lower()
    usual = [known for known in FORMATS if ending in known.endings]
    if len(usual) == 1:
        return usual[0]
    for known in FORMATS:
        if known.claims(text):
            return known
    if ending in _DEFAULTS:
        return next(known for known in FORMATS if known.name == _DEFAULTS[ending])
    endings = sorted({ending for known in FORMATS for ending in known.endings})
    called = f'"{path.suffix}" files' if path.suffix else "files without an ending"
    sentence = f"there is no reader for {called}, and its text is of no format known here; known endings are "
    raise ScriptError(path, None, sentence + ", ".join(endings))


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
    if data[:2] == b"PK" or data[:4] == b"%PDF" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise ScriptError(path, None, "it is no text (a word processor's file?); save it as plain text in UTF-8")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _every_second_is_nothing(data[:2000]):
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


def _every_second_is_nothing(data: bytes) -> bool:
    """As in UTF-16 without its mark."""
    few, many = sorted((data[0::2].count(0), data[1::2].count(0)))
    return many > len(data) // 4 and many > 4 * few
