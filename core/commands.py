"""The vocabulary of what a person can ask of a run: one frozen struct a command."""

from typing import Literal

import msgspec

from core.messages import Message


class Command(Message, frozen=True):
    """Something asked of the engine; answered with a ``Reply``."""


class Pause(Command, frozen=True):
    """Start nothing new and let pictures under way finish.

    Sent again while pausing it stops those too; they are harvested later.
    """


class Resume(Command, frozen=True):
    """Go on."""


class Stop(Command, frozen=True):
    """Leave the project in order. ``wait``: let pictures under way finish first."""

    wait: bool = False


class ReportTerminal(Command, frozen=True):
    """The terminal of this run's own screen is gone: by itself, or because a person left it and the run to it."""

    how: Literal["hung up", "detached"]


class ApplyEdits(Command, frozen=True):
    """The edited script that waits for a person's word counts from now on."""


class SetTabs(Command, frozen=True):
    """Use this many tabs from now on (1 to 200)."""

    tabs: int


class RetryPanels(Command, frozen=True):
    """Queue these failed or refused panels again; none named means every failed one."""

    panels: tuple[str, ...] = ()


class RejectPanels(Command, frozen=True):
    """The takes of these panels are not wanted: draw new ones (the old ones stay on disk).

    ``note`` ("the coat is red") is added to the panels' words first.
    """

    panels: tuple[str, ...]
    note: str = ""


class EditPanel(Command, frozen=True):
    """Give a panel other words than the script's; they hold until the script's own words for it change.

    The script's words again take the edit back. Nothing is drawn again by itself: a finished panel is outdated.
    """

    panel: str
    text: str


class RedrawOutdated(Command, frozen=True):
    """Draw these outdated panels anew; none named means every one. The old takes stay on disk."""

    panels: tuple[str, ...] = ()


class SkipPanels(Command, frozen=True):
    """Leave these panels out, as long as they wait, have failed or were refused."""

    panels: tuple[str, ...]


class HoldPanels(Command, frozen=True):
    """Pass these panels over until they are released (``held`` false); they keep their place."""

    panels: tuple[str, ...]
    held: bool = True


class MoveFirst(Command, frozen=True):
    """Draw these panels before all others, in this order."""

    panels: tuple[str, ...]


class KeepPanels(Command, frozen=True):
    """The chosen pictures of these panels are good: they are no longer shown as new or doubtful."""

    panels: tuple[str, ...]


class ChooseTake(Command, frozen=True):
    """The take of ``panel`` with this index (from 0) is the chosen one."""

    panel: str
    take: int


AnyCommand = (
    Pause | Resume | Stop | ReportTerminal | SetTabs | ApplyEdits
    | RetryPanels | RejectPanels | EditPanel | RedrawOutdated | SkipPanels | HoldPanels | MoveFirst
    | ChooseTake | KeepPanels
)  # fmt: skip


class Reply(msgspec.Struct, frozen=True):
    """``sentence`` says what was done, or why not."""

    ok: bool
    sentence: str = ""
