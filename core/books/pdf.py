"""PDF: every page a picture, embedded without loss (img2pdf)."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import IO

from PIL import Image

from core.books.content import BookError
from core.books.fonts import Fonts
from core.books.pages import Look, Page, drawn, opened, png, untouched


def write_pdf(
    out: IO[bytes], title: str, pages: list[Page], look: Look, fonts: Fonts, tick: Callable[[int], None]
) -> None:
    """Write the book to ``out``; ``tick(pages done)`` may raise to stop. Raises BookError."""
    try:
        import img2pdf
    except ImportError as error:
        raise BookError('PDF needs img2pdf; install it with: pip install "novelgen-tui[pdf]"') from error
    pictures = []
    for number, page in enumerate(pages, start=1):
        pictures.append(_embeddable(page, look, fonts))
        tick(number)
    img2pdf.convert(*pictures, outputstream=out, title=title, nodate=True, engine=img2pdf.Engine.internal)


def _embeddable(page: Page, look: Look, fonts: Fonts) -> str | bytes:
    """A path img2pdf takes as it is, or bytes of what it would refuse (transparency, WebP)."""
    source = untouched(page, look)
    if source is None:
        return png(drawn(page, look, fonts))
    return str(source) if _plain(source) else png(opened(page.panels[0]))


def _plain(source: Path) -> bool:
    try:
        with Image.open(io.BytesIO(source.read_bytes()[:65_536])) as image:
            return (
                image.format in ("PNG", "JPEG") and image.mode in ("RGB", "L", "1") and "transparency" not in image.info
            )
    except OSError:
        return False
