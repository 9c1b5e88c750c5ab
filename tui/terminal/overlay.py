"""The pictures on the screen, in the terminal's own graphics: what is there, what shall be there, and the way between.

Pictures are sent behind everything else, in pieces: text never waits for them, and those still unsent are
taken back when something else is to be seen.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple, Protocol

from textual.geometry import Region

from tui.terminal import pixels as words
from tui.terminal.pixels import Pixels, Placement

KEPT = 60_000
"""Cells of pictures a terminal is asked to remember, so that coming back to one costs nothing: 40 large ones, or 300
thumbnails; some 50 MB in the terminal."""


class Writer(Protocol):
    """What of ``FrameWriter`` is needed."""

    def write(self, text: str) -> None: ...
    def later(self, pieces: Collection[str]) -> None: ...
    def cut(self) -> int: ...


class Piece(NamedTuple):
    """A sequence, and what is true once it is sent. ``whole``: other graphics may follow it."""

    text: str
    then: Callable[[], object] = lambda: None
    whole: bool = True


class Overlay:
    """``again(region)`` says the text cells there once more: text is what takes a Sixel picture away."""

    def __init__(self, writer: Writer, again: Callable[[Region], str]) -> None:
        self._writer, self._again = writer, again
        self._aim: set[Placement] = set()
        self._queue: list[Piece] = []
        self._ids: dict[Pixels, int] = {}  # in the terminal's memory, the latest used last
        self._next = 1
        self._there: set[Placement] = set()
        self._begun: set[Placement] = set()  # drawn in part, at least

    def show(self, wanted: Collection[Placement]) -> None:
        """Have exactly these on the screen, as soon as the terminal takes them."""
        if set(wanted) == self._aim:
            return
        pieces = [] if self._settle() else [Piece(words.BREAK_OFF)]
        self._aim = set(wanted)
        for at in sorted(self._begun - self._aim, key=lambda at: at[:2]):
            pieces += self._away(at)
        for at in sorted(self._aim - self._there, key=lambda at: at[:2]):
            pieces += self._put(at)
        self._queue = pieces
        self._writer.later([piece.text for piece in pieces])

    def forget(self) -> None:
        """The terminal may show anything: everything is sent again when it is next asked for."""
        self._settle()
        text = self.farewell()
        if text:
            self._writer.write(text)
        self._aim, self._queue = set(), []
        self._ids, self._there, self._begun = {}, set(), set()

    def farewell(self) -> str:
        """What clears all pictures away, "" where there never were any that need it."""
        return words.BREAK_OFF + words.FORGET_ALL if self._next > 1 else ""

    def _settle(self) -> bool:
        """Take back what is unsent; False where that leaves a picture half sent."""
        done = self._queue[: len(self._queue) - self._writer.cut()]
        self._queue = []
        for piece in done:
            piece.then()
        return not done or done[-1].whole

    def _away(self, at: Placement) -> list[Piece]:
        if at.pixels.kind == "sixel":
            self._gone(at)
            self._writer.write(self._again(Region(at.x, at.y, at.pixels.columns, at.pixels.rows)))
            return []
        return [Piece(words.take_away(self._ids[at.pixels], at), lambda: self._gone(at))]

    def _gone(self, at: Placement) -> None:
        self._there.discard(at)
        self._begun.discard(at)

    def _put(self, at: Placement) -> list[Piece]:
        if at.pixels.kind == "sixel":
            pieces = [Piece(text, lambda: self._begun.add(at)) for text in words.draw(at)]
            return [*pieces[:-1], Piece(pieces[-1].text, lambda: self._shown(at))]
        id, pieces = self._ids.pop(at.pixels, 0), []
        if not id:
            id, self._next = self._next, self._next + 1
            *first, last = words.send(id, at.pixels.pieces)
            pieces = [*(Piece(text, whole=False) for text in first), Piece(last, lambda: self._kept(at.pixels, id))]
        else:
            self._ids[at.pixels] = id  # used last
        return [*pieces, Piece(words.put(id, at), lambda: self._shown(at)), *self._oldest()]

    def _shown(self, at: Placement) -> None:
        self._there.add(at)
        self._begun.add(at)

    def _kept(self, pixels: Pixels, id: int) -> None:
        self._ids[pixels] = id

    def _oldest(self) -> list[Piece]:
        """What the terminal may forget."""
        seen = {at.pixels for at in self._aim | self._there}
        kept, old = 0, []
        for pixels in reversed(list(self._ids)):
            kept += pixels.columns * pixels.rows
            if kept > KEPT and pixels not in seen:
                old.append(pixels)
        return [Piece(words.forget(self._ids.pop(pixels))) for pixels in old]
