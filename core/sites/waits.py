"""How long a page asks us to wait, read from its words."""

import re
from datetime import datetime, timedelta

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER = r"(\d+(?:[.,]\d+)?|an?|one|a few)"
_SPAN = re.compile(rf"\b{_NUMBER}\s+(second|sec|minute|min|hour|hr|day)s?\b", re.IGNORECASE)
_SHORT = re.compile(r"\b(?:in|after|for)\s+((?:\d+(?:\.\d+)?\s*[dhms]\s*)+)(?![a-z])", re.IGNORECASE)
_SHORT_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([dhms])", re.IGNORECASE)
_CLOCK = re.compile(r"\b(?:at|after|until)\s+(\d{1,2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?)", re.IGNORECASE)
_TIME = re.compile(r"\s*(\d{1,2})(?::(\d{2}))?\s*(?:([ap])\.?m\.?)?\s*", re.IGNORECASE)


def seconds_to_wait(words: str, now: datetime) -> float | None:
    """Seconds named in ``words``: "in 12 hours and 43 minutes", "for an hour", "in 12s", "at 4:15 PM" (as of ``now``).

    None where the words name no time.
    """
    if short := _SHORT.search(words):
        return sum(float(number) * _UNITS[unit.lower()] for number, unit in _SHORT_PART.findall(short[1]))
    if spans := _SPAN.findall(words):
        return sum(_number(number) * _UNITS[unit[0].lower()] for number, unit in spans)
    if (clock := _CLOCK.search(words)) and (":" in clock[1] or "m" in clock[1].lower()):
        return seconds_until(clock[1], now)
    return None


def seconds_in_groups(groups: dict[str, str | None], now: datetime) -> float | None:
    """Seconds in a pattern's named groups ``days``, ``hours``, ``minutes``, ``seconds`` and ``clock``.

    None where none of them matched anything.
    """
    if clock := groups.get("clock"):
        return seconds_until(clock, now)
    told = [
        _number(value) * _UNITS[unit[0]]
        for unit in ("days", "hours", "minutes", "seconds")
        if (value := groups.get(unit))
    ]
    return sum(told) if told else None


def seconds_until(clock: str, now: datetime) -> float | None:
    """Seconds from ``now`` to the next "4:15 PM", "16:15" or "4 pm"; None for what is no time of day."""
    found = _TIME.fullmatch(clock)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return None
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return ((then if then > now else then + timedelta(days=1)) - now).total_seconds()


def _number(word: str) -> float:
    lower = word.lower().strip()
    if lower in ("a", "an", "one"):
        return 1.0
    if lower == "a few":
        return 5.0
    return float(lower.replace(",", "."))
