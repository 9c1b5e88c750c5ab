"""What an HTTP answer's headers ask to wait."""

from datetime import UTC, datetime

import pytest

from core.sites.headers import seconds_told

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:02:00 GMT"}, 120.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "0", "retry-after": "9"}, 0.0),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "6m0s"}, None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, 360.0),
        ({"X-RateLimit-Remaining-Images": "0", "X-RateLimit-Reset-Images": "20ms"}, 0.02),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "12"}, 12.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW.timestamp() + 90)}, 90.0),
        ({"x-ratelimit-remaining-a": "0", "x-ratelimit-reset-a": "1s"} | {"x-ratelimit-remaining": "0"}, 1.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "a while"}, None),
        ({"retry-after": "99999999999"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "Wed, 21 Oct 99999999999999 07:28:00 GMT"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "Wed, 21 Oct 99999999999999 07:28:00 GMT"}, None),
    ],
)
def test_seconds_told(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_told(headers, NOW) == (None if seconds is None else pytest.approx(seconds))
