"""What an images API answers instead of a picture, in our outcomes. Pure."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec

from core.outcomes import AttemptError, Budget, Cause, Outcome, RunBlocked
from core.sites.waits import seconds_to_wait

REFUSALS = frozenset(
    {"moderation_blocked", "content_policy_violation", "image_generation_user_error"}
    | {"content_filter", "contentfilter", "responsibleaipolicyviolation", "content_moderation"}
)
REFUSING = re.compile(r"safety system|content.{0,12}polic|content filter|moderation|guardrails", re.IGNORECASE)
"""Words of an API whose codes we do not know."""

LIMITS = frozenset({"rate_limit_exceeded", "rate_limit_error", "too_many_requests"})
MONEY = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})

LONGEST = 500
"""Letters of the API's words that are kept."""


class Answer(msgspec.Struct, frozen=True):
    """An answer that is no picture. ``wait``: seconds its headers tell to wait, None where they tell nothing."""

    status: int
    code: str = ""
    message: str = ""
    param: str = ""
    wait: float | None = None
    budgets: tuple[Budget, ...] = ()  #: what its headers say is left


def answer_of(status: int, body: Any, wait: float | None, budgets: tuple[Budget, ...] = ()) -> Answer:
    """Read an error's body, ``{"error": {"code": …, "message": …}}`` or anything else a server makes up."""
    table = body if isinstance(body, dict) else {}
    inner = table.get("error", table)
    if not isinstance(inner, dict):
        inner = {"message": inner}
    code = str(inner.get("code") or inner.get("type") or "")
    message = " ".join(str(inner.get("message") or inner.get("detail") or "").split())[:LONGEST]
    return Answer(status, code, message, str(inner.get("param") or ""), wait, budgets)


def meaning(answer: Answer, host: str, key_from: str) -> AttemptError | RunBlocked:
    """The outcome of ``answer``; what only a person can mend blocks the run instead of failing its panels."""
    said = answer.message or f"status {answer.status}"
    code = answer.code.lower()
    if code in MONEY or answer.status == HTTPStatus.PAYMENT_REQUIRED:
        return RunBlocked(Cause.HUMAN, f"{host} says the account's money is used up; see to that, then press space")
    unknown = answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY) or answer.status < 300
    if code in REFUSALS or (unknown and REFUSING.search(answer.message)):
        return AttemptError(Outcome.REFUSED, f"{host} will not draw this: {said}", said=said)
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:  # its words may show a part of the key: they are not repeated
            return RunBlocked(
                Cause.LOGIN, f"{host} does not accept the key from {key_from}; set a valid one and restart"
            )
        case HTTPStatus.FORBIDDEN:
            return RunBlocked(Cause.LOGIN, f"{host} does not let this key draw: {said}")
        case status if status == HTTPStatus.TOO_MANY_REQUESTS or code in LIMITS:
            wait = answer.wait if answer.wait is not None else seconds_to_wait(said, datetime.now())
            sentence = f"{host} says: {said}"
            return AttemptError(Outcome.RATE, sentence, retry_after=wait, said=said, budgets=answer.budgets)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return AttemptError(Outcome.REFUSED, f"{host} says this is too much: {said}", said=said)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < 300 or status in (408, 409, 425):
            return AttemptError(Outcome.RETRYABLE, f"{host} says: {said}", retry_after=answer.wait, said=said)
        case _ if answer.param == "prompt":
            return AttemptError(Outcome.REFUSED, f"{host} does not take the prompt: {said}", said=said)
        case _:
            return RunBlocked(
                Cause.SITE,
                f"{host} does not take our requests: {said}; correct [processor.options] in novel.toml and restart",
            )
