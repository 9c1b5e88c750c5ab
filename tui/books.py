"""``novelgen-tui export``: a book from the pictures there are, with its progress, and ctrl+c to stop."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import humanize
import msgspec

from core.books import Book, Cancelled, ExportOptions, collect, export
from core.books.export import Format, Progress
from core.complaint import Complaint
from core.project.translations import Untranslated, untranslated
from core.status import open_book
from tui.outfile import outfile
from tui.plain import plain
from tui.printed import printed

if TYPE_CHECKING:
    from types import FrameType

STOPPED = 4
ENDINGS = {"cbz": (".cbz", ".zip"), "pdf": (".pdf",), "html": (".html", ".htm")}
"""What the file of a book may end in."""

MOST_NAMED = 8
"""Panels named in one line; the rest are counted."""


def export_book(
    folder: Path,
    *,
    format: str,
    out: Path | None,
    layout: str,
    language: str,
    letter: bool | None,
    rtl: bool,
    comicinfo: str,
    fonts: list[Path],
) -> int:
    """Write the book of the project in ``folder``, or without ``format`` those its settings name; the exit code."""
    for name, value, known in (
        ("--format", format or "cbz", ("cbz", "pdf", "html")),
        ("--layout", layout, ("panel", "page")),
        ("--comicinfo", comicinfo, ("2.0", "2.1")),
    ):
        if value not in known:
            raise Complaint(f"{name} is {', '.join(known[:-1])} or {known[-1]}, not {plain(value)}")
    project, state = open_book(folder, language)
    formats: tuple[str, ...] = (format,) if format else project.config.output.formats
    if not formats:
        raise Complaint('say which book: --format cbz, pdf or html, or formats = ["cbz"] under [output] in novel.toml')
    if out is not None and len(formats) > 1:
        raise Complaint("--out is one file; say with --format which book goes into it")
    if out is not None:
        outfile(out, project, ENDINGS[formats[0]])
    options = ExportOptions(
        cast(Format, formats[0]),
        layout=layout,  # type: ignore[arg-type]  # checked above
        lettered=letter,
        leftward=rtl,
        comicinfo=comicinfo,  # type: ignore[arg-type]
        fonts=tuple(fonts),
    )
    book = collect(project, state, language)
    tail = f".{language}" if language else ""
    _tell_gaps(book)
    _tell_untranslated(list(untranslated(project, language)) if language else [])
    for kind in formats:
        target = out or folder / f"{folder.resolve().name}{tail}.{kind}"
        if not _write(book, target, msgspec.structs.replace(options, format=cast(Format, kind))):
            return STOPPED
    return 0


def _write(book: Book, target: Path, options: ExportOptions) -> bool:
    """False where somebody stopped it."""
    try:
        with _progress() as progress:
            size = export(book, target, options, progress)
    except Cancelled:
        printed(f"Stopped; {target} is as it was before.", errors=True)
        return False
    printed(f"{target}: {len(book.panels)} panels, {humanize.naturalsize(size, binary=True)}")
    return True


def _tell_gaps(book: Book) -> None:
    if book.missing:
        left_out = f"{len(book.missing)} panels have no picture yet and are left out"
        printed(f"{left_out}: {_named(book.missing)}", errors=True)
    if book.unsaid:
        words = f"{len(book.unsaid)} panels have no words in {book.language}"
        printed(f"{words} and keep the script's own: {_named(book.unsaid)}", errors=True)


def _tell_untranslated(missing: list[Untranslated]) -> None:
    for line in missing[:MOST_NAMED]:
        text = " ".join(line.words.text.split())
        printed(f"  not translated: {line.panel} (line {line.line}): {text}", errors=True)
    if len(missing) > MOST_NAMED:
        printed(f"  … and {len(missing) - MOST_NAMED} lines more", errors=True)


def _named(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return ", ".join(ids[:MOST_NAMED]) + more


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere; ctrl+c and SIGTERM cancel at the next page."""
    stop = False

    def cancel(number: int, frame: "FrameType | None") -> None:
        nonlocal stop
        stop = True

    before = {number: signal.signal(number, cancel) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _bar() as bar:

            def progress(done: int, total: int) -> None:
                if stop:
                    raise Cancelled
                bar(done, total)

            yield progress
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar() -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("pages", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
