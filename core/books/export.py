"""Exports a book: written beside its place and put there only when whole; can be stopped at any page."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Literal

import msgspec

from core.books.cbz import write_cbz
from core.books.comicinfo import Version
from core.books.content import Book, BookError
from core.books.fonts import Fonts
from core.books.html import write_html
from core.books.layout import Sheet
from core.books.pages import Layout, Look, pages_of
from core.books.pdf import write_pdf

Format = Literal["cbz", "pdf", "html"]
Progress = Callable[[int, int], None]
"""(pages done, pages in all); may raise ``Cancelled``."""


class Cancelled(Exception):
    """Somebody stopped the export; the file that was there before is untouched."""


class ExportOptions(msgspec.Struct, frozen=True):
    """``lettered``: write the words onto the pictures; None does it where panels share a page."""

    format: Format
    layout: Layout = "panel"
    lettered: bool | None = None
    leftward: bool = False
    comicinfo: Version = "2.0"
    fonts: tuple[Path, ...] = ()

    @property
    def look(self) -> Look:
        lettered = self.layout == "page" if self.lettered is None else self.lettered
        return Look(self.layout, lettered, Sheet(leftward=self.leftward))


def export(book: Book, out: Path, options: ExportOptions, progress: Progress) -> int:
    """Write ``book`` to the file ``out``; returns its size in bytes.

    The same takes and options give the same bytes. Raises BookError, Cancelled; the old file stays until then.
    """
    beside = out.with_name(f".{out.name}.part")
    try:
        with beside.open("wb") as file:
            _write(file, book, options, progress)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
        return out.stat().st_size
    except OSError as error:
        named = out if error.filename in (None, str(beside)) else error.filename
        raise BookError(f"{named}: {error.strerror}; the book was not written") from error
    finally:
        beside.unlink(missing_ok=True)


def _write(file: IO[bytes], book: Book, options: ExportOptions, progress: Progress) -> None:
    fonts = Fonts(options.fonts)
    look = options.look
    if options.format == "html":
        write_html(file, book, lambda done: progress(done, len(book.panels)))
        return
    pages = pages_of(book, look)

    def tick(done: int) -> None:
        progress(done, len(pages))

    if options.format == "cbz":
        write_cbz(file, book, pages, look, fonts, options.comicinfo, tick)
    else:
        write_pdf(file, book.title, book.chapters, pages, look, fonts, tick)
