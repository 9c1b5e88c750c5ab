"""ComicInfo.xml, what comic readers know of a book: version 2.0, or 2.1 (a draft) by wish."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Literal

from core.books.content import Book
from core.books.pages import Page, chapters, is_double

Version = Literal["2.0", "2.1"]

CREDITS = {
    "Writer": ("writer", "author"),
    "Penciller": ("artist", "penciller"),
    "Translator": ("translator",),
    "Publisher": ("publisher",),
    "Summary": ("summary", "description"),
    "Series": ("series",),
    "Number": ("number", "issue"),
    "Year": ("year",),
    "Genre": ("genre",),
    "Tags": ("tags",),
    "Web": ("web", "url"),
}
"""Elements and the words of a script's front matter they are read from."""

ORDER = (
    "Title", "Series", "Number", "Summary", "Notes", "Year", "Writer", "Penciller", "Translator", "Publisher",
    "Genre", "Tags", "Web", "PageCount", "LanguageISO", "Manga", "Pages",
)  # fmt: skip
"""The schema is a sequence: elements have to come in this order."""

ONLY_IN_DRAFT = ("Translator", "Tags")


def comic_info(book: Book, pages: Sequence[Page], *, version: Version = "2.0", leftward: bool = False) -> bytes:
    """The file's bytes, the same for the same book."""
    values = {
        "Title": book.title,
        "Series": book.title,
        "Notes": "Pictures made with a trained model (IPTC: trainedAlgorithmicMedia).",
        "PageCount": str(len(pages)),
        "LanguageISO": book.language.split("-")[0],
        "Manga": "YesAndRightToLeft" if leftward else "",
    }
    known = {name.casefold(): value for name, value in book.credits.items()}
    for element, names in CREDITS.items():
        told = next((known[name] for name in names if known.get(name)), "")
        if told and not (element == "Year" and not told.isdecimal()):
            values[element] = told
    root = ET.Element("ComicInfo")
    for name in ORDER:
        if name == "Pages":
            root.append(_pages(book, pages))
        elif values.get(name) and (version == "2.1" or name not in ONLY_IN_DRAFT):
            ET.SubElement(root, name).text = _xml_safe(values[name])
    ET.indent(root)
    out: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return out + b"\n"


def _pages(book: Book, pages: Sequence[Page]) -> ET.Element:
    starts = dict(chapters(pages))
    top = ET.Element("Pages")
    for index, made in enumerate(pages):
        page = ET.SubElement(top, "Page", Image=str(index), Type="FrontCover" if index == 0 else "Story")
        if is_double(made):
            page.set("DoublePage", "true")
        if index in starts:
            number = starts[index]
            page.set("Bookmark", _xml_safe(book.chapters.get(number) or f"Chapter {number}"))
    return top


def _xml_safe(text: str) -> str:
    """Without the characters XML has no way to write."""
    return "".join(
        c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
