"""Headings of scripts: ``Chapter 1: Dusk``, ``PAGE ONE (three panels)``, ``Panel 2 (wide). …``."""

import re

import msgspec

from core.scripts.numbers import number_of

_CHAPTER = re.compile(r"chapter\s+([\w-]+)\s*(?:[:.–—-]+\s*(.*))?", re.IGNORECASE)
_PAGE = re.compile(r"page(?:\s+([\w-]+))?\s*(?:\((.*)\)|[:.–—-]+\s*(.*))?", re.IGNORECASE)
_PANEL = re.compile(r"panel\b(?:\s*#?([\w-]+))?\s*(?:\(([^()]*)\))?\s*(?:[:.–—-]\s*)?(.*)", re.IGNORECASE)


class Heading(msgspec.Struct, frozen=True):
    """``rest``: a chapter's title, or what stands behind a page's or panel's number. ``number`` None: not said."""

    number: int | None
    rest: str = ""
    size: str = ""


def chapter_heading(title: str) -> Heading | None:
    """``Chapter 1: Dusk``, ``CHAPTER TWO - Dawn``; None for anything else."""
    found = _CHAPTER.fullmatch(title)
    if found is None or (number := number_of(found[1])) is None:
        return None
    return Heading(number, (found[2] or "").strip())


def page_heading(title: str) -> Heading | None:
    """``Page 3``, ``PAGE ONE (three panels)``, ``Page``; None for anything else."""
    found = _PAGE.fullmatch(title)
    if found is None:
        return None
    number = number_of(found[1]) if found[1] else None
    if found[1] and number is None:
        return None
    rest = (found[2] or found[3] or "").strip()
    return Heading(number, "" if re.fullmatch(r"[\w-]+ panels?", rest, re.IGNORECASE) else rest)


def panel_heading(title: str) -> Heading | None:
    """``Panel 1 (wide)``, ``Panel Two. A drowsy riverbank.``, ``Panel``; None for anything else."""
    found = _PANEL.fullmatch(title)
    if found is None:
        return None
    number = number_of(found[1]) if found[1] else None
    if found[1] and number is None:
        return Heading(None, title[len("panel") :].strip(" :.–—-"))
    return Heading(number, found[3].strip(), (found[2] or "").strip())
