"""How an attempt can end, what can befall a tab, and why a run pauses: three closed sets.

They are kept apart on purpose. A limit is not a fault, a fault is not a refusal, and none of them shares a
counter with another.
"""

from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """How one attempt at a panel ended."""

    OK = "ok"  #: a picture came
    QUOTA = "quota"  #: so many pictures a window; the site names the reset
    RATE = "rate"  #: too quick; wait a little
    THROTTLE = "throttle"  #: the whole account is slowed; only a finished picture clears it
    REFUSED = "refused"  #: the site will not draw this; back to the author
    SOFT_REFUSED = "soft-refused"  #: words instead of a picture
    RETRYABLE = "retryable"  #: network, "something went wrong": try again later
    CHAT_FULL = "chat-full"  #: the conversation is at its end; a new one is needed
    LOGIN = "login"  #: signed out
    HUMAN = "human"  #: a challenge only a person may answer
    WITHDRAWN = "withdrawn"  #: never sent, so nothing was asked for and nothing is owed
    LOST = "lost"  #: whether a picture was made can no longer be found out

    @property
    def is_limit(self) -> bool:
        """True for the outcomes that say «wait»: they count against nobody."""
        return self in (Outcome.QUOTA, Outcome.RATE, Outcome.THROTTLE)

    @property
    def words(self) -> str:
        """As people say it, without knowing the name of it in a file."""
        return _WORDS.get(self, self.value)


_WORDS = {
    Outcome.RATE: "rate limit",
    Outcome.THROTTLE: "throttled",
    Outcome.SOFT_REFUSED: "words, no picture",
    Outcome.RETRYABLE: "error",
    Outcome.CHAT_FULL: "conversation full",
    Outcome.LOGIN: "signed out",
    Outcome.HUMAN: "person needed",
    Outcome.WITHDRAWN: "not sent",
}


class Fault(StrEnum):
    """What befell a tab (never a panel's own doing, unless it happens again and again)."""

    CRASHED = "crashed"  #: its renderer died
    HUNG = "hung"  #: the page no longer answers a heartbeat
    STUCK = "stuck"  #: it answers, but the picture is far overdue
    CLOSED = "closed"  #: somebody closed the tab
    BROWSER = "browser"  #: the whole browser is gone
    DRIVER = "driver"  #: the program between us and the browser is gone
    ENDPOINT = "endpoint"  #: a browser elsewhere can no longer be reached
    COVERED = "covered"  #: a dialog lies over the page and will not go away


class Cause(StrEnum):
    """Why a run is paused. Every one comes with a sentence that says what to do."""

    PERSON = "person"  #: somebody pressed pause
    LOGIN = "login"  #: signed out
    HUMAN = "human"  #: a challenge waits for a person
    SITE = "site"  #: the page is not as its profile says
    NETWORK = "network"  #: the site cannot be reached
    BROWSER = "browser"  #: no browser can be opened
    DISK = "disk"  #: nothing can be written
    FAULTS = "faults"  #: everything fails: the circuit breaker is open


class Budget(msgspec.Struct, frozen=True):
    """What a site says is left: ``remaining`` sends until ``reset`` seconds from now, of ``limit`` where it says."""

    name: str
    remaining: int
    reset: float
    limit: int | None = None


class AttemptError(Exception):
    """An attempt ended without a picture.

    Attributes:
        outcome: which of the closed set.
        sentence: what happened, for a person.
        retry_after: seconds the site told us to wait, or None where it told nothing.
        said: the site's own words (untrusted text), or "".
        budgets: what the site said is left, where it said so.
    """

    def __init__(
        self,
        outcome: Outcome,
        sentence: str,
        *,
        retry_after: float | None = None,
        said: str = "",
        budgets: tuple[Budget, ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.outcome, self.sentence, self.retry_after, self.said = outcome, sentence, retry_after, said
        self.budgets = budgets


class TabLost(Exception):
    """The tab can no longer be used; the attempt it held is in doubt.

    Attributes:
        fault: which of the closed set.
        sentence: what happened, for a person.
    """

    def __init__(self, fault: Fault, sentence: str) -> None:
        super().__init__(sentence)
        self.fault, self.sentence = fault, sentence


class RunBlocked(Exception):
    """Nothing can go on until something outside changes: the run pauses, no panel is failed.

    Attributes:
        cause: why.
        sentence: what happened and what to do.
        retry_after: seconds after which it is worth looking again by ourselves; None where a person must act.
    """

    def __init__(self, cause: Cause, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.cause, self.sentence, self.retry_after = cause, sentence, retry_after


class NoRoom(Exception):
    """Every place for a tab is taken or lost just now; nothing is wrong with the tab that asked.

    Attributes:
        sentence: why, for a person.
        retry_after: seconds after which it is worth asking again.
    """

    def __init__(self, sentence: str, retry_after: float) -> None:
        super().__init__(sentence)
        self.sentence, self.retry_after = sentence, retry_after
