"""Headings of scripts: ``Chapter 1: Dusk``, ``PAGE ONE (three panels)``, ``Panel 2 (wide). …``, ``Seite 3``."""

import re

import msgspec

from core.scripts.numbers import number_of
from core.scripts.vocabulary import AGAIN, CHAPTERS, COUNTED, PAGES, PANELS, WHOLE, either

_UP_TO = r"(?:\s*(?:[-–—/&+,]|and|to|et|und|bis|y|e)\s*(?P<last>[\w-]+))?"
"""``Pages 3-4``, ``Panels 1 & 2``: the first number is meant."""

_ENDS = r"\s*(?:[(（\[](?P<in>.*)[)）\]]\s*[.:]?\s*|\s*[:：.,–—-]+\s*(?P<behind>.*))?"


def _counted(kind: str) -> str:
    return rf"第?\s*(?P<counted>[0-9０-９一二三四五六七八九十]{{1,6}})\s*(?:{either(COUNTED[kind])})"


_CHAPTER = re.compile(
    rf"(?:(?:{either(CHAPTERS)})\s+#?(?P<number>[\w-]+)\s*(?:[:：.–—-]+\s*(?P<rest>.*))?"
    rf"|{_counted('chapter')}[\s:：.]*(?P<title>.*))",
    re.IGNORECASE,
)
_PAGE = re.compile(
    rf"(?:(?P<word>{either(PAGES)})(?:\s*#?(?P<number>[^\W_](?:[\w-]*\w)?){_UP_TO}(?:\s+(?:of|von|sur|de)\s+\w+)?)?"
    rf"|{_counted('page')})(?:{_ENDS}|\s+(?P<plain>.*))",
    re.IGNORECASE,
)
_PANEL = re.compile(
    rf"(?:(?P<word>{either(PANELS)})(?![^\W\d_])(?:\s*#?(?P<number>[\w-]+)(?:\s*(?:[&+]|and|et|und)\s*(?P<last>[\w-]+)"
    rf"(?=\s*(?:$|[.:：(（–—-])))?)?|{_counted('panel')})"
    r"\s*(?:[(（](?P<size>[^()（）]*)[)）])?\s*(?:[:：.–—-]\s*)?(?P<rest>.*)",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"(?P<page>(?:{either(PAGES)})\s*#?\w+)[\s,.:;/–—-]+(?P<panel>(?:{either(PANELS)})(?![^\W\d_]).*)", re.IGNORECASE
)
_LETTERED = re.compile(r"(?P<number>[0-9]{1,6})[a-z]", re.IGNORECASE)
_PICTURES = re.compile(
    rf"\b(?P<count>[\w-]{{1,20}}?)[\s-]*(?:{either(PANELS)}|pictures?|bilder|cuadros|vignette|viñetas|кадра|кадров)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,.;:/()（）\[\]–—-]+")


def _starts(words: tuple[str, ...]) -> frozenset[str]:
    """What titles made of ``words`` begin with, in small letters: three letters, or two and whatever follows."""
    return frozenset(word[:3] if len(word) > 2 else word for word in words)


_OF_CHAPTERS, _OF_PAGES, _OF_PANELS = _starts(CHAPTERS), _starts(PAGES), _starts(PANELS)
_OF_ANY = _OF_CHAPTERS | _OF_PAGES | _OF_PANELS
_NUMERALS = frozenset("第0123456789０１２３４５６７８９一二三四五六七八九十")


class Heading(msgspec.Struct, frozen=True):
    """``rest``: a chapter's title, or what stands behind a page's or panel's number. ``number`` None: not said.

    ``pictures``: how many panels a page says it has.
    """

    number: int | None
    rest: str = ""
    size: str = ""
    pictures: int | None = None


def chapter_heading(title: str) -> Heading | None:
    """``Chapter 1: Dusk``, ``CHAPTER TWO - Dawn``, ``第1章 夜``; None for anything else."""
    found = _CHAPTER.fullmatch(title) if may_be_heading(title, _OF_CHAPTERS) else None
    if found is None or (number := number_of(found["number"] or found["counted"])) is None:
        return None
    return Heading(number, (found["rest"] or found["title"] or "").strip())


def page_heading(title: str) -> Heading | None:
    """``Page 3``, ``PAGE ONE (three panels)``, ``PAGES 2-3: splash``, ``Page``; None for anything else."""
    found = _PAGE.fullmatch(title) if may_be_heading(title, _OF_PAGES) else None
    if found is None:
        return None
    said = found["number"] or found["counted"]
    number = _first_number(said) if said else None
    if (said and number is None) or (not said and found["word"].casefold() != "page"):
        return None
    rest = (found["in"] or found["behind"] or "").strip()
    last, plain = found["last"], found["plain"]
    # "Page 3 - Harbour" goes on with words, "Page 3 - 5 panels" with their number: neither is up to a page
    no_range = last and (number_of(last) is None or (plain and _PICTURES.match(f"{last} {plain}")))
    if no_range:
        rest = f"{last} {rest or plain or ''}".strip()
    heading = _page_of(number, rest)
    if plain and not no_range:
        heading = _page_of(number, plain)
        if heading.rest:  # a sentence that begins with the word
            return None
    return heading


def _page_of(number: int | None, rest: str) -> Heading:
    """What stands behind a page's number: how many panels, that it is a splash; ``rest`` where it is anything else."""
    counted = _PICTURES.search(rest)
    pictures = number_of(counted["count"]) if counted else None
    if pictures is not None and counted:
        rest = rest[: counted.start()] + rest[counted.end() :]
    elif number_of(rest) is not None:  # "PAGE 7 (5)"
        pictures, rest = number_of(rest), ""
    size = ""
    if whole := WHOLE.search(rest):
        if len(rest.split()) <= 5:
            size, rest = " ".join(rest.split()).casefold().strip(" .,:;–—-"), ""
        else:
            size = whole[0].casefold()
    if not _JOINED.sub("", AGAIN.sub("", rest)):
        rest = ""
    return Heading(number, rest.strip().lstrip(".,;: "), size, pictures)


def panel_heading(title: str) -> Heading | None:
    """``Panel 1 (wide)``, ``Panel Two. A drowsy riverbank.``, ``Bild 3``, ``1コマ目``, ``Panel``; None for others."""
    found = _PANEL.fullmatch(title) if may_be_heading(title, _OF_PANELS) else None
    if found is None:
        return None
    word, said, rest = (found["word"] or "").casefold(), found["number"] or found["counted"], found["rest"].strip()
    number = number_of(said) if said else None
    if said and number is None and "-" in said:  # "Panel 1-A man walks"
        first, _, more = said.partition("-")
        number, rest = number_of(first), f"{more} {rest}".strip()
    if number is None and word != "panel" and not (said and _LETTERED.fullmatch(said)):
        return None
    if said and number is None and not _LETTERED.fullmatch(said):
        return Heading(None, title[len("panel") :].strip(" :.–—-"))
    size = (found["size"] or "").strip()
    return Heading(number, rest, "" if AGAIN.fullmatch(size) else size)


def page_and_panel(title: str) -> tuple[Heading, Heading] | None:
    """``Page 1, Panel 2: …`` on one line; None for anything else."""
    found = _BOTH.fullmatch(title) if may_be_heading(title, _OF_PAGES) else None
    if found is None:
        return None
    page, panel = page_heading(found["page"]), panel_heading(found["panel"])
    return None if page is None or panel is None or None in (page.number, panel.number) else (page, panel)


def may_be_heading(title: str, starts: frozenset[str] = _OF_ANY) -> bool:
    """False where ``title`` does not begin as a heading of this kind may: nearly always, and quickly."""
    begins = title[:3].lower()
    return begins in starts or begins[:2] in starts or title[:1] in _NUMERALS


def _first_number(said: str) -> int | None:
    """Of ``3``, ``twenty-one`` and ``3-4``."""
    number = number_of(said)
    return number_of(said.split("-")[0]) if number is None and "-" in said else number
