"""What a governor knows and must not forget: plain data that goes into the journal and comes back at a restart.

All moments are seconds on the run clock (which reads like the wall clock, so they hold over restarts); all
durations are seconds.
"""

from typing import Literal

import msgspec

from core.events import WaitSource

LawKind = Literal["quota", "rate"]


class Blocked(msgspec.Struct):
    """A stretch of time in which one law let nothing through: the evidence a window's length is read from.

    ``opened`` is when it was seen (or told) to
    be open again; None while it lasts. ``sends`` are the sends that counted at its start, oldest first.
    """

    first: float  #: the first refusal
    last: float  #: the latest moment it was known to be closed
    sends: list[float]
    refusals: int = 1
    opened: float | None = None
    told: bool = False  #: its end was told by the site
    surprise: bool = False  #: it began below the count believed then: something changed


class LawMemory(msgspec.Struct):
    """One learned window: at most ``allowed`` sends in any ``window`` seconds; None until known."""

    kind: LawKind
    allowed: int | None = None
    window: float | None = None
    shortest: float = 0.0  #: the window is known to be longer than this
    too_many: int | None = None  #: a count that was refused while the law stood as it stands
    before: int | None = None  #: what was allowed until the last surprise
    unsure: float | None = None  #: the window before it was tried shorter, until that has proved true
    rest: float = 0.0  #: nothing before this moment: a slot was missed by seconds
    wary: bool = False  #: then one at a time, until something goes through
    blocked: list[Blocked] = []
    refusals: list[float] = []
    probed: float | None = None  #: when it was last tried whether more is allowed
    vain_probes: int = 0  #: tries in a row that were refused
    margin: float = 0.0  #: seconds added to its releases, beyond the usual


class ToldBudget(msgspec.Struct, frozen=True):
    """What the site last said of one budget: at ``told``, ``remaining`` were left until ``until``."""

    name: str
    told: float
    remaining: int
    until: float


class PacingMemory(msgspec.Struct):
    """Everything an account's governor takes over a restart."""

    not_before: float | None = None
    source: WaitSource | None = None
    sentence: str = ""
    throttle_level: int = 0
    laws: list[LawMemory] = []
    sends: list[float] = []  #: those still inside a learned window, oldest first
    ceiling: int | None = None
    budgets: list[ToldBudget] = []  #: those that may hold the account up
