"""What headers say is left, in the forms servers really send."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outcomes import Budget
from core.sites.budgets import budgets_told

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("headers", "budgets"),
    [
        (
            {
                "X-RateLimit-Limit-Requests": "5",
                "X-RateLimit-Remaining-Requests": "3",
                "X-RateLimit-Reset-Requests": "6m0.5s",
                "x-ratelimit-remaining-tokens": "90000",
                "x-ratelimit-reset-tokens": "20ms",
            },
            [Budget("requests", 3, 360.5, 5)],
        ),
        (
            {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20ms"},
            [Budget("tokens", 0, 0.02)],
        ),
        (
            {
                "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": LATER.isoformat().replace("+00:00", "Z"),
            },
            [Budget("requests", 0, 90.0, 50)],
        ),
        (
            {"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(int(LATER.timestamp()))},
            [Budget("requests", 7, 90.0)],
        ),
        (
            {"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(int(LATER.timestamp() * 1000))},
            [Budget("requests", 7, 90.0)],
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": format_datetime(LATER, usegmt=True)},
            [Budget("requests", 0, 90.0)],
        ),
        (
            {"RateLimit-Limit": "100, 100;w=60", "RateLimit-Remaining": "2", "RateLimit-Reset": "30"},
            [Budget("requests", 2, 30.0, 100)],
        ),
        (
            {"ratelimit": '"burst";r=2;t=30, "day";r=400;t=36000'},
            [Budget("burst", 2, 30.0), Budget("day", 400, 36000.0)],
        ),
        ({"ratelimit": '"default";r=0;t=12'}, [Budget("default", 0, 12.0)]),
    ],
)
def test_budgets_are_read(headers: dict[str, str], budgets: list[Budget]) -> None:
    found = list(budgets_told(headers, NOW))
    assert [(b.name, b.remaining, b.limit) for b in found] == [(b.name, b.remaining, b.limit) for b in budgets]
    assert [b.reset for b in found] == pytest.approx([b.reset for b in budgets])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit-remaining-requests": "3"},
        {"x-ratelimit-remaining-requests": "many", "x-ratelimit-reset-requests": "1s"},
        {"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "soon"},
        {"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "400d"},
        {"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": ""},
        {"ratelimit": "r;t"},
    ],
)
def test_what_cannot_be_read_is_no_budget(headers: dict[str, str]) -> None:
    assert budgets_told(headers, NOW) == ()


def test_a_reset_in_the_past_is_now() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) - 500)}
    assert budgets_told(headers, NOW) == (Budget("requests", 0, 0.0),)


@given(st.text(), st.text(), st.text())
def test_no_header_breaks_it(remaining: str, reset: str, items: str) -> None:
    names = ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "ratelimit")
    for budget in budgets_told(dict(zip(names, (remaining, reset, items), strict=True)), NOW):
        assert budget.remaining >= 0
        assert budget.reset >= 0
