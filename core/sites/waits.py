"""How long a page asks us to wait, read from its words."""

import re
from datetime import datetime, timedelta

_UNITS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
_SPAN = re.compile(r"(\d+(?:\.\d+)?|an?)\s+(second|minute|hour|day)s?", re.IGNORECASE)
_SHORT = re.compile(r"(?:in|after|for)\s+(\d+(?:\.\d+)?)\s*(s|m|h)\b", re.IGNORECASE)
_CLOCK = re.compile(r"\b(?:at|after|until)\s+(\d{1,2}):(\d{2})\s*([AaPp])?\.?[Mm]?", re.IGNORECASE)


def seconds_to_wait(words: str, now: datetime) -> float | None:
    """Seconds named in ``words``: "in 12 hours and 43 minutes", "for an hour", "in 12s", "at 4:15 PM" (as of ``now``).

    None where the words name no time.
    """
    if spans := _SPAN.findall(words):
        return sum(
            (1.0 if number.lower() in ("a", "an") else float(number)) * _UNITS[unit.lower()] for number, unit in spans
        )
    if short := _SHORT.search(words):
        return float(short[1]) * {"s": 1.0, "m": 60.0, "h": 3600.0}[short[2].lower()]
    if clock := _CLOCK.search(words):
        hour = int(clock[1]) % 12 + 12 if (clock[3] or "").lower() == "p" else int(clock[1]) % (12 if clock[3] else 24)
        then = now.replace(hour=hour, minute=int(clock[2]) % 60, second=0, microsecond=0)
        return ((then if then > now else then + timedelta(days=1)) - now).total_seconds()
    return None
