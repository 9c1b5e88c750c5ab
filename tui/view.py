"""What every pane draws from: the run's state, the book in reading order, the theme, the moment."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from core.events import Record
from core.fold import apply
from core.link.port import LinkState
from core.outcomes import Cause
from core.state import PanelState, RunState
from tui.action import Action
from tui.book import REBUILDS, Book, Look, touched
from tui.options import ScreenOptions
from tui.pictures import Pictures
from tui.themes import Palette

if TYPE_CHECKING:
    from tui.travel import Travel

PERSON_CAUSES = frozenset({Cause.LOGIN, Cause.HUMAN, Cause.SITE, Cause.BROWSER, Cause.DISK, Cause.FAULTS})
"""Pauses that somebody has to end."""


class View:
    """One a screen. ``stage``: the run is being opened, is followed, or has let go of the project."""

    def __init__(self, options: ScreenOptions, palette: Palette, title: str = "") -> None:
        self.options, self.palette, self.title = options, palette, title
        self.actions: Sequence[Action] = ()  #: everything a key can do
        self.frugal = options.ssh  #: few frames, no motion: bytes are latency
        self.stage: Literal["opening", "live", "over"] = "opening"
        self.state = RunState()
        self.book = Book(self.state)
        self.link = LinkState()  #: how the run is reached, and whether it is at this moment
        self.live = self.state  #: the run as it is now, whatever is shown
        self.travel: Travel | None = None  #: the past that is shown in its place
        self.cursor = 0  #: index of the panel the cursor is on
        self.filter = ""  #: what was typed to find panels
        self.marked: dict[str, None] = {}  #: panels that actions are for together, in the order of marking
        self.pictures: Pictures | None = None  #: None where pictures are turned off

    def now(self) -> float:
        return self.options.clock() if self.travel is None else self.travel.moment

    def show(self, travel: "Travel | None") -> tuple[list[int], bool]:
        """Show a past moment, or (None) the run as it is now.

        Returns the panels that look different and whether the book has others now: a step costs what has happened
        in it, whatever the size of the book.
        """
        moved = None if travel is None else travel.moved()
        here, self.travel = self.panel, travel
        state = self.live if travel is None else travel.state
        if moved is not None and moved.back is not None and state is self.state:
            back, then = moved
            if not any(isinstance(record.event, REBUILDS) for record in then):
                return self.book.touch(back.union(*(touched(record.event) for record in then))), False
        self.state = state
        self.book.rebuild(state)
        self.cursor = self.book.index.get(here.id, 0) if here else 0
        return [], True

    @property
    def frame(self) -> float:
        """Seconds between two paints of what the run does; keys are answered at once."""
        return 0.5 if self.frugal else 0.25

    @property
    def tick(self) -> float:
        """Seconds between two looks at the clock."""
        return 10.0 if self.frugal else 5.0

    @property
    def moves(self) -> bool:
        """Whether what is under way may blink."""
        return self.options.motion and not self.frugal

    def opened(self, state: RunState) -> None:
        """The run's state is here."""
        self.live, self.stage = state, "live"
        if self.travel is None:
            self.state = state
            self.book.rebuild(state)

    def fold(self, records: Sequence[Record]) -> tuple[list[int], bool]:
        """Fold a batch in; returns the panels that look different and whether the book has others now."""
        ids: set[str] = set()
        rebuild = False
        for record in records:
            apply(self.live, record)
            rebuild = rebuild or isinstance(record.event, REBUILDS)
            ids.update(touched(record.event))
        if self.travel is not None:
            return [], False
        if rebuild:
            here = self.panel
            self.book.rebuild(self.state)
            self.cursor = self.book.index.get(here.id, 0) if here else 0
            self.marked = {id: None for id in self.marked if id in self.book.index}
            return [], True
        return self.book.touch(ids), False

    @property
    def panel(self) -> PanelState | None:
        """The panel under the cursor."""
        return self.book.panel(self.cursor)

    @property
    def targets(self) -> tuple[str, ...]:
        """The panels an action is for: those marked, else the cursor's."""
        if self.marked:
            return tuple(self.marked)
        return (self.panel.id,) if self.panel else ()

    def mark(self, ids: Sequence[str]) -> None:
        """Mark these; where all of them are marked, take the marks off."""
        if all(id in self.marked for id in ids):
            for id in ids:
                del self.marked[id]
        else:
            self.marked.update(dict.fromkeys(ids))

    def keys_of(self, action: Action) -> str:
        """The keys of an action, the person's own or ours."""
        return self.options.keymap.get(action.id, action.keys)

    def count(self, *looks: str) -> int:
        return sum(self.book.counts[Look[look.upper()]] for look in looks)

    @property
    def finished(self) -> int:
        return self.count("finished", "doubtful", "outdated")

    @property
    def needs_person(self) -> bool:
        """True while the run is paused by something only a person can mend."""
        return self.state.phase in ("paused", "pausing") and self.state.cause in PERSON_CAUSES

    @property
    def waiting_until(self) -> float | None:
        """The end of the longest wait for a limit, None without one."""
        now = self.now()
        ends = [p.until for p in self.state.pacing.values() if p.until is not None and p.until > now]
        return max(ends, default=None)
