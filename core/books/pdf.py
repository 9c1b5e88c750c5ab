"""PDF: every page a picture, embedded without loss (img2pdf), a bookmark at every chapter.

img2pdf keeps a whole document in memory, so a book is made in pieces on disk and put together by pikepdf, which
img2pdf brings along and which copies a picture's bytes as they are: memory stays the same however long the book is.
The price is room on disk for the book twice while it is written.
"""

import gc
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, BinaryIO, cast

from PIL import Image

from core.books.content import BookError
from core.books.fonts import Fonts
from core.books.pages import Look, Page, chapters, drawn, opened, png, untouched

PIECE = 32 * 2**20
"""Bytes of pictures that img2pdf is given at once."""


def write_pdf(
    out: IO[bytes],
    title: str,
    titles: Mapping[int, str],
    pages: list[Page],
    look: Look,
    fonts: Fonts,
    tick: Callable[[int], None],
) -> None:
    """Write the book to the file ``out``; ``titles`` of its chapters, ``tick(pages done)`` may raise to stop.

    Raises BookError.
    """
    try:
        import img2pdf  # noqa: F401  # before anything is done
        import pikepdf
    except ImportError as error:
        raise BookError("PDF needs img2pdf; install it with: pip install img2pdf") from error
    place = Path(out.name)
    folder = place.with_name(f"{place.name}s")
    shutil.rmtree(folder, ignore_errors=True)  # of an export that was killed
    folder.mkdir()
    try:
        pieces = list(_pieces(folder, pages, look, fonts, tick))
        starts = [(index, titles.get(number) or f"Chapter {number}") for index, number in chapters(pages)]
        _named(_together(pieces, folder / "whole.pdf"), out, title, starts)
    except (pikepdf.PdfError, RuntimeError) as error:
        raise BookError(f"{place}: the pages could not be put together ({error})") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pieces(
    folder: Path, pages: Sequence[Page], look: Look, fonts: Fonts, tick: Callable[[int], None]
) -> Iterator[Path]:
    """Files of whole pages, in order."""
    import img2pdf

    pictures: list[bytes] = []
    for number, page in enumerate(pages, start=1):
        pictures.append(_embeddable(page, look, fonts))
        if sum(map(len, pictures)) >= PIECE or number == len(pages):
            piece = folder / f"{number}.pdf"
            with piece.open("wb") as file:
                img2pdf.convert(*pictures, outputstream=file, nodate=True, engine=img2pdf.Engine.internal)
            pictures = []
            gc.collect(1)  # its objects hold each other, and the pictures
            yield piece
        tick(number)


def _together(pieces: Sequence[Path], whole: Path) -> Path:
    """One file of all pages, put together without reading a picture; the pieces are gone then."""
    import pikepdf

    if len(pieces) == 1:
        return pieces[0]
    pages = [{"file": str(piece), "range": "1-z"} for piece in pieces]
    pikepdf.Job({"empty": "", "outputFile": str(whole), "deterministicId": "", "pages": pages}).run()
    for piece in pieces:
        piece.unlink()
    return whole


def _named(whole: Path, out: IO[bytes], title: str, bookmarks: Sequence[tuple[int, str]]) -> None:
    """The same with its title and bookmarks."""
    import pikepdf

    # Not mapped: a map's pages count as ours.
    with pikepdf.open(whole, access_mode=pikepdf.AccessMode.stream) as book:
        book.docinfo["/Title"] = title
        with book.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(text, index) for index, text in bookmarks)
        book.save(cast(BinaryIO, out), deterministic_id=True)


def _embeddable(page: Page, look: Look, fonts: Fonts) -> bytes:
    """Bytes img2pdf takes as they are; what it would refuse (transparency, WebP) is made a plain picture first."""
    source = untouched(page, look)
    if source is None:
        return png(drawn(page, look, fonts))
    try:
        data = source.read_bytes()
    except OSError:
        return png(opened(page.panels[0]))  # says what is wrong
    return data if _plain(data) else png(opened(page.panels[0]))


def _plain(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return (
                image.format in ("PNG", "JPEG") and image.mode in ("RGB", "L", "1") and "transparency" not in image.info
            )
    except OSError:
        return False
