"""Plays a night: lives of the program one after the other, and the blows that fall on them."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from core import events as ev
from core.attach import find_run
from core.commands import Resume
from core.complaint import Complaint
from core.crash import NAME as CRASHES
from core.easel import EaselOptions, EaselThread, Ledger
from core.sample import create_sample
from tests.night.blows import NIGHT, SCREENS, Blow, Struck, faults, strike
from tests.night.journal import Tail
from tests.night.lives import PRINTED, Life
from tests.night.place import Place, place

LOOK = 0.05
"""Seconds between two looks at the journal."""

PATIENCE = 120.0
"""Seconds without any news after which a night is given up."""

OVER = 60.0
"""Seconds after which the next blow does not wait for the end of the one before."""

FULL_FOR = 15.0
"""Seconds after which there is room again though the run has not told of a full disk."""

SETTINGS = """[run]
max_tries = 12

[pool]
tabs = {tabs}
memory = "6 GiB"
heartbeat = 2.0
timeout = 12.0
"""


@dataclass(frozen=True)
class Plan:
    """``latency``: median seconds a picture takes; ``size``: its longer edge in pixels."""

    panels: int = 3000
    tabs: int = 5
    latency: float = 0.5
    size: int = 512
    seed: int = 1


@dataclass
class Played:
    """What was seen of a night from outside. ``codes``: exit codes in order, None for lives that lost their front."""

    plan: Plan
    project: Path
    user: Path  #: for the user's own files
    ledger: Ledger
    seconds: float = 0.0
    struck: list[Struck] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)  #: why somebody had to press space

    @property
    def kept(self) -> list[Path]:
        """What helps to find out what went wrong: the journal, tracebacks, what was printed."""
        house = self.project / ".novelgen"
        there = [house / "journal.jsonl", house / CRASHES, *self.user.rglob(CRASHES), self.user / PRINTED]
        return [file for file in there if file.exists()]


@contextmanager
def night(plan: Plan, folder: Path) -> Iterator[Played]:
    """Play ``plan`` in ``folder`` (made); what is yielded can be looked at until the context is left."""
    options = EaselOptions(
        latency=plan.latency, faults=faults(plan.panels), seed=plan.seed, size=plan.size, state=folder / "easel"
    )
    with place(folder / "place") as here, EaselThread(options) as easel:
        project = here.folder / "novel"
        make_project(project, plan, easel.url + "/")
        played = Played(plan, project, folder / "user", easel.ledger)
        began = time.monotonic()
        Player(plan, played, here).play()
        played.seconds = time.monotonic() - began
        played.ledger = easel.ledger.snapshot()
        yield played


def make_project(project: Path, plan: Plan, url: str) -> None:
    """The sample novel, told until it has so many panels, for the site at ``url``."""
    create_sample(project, plan.panels)
    config = project / "novel.toml"
    words = re.sub(r'(?m)^site = "easel".*$', f'site = "easel"\nsite_url = "{url}"', config.read_text("utf-8"))
    config.write_text(words.replace("[pool]\ntabs = 4\n", SETTINGS.format(tabs=plan.tabs)), "utf-8")


class Player:
    """Starts, watches, strikes."""

    def __init__(self, plan: Plan, played: Played, here: Place) -> None:
        self._plan, self._played, self._place = plan, played, here
        self._tail = Tail(played.project)
        self._finished: set[str] = set()
        self._blows = [blow for blow in NIGHT if here.can_fill or blow.kind != "disk full"]
        played.left_out = sorted({blow.kind for blow in NIGHT} - {blow.kind for blow in self._blows})
        self._full_since: float | None = None
        self._wants_space = ""
        self._began = self._news = time.monotonic()

    def play(self) -> None:
        """All lives, until one ends by itself. Nothing of any of them outlives it."""
        lives: list[Life] = []
        try:
            self._play(lives)
        finally:
            for life in lives:
                life.end_family()
            self._tail.close()

    def _play(self, lives: list[Life]) -> None:
        screens = [*SCREENS]
        done = False
        while not done:
            screen = bool(screens) and screens.pop(0)
            self._played.user.mkdir(exist_ok=True)
            life = Life(self._played.project, self._played.user, screen=screen, tabs=self._plan.tabs)
            lives.append(life)
            self._say(f"life {len(self._played.codes) + 1}, {'full-screen' if screen else 'without a screen'}")
            try:
                done = self._live(life)
                self._played.codes.append(life.wait() if done else life.process.poll())
            finally:
                life.close()
        self._hear()

    def _live(self, life: Life) -> bool:
        """Until a blow ends it (False) or nothing is left to draw (True)."""
        while True:
            heard = self._hear()
            if time.monotonic() - self._news > PATIENCE:
                raise AssertionError(f"nothing happened for {PATIENCE:.0f} s")
            if any(isinstance(event, ev.RunDone | ev.RunEnded) for event in heard):
                if life.terminal is not None:
                    life.press("q")
                return True
            if not life.alive():
                raise AssertionError(f"the run is gone by itself, with {life.process.poll()}")
            self._care(life)
            if self._due() and self._fall(self._blows.pop(0), life):
                return False
            time.sleep(LOOK)

    def _hear(self) -> list[ev.AnyEvent]:
        heard = []
        for record in self._tail:
            heard.append(record.event)
            for blow in self._played.struck:
                blow.hear(record.event, record.at)
            match record.event:
                case ev.PanelFinished(panel=panel):
                    self._finished.add(panel)
                case ev.RunPaused(sentence=sentence, retry_after=None):
                    self._wants_space = sentence
                case ev.RunResumed() | ev.RunStarted():
                    self._wants_space = ""
        if heard:
            self._news = time.monotonic()
        return heard

    def _due(self) -> bool:
        """Whether a blow is due, and the one before it has been seen (the program may be on its way up again)."""
        if not self._blows or self._full_since is not None or self._wants_space:
            return False
        before = self._played.struck[-1] if self._played.struck else None
        if before is not None and before.again is None and time.time() - before.moment < OVER:
            return False
        return len(self._finished) >= self._blows[0].at * self._plan.panels

    def _fall(self, blow: Blow, life: Life) -> bool:
        """Strike; True where the life has ended by it."""
        life.remember()
        struck = Struck(blow.kind, len(self._finished), time.time())
        struck.sees = strike(blow, life, self._place)
        self._played.struck.append(struck)
        if blow.kind == "disk full":
            self._full_since = time.monotonic()  # the run tells of it when it can write again
        self._say(blow.kind)
        if blow.ends:
            self._hear()  # its last words are not those of the next life
        return blow.ends

    def _say(self, what: str) -> None:
        seconds = time.monotonic() - self._began
        print(f"{seconds:6.0f} s {len(self._finished):6} finished  {what}", file=sys.stderr, flush=True)

    def _care(self, life: Life) -> None:
        """What a person does: makes room on a full disk, and presses space where the run waits for somebody."""
        if self._full_since is not None and (
            self._played.struck[-1].seen is not None or time.monotonic() - self._full_since > FULL_FOR
        ):
            self._place.free()
            self._full_since = None
        if self._wants_space:
            try:
                anyio.run(_press_space, life.project)
            except (Complaint, TimeoutError):
                return  # it is asked again
            self._played.resumed.append(self._wants_space)
            self._wants_space = ""


async def _press_space(project: Path) -> None:
    with anyio.fail_after(10.0):
        run = find_run(project)
        async with run.watch():
            await run.send(Resume())
