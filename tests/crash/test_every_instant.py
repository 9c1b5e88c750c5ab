"""The world stops at every write, sync, rename and removal of a small run, with every beginning of what was unsynced.

Quick here; all of it, byte by byte, with ``pytest -m long tests/crash/test_every_instant.py -s``.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.engine.recorder import Recorder
from core.pictures import PictureBroken
from core.state import PanelStatus, RunState
from core.store import checkpoint, journal
from core.store.store import Store
from tests.crash.machine import Image, Machine
from tests.crash.small_run import SmallRun, Told, check, go_on
from tests.simulation.invariants import Broken


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small run begins new segments too."""
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 3000)


class Disks:
    """Different disks that crashes have left, each with what had been promised by then."""

    def __init__(self, look: Callable[[Image, Told], None] | None = None) -> None:
        self.seen: set[int] = set()
        self.kept: list[tuple[Image, Told]] = []
        self.crashes = 0
        self._look = look or (lambda image, told: self.kept.append((image, told)))

    def add(self, image: Image, told: Told) -> None:
        self.crashes += 1
        key = hash((frozenset(image.items()), told.durable, told.sends))
        if key not in self.seen:
            self.seen.add(key)
            self._look(image, told)


def nearly_every_byte(n: int) -> Iterator[int]:
    """All of a record; of larger writes every sixteenth."""
    return iter(range(n) if n < 400 else range(0, n, 16))


def crashed(run: SmallRun, look: Callable[[Image, Told], None] | None = None) -> Disks:
    disks = Disks(look)
    run.on_crash = disks.add
    state = run.play()
    assert state.counts()[PanelStatus.FINISHED] == run.panels
    assert sum(run.site.asked.values()) == run.panels + 1  # one was rejected
    return disks


def test_recovery_holds_its_promises_wherever_the_world_stops() -> None:
    run = SmallRun()
    disks = crashed(run)
    for image, told in disks.kept:
        check(image, told, run.records)
    print(f"\n{run.calls} calls, {disks.crashes} crashes, {len(disks.kept)} different disks: every promise held")
    assert len(disks.kept) > 300


def test_the_next_run_goes_on_from_wherever_the_world_stopped() -> None:
    run = SmallRun()
    disks = crashed(run)
    some = disks.kept[:: max(1, len(disks.kept) // 150)]
    twice = sum(go_on(image, told, run) for image, told in some)
    print(f"\n{len(some)} disks drawn to the end; {twice} panels asked for twice, all cut off before they were known")


def never(*arguments: object) -> None:
    """Forgotten."""


def names_are_not_synced(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Machine, "sync_folder", never)


def bytes_are_not_synced(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Machine, "sync", never)


def the_journal_is_not_synced(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Machine, "sync_data", never)


def a_picture_is_written_in_place(patch: pytest.MonkeyPatch) -> None:
    def write(self: Store, path: Path, data: bytes) -> None:
        self._disk.make_folder(path.parent)
        self._disk.append(path, data, 0)

    patch.setattr(Store, "_write_take", write)


def the_intent_is_not_waited_for(patch: pytest.MonkeyPatch) -> None:
    async def durable(self: Recorder) -> None:
        """Returns at once."""

    patch.setattr(Recorder, "durable", durable)


def a_checkpoint_runs_ahead_of_the_journal(patch: pytest.MonkeyPatch) -> None:
    async def write(self: Store, state: RunState) -> int:
        return checkpoint.write(self._disk, self._folder, self._tables.tables(state))

    patch.setattr(Store, "checkpoint", write)


@pytest.mark.parametrize(
    "mistake",
    [
        names_are_not_synced,
        bytes_are_not_synced,
        the_journal_is_not_synced,
        a_picture_is_written_in_place,
        the_intent_is_not_waited_for,
    ],
)
def test_a_store_that_forgets_something_is_found_out(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checks above can fail: each of these mistakes makes them."""
    with monkeypatch.context() as patch:
        mistake(patch)
        run = SmallRun()
        disks = crashed(run)
    with pytest.raises((Broken, PictureBroken, KeyError)):
        for image, told in disks.kept:
            check(image, told, run.records)


@pytest.mark.long
def test_every_byte_of_every_instant() -> None:
    run = SmallRun(cuts=nearly_every_byte)
    disks = crashed(run, lambda image, told: check(image, told, run.records) and None)
    print(f"\n{run.calls} calls, {disks.crashes} crashes, {len(disks.seen)} different disks: every promise held")


@pytest.mark.long
def test_the_next_run_goes_on_from_every_instant() -> None:
    run = SmallRun(panels=6)
    disks = crashed(run)
    twice = sum(go_on(image, told, run) for image, told in disks.kept)
    print(f"\n{len(disks.kept)} disks drawn to the end; {twice} panels asked for twice, all cut off before known")
