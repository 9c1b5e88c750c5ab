"""Which graphics a terminal has: asked once at the start, never waited for.

Three questions go out together, the one every terminal answers last. What comes back is taken out of the keys;
a terminal that says nothing shows half blocks, and nobody has waited.
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

ASK = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"
"""Could you show one Kitty pixel? How large is a cell? What are you?"""

_ANSWER = re.compile(
    rb"\x1b_G(?P<kitty>[^\x1b\x07]{0,200})\x1b\\"
    rb"|\x1b\[\?(?P<attributes>[\d;]{1,60})c"
    rb"|\x1b\[6;(?P<height>\d{1,4});(?P<width>\d{1,4})t"
)
_BEGUN = re.compile(rb"\x1b(?:_(?:G[^\x1b\x07]{0,200}\x1b?)?|\[(?:\?[\d;]{0,60}|6(?:;\d{0,4}){0,2})?)?\Z")
"""What may be the beginning of an answer."""

SIXEL = b"4"
"""Among a terminal's attributes: it has Sixel graphics."""


class Graphics(NamedTuple):
    """What was found. ``cell``: its width and height in pixels, None where that is not known."""

    kitty: bool = False
    sixel: bool = False
    cell: tuple[int, int] | None = None


def may_ask(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the questions do no harm: some terminals print them, and multiplexers answer for themselves."""
    term = environment.get("TERM", "")
    if term in ("", "dumb", "unknown", "linux") or term.startswith(("screen", "tmux", "vt")):
        return False
    inside = environment.get("TMUX") or environment.get("STY") or environment.get("ZELLIJ")
    return not inside and environment.get("TERM_PROGRAM") != "Apple_Terminal"


class Listener:
    """Takes the answers out of what is typed. ``found`` is called when the last one is there, and again when a
    later one says something else.
    """

    def __init__(self, found: Callable[[Graphics], None], cell: tuple[int, int] | None = None) -> None:
        self._found, self._graphics, self._told = found, Graphics(cell=cell), False
        self._expecting, self._held = False, b""

    def expect(self) -> None:
        """The questions have been asked."""
        self._expecting = True

    @property
    def holds(self) -> bool:
        """Whether something is kept back that may be half an answer."""
        return bool(self._held)

    def feed(self, data: bytes) -> bytes:
        """What is left for the keys."""
        data, self._held = self._held + data, b""
        if b"\x1b" not in data:
            return data
        data = _ANSWER.sub(self._heard, data)
        begun = _BEGUN.search(data) if self._expecting else None
        if begun:
            data, self._held = data[: begun.start()], begun[0]
        return data

    def release(self) -> bytes:
        """What was kept back and is no answer after all."""
        held, self._held = self._held, b""
        return held

    def _heard(self, answer: re.Match[bytes]) -> bytes:
        found = self._graphics
        if (said := answer["kitty"]) is not None:
            found = found._replace(kitty=b"i=31" in said and said.endswith(b";OK"))
        elif (attributes := answer["attributes"]) is not None:
            found = found._replace(sixel=SIXEL in attributes.split(b";")[1:])
            self._expecting, changed = False, not self._told
            self._told = True
            self._graphics = found
            if changed:
                self._found(found)
        else:
            cell = int(answer["width"]), int(answer["height"])
            found = found._replace(cell=cell if all(cell) else None)
        if self._told and found != self._graphics:
            self._found(found)
        self._graphics = found
        return b""
