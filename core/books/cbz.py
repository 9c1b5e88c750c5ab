"""CBZ: a zip of pages that comic readers open, with ComicInfo.xml. Stored page by page, in constant memory."""

import zipfile
from collections.abc import Callable
from typing import IO

from core.books.comicinfo import Version, comic_info
from core.books.content import Book
from core.books.fonts import Fonts
from core.books.pages import Look, Page, drawn, opened, png, untouched
from core.books.tagging import tagged

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The same takes give the same bytes: a zip's oldest moment for every page."""


def write_cbz(
    out: IO[bytes],
    book: Book,
    pages: list[Page],
    look: Look,
    fonts: Fonts,
    version: Version,
    tick: Callable[[int], None],
) -> None:
    """Write the book to ``out``; ``tick(pages done)`` may raise to stop. Raises BookError."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:  # pictures are as small as they get
        _add(file, "ComicInfo.xml", comic_info(book, pages, version=version, leftward=look.sheet.leftward))
        for number, page in enumerate(pages, start=1):
            suffix, data = page_bytes(page, look, fonts)
            _add(file, f"{page.name}{suffix}", data)
            tick(number)


def page_bytes(page: Page, look: Look, fonts: Fonts) -> tuple[str, bytes]:
    """A page's file: (ending with its dot, bytes), with what made it written along."""
    panel = page.panels[0]
    source = untouched(page, look)
    if source is None:
        data, suffix = png(drawn(page, look, fonts)), ".png"
    else:
        suffix = source.suffix
        try:
            data = source.read_bytes()
        except OSError:
            opened(panel)  # says what is wrong
            raise
    prompt = panel.prompt if len(page.panels) == 1 else ""
    made = panel.made if len(page.panels) == 1 else {"panels": " ".join(p.id for p in page.panels)}
    return suffix, tagged(data, prompt, made)


def _add(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    file.writestr(entry, data)
