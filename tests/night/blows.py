"""What a night does to the program, when, and how it saw and survived each of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core import events as ev
from core.outcomes import Cause, Fault
from tests.night.lives import Life
from tests.night.place import Place

Sees = Callable[[ev.AnyEvent], bool]
"""Whether an event shows that the program has seen what befell it."""


@dataclass(frozen=True)
class Blow:
    """``at``: share of the panels finished when it falls. ``ends``: the life it falls on ends by it."""

    at: float
    kind: str
    ends: bool = False


NIGHT = (
    # full-screen
    Blow(0.03, "renderer killed"),
    Blow(0.06, "browser killed"),
    Blow(0.09, "terminal hung up"),
    Blow(0.12, "driver killed"),
    Blow(0.15, "kill -9", ends=True),
    # without a screen
    Blow(0.18, "renderer killed"),
    Blow(0.22, "disk full"),
    Blow(0.26, "kill -9 of everybody", ends=True),
    # full-screen
    Blow(0.29, "renderer frozen"),
    Blow(0.32, "terminal hung up"),
    Blow(0.35, "kill -9", ends=True),
    # full-screen, left in order
    Blow(0.40, "left by SIGTERM", ends=True),
    # without a screen, to the end: what memory does is seen here
    Blow(0.46, "renderer killed"),
    Blow(0.54, "browser killed"),
    Blow(0.62, "disk full"),
    Blow(0.70, "renderer killed"),
    Blow(0.78, "renderer frozen"),
    Blow(0.86, "driver killed"),
    Blow(0.94, "renderer killed"),
)

SCREENS = (True, False, True, True, False)
"""Which lives are started full-screen; more than these have none."""

#: What goes wrong at the site (``novelgen-tui easel --faults help``); ``at`` numbers scale with the night.
CHANCES = (
    "refuse=0.004,soft=0.004,error=0.006,http500=0.004,http503=0.003,drop=0.004,lostreply=0.003,uncommitted=0.003,"
    "late=0.01,picture500=0.006,picturedrop=0.004,dialog=0.01,preview=0.02,stacked=0.02,webid=0.02,toast=0.05"
)
LIMITS = "quotaseconds=9,burstseconds=6,hangseconds=8"
AT = {"quota": (0.10, 0.50, 0.80), "burst": (0.25, 0.60), "hang": (0.33, 0.75), "hangpage": (0.45,), "refuse": (0.2,)}


def faults(panels: int) -> str:
    """The site's spec for a night of so many panels: everything above happens, however few they are."""
    at = [f"{name}=@{max(2, round(share * panels))}" for name, shares in AT.items() for share in shares]
    return ",".join([CHANCES, LIMITS, *at])


@dataclass
class Struck:
    """A blow that fell: ``after`` so many panels, at ``moment`` (wall clock, seconds).

    ``seen``: seconds until the run's own journal tells of it; ``again``: until the next picture was finished.
    """

    kind: str
    after: int
    moment: float
    seen: float | None = None
    again: float | None = None
    sees: Sees = field(default=lambda event: False, repr=False)

    def hear(self, event: ev.AnyEvent, at: float) -> None:
        if at < self.moment:
            return
        if self.seen is None and self.sees(event):
            self.seen = at - self.moment
        elif self.seen is not None and self.again is None and isinstance(event, ev.PanelFinished):
            self.again = at - self.moment


def _faulted(*faults: Fault) -> Sees:
    return lambda event: isinstance(event, ev.TabFaulted) and event.fault in faults


def _started(event: ev.AnyEvent) -> bool:
    return isinstance(event, ev.RecoveryReported)


def strike(blow: Blow, life: Life, place: Place) -> Sees:
    """Let it fall; returns what shows that it was seen."""
    match blow.kind:
        case "renderer killed":
            life.kill_renderer()
            return _faulted(Fault.CRASHED)
        case "renderer frozen":
            life.freeze_renderer()
            return _faulted(Fault.HUNG, Fault.STUCK)
        case "browser killed":
            life.kill_browser()
            return _faulted(Fault.BROWSER)
        case "driver killed":
            life.kill_driver()
            return _faulted(Fault.DRIVER)
        case "terminal hung up":
            life.hang_up()
            return lambda event: isinstance(event, ev.TerminalLost)
        case "disk full":
            place.fill()
            return lambda event: isinstance(event, ev.RunPausing | ev.RunPaused) and event.cause is Cause.DISK
        case "kill -9":
            life.kill()
            return _started
        case "kill -9 of everybody":
            life.kill_everybody()
            return _started
        case "left by SIGTERM":
            life.leave()
            return _started
    raise AssertionError(blow.kind)
