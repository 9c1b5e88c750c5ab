"""Every picture is read again after a start: damage that sizes do not show is found and mended."""

import random

import trio
import trio.testing

from core import events as ev
from core.engine.bus import Mailbox
from core.offload import inline
from core.state import PanelStatus, RunState
from core.store.disk import Disk
from core.store.store import Store
from tests.crash.machine import Image, Machine
from tests.crash.small_run import SmallRun, new_engine, seconds
from tests.simulation.night import FOLDER_OF_NIGHT
from tests.simulation.site import SimulatedSite, tiny_picture

SECOND = FOLDER_OF_NIGHT / "panels/ch01/ch01-p0002.png"
THIRD = FOLDER_OF_NIGHT / "panels/ch01/ch01-p0003.png"


def finished() -> tuple[SmallRun, Image]:
    run = SmallRun()
    run.play()
    return run, run.machine.image()


def started_again(run: SmallRun, image: Image) -> tuple[RunState, SimulatedSite, list[ev.Event], Machine]:
    """A run over a finished book, until it ends by itself."""
    machine, events = Machine(image), list[ev.Event]()
    site = SimulatedSite(random.Random(9), 8.0)
    site.sends = [0.0] * 100

    async def live() -> RunState:
        store = Store.open(FOLDER_OF_NIGHT, disk=Disk(machine), offload=inline, wall=seconds, locked=False)
        engine = new_engine(run.plan, store, site)
        mailbox = Mailbox(lambda: None)
        engine.subscribe(mailbox)
        with trio.fail_after(600.0):
            await engine.run()
        events.extend(record.event for record in mailbox.drain())
        return engine.state

    state = trio.run(live, clock=trio.testing.MockClock(autojump_threshold=0))
    return state, site, events, machine


def test_a_damaged_picture_of_the_right_size_is_drawn_again() -> None:
    run, image = finished()
    image[SECOND] = image[SECOND][:50] + bytes([image[SECOND][50] ^ 255]) + image[SECOND][51:]
    state, site, events, _ = started_again(run, image)
    assert [event.panel for event in events if isinstance(event, ev.TakeLost)] == ["ch01-p0002"]
    assert site.asked == {"ch01-p0002": 1}
    assert state.counts()[PanelStatus.FINISHED] == run.panels


def test_a_picture_somebody_has_worked_on_is_kept_and_told() -> None:
    run, image = finished()
    image[THIRD] = tiny_picture("retouched")
    _, site, events, machine = started_again(run, image)
    assert site.asked == {}
    assert machine.image()[THIRD] == tiny_picture("retouched")
    told = [event.text for event in events if isinstance(event, ev.Noticed)]
    assert any("kept as they are: panels/ch01/ch01-p0003.png" in text for text in told)


def test_a_finished_book_that_is_whole_asks_for_nothing() -> None:
    run, image = finished()
    state, site, _, _ = started_again(run, image)
    assert site.asked == {} and state.result == "finished"
