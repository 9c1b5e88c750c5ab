"""What the link lets through: whose requests, and which commands."""

import hmac
import time
from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec

from core import commands as cmd

ONLY_HERE: frozenset[type[cmd.Command]] = frozenset({cmd.ReportTerminal})
"""Commands that make no sense from elsewhere."""

WORDS: frozenset[str] = frozenset({"note", "text"})
"""Fields of commands that are a person's words and may hold anything; every other text in one is a name."""

COMMANDS: tuple[type[cmd.Command], ...] = get_args(cmd.AnyCommand)

LONGEST_NAME = 200

NOTE_EVERY = 10.0
"""Seconds between two lines about refusals in the run's log; those in between are counted."""


def refusal(command: cmd.AnyCommand) -> str | None:
    """Why a command from elsewhere is not passed on, in a sentence; None for one that is."""
    if type(command) in ONLY_HERE:
        return f"{_words(command)} is nothing one can ask for over the link"
    for field, text in _texts(command):
        if field in WORDS:
            continue
        if len(text) > LONGEST_NAME:
            return f"a name of {len(text)} characters in {_words(command)}"
        if "/" in text or "\\" in text or text.startswith("."):
            return f"a path in {_words(command)}; panels are named by their ids"
        if not text or not text.isprintable():
            return f"{_words(command)} names something that cannot be a panel"
    return None


def _texts(command: cmd.AnyCommand) -> Iterator[tuple[str, str]]:
    for field in command.__struct_fields__:
        yield from ((field, text) for text in _flat(getattr(command, field)))


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _flat(getattr(value, field))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(key)
            yield from _flat(item)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from _flat(item)


def _words(command: cmd.AnyCommand) -> str:
    return type(command).handler_name.removeprefix("on_").replace("_", " ")


def knows_token(header: str, token: str) -> bool:
    """Whether an ``Authorization`` header bears the token; compared in constant time."""
    scheme, _, given = header.partition(" ")
    known = hmac.compare_digest(given.strip().encode(errors="surrogateescape"), token.encode())
    return known and bool(token) and scheme.lower() == "bearer"


class RefusalLog:
    """Tells of refusals in the run's log, never more than one line in ``NOTE_EVERY`` seconds: a stranger who
    knocks all night must not fill the journal."""

    def __init__(self, note: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._note, self._clock = note, clock
        self._last = float("-inf")
        self._untold = 0

    def tell(self, why: str) -> None:
        """Into the log, at most one line in NOTE_EVERY seconds, with a count of the others."""
        now = self._clock()
        if now - self._last < NOTE_EVERY:
            self._untold += 1
            return
        more = f" ({self._untold} more since the last line)" if self._untold else ""
        self._note(f"the link refused {why}{more}")
        self._last, self._untold = now, 0
