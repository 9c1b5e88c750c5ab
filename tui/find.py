"""The words of a search: ``state:failed``, ``chapter:3``, and any others that have to be in the panel."""

from bisect import bisect_left
from collections.abc import Sequence

from tui.book import Book, Narrowing
from tui.glyphs import PANELS


class FindError(ValueError):
    """The search makes no sense. ``str()`` says why and what would."""


def parse(search: str) -> Narrowing | None:
    """What narrows the book down to what was asked for; None where nothing was.

    Raises:
        FindError: an unknown state, a chapter that is no number.
    """
    tests: list[Narrowing] = []
    for word in search.split():
        name, colon, value = word.partition(":")
        if colon and name in ("state", "is"):
            tests.append(_state(value))
        elif colon and name in ("chapter", "ch"):
            tests.append(_chapter(value))
        else:
            tests.append(_text(word))
    return (lambda book, panels: _all(tests, book, panels)) if tests else None


def _all(tests: Sequence[Narrowing], book: Book, panels: Sequence[int]) -> Sequence[int]:
    """One test after the other, each on what the ones before have left."""
    for test in tests:
        panels = test(book, panels)
    return panels


def _state(value: str) -> Narrowing:
    wanted = {index for index, name in enumerate(PANELS) if value and name.startswith(value.lower())}
    if value.lower() == "problem":
        wanted = {PANELS.index("failed"), PANELS.index("refused")}
    if value.lower() == "new":
        return _new
    if not wanted:
        raise FindError(f"There is no state {value!r}; there are {', '.join(PANELS)}, problem, new.")

    def narrowed(book: Book, panels: Sequence[int]) -> Sequence[int]:
        looks = book.looks
        return [index for index in panels if looks[index] in wanted]

    return narrowed


def _new(book: Book, panels: Sequence[int]) -> Sequence[int]:
    """Drawn, and not looked at by anybody."""
    found = ((index, book.panel(index)) for index in panels)
    return [i for i, panel in found if panel and panel.take and panel.status == "finished" and not panel.kept]


def _chapter(value: str) -> Narrowing:
    first, dash, last = value.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise FindError(f"{value!r} is no chapter; write chapter:3 or chapter:3-5.")
    low, high = int(first), int(last or first)

    def narrowed(book: Book, panels: Sequence[int]) -> Sequence[int]:
        found: list[int] = []
        for number, _, chapter in book.chapters:
            if low <= number <= high:
                found += panels[bisect_left(panels, chapter[0]) : bisect_left(panels, chapter[-1] + 1)]
        return found

    return narrowed


def _text(word: str) -> Narrowing:
    sought = word.casefold()

    def narrowed(book: Book, panels: Sequence[int]) -> Sequence[int]:
        words = book.words
        return [index for index in panels if sought in words[index]]

    return narrowed
