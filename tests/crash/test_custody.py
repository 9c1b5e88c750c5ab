"""Every picture is read again after a start: damage that sizes do not show is found and mended."""

import random
from pathlib import Path

import trio
import trio.testing

from core import events as ev
from core.engine.bus import Mailbox
from core.offload import inline
from core.state import PanelStatus, RunState
from core.store.disk import Disk, DiskError
from core.store.folder import FOLDER
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


def started_again(
    run: SmallRun, image: Image, kind: type[Disk] = Disk
) -> tuple[RunState, SimulatedSite, list[ev.Event], Machine]:
    """A run over a finished book, until it ends by itself."""
    machine, events = Machine(image), list[ev.Event]()
    site = SimulatedSite(random.Random(9), 8.0)
    site.sends = [0.0] * 100

    async def live() -> RunState:
        store = Store.open(FOLDER_OF_NIGHT, disk=kind(machine), offload=inline, wall=seconds, locked=False)
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


def without_journal(image: Image) -> Image:
    return {path: data for path, data in image.items() if FOLDER not in path.parts}


def test_pictures_are_kept_though_the_journal_was_left_behind() -> None:
    """A project copied without its hidden folder: no picture is drawn again, none is written over."""
    run, image = finished()
    image = without_journal(image)
    state, site, events, machine = started_again(run, image)
    assert not site.asked and state.result == "finished"
    pictures = {path: data for path, data in image.items() if path.suffix == ".png"}
    assert len(pictures) > run.panels, "the first panel has two takes"
    assert {path: data for path, data in machine.image().items() if path.suffix == ".png"} == pictures
    for panel in state.panels.values():
        assert panel.status is PanelStatus.FINISHED and not panel.outdated
        assert panel.take is not None and f"{panel.id}." in panel.take.file and ".take" not in panel.take.file
    [told] = [e.text for e in events if isinstance(e, ev.Noticed) and "journal" in e.text]
    assert f"{run.panels} pictures" in told and "outdated" not in told
    again, site, _, _ = started_again(run, machine.image())
    assert not site.asked and again.panels == state.panels


def test_of_pictures_without_a_journal_those_for_other_words_are_outdated_and_damaged_ones_drawn() -> None:
    run, image = finished()
    image = {path: data for path, data in without_journal(image).items() if path.name != f"{THIRD.name}.json"}
    image[SECOND] = image[SECOND][:20]
    kept = image[THIRD]
    state, site, events, machine = started_again(run, image)
    assert site.asked == {"ch01-p0002": 1}
    assert [panel.id for panel in state.panels.values() if panel.outdated] == ["ch01-p0003"]
    assert machine.image()[THIRD] == kept
    [told] = [e.text for e in events if isinstance(e, ev.Noticed) and "journal" in e.text]
    assert f"{run.panels - 1} pictures" in told and "1 of them, drawn for other words" in told


def test_a_picture_that_cannot_be_read_costs_neither_the_run_nor_the_picture() -> None:
    run, image = finished()
    size = len(image.pop(THIRD))

    class Unreadable(Disk):
        def read(self, path: Path) -> bytes | None:
            if path == THIRD:
                raise DiskError("broken", f"reading is not permitted ({path})", path)
            return super().read(path)

        def sizes(self, folder: Path) -> dict[str, int]:
            return super().sizes(folder) | ({THIRD.name: size + 1} if folder == THIRD.parent else {})

    state, site, events, _ = started_again(run, image, Unreadable)
    assert not site.asked and state.counts()[PanelStatus.FINISHED] == run.panels
    [told] = [e.text for e in events if isinstance(e, ev.Noticed) and THIRD.name in e.text]
    assert "reading is not permitted" in told


def test_without_a_journal_pictures_are_found_by_the_words_they_were_drawn_for() -> None:
    """The script was edited before the journal was lost: a picture stays with its words, not with its place."""
    run, image = finished()
    image = without_journal(image)
    drawn = {id: image[FOLDER_OF_NIGHT / "panels/ch01" / f"{id}.png"] for id in ("ch01-p0002", "ch01-p0003")}
    for before, after in (("ch01-p0003", "ch01-p0003a"), ("ch01-p0002", "ch01-p0003")):  # as ids are after insertions
        for name in (f"panels/ch01/{before}.png", f"panels/ch01/made/{before}.png.json"):
            data = image.pop(FOLDER_OF_NIGHT / name)
            renamed = data.replace(before.encode(), after.encode()) if name.endswith(".json") else data
            image[FOLDER_OF_NIGHT / name.replace(before, after)] = renamed
    state, site, _, machine = started_again(run, image)
    assert not site.asked, site.asked
    assert list(state.panels) == ["ch01-p0001", "ch01-p0003", "ch01-p0003a", "ch01-p0004"]
    assert not any(panel.outdated for panel in state.panels.values())
    for id, before in (("ch01-p0003", "ch01-p0002"), ("ch01-p0003a", "ch01-p0003")):
        take = state.panels[id].take
        assert take is not None and machine.image()[FOLDER_OF_NIGHT / take.file] == drawn[before]
