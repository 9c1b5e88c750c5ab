"""A run for screen tests: a scripted one, told by real events through the real fold."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, contextmanager

import msgspec

from core import events as ev
from core.commands import AnyCommand, Pause, Reply, Resume, Stop
from core.fold import apply, fold
from core.link.port import LinkState, Watch
from core.outcomes import Cause, Outcome
from core.state import RunState

START = 1_790_000_000.0  # a Monday in 2026
WORDS = (
    "Holmes leans over the desk and holds the letter against the lamp; Watson watches from the armchair.",
    "Baker Street from above, rain, a single cab with its lamps lit.",
    "Close on a gloved hand that turns a key in a narrow door.",
    "The long gallery at night, moonlight through the tall windows, a figure at the far end.",
    "Watson, surprised, lowers his newspaper.",
)
CHAPTERS = ("A Visitor in the Fog", "The House on the Moor", "What the Ventilator Hid")


def plans(chapters: int, panels: int) -> list[ev.PanelPlan]:
    """``panels`` panels in each of ``chapters`` chapters."""
    return [
        ev.PanelPlan(
            f"ch{c:02d}-p{n:03d}", c, 1 + (n - 1) // 5, n, WORDS[n % len(WORDS)], f"hash-{c}-{n}", f"ch{c:02d}"
        )
        for c in range(1, chapters + 1)
        for n in range(1, panels + 1)
    ]


class Story:
    """Writes records, a second apart unless told otherwise."""

    def __init__(self, *, at: float = START) -> None:
        self.records: list[ev.Record] = []
        self.at = at

    def tell(self, *events: ev.AnyEvent, after: float = 0.0) -> "Story":
        self.at += after
        for event in events:
            self.records.append(ev.Record(len(self.records) + 1, self.at, event))
        return self

    def begin(self, chapters: int = 3, panels: int = 20, tabs: int = 5) -> "Story":
        self.plans = plans(chapters, panels)
        titles = tuple(ev.ChapterPlan(n, CHAPTERS[(n - 1) % len(CHAPTERS)]) for n in range(1, chapters + 1))
        self.tell(
            ev.RunStarted(3, 4711, "render-box", "easel", "easel", tabs),
            ev.BookPlanned("The Speckled Band", titles),
        )
        for start in range(0, len(self.plans), 1000):
            self.tell(ev.PanelsPlanned(tuple(self.plans[start : start + 1000])))
        self.tell(*(ev.TabOpened(f"t{n}", "local", 1) for n in range(1, tabs + 1)))
        return self

    def start(self, nth: int, tab: str) -> "Story":
        plan = self.plans[nth]
        prompt = f"Ink wash, storybook.\n{plan.text}\nAvoid: colour. No lettering, no speech balloons."
        return self.tell(
            ev.AttemptStarted(f"r3-{nth}", plan.id, tab, prompt, plan.prompt_hash),
            ev.AttemptSent(f"r3-{nth}", plan.id, f"/c/{nth:04x}"),
        )

    def finish(self, nth: int, seconds: float = 12.0) -> "Story":
        plan, attempt = self.plans[nth], f"r3-{nth}"
        file = f"panels/{plan.folder}/{plan.id}.png"
        return self.tell(
            ev.PictureReceived(attempt, plan.id, file, 1_482_133, "aa", 1024, 1024),
            ev.PanelFinished(attempt, plan.id, seconds),
        )

    def fail(self, nth: int, outcome: Outcome, sentence: str, then: str) -> "Story":
        plan = self.plans[nth]
        return self.tell(
            ev.AttemptFailed(f"r3-{nth}", plan.id, outcome, sentence, then, 9.0)  # type: ignore[arg-type]
        )

    def draw(self, first: int, last: int, tabs: int = 5) -> "Story":
        """Panels [first, last) drawn, ``tabs`` at a time."""
        for at in range(first, last, tabs):
            wave = range(at, min(last, at + tabs))
            for nth in wave:
                self.start(nth, f"t{nth - at + 1}")
            for nth in wave:
                self.at += 2.2
                self.finish(nth, 10.0 + nth % 7)
        return self

    @property
    def state(self) -> RunState:
        return fold(self.records)


def midway(chapters: int = 3, panels: int = 20) -> Story:
    """A run in the middle: finished, failed, refused, skipped, held, outdated and running panels."""
    story = Story().begin(chapters, panels)
    story.draw(0, 25)
    for nth, tab in ((25, "t1"), (26, "t2"), (27, "t3")):
        story.start(nth, tab)
    story.tell(after=8.0)
    story.fail(25, Outcome.REFUSED, "I can't draw that scene; it is too violent.", "refused")
    story.fail(26, Outcome.RETRYABLE, "Something went wrong while generating.", "failed")
    story.finish(27)
    story.tell(ev.TabFaulted("t5", ev.Fault.HUNG, "no answer for 40 s", 40.0))
    story.tell(ev.TabChanged("t5", "recycling", 22, "its page no longer answers"))
    story.tell(ev.PanelsSkipped((story.plans[30].id,)), ev.PanelsHeld((story.plans[33].id,), True))
    changed = msgspec.structs.replace(story.plans[3], prompt_hash="another")
    story.tell(ev.PanelsPlanned((changed,)), after=2.0)
    for nth, tab in ((28, "t1"), (29, "t2"), (31, "t3"), (32, "t4")):
        story.start(nth, tab).tell(after=1.5)
    for tab, health, memory in (("t1", 100, 312), ("t2", 82, 298), ("t3", 64, 401), ("t4", 97, 275)):
        story.tell(ev.TabPulse(tab, 0.05, health, memory * 1_000_000))
    story.tell(ev.MemoryMeasured(2_460_000_000, 4_000_000_000, 2_310_000_000, 150_000_000, 3_000_000_000))
    story.tell(ev.EtaEstimated(2820.0, 2520.0, 3300.0), after=4.0)
    return story


class FakePort:
    """A run that obeys only as far as a screen can see."""

    def __init__(self, story: Story) -> None:
        self.story, self.told = story, len(story.records)
        self.commands: list[AnyCommand] = []
        self._news, self._ended = asyncio.Event(), False

    link_state = LinkState()

    def on_link(self, changed: Callable[[LinkState], None]) -> None:
        self.link_changed = changed

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        self.told = len(self.story.records)
        yield Watch(self.story.state, self._batches())

    async def _batches(self) -> AsyncIterator[Sequence[ev.Record]]:
        while not self._ended:
            await self._news.wait()
            self._news.clear()
            batch, self.told = self.story.records[self.told :], len(self.story.records)
            if batch:
                yield batch

    async def history(self, after: int = 0) -> AsyncIterator[Sequence[ev.Record]]:
        yield [record for record in self.story.records if record.seq > after]

    def publish(self) -> None:
        """Send what the story has told since."""
        self._news.set()

    async def send(self, command: AnyCommand) -> Reply:
        self.commands.append(command)
        if isinstance(command, Pause):
            self.story.tell(ev.RunPausing(Cause.PERSON, "you pressed pause"))
        elif isinstance(command, Resume):
            self.story.tell(ev.RunResumed())
        elif isinstance(command, Stop):
            self.story.tell(ev.RunEnded("stopped"))
            self._ended = True
        self.publish()
        return Reply(True, "as you wish")


@contextmanager
def utc() -> "AsyncIterator[None]":  # type: ignore[misc]
    """The same wall clock on every machine."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield  # type: ignore[misc]
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def clock(story: Story) -> Callable[[], float]:
    """Three seconds after the story's last word."""
    return lambda: story.at + 3.0


__all__ = ["FakePort", "Story", "apply", "clock", "midway", "plans", "utc"]
