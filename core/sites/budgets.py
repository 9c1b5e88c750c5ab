"""What an HTTP answer says is left of a limit, read from its headers. Pure.

Understood are ``x-ratelimit-remaining-requests`` with ``-limit-`` and ``-reset-`` (OpenAI and its like, resets such
as "1s", "6m0s", "20ms"), ``anthropic-ratelimit-requests-remaining`` (the resource in front, resets as dates),
``x-ratelimit-remaining`` (GitHub and its like, resets as moments since the epoch), ``ratelimit-remaining`` (the
IETF draft, resets in seconds), and its later form ``ratelimit: "default";r=2;t=30``.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.outcomes import Budget

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_REMAINING = re.compile(r"(?P<head>.*ratelimit(?:-[a-z]+)*?)-remaining(?P<tail>(?:-[a-z]+)*)")
_ITEM = re.compile(r'(?:^|,)\s*"?(?P<name>[^",;]*)"?(?P<parameters>(?:;\s*\w+=[^;,]+)+)')

EPOCH = 1e9
"""A reset past this many seconds is a moment since the epoch, not a span."""

LONGEST = 31 * 86_400.0
"""Seconds; a longer reset is a server's mistake and is not believed."""


def budgets_told(headers: Mapping[str, str], now: datetime) -> tuple[Budget, ...]:
    """Every budget the headers speak of, as of ``now`` (with a time zone); names in any case.

    Budgets without a readable count or reset are left out, and so are those of tokens and bytes while any are left:
    nobody knows how many a picture takes.
    """
    known = {name.lower(): value.strip() for name, value in headers.items()}
    found: dict[str, Budget] = {}
    for name, value in known.items():
        if name == "ratelimit":
            for budget in _items(value):
                found[budget.name] = budget
        elif split := _REMAINING.fullmatch(name):
            head, tail = split["head"], split["tail"]
            budget_name = (tail or head.rpartition("ratelimit")[2]).strip("-") or "requests"
            remaining, reset = _count(value), _seconds(known.get(f"{head}-reset{tail}", ""), now)
            if remaining is not None and reset is not None:
                limit = _count(known.get(f"{head}-limit{tail}", ""))
                found[budget_name] = Budget(budget_name, remaining, reset, limit)
    return tuple(b for b in found.values() if b.remaining == 0 or not re.search("token|byte", b.name))


def _items(value: str) -> list[Budget]:
    """``"default";r=50;t=30``: r are left, for t seconds."""
    found = []
    for item in _ITEM.finditer(value):
        pairs = (pair.split("=", 1) for pair in item["parameters"].strip(";").split(";"))
        parameters = {key.strip(): text.strip() for key, text in pairs}
        remaining, reset = _count(parameters.get("r", "")), _count(parameters.get("t", ""))
        if remaining is not None and reset is not None and reset <= LONGEST:
            found.append(Budget(item["name"].strip() or "requests", remaining, float(reset)))
    return found


def _count(text: str) -> int | None:
    """A whole number of things, down; GitHub-like lists ("100, 100;w=60") begin with theirs."""
    found = re.match(r"-?\d{1,12}(?:\.\d+)?(?=$|[,;\s])", text)
    return None if found is None else max(0, int(float(found[0])))


def _seconds(text: str, now: datetime) -> float | None:
    """Seconds until "6m0s", "20ms", "12", a moment since the epoch, or a date (RFC 3339 or HTTP's)."""
    if re.fullmatch(r"\d{1,15}(?:\.\d+)?", text):
        number = float(text)
        if number > EPOCH * 1000:  # in milliseconds
            number /= 1000
        seconds = number - now.timestamp() if number > EPOCH else number
    elif (parts := _PART.findall(text)) and "".join(amount + unit for amount, unit in parts) == text:
        seconds = sum(float(amount) * _UNITS[unit] for amount, unit in parts)
    elif (moment := _date(text)) is not None:
        seconds = (moment - now).total_seconds()
    else:
        return None
    seconds = max(0.0, seconds)
    return seconds if seconds <= LONGEST else None


def _date(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
