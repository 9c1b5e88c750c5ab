"""The runs that the screens are shown with: one a state a run can be in, always the same to the byte."""

from collections.abc import Callable

from core import events as ev
from core.outcomes import Cause
from tests.unit.tui_run import Story, midway


def running() -> Story:
    return midway(12, 60)


def small() -> Story:
    return midway()


def pausing() -> Story:
    return running().tell(ev.RunPausing(Cause.PERSON, "you pressed pause"), after=1.0)


def paused() -> Story:
    story = running()
    for nth in (28, 29, 31, 32):
        story.finish(nth)
    return story.tell(ev.RunPaused(Cause.PERSON, "you pressed pause"), after=1.0)


def limited() -> Story:
    story = running()
    said = "You've hit your limit. Try again in 23 minutes."
    return story.tell(ev.PacingWaiting("easel", story.at + 1380, "told", said))


def full_disk() -> Story:
    said = "The disk is full: 12 MB are free. Make room; the run looks again in a minute."
    return running().tell(ev.RunPaused(Cause.DISK, said, 60.0))


def signed_out() -> Story:
    said = "The site has signed you out. Run novelgen-tui login DIR in another terminal, then press space."
    return running().tell(ev.RunPaused(Cause.LOGIN, said))


def done() -> Story:
    return Story().begin(3, 20).draw(0, 60).tell(ev.RunDone("finished"))


def incomplete() -> Story:
    return midway().tell(ev.RunDone("incomplete"))


def empty() -> Story:
    return Story().tell(ev.RunStarted(1, 4711, "render-box", "easel", "easel", 5), ev.BookPlanned("An empty book", ()))


def heavy() -> Story:
    story = running()
    return story.tell(
        ev.MemoryMeasured(3_420_000_000, 4_000_000_000, 3_260_000_000, 160_000_000, 600_000_000),
        ev.PoolResized(5, "memory is short", 4),
    )


SCENES: dict[str, Callable[[], Story]] = {
    scene.__name__: scene
    for scene in (running, small, pausing, paused, limited, full_disk, signed_out, done, incomplete, empty, heavy)
}
