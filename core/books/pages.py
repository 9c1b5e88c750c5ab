"""Pages as pictures: one panel a page, or a script page's panels laid out and lettered."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal

import msgspec
from PIL import Image, ImageOps

from core.books.content import Book, BookError, BookPanel
from core.books.fonts import Fonts
from core.books.layout import Sheet, arrange, split
from core.books.lettering import letter

Layout = Literal["panel", "page"]

MATTE = (255, 255, 255)

HEADS = 0.3
"""What is cut off a picture too tall for its place is cut off its foot rather than its top, where heads are."""

LETTERS = 60
"""A sheet is so many times as wide as its type is high: every panel on it has letters of one size."""


class Page(msgspec.Struct, frozen=True):
    """One page to be. ``panels`` are all on it; with one panel and no letters its file goes in untouched."""

    name: str  #: ``0001-ch01-p001``
    chapter: int
    panels: tuple[BookPanel, ...]


class Look(msgspec.Struct, frozen=True):
    """How pages are made. ``lettered``: whether words are written onto them."""

    layout: Layout = "panel"
    lettered: bool = False
    sheet: Sheet = Sheet()


def pages_of(book: Book, look: Look) -> list[Page]:
    """The book's pages in reading order."""
    groups: list[Sequence[BookPanel]] = []
    for _, same in groupby(book.panels, key=lambda panel: (panel.chapter, panel.page)):
        panels = list(same)
        if look.layout == "panel":
            groups += [[panel] for panel in panels]
            continue
        for count in split(len(panels)):
            groups.append(panels[:count])
            panels = panels[count:]
    return [
        Page(f"{number:04d}-{panels[0].id}", panels[0].chapter, tuple(panels))
        for number, panels in enumerate(groups, start=1)
    ]


def untouched(page: Page, look: Look) -> Path | None:
    """The file that is the page as it is, None where a page has to be drawn."""
    single = look.layout == "panel" and not (look.lettered and page.panels[0].words)
    return page.panels[0].file if single else None


def drawn(page: Page, look: Look, fonts: Fonts) -> Image.Image:
    """The page as a picture (CPU-bound). Raises BookError where a panel's picture cannot be read."""
    if look.layout == "panel":
        picture = opened(page.panels[0])
        letter(picture, page.panels[0].words, fonts, leftward=look.sheet.leftward)
        return picture
    measures = _measures(page, look.sheet)
    sheet = Image.new("RGB", (measures.width, measures.height), MATTE)
    boxes = arrange([p.aspect for p in page.panels], [p.size for p in page.panels], measures)
    for panel, box in zip(page.panels, boxes, strict=True):
        fit = ImageOps.fit(opened(panel), (box.width, box.height), Image.Resampling.LANCZOS, centering=(0.5, HEADS))
        if look.lettered:  # letters of one size on every page, also on a double one
            letter(fit, panel.words, fonts, leftward=look.sheet.leftward, size=look.sheet.width // LETTERS)
        sheet.paste(fit, (box.left, box.top))
    return sheet


def is_double(page: Page) -> bool:
    """Whether the page is a spread: one picture, wider than it is high, that the script wants over two pages."""
    size = page.panels[0].size.casefold()
    double = any(word in size for word in ("spread", "double", "doppelseite", "見開き"))
    return len(page.panels) == 1 and double and page.panels[0].aspect > 1


def _measures(page: Page, sheet: Sheet) -> Sheet:
    return msgspec.structs.replace(sheet, width=2 * sheet.width) if is_double(page) else sheet


def opened(panel: BookPanel) -> Image.Image:
    """The panel's picture in RGB, transparency on white. Raises BookError."""
    try:
        with Image.open(panel.file) as image:
            if image.mode in ("RGBA", "LA", "P", "PA"):
                matte = Image.new("RGBA", image.size, (*MATTE, 255))
                return Image.alpha_composite(matte, image.convert("RGBA")).convert("RGB")
            return image.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no whole picture"
        what = "check its owner and mode" if isinstance(error, PermissionError) else "run the project once more"
        again = "" if isinstance(error, PermissionError) else ", it is drawn again"
        raise BookError(f"{panel.file}: the picture cannot be read ({why}); {what}{again}") from error


def png(image: Image.Image) -> bytes:
    """Deterministic bytes: the same picture gives the same file."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def chapters(pages: Sequence[Page]) -> Iterator[tuple[int, int]]:
    """(index of its first page, chapter) for every chapter."""
    seen: set[int] = set()
    for index, page in enumerate(pages):
        if page.chapter not in seen:
            seen.add(page.chapter)
            yield index, page.chapter
