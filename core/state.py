"""The run as it stands: plain data that only the fold (``core.fold``) changes.

These structs go through JSON unchanged: they are what a checkpoint keeps and what a watcher is sent first.
"""

from enum import StrEnum
from typing import Any, Literal

import msgspec

from core import events as ev
from core.metrics import Metrics
from core.outcomes import Cause, Outcome
from core.pictures import Look

RunPhase = Literal["idle", "running", "pausing", "paused", "done", "ended"]

LOG_LINES = 500
"""How many of the latest told events a state keeps for the log pane; the journal has them all."""


class PanelStatus(StrEnum):
    """Where a panel stands. Finished ones may be outdated, doubtful or waiting for another take as well."""

    QUEUED = "queued"
    GENERATING = "generating"
    FINISHED = "finished"
    FAILED = "failed"
    REFUSED = "refused"
    SKIPPED = "skipped"


class Take(msgspec.Struct, frozen=True):
    """One picture made for a panel. ``file`` is relative to the project's folder; ``bytes`` its size."""

    file: str
    bytes: int
    sha256: str
    width: int
    height: int
    attempt: str
    prompt_hash: str
    at: float


class PanelState(msgspec.Struct):
    """A panel and where it stands."""

    id: str
    chapter: int
    page: int
    number: int
    text: str
    prompt_hash: str
    folder: str = ""
    caption: str = ""
    status: PanelStatus = PanelStatus.QUEUED
    takes: list[Take] = []
    chosen: int | None = None
    attempts: int = 0  #: attempts begun, ever
    tries: int = 0  #: attempts that ended in a fault of their own since the panel was last queued by a person
    soft_refusals: int = 0  #: answers in words since then
    tab_deaths: int = 0  #: tabs lost under it since then
    attempt: str = ""  #: the attempt under way or in doubt
    tab: str = ""  #: the tab that draws it now
    conversation: str = ""  #: where the attempt's picture can be found again
    outcome: Outcome | None = None  #: how the last attempt ended
    message: str = ""  #: and in words
    held: bool = False
    redraw: bool = False  #: queued although it has a picture
    seconds: float = 0.0  #: how long its last picture took
    script_text: str = ""  #: the script's words where ``text`` is a person's edit; "" where it is the script's
    look: Look | None = None  #: what its chosen picture looks like, once it was looked at
    doubts: tuple[str, ...] = ()  #: what speaks against that picture
    kept: bool = False  #: a person has looked at it and keeps it

    @property
    def doubtful(self) -> bool:
        """True where a person should look at the picture: something speaks against it, and nobody has kept it."""
        return bool(self.doubts) and not self.kept and self.status is PanelStatus.FINISHED

    @property
    def outdated(self) -> bool:
        """True where the chosen picture was made from another prompt than the script has now."""
        take = self.take
        return take is not None and take.prompt_hash != self.prompt_hash

    @property
    def take(self) -> Take | None:
        """The chosen take, if there is one."""
        return None if self.chosen is None else self.takes[self.chosen]


class AttemptState(msgspec.Struct):
    """One try at a panel, kept for the panel screen and for questions to the checkpoint."""

    id: str
    panel: str
    tab: str
    started: float
    prompt_hash: str
    prompt: str = ""
    conversation: str = ""
    sent: bool = False
    ended: float | None = None
    outcome: Outcome | None = None
    sentence: str = ""
    seconds: float = 0.0
    harvested: bool = False
    site: str = ""
    told: dict[str, str] = {}  #: what the site said of its picture: model, seed, …


class TabState(msgspec.Struct):
    """A worker as the screen shows it. Moments by the wall clock, latency in seconds, memory in bytes."""

    id: str
    endpoint: str = ""
    phase: ev.TabPhase = "opening"
    panel: str = ""
    attempt: str = ""
    since: float = 0.0
    completed: int = 0
    errors: int = 0
    consecutive_errors: int = 0
    pictures: int = 0  #: since the birth of its present page
    generation: int = 0
    health: int = 100
    heartbeat: float = 0.0
    latency: float = 0.0
    memory: int = 0
    why: str = ""


class MemoryState(msgspec.Struct):
    """Bytes; all 0 until first measured."""

    used: int = 0
    budget: int = 0
    browser: int = 0
    own: int = 0
    available: int = 0
    peak: int = 0


class PacingState(msgspec.Struct):
    """The wait an account is under; ``until`` is None when nothing is waited for."""

    until: float | None = None
    source: ev.WaitSource | None = None
    sentence: str = ""


class EtaState(msgspec.Struct):
    """The latest estimate, made at ``at`` (wall clock); seconds, None while measuring."""

    at: float = 0.0
    seconds: float | None = None
    low: float | None = None
    high: float | None = None


class LogLine(msgspec.Struct, frozen=True):
    """A line of the log: the record it tells of, its moment (seconds since the epoch), and untrusted ``text``."""

    seq: int
    at: float
    level: Literal["info", "good", "warning", "error"]
    text: str
    panel: str = ""
    tab: str = ""


class RunState(msgspec.Struct):
    """Everything known about a run at one moment. ``seq`` and ``at`` are those of the last record applied."""

    seq: int = 0
    at: float = 0.0
    title: str = ""
    site: str = ""
    account: str = ""
    run: int = 0
    pid: int = 0
    host: str = ""
    phase: RunPhase = "idle"
    cause: Cause | None = None
    sentence: str = ""
    retry_after: float | None = None
    result: ev.RunResult | None = None
    chapters: list[ev.ChapterPlan] = []
    panels: dict[str, PanelState] = {}  #: in book order
    dropped: dict[str, PanelState] = {}  #: panels with pictures that are no longer in the script, should they return
    edits: ev.EditsWaiting | None = None  #: of the script, that wait for a person's word
    first: list[str] = []  #: panels moved to the front of the queue, in order
    attempts: dict[str, AttemptState] = {}
    tabs: dict[str, TabState] = {}
    tabs_wanted: int = 0
    tabs_limit: int | None = None
    memory: MemoryState = msgspec.field(default_factory=MemoryState)
    pacing: dict[str, PacingState] = {}
    learned: dict[str, dict[str, Any]] = {}  #: what pacing knows, by account
    eta: EtaState = msgspec.field(default_factory=EtaState)
    metrics: Metrics = msgspec.field(default_factory=Metrics)
    log: list[LogLine] = []

    def counts(self) -> dict[PanelStatus, int]:
        """How many panels stand where; every status is a key."""
        found = dict.fromkeys(PanelStatus, 0)
        for panel in self.panels.values():
            found[panel.status] += 1
        return found

    def under_way(self) -> list[PanelState]:
        """The panels some tab is drawing now."""
        return [self.panels[tab.panel] for tab in self.tabs.values() if tab.panel in self.panels]
