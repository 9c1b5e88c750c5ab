"""One HTML file that holds everything: the pictures small, with their words, filters and a light box.

Words of the script are data here too: escaped, and the page forbids itself every script but its own.
"""

import base64
import hashlib
import io
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from html import escape
from importlib import resources
from itertools import groupby
from typing import IO

from PIL import Image

from core.books.content import Book, BookPanel
from core.books.pages import opened

EDGE = 640
"""Longest edge of a picture on the sheet, in pixels."""

MANY, EDGE_OF_MANY = 1000, 480
"""In a longer book pictures are smaller: three thousand of them are a file of some 100 MB that opens at once."""

_AT_ONCE = min(4, os.cpu_count() or 1)
"""Pictures made small at the same time; Pillow works beside Python's own lock."""


def write_html(out: IO[bytes], book: Book, tick: Callable[[int], None], edge: int | None = None) -> None:
    """Write the sheet to ``out`` panel by panel; ``tick(panels done)`` may raise to stop. Raises BookError.

    ``edge``: the pictures' longest in pixels; None: as fits the number of panels.
    """
    edge = edge or (EDGE if len(book.panels) <= MANY else EDGE_OF_MANY)
    with ThreadPoolExecutor(_AT_ONCE, "sheet") as threads:
        figures = _made(threads, book.panels, edge)
        try:
            _write(out, book, figures, tick)
        finally:
            threads.shutdown(cancel_futures=True)


def _made(threads: ThreadPoolExecutor, panels: Sequence[BookPanel], edge: int) -> Iterator[str]:
    """The figures in order; only a few are ready before they are asked for."""
    waiting: deque[Future[str]] = deque()
    for panel in panels:
        waiting.append(threads.submit(_figure, panel, edge))
        if len(waiting) > 2 * _AT_ONCE:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _write(out: IO[bytes], book: Book, figures: Iterator[str], tick: Callable[[int], None]) -> None:
    css, js = _own("sheet.css"), _own("sheet.js")
    out.write(_head(book, css, js).encode())
    done = 0
    for chapter, panels in groupby(book.panels, key=lambda panel: panel.chapter):
        title = book.chapters.get(chapter) or f"Chapter {chapter}"
        out.write(f"<section><h2>{escape(title)}</h2><div class=grid>\n".encode())
        for _ in panels:
            out.write(next(figures).encode("utf-8", "replace"))
            done += 1
            tick(done)
        out.write(b"</div></section>\n")
    out.write(b'<dialog><img alt=""><div></div></dialog>\n<script>' + js.encode() + b"</script>\n</body></html>\n")


def _head(book: Book, css: str, js: str) -> str:
    digest = base64.b64encode(hashlib.sha256(js.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    options = "".join(
        f'<option value="{number}">{escape(title or f"Chapter {number}")}</option>'
        for number, title in book.chapters.items()
    )
    return (
        f'<!doctype html>\n<html lang="{escape(book.language or "en")}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(book.title)}</title>\n<style>{css}</style></head>\n<body><header><h1>{escape(book.title)}</h1>"
        '<input id="words" type="search" placeholder="find words or a panel" aria-label="find">'
        f'<select id="chapter" aria-label="chapter"><option value="">every chapter</option>{options}</select>'
        '<span id="count"></span></header>\n'
    )


def _figure(panel: BookPanel, edge: int) -> str:
    said = "".join(
        f"<p class=said dir=auto>{f'<i>{escape(word.who)}:</i> ' if word.who else ''}{escape(word.text)}</p>"
        for word in panel.words
    )
    made = ", ".join(f"{name} {value}" for name, value in panel.made.items() if name in ("site", "take", "attempt"))
    return (
        f'<figure data-chapter="{panel.chapter}" data-made="{escape(made)}">'
        f'<img loading="lazy" decoding="async" width="{panel.width}" height="{panel.height}" '
        f'alt="{escape(panel.text[:300])}" src="{_small(panel, edge)}">'
        f"<figcaption><b>{escape(panel.id)}, page {panel.page}</b>{said}</figcaption></figure>\n"
    )


def _small(panel: BookPanel, edge: int) -> str:
    image = opened(panel)
    image.thumbnail((edge, edge), Image.Resampling.HAMMING, reducing_gap=2.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def _own(name: str) -> str:
    return (resources.files("core.books") / name).read_text(encoding="utf-8")
