"""The vocabulary of what happened: one frozen struct an event.

The run is its events: the engine emits them, the journal keeps them, the state folds them. Times inside
events are durations in seconds by the monotonic clock; the moment itself is on the record (``Record.at``,
seconds since the epoch by the wall clock, for show). ``attempt`` is the correlation id: every event about an
attempt carries it. A new event is a new class here, a line in ``AnyEvent`` and a method in the fold.
"""

from typing import Any, Literal, get_args

import msgspec

from core.commands import AnyCommand
from core.messages import Message
from core.outcomes import Cause, Fault, Outcome
from core.pictures import Look

TabPhase = Literal["opening", "idle", "generating", "cooling", "recycling", "dead"]
RunResult = Literal["finished", "incomplete", "stopped"]


class Event(Message, frozen=True):
    """Something that happened."""


# --- the run -------------------------------------------------------------------------------------------


class RunStarted(Event, frozen=True):
    """A process took the project in hand. ``run`` counts a project's runs from 1."""

    run: int
    pid: int
    host: str
    site: str
    account: str
    tabs: int


class RecoveryReported(Event, frozen=True):
    """What was found on disk at the start, which way back was used, and what had to be repaired."""

    source: Literal["fresh", "checkpoint", "previous checkpoint", "journal"]
    records: int
    in_doubt: int
    seconds: float
    repairs: tuple[str, ...] = ()
    clean: bool = True  #: False where the run before did not end in order


class ChapterPlan(msgspec.Struct, frozen=True):
    """One chapter of the script; ``number`` from 1."""

    number: int
    title: str


class PanelPlan(msgspec.Struct, frozen=True):
    """One panel of the script as the run needs it. ``text`` is the author's words for the picture."""

    id: str
    chapter: int
    page: int
    number: int
    text: str
    prompt_hash: str
    folder: str = ""  #: chapter folder under ``panels/``, for example ``ch01``
    caption: str = ""
    script_text: str = ""  #: the script's words where ``text`` is a person's edit of them


class BookPlanned(Event, frozen=True):
    """The script was read: title and chapters; its panels follow in ``PanelsPlanned``."""

    title: str
    chapters: tuple[ChapterPlan, ...]


class PanelsPlanned(Event, frozen=True):
    """Panels that are new or changed, in book order (at most a thousand a record)."""

    panels: tuple[PanelPlan, ...]


class PanelsDropped(Event, frozen=True):
    """Panels that are no longer in the script; their pictures are kept, in case they come back."""

    panels: tuple[str, ...]


class PanelsRenamed(Event, frozen=True):
    """The author gave panels ids of their own: (id before, id from now on). Their pictures keep their files."""

    names: tuple[tuple[str, str], ...]


class ScriptCompared(Event, frozen=True):
    """How many panels of an edited script are new, reworded, …; ``outdated``: pictures that no longer fit."""

    added: int = 0
    reworded: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0
    outdated: int = 0


class EditsWaiting(Event, frozen=True):
    """The script was edited, and a person is asked before that counts. Counts as in ``ScriptCompared``; ``lines``:
    what would change, a panel each (the first of them). All empty: it says again what was planned.
    """

    added: int = 0
    reworded: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0
    outdated: int = 0
    lines: tuple[str, ...] = ()


class RunPausing(Event, frozen=True):
    """Nothing new starts; pictures under way are finished first."""

    cause: Cause
    sentence: str
    retry_after: float | None = None


class RunPaused(Event, frozen=True):
    """Nothing is under way any more. ``retry_after``: seconds until the run looks again by itself."""

    cause: Cause
    sentence: str
    retry_after: float | None = None


class RunResumed(Event, frozen=True):
    """Panels are given to tabs again."""


class RunDone(Event, frozen=True):
    """Nothing is left to draw; tabs are closed, but the run can be asked for more until it ends."""

    result: RunResult


class RunEnded(Event, frozen=True):
    """The process lets go of the project in order."""

    result: RunResult


class TerminalLost(Event, frozen=True):
    """This process has no screen any more and goes on without, unless ``stops``."""

    how: Literal["hung up", "detached"]
    stops: bool = False


class Noticed(Event, frozen=True):
    """A line for the log that changes nothing else."""

    level: Literal["info", "warning", "error"]
    text: str


class CommandReceived(Event, frozen=True):
    """A person (or a script) asked for something."""

    command: AnyCommand
    by: str = "screen"


# --- attempts ------------------------------------------------------------------------------------------


class AttemptStarted(Event, frozen=True):
    """The intent, durable before anything is sent. ``conversation`` is set when an old one goes on."""

    attempt: str
    panel: str
    tab: str
    prompt: str
    prompt_hash: str
    conversation: str = ""


class AttemptSent(Event, frozen=True):
    """The site has taken the prompt; its picture can be found again at ``conversation``."""

    attempt: str
    panel: str
    conversation: str


class PictureReceived(Event, frozen=True):
    """Bytes of a picture are in hand and about to be written to ``file`` (relative to the project).

    ``told``: what the site said of it (model, seed, …).
    """

    attempt: str
    panel: str
    file: str
    bytes: int
    sha256: str
    width: int
    height: int
    told: dict[str, str] = msgspec.field(default_factory=dict)


class PanelFinished(Event, frozen=True):
    """The picture(s) of the last ``PictureReceived`` of this attempt are whole on disk.

    ``seconds``: from the send to the picture in hand. ``harvested``: fetched from an earlier send.
    """

    attempt: str
    panel: str
    seconds: float
    harvested: bool = False


class AttemptFailed(Event, frozen=True):
    """The attempt ended without a picture; ``then`` says where its panel went.

    ``retry_after``: seconds told by the site. ``said``: the site's own words. ``seconds``: how long it took.
    """

    attempt: str
    panel: str
    outcome: Outcome
    sentence: str
    then: Literal["queued", "failed", "refused"]
    seconds: float
    said: str = ""
    retry_after: float | None = None


class AttemptInDoubt(Event, frozen=True):
    """The tab (or we) died under the attempt: it is kept, and harvested before anything is sent again."""

    attempt: str
    panel: str
    sentence: str
    fault: Fault | None = None


class HarvestStarted(Event, frozen=True):
    """A tab looks for the picture of an attempt in doubt in its conversation."""

    attempt: str
    panel: str
    tab: str


# --- panels --------------------------------------------------------------------------------------------


class PanelsQueued(Event, frozen=True):
    """Panels go (back) to the queue. ``redraw``: a new take is wanted though there is one."""

    panels: tuple[str, ...]
    sentence: str = ""
    redraw: bool = False


class PanelsSkipped(Event, frozen=True):
    """Somebody left these panels out."""

    panels: tuple[str, ...]


class PanelsHeld(Event, frozen=True):
    """Held panels keep their place in the queue and are passed over."""

    panels: tuple[str, ...]
    held: bool


class PanelsMovedFirst(Event, frozen=True):
    """These panels are drawn before all others, in this order."""

    panels: tuple[str, ...]


class PanelEdited(Event, frozen=True):
    """A person gave the panel other words than the script's (or the script's again, which takes the edit back)."""

    panel: str
    text: str
    prompt_hash: str


class TakeLost(Event, frozen=True):
    """A journaled picture is missing or damaged on disk; its panel goes back to the queue."""

    panel: str
    file: str
    sentence: str


class TakeAdopted(Event, frozen=True):
    """A whole picture lies under the name of its panel, and the journal that knew of it is gone.

    ``attempt`` is made up for it. ``drawn``: seconds since the epoch, 0 where nobody knows; so with all that follows.
    """

    attempt: str
    panel: str
    file: str
    bytes: int
    sha256: str
    width: int
    height: int
    drawn: float = 0.0
    seconds: float = 0.0
    prompt_hash: str = ""
    prompt: str = ""
    conversation: str = ""
    site: str = ""
    told: dict[str, str] = msgspec.field(default_factory=dict)


class TakeMoved(Event, frozen=True):
    """A take gets another file name: the chosen one has the panel's plain name, others ``.takeN``.

    Journaled before the disk follows, so recovery looks for the take under both names.
    """

    panel: str
    file: str
    to: str


class TakeChosen(Event, frozen=True):
    """``take`` is the index into the panel's takes."""

    panel: str
    take: int


class PictureSeen(Event, frozen=True):
    """The chosen picture was looked at. ``file``: which one; ``look``: what it looks like, to compare others with."""

    panel: str
    file: str
    look: Look


class PanelDoubted(Event, frozen=True):
    """What speaks against the chosen picture, a sentence each; none clears earlier doubts."""

    panel: str
    doubts: tuple[str, ...]


class PanelsKept(Event, frozen=True):
    """A person has looked at the chosen pictures and keeps them."""

    panels: tuple[str, ...]


# --- tabs and memory -----------------------------------------------------------------------------------


class TabOpened(Event, frozen=True):
    """A tab has a page that is ready. ``endpoint``: the browser it is in, for a person."""

    tab: str
    endpoint: str
    generation: int  #: 1 for the first page of this worker, 2 after its first replacement, …


class TabChanged(Event, frozen=True):
    """The tab's phase changed outside of an attempt (attempts move it by themselves)."""

    tab: str
    phase: TabPhase
    health: int
    why: str = ""


class TabPulse(Event, frozen=True):
    """A heartbeat that touched the page. ``latency`` in seconds, ``memory`` in bytes (0: unknown)."""

    tab: str
    latency: float
    health: int
    memory: int = 0


class TabFaulted(Event, frozen=True):
    """Something befell a tab. ``seconds``: from the last sign of life to its detection."""

    tab: str
    fault: Fault
    sentence: str
    seconds: float


class TabRepaired(Event, frozen=True):
    """The tab works again. ``seconds``: from detection to the new page being ready."""

    tab: str
    fault: Fault
    seconds: float


class TabClosed(Event, frozen=True):
    """A tab is no more. ``why``: for a person, "" where all tabs go because the run needs none."""

    tab: str
    why: str


class PoolResized(Event, frozen=True):
    """How many tabs are wanted from now on. ``limit``: what memory allows, where that is fewer."""

    tabs: int
    why: str
    limit: int | None = None


class MemoryMeasured(Event, frozen=True):
    """Bytes. ``used`` = browser processes + our own; nothing new starts past 80 % of ``budget``."""

    used: int
    budget: int
    browser: int
    own: int
    available: int


# --- pacing and ETA ------------------------------------------------------------------------------------

WaitSource = Literal["told", "learned", "backing off"]


class PacingWaiting(Event, frozen=True):
    """Nothing is sent for this account before ``until`` (wall clock, seconds since the epoch)."""

    account: str
    until: float
    source: WaitSource
    sentence: str


class PacingOpened(Event, frozen=True):
    """The wait is over."""

    account: str


class PacingLearned(Event, frozen=True):
    """What the governor knows by now, so that a restart knows it too. ``memory`` is the governor's own."""

    account: str
    memory: dict[str, Any]


class EtaEstimated(Event, frozen=True):
    """Seconds of work left: best guess and range; all None while there is too little to say."""

    seconds: float | None = None
    low: float | None = None
    high: float | None = None


AnyEvent = (
    RunStarted | RecoveryReported | BookPlanned | PanelsPlanned | PanelsDropped | PanelsRenamed | ScriptCompared
    | EditsWaiting
    | RunPausing | RunPaused | RunResumed | RunDone | RunEnded | TerminalLost | Noticed | CommandReceived
    | AttemptStarted | AttemptSent | PictureReceived | PanelFinished | AttemptFailed
    | AttemptInDoubt | HarvestStarted
    | PanelsQueued | PanelsSkipped | PanelsHeld | PanelsMovedFirst | PanelEdited
    | TakeLost | TakeAdopted | TakeMoved | TakeChosen
    | PictureSeen | PanelDoubted | PanelsKept
    | TabOpened | TabChanged | TabPulse | TabFaulted | TabRepaired | TabClosed
    | PoolResized | MemoryMeasured
    | PacingWaiting | PacingOpened | PacingLearned | EtaEstimated
)  # fmt: skip

EVENT_TYPES: tuple[type[Event], ...] = get_args(AnyEvent)


class Record(msgspec.Struct, frozen=True):
    """An event in its place: ``seq`` counts from 1 without gaps; ``at`` is seconds since the epoch."""

    seq: int
    at: float
    event: AnyEvent
