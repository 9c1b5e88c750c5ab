"""How long a page asks us to wait, read from its words."""

import math
import re
from datetime import date, datetime, timedelta, timezone

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBERS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "five": 5.0, "ten": 10.0} | {
    "half a": 0.5, "half an": 0.5, "a couple of": 2.0, "a few": 5.0, "several": 5.0,
}  # fmt: skip
_NUMBER = (
    r"(\d{1,3}(?:,\d{3})+(?!\d)|\d{1,12}(?:[.,]\d{1,3})?|half an?|an?(?=\s(?!couple|few))|one|two|three|five|ten|"
    r"a couple of|a few|several)"
)
_UNIT = r"(ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)"
_PART = re.compile(rf"(?<![\w.,:]){_NUMBER}(?:\s+more)?\s*-?{_UNIT}(?![a-z])(\s+and\s+a\s+half\b)?", re.I | re.A)
_INNER = re.compile(rf"(?:\s*,)?(?:\s*and)?\s*{_NUMBER}\s*{_UNIT}(?![a-z])(\s+and\s+a\s+half\b)?", re.I | re.A)
_MINUTES = re.compile(r"(\d{2})(?![\d:])\s*(?:m(?:in)?)?(?![a-z])", re.I | re.A)  # of 1h30
_COUNTDOWN = re.compile(r"\b(?:in|after|for)\s+(\d{1,3}):(\d{2}):(\d{2})\b(?!\s*[ap]\.?m)", re.I | re.A)

_WINDOW = re.compile(r"\b(?:last|past|previous|every|per|each|within|than)(?:\s+the)?\s*$", re.I | re.A)
"""Before a span that is the limit's own, not a wait: "40 pictures per 3 hours"."""

_AGAIN = re.compile(
    r"\b(?:again|back|wait|retry|resets?|renews?|refresh(?:es)?|resumes?|available|return|left|remain\w*)\b[^.!?\d]{0,30}$",
    re.I | re.A,
)
_INTRODUCED = re.compile(
    r"\b(?:in|after|for|another)\s+(?:about|around|approximately|another|the\s+next|~)?\s*$", re.I | re.A
)

LONGEST = 31 * 86_400.0
"""Seconds; a page that names a longer wait is not believed, and what it means has to be learned."""

_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2,
    "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5, "est": -5, "edt": -4,
}  # fmt: skip
"""Hours from UTC, of the time zones a page may name; without a name it speaks of our own."""

_ZONE = r"(?:\s*\(?\b(?-i:(UTC|GMT|Z|[A-Z]{1,4}T))\b(?:\s*([+-]\d{1,2})(?::?(\d{2}))?)?\)?)?"
_CLOCK = re.compile(rf"(?:\b(?:at|after|until)|,)\s+(\d{{1,2}}(?::\d{{2}})?\s*(?:[ap]\.?m\b\.?)?{_ZONE})", re.I | re.A)
_NAMED = re.compile(r"\b(?:at|after|until)\s+(midnight|noon)\b", re.I | re.A)
_TIME = re.compile(rf"\s*(\d{{1,2}})(?::(\d{{2}}))?\s*(?:([ap])\.?m\b\.?)?{_ZONE}\s*", re.I | re.A)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_DATE = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})\b|\b(\d{{1,2}})\s+{_MONTH}|\b(tomorrow)\b", re.I | re.A)
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?\s?(?:Z|UTC|GMT|[+-]\d\d:\d\d)?", re.A)

HALF_A_YEAR = 183
"""Days; a date further back than that is the next year's."""

JUST_OVER = 90.0
"""Seconds for which a time of day counts as now, not as tomorrow's: pages name whole minutes, and clocks differ."""


def seconds_to_wait(words: str, now: datetime) -> float | None:
    """Seconds named in ``words``: "in 12 hours and 43 minutes", "for an hour", "in 12s", "at 4:15 PM" (as of ``now``).

    Of several spans the one that speaks of a wait counts, not the limit's own ("40 pictures per 3 hours"). None where
    the words name no time, or one that cannot be meant.
    """
    told = _countdown(words)
    if told is None:
        told = _span(words)
    if told is None:
        told = _moment(words, now)
    if told is None:
        told = _time_of_day(words, now)
    return _believed(told)


def _countdown(words: str) -> float | None:
    """ "in 02:15:00" """
    found = _COUNTDOWN.search(words)
    return int(found[1]) * 3600.0 + int(found[2]) * 60.0 + int(found[3]) if found else None


def _span(words: str) -> float | None:
    """The span that is most likely the wait, in seconds."""
    best, sense, end = None, -1, 0
    for found in _PART.finditer(words):
        if found.start() < end:
            continue  # a part of the span before
        seconds, end = _whole(words, found)
        before = words[: found.start()]
        introduced = bool(_INTRODUCED.search(before))
        if _WINDOW.search(before) or (len(found[2]) == 1 and not introduced):
            continue
        likely = 2 if _AGAIN.search(before) else 1 if introduced else 0
        if likely > sense:
            best, sense = seconds, likely
    return best


def _whole(words: str, found: re.Match[str]) -> tuple[float, int]:
    """Seconds of the span that begins with ``found`` ("12 hours and 43 minutes"), and where it ends."""
    seconds = 0.0
    part: re.Match[str] | None = found
    while part is not None:
        found = part
        unit = "ms" if found[2].lower().startswith(("ms", "milli")) else found[2][0].lower()
        seconds += (_number(found[1]) or 0.0) * _UNITS[unit] + (0.5 * _UNITS[unit] if found[3] else 0.0)
        if unit == "h" and (minutes := _MINUTES.match(words, found.end())):
            return seconds + 60.0 * int(minutes[1]), minutes.end()
        part = _INNER.match(words, found.end())
    return seconds, found.end()


def _moment(words: str, now: datetime) -> float | None:
    """ "2026-11-26T04:00:00Z", "2026-11-26 04:00 UTC" """
    found = _MOMENT.search(words)
    if found is None:
        return None
    text = re.sub(r"\s?(?:UTC|GMT)$", "+00:00", found[0].strip())
    try:
        return _ahead(datetime.fromisoformat(text).timestamp() - now.timestamp())
    except (ValueError, OverflowError):
        return None


def _time_of_day(words: str, now: datetime) -> float | None:
    if named := _NAMED.search(words):
        return seconds_until("0:00" if named[1].lower() == "midnight" else "12:00", now, words)
    if (clock := _CLOCK.search(words)) and re.search(r":|\d\s*[ap]\.?m", clock[1], re.IGNORECASE):
        return seconds_until(clock[1], now, words)
    return None


def _ahead(seconds: float) -> float | None:
    """A moment that is just over is now; one that is long over tells nothing."""
    return max(0.0, seconds) if seconds >= -JUST_OVER else None


def _believed(seconds: float | None) -> float | None:
    return seconds if seconds is not None and seconds <= LONGEST else None


def seconds_in_groups(groups: dict[str, str | None], now: datetime) -> float | None:
    """Seconds in a pattern's named groups ``days``, ``hours``, ``minutes``, ``seconds`` and ``clock``.

    None where none of them matched anything, or what they matched is no number or time.
    """
    if clock := groups.get("clock"):
        return _believed(seconds_until(clock, now))
    told = [
        None if (number := _number(value)) is None else number * _UNITS[unit[0]]
        for unit in ("days", "hours", "minutes", "seconds")
        if (value := groups.get(unit))
    ]
    known = [seconds for seconds in told if seconds is not None]
    return _believed(sum(known)) if known and len(known) == len(told) else None


def seconds_until(clock: str, now: datetime, words: str = "") -> float | None:
    """Seconds from ``now`` to the next "4:15 PM", "16:15", "4 pm" or "4:15 PM UTC", or to that time on the day that
    ``words`` name.

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
    day = _day(words, now)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if day is not None:
        then = then.replace(year=day.year, month=day.month, day=day.day)
    elif now - then > timedelta(seconds=JUST_OVER):
        then += timedelta(days=1)
    return _ahead(then.timestamp() - now.timestamp())


def _zone(name: str, hours: int, minutes: int) -> timezone | None:
    if name not in _ZONES or abs(hours) > 14:
        return None
    return timezone(timedelta(hours=_ZONES[name] + hours, minutes=math.copysign(minutes, hours)))


def _day(words: str, now: datetime) -> date | None:
    """The day that words name: "tomorrow", "Nov 26" (the nearest there is); None where they name none."""
    found = _DATE.search(words)
    if found is None:
        return None
    if found[5]:
        return now.date() + timedelta(days=1)
    month, number = _MONTHS.index((found[1] or found[4]).lower()) + 1, int(found[2] or found[3])
    try:
        day = now.date().replace(month=month, day=number)
        behind = (now.date() - day).days
        return day.replace(year=day.year + 1) if behind > HALF_A_YEAR else day
    except ValueError:  # no such day
        return None


def _number(word: str) -> float | None:
    """ "12", "1,000", "1,5", "an", "a few"; None for what is no number."""
    lower = " ".join(word.lower().split())
    if lower in _NUMBERS:
        return _NUMBERS[lower]
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", lower, re.ASCII):
        return float(lower.replace(",", ""))
    return float(lower.replace(",", ".")) if re.fullmatch(r"\d{1,12}(?:[.,]\d{1,6})?", lower, re.ASCII) else None
