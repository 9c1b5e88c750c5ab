"""How long an HTTP answer asks us to wait, read from its headers. Pure.

``Retry-After`` (seconds or a date, RFC 9110), ``retry-after-ms``, else the budgets that are used up
(``core.sites.budgets``).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.sites.budgets import budgets_told

LONGEST = 30 * 86_400.0
"""Seconds; a longer wait is a server's mistake and is not believed."""


def seconds_told(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the headers ask to wait, as of ``now`` (with a time zone); None where they ask for nothing."""
    known = {name.lower(): value.strip() for name, value in headers.items()}
    told = _milliseconds(known.get("retry-after-ms", ""))
    if told is None:
        told = _retry_after(known.get("retry-after", ""), now)
    return told if told is not None else _exhausted(known, now)


def _exhausted(headers: Mapping[str, str], now: datetime) -> float | None:
    """The longest reset among the budgets that are used up."""
    return max((budget.reset for budget in budgets_told(headers, now) if budget.remaining == 0), default=None)


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
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _sane(max(0.0, (moment - now).total_seconds()))


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text) else None


def _sane(seconds: float) -> float | None:
    return seconds if 0.0 <= seconds <= LONGEST else None
