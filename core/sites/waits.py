"""How long a page asks us to wait, read from its words."""

import math
import re
from datetime import date, datetime, timedelta, timezone

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER = r"(\d+(?:[.,]\d+)?|an?|one|a few)"
_SPAN = re.compile(rf"\b{_NUMBER}\s+(second|sec|minute|min|hour|hr|day)s?\b", re.IGNORECASE)
_SHORT = re.compile(r"\b(?:in|after|for)\s+((?:\d+(?:\.\d+)?\s*[dhms]\s*)+)(?![a-z])", re.IGNORECASE)
_SHORT_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([dhms])", re.IGNORECASE)
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2,
    "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5, "est": -5, "edt": -4,
}  # fmt: skip
"""Hours from UTC, of the time zones a page may name; without a name it speaks of our own."""

_ZONE = r"(?:\s*\(?\b(?-i:(UTC|GMT|Z|[A-Z]{1,4}T))\b(?:\s*([+-]\d{1,2})(?::?(\d{2}))?)?\)?)?"
_CLOCK = re.compile(rf"\b(?:at|after|until|,)\s+(\d{{1,2}}(?::\d{{2}})?\s*(?:[ap]\.?m\b\.?)?{_ZONE})", re.IGNORECASE)
_TIME = re.compile(rf"\s*(\d{{1,2}})(?::(\d{{2}}))?\s*(?:([ap])\.?m\b\.?)?{_ZONE}\s*", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\.?\s+(\d{{1,2}})\b|\b(tomorrow)\b", re.IGNORECASE)

JUST_OVER = 90.0
"""Seconds for which a time of day counts as now, not as tomorrow's: pages name whole minutes, and clocks differ."""


def seconds_to_wait(words: str, now: datetime) -> float | None:
    """Seconds named in ``words``: "in 12 hours and 43 minutes", "for an hour", "in 12s", "at 4:15 PM" (as of ``now``).

    None where the words name no time.
    """
    if short := _SHORT.search(words):
        return sum(float(number) * _UNITS[unit.lower()] for number, unit in _SHORT_PART.findall(short[1]))
    if spans := _SPAN.findall(words):
        return sum(_number(number) * _UNITS[unit[0].lower()] for number, unit in spans)
    if (clock := _CLOCK.search(words)) and re.search(r":|\d\s*[ap]\.?m", clock[1], re.IGNORECASE):
        return seconds_until(clock[1], now, _day(words, now))
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


def seconds_until(clock: str, now: datetime, day: date | None = None) -> float | None:
    """Seconds from ``now`` to the next "4:15 PM", "16:15", "4 pm" or "4:15 PM UTC", or to that time on ``day``.

    By the clock on the wall of whoever reads it (``now`` is local time), so a night in which clocks are changed is an
    hour shorter or longer. None for what is no time of day, and for a time zone that is not known.
    """
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
    if found[4]:
        zone = _zone(found[4].lower(), int(found[5] or 0), int(found[6] or 0))
        if zone is None:
            return None
        now = now.astimezone(zone)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if day is not None:
        then = then.replace(year=day.year, month=day.month, day=day.day)
    elif now - then > timedelta(seconds=JUST_OVER):
        then += timedelta(days=1)
    return max(0.0, then.timestamp() - now.timestamp())


def _zone(name: str, hours: int, minutes: int) -> timezone | None:
    if name not in _ZONES or abs(hours) > 14:
        return None
    return timezone(timedelta(hours=_ZONES[name] + hours, minutes=math.copysign(minutes, hours)))


def _day(words: str, now: datetime) -> date | None:
    """The day that words name: "tomorrow", "Nov 26" (the next there is); None where they name none."""
    found = _DATE.search(words)
    if found is None:
        return None
    if found[3]:
        return now.date() + timedelta(days=1)
    month, number = _MONTHS.index(found[1].lower()) + 1, int(found[2])
    try:
        day = now.date().replace(month=month, day=number)
        return day if day >= now.date() else day.replace(year=day.year + 1)
    except ValueError:  # no such day
        return None


def _number(word: str) -> float:
    lower = word.lower().strip()
    if lower in ("a", "an", "one"):
        return 1.0
    if lower == "a few":
        return 5.0
    return float(lower.replace(",", "."))
