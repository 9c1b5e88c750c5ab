"""A disk that is full, broken or read-only from any write on: the run pauses with a sentence, goes on by itself when
the disk works again, and nothing is lost or asked for twice.

Quick here; from every single call with ``pytest -m long tests/crash/test_failing_disk.py -s``.
"""

import errno
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
import trio
import trio.testing

from core import events as ev
from core.commands import Stop
from core.complaint import Complaint
from core.engine.bus import Mailbox
from core.engine.engine import Engine
from core.fold import fold
from core.offload import inline
from core.outcomes import Cause
from core.state import PanelStatus
from core.store.disk import Disk, DiskError, is_part
from core.store.folder import FOLDER
from core.store.store import Store
from tests.crash.machine import Image, Machine
from tests.crash.small_run import SmallRun, check, new_engine
from tests.simulation.night import EPOCH, FOLDER_OF_NIGHT
from tests.simulation.site import tiny_picture

FULL = ("create", "write", "allocate", "mkdir")
"""What needs room: a full disk still syncs, renames and removes."""

ERRORS = {
    "full": (errno.ENOSPC, FULL, "the disk is full; free some space"),
    "broken": (errno.EIO, ("write", "sync", "sync folder", "rename", "create"), "the disk failed"),
    "read-only": (errno.EROFS, ("create", "write", "truncate", "rename", "remove"), "the disk is read-only"),
}

LAST_WORDS = (ev.CommandReceived, ev.TakeMoved, ev.TakeChosen, ev.TabClosed, ev.RunEnded, ev.RunDone, ev.Noticed)

OUTAGE = 60.0
"""Simulated seconds until somebody has seen to it."""


class Outage:
    """The disk fails from the ``first`` call on, until ``OUTAGE`` seconds later."""

    def __init__(self, how: str, first: int) -> None:
        self.code, self.calls, self.words = ERRORS[how]
        self.first = first
        self.since: float | None = None

    def __call__(self, call: str, number: int) -> int:
        if number < self.first or call not in self.calls:
            return 0
        if self.since is None:
            self.since = trio.current_time()
        return self.code if trio.current_time() < self.since + OUTAGE else 0


def lived_through(how: str, first: int) -> bool:
    """Play a run with such an outage; False where it came before the run had begun."""
    run = SmallRun()
    run.machine.fails = outage = Outage(how, first)
    try:
        state = run.play()
    except DiskError as error:
        assert isinstance(error, Complaint) and outage.words in str(error)
        run.machine.fails = lambda call, number: 0
        again = SmallRun()
        again.machine = run.machine
        state, run = again.play(), again
    assert state.counts()[PanelStatus.FINISHED] == run.panels, (how, first, state.counts(), state.sentence)
    assert sum(run.site.asked.values()) == run.panels + 1, (how, first, run.site.asked)
    assert not any(panel.tab_deaths or panel.tries for panel in state.panels.values())
    events = [record.event for record in run.records]
    assert not any(isinstance(event, ev.AttemptFailed) for event in events), (how, first)
    still_out = outage.since is not None and run.records[-1].at < EPOCH + outage.since + OUTAGE
    if run.machine.fails is outage and still_out:
        lost = len(run.records) - run.durable  # left while nothing could be written: only the last words are missing
        assert all(isinstance(event, LAST_WORDS) for event in events[-lost:]), events[-lost:]
    else:
        run.durable = len(run.records)
    recovered = check(run.machine.image(), run._told(), run.records)
    assert recovered == fold(run.records[: recovered.seq])
    told = [e.sentence for e in events if isinstance(e, (ev.RunPausing, ev.RunPaused)) and e.cause is Cause.DISK]
    assert all(outage.words in sentence and "goes on by itself" in sentence for sentence in told)
    return bool(told)


def calls_of_a_run() -> int:
    run = SmallRun()
    run.play()
    return run.machine.calls


@pytest.mark.parametrize("how", ERRORS)
def test_a_disk_that_fails_pauses_the_run_and_costs_nothing(how: str) -> None:
    every = range(1, calls_of_a_run(), 7)
    paused = sum(lived_through(how, first) for first in every)
    print(f"\n{how}: failed from {len(every)} different calls on; the run paused, and went on, {paused} times")
    assert paused > len(every) // 2


@pytest.mark.long
@pytest.mark.parametrize("how", ERRORS)
def test_a_disk_that_fails_from_any_call_on(how: str) -> None:
    every = range(1, calls_of_a_run())
    paused = sum(lived_through(how, first) for first in every)
    print(f"\n{how}: failed from {len(every)} different calls on; the run paused, and went on, {paused} times")


def test_killed_while_the_disk_is_full_the_last_words_are_there() -> None:
    """The room kept free is used: all that happened before the disk was full is on disk, and that it is full."""
    run = SmallRun()
    outage = Outage("full", 70)
    images: list[Image] = []
    spent = False

    def fails(call: str, number: int) -> int:
        nonlocal spent
        halves = any(is_part(path.name) for path in run.machine.names)
        if call == "remove" and outage.since is not None and not halves:
            spent = True  # the reserve is gone: there is some room now
        if spent and not images and trio.current_time() > (outage.since or 0.0) + 1.0:
            images.append(run.machine.image())
        return 0 if spent else outage(call, number)

    run.machine.fails = fails
    run.play()
    store = Store.open(FOLDER_OF_NIGHT, disk=Disk(Machine(images[0])), offload=inline, locked=False)
    assert store.state.cause is Cause.DISK and "the disk is full" in store.state.sentence
    assert store.state == fold(run.records[: store.state.seq])


def test_a_run_whose_disk_fails_as_it_begins_can_be_left() -> None:
    """Nothing can be written and somebody presses ctrl+c: the run ends, however long the disk stays as it is."""
    run = SmallRun()

    async def live() -> Engine:
        store = Store.open(FOLDER_OF_NIGHT, disk=Disk(run.machine), offload=inline, wall=lambda: EPOCH, locked=False)
        run.machine.fails = lambda call, number: errno.EACCES if call in FULL else 0
        engine = new_engine(run.plan, store, run.site)
        failed = trio.Event()
        engine.subscribe(Mailbox(lambda: failed.set() if engine.state.cause is Cause.DISK else None))
        with trio.fail_after(OUTAGE):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(engine.run)
                await failed.wait()
                await engine.send(Stop())
        return engine

    engine = trio.run(live, clock=trio.testing.MockClock(autojump_threshold=0))
    assert "writing is not permitted" in engine.state.sentence and not run.site.asked
    run.machine.fails = lambda call, number: 0
    again = SmallRun()
    again.machine = run.machine
    assert again.play().counts()[PanelStatus.FINISHED] == run.panels


# --- a real disk, small and full ---


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of sixteen megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], capture_output=True)
    if not done or done.returncode:
        pytest.skip("mounting a file system is not permitted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_small_real_disk_that_runs_full(small_disk: Path) -> None:
    store = Store.open(small_disk)
    filler = small_disk / "somebody-elses-file"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"x" * 65536)
    for number in range(2000):
        store.append(ev.Noticed("info", f"{number} " + "x" * 100))
    picture = tiny_picture("p") + b"\0" * 200_000
    with pytest.raises(DiskError, match="the disk is full; free some space"):
        await store.keep_take("panels/ch01/p.png", picture)
    with pytest.raises(DiskError, match="the disk is full"):
        await store.commit()
    assert not list((small_disk / "panels").rglob("*"))[1:], "half a picture was left lying about"
    with pytest.raises(DiskError):
        await store.try_again(None, len(picture))
    await store.last_words(store.state)
    filler.unlink()
    await store.try_again(None, len(picture))
    await store.keep_take("panels/ch01/p.png", picture)
    assert (small_disk / "panels/ch01/p.png").read_bytes() == picture
    await store.close()
    lines = (small_disk / FOLDER / "journal.jsonl").read_bytes().splitlines()
    assert len(lines) == 2000


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_real_disk_that_becomes_read_only(small_disk: Path) -> None:
    store = Store.open(small_disk, locked=False)  # an open lock would forbid the remount
    store.append(ev.Noticed("info", "one"))
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    await anyio.run_process(remount)
    with pytest.raises(DiskError, match="the disk is read-only; make it writable"):
        await store.commit()
    with pytest.raises(DiskError):
        await store.try_again(None, 0)
    await anyio.run_process([*remount[:2], "remount,rw", str(small_disk)])
    await store.try_again(None, 0)
    assert b"one" in (small_disk / FOLDER / "journal.jsonl").read_bytes()
    await store.close()


def test_a_read_only_folder_is_a_sentence_before_anything_begins(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(DiskError, match="the disk is read-only; make it writable"):
        Store.open(small_disk, disk=Disk())
