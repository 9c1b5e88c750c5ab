"""How long an HTTP answer asks us to wait, read from its headers. Pure.

``Retry-After`` (seconds or a date, RFC 9110), ``retry-after-ms``, and the ``x-ratelimit-remaining-*`` with their
``x-ratelimit-reset-*`` as OpenAI and its like send them ("1s", "6m0s", "20ms", seconds, or a moment since the epoch).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}

LONGEST = 30 * 86_400.0
"""Seconds; a longer wait is a server's mistake and is not believed."""

EPOCH = 1e9
"""A reset past this many seconds is a moment since the epoch, not a span."""


def seconds_told(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the headers ask to wait, as of ``now`` (with a time zone); None where they ask for nothing."""
    known = {name.lower(): value.strip() for name, value in headers.items()}
    told = _milliseconds(known.get("retry-after-ms", ""))
    if told is None:
        told = _retry_after(known.get("retry-after", ""), now)
    return told if told is not None else _exhausted(known, now)


def _exhausted(headers: Mapping[str, str], now: datetime) -> float | None:
    """The longest reset among the budgets that are used up."""
    waits = []
    for name, left in headers.items():
        if name.startswith("x-ratelimit-remaining") and left in ("0", "0.0"):
            reset = headers.get(name.replace("remaining", "reset", 1), "")
            if (wait := _span(reset, now)) is not None:
                waits.append(wait)
    return max(waits, default=None)


def _milliseconds(text: str) -> float | None:
    number = _number(text)
    return None if number is None else _sane(number / 1000)


def _retry_after(text: str, now: datetime) -> float | None:
    if not text:
        return None
    number = _number(text)
    if number is not None:
        return _sane(number)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _sane(max(0.0, (moment - now).total_seconds()))


def _span(text: str, now: datetime) -> float | None:
    """Seconds of "6m0s", "20ms", "12" or a moment since the epoch."""
    number = _number(text)
    if number is not None:
        return _sane(number - now.timestamp() if number > EPOCH else number)
    parts = _PART.findall(text)
    if not parts or "".join(a + b for a, b in parts) != text:
        return None
    return _sane(sum(float(amount) * _UNITS[unit] for amount, unit in parts))


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None


def _sane(seconds: float) -> float | None:
    return seconds if 0.0 <= seconds <= LONGEST else None
