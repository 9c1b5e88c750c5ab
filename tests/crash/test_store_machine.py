"""The store against a plain model: a list of events and how many of them are durable.

Hypothesis appends, commits, checkpoints, fills disks, cuts the power, kills, damages checkpoints and begins new
segments in any order it likes; whatever it does, what comes back is the fold of what happened, and nothing durable
is missing. Longer: ``pytest -m long tests/crash/test_store_machine.py``.
"""

import errno
import hashlib
from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core import events as ev
from core.fold import apply, fold
from core.offload import inline
from core.state import PanelStatus
from core.store import checkpoint, journal
from core.store.disk import Disk, DiskError
from core.store.folder import FOLDER
from core.store.history import state_at
from core.store.store import Store
from tests.crash.machine import Machine
from tests.simulation.site import tiny_picture
from tests.unit.run_events import planned

PROJECT = Path("/model")
KEPT = PROJECT / FOLDER


class StoreMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.machine = Machine()
        self.happened: list[ev.Record] = []
        self.durable = 0
        self.attempts = 0
        self.full = False
        self.machine.fails = lambda call, number: (
            errno.ENOSPC if self.full and call in ("write", "create", "allocate") else 0
        )
        self.open()

    def open(self) -> None:
        store = Store.open(PROJECT, disk=Disk(self.machine), offload=inline, wall=lambda: 1.0, locked=False)
        assert store.state.seq >= self.durable, "durable records are gone"
        assert store.state == fold(self.happened[: store.state.seq]), "another state than what happened"
        self.happened = self.happened[: store.state.seq]
        self.durable = store.state.seq
        self.store = store

    def append(self, event: ev.AnyEvent) -> None:
        record = self.store.append(event)
        assert record.seq == len(self.happened) + 1
        self.happened.append(record)
        apply(self.store.state, record)

    # --- what a run does ---

    @rule(text=st.text(max_size=40))
    def say(self, text: str) -> None:
        self.append(ev.Noticed("info", text))

    @rule(count=st.integers(1, 5))
    def plan(self, count: int) -> None:
        known = len(self.store.state.panels)
        self.append(planned(*(f"p{known + n}" for n in range(count))))

    @rule(data=st.data())
    def draw(self, data: st.DataObject) -> None:
        queued = [p.id for p in self.store.state.panels.values() if p.status is PanelStatus.QUEUED]
        if queued:
            self.attempts += 1
            panel = data.draw(st.sampled_from(queued))
            self.append(ev.AttemptStarted(f"a{self.attempts}", panel, "t1", f"prompt of {panel}", "h"))

    @rule(data=st.data(), sent=st.booleans())
    def finish(self, data: st.DataObject, sent: bool) -> None:
        drawing = [p for p in self.store.state.panels.values() if p.status is PanelStatus.GENERATING]
        if not drawing:
            return
        panel = data.draw(st.sampled_from(drawing))
        if sent and not panel.conversation:
            self.append(ev.AttemptSent(panel.attempt, panel.id, f"/c/{panel.attempt}"))
            return
        picture, file = tiny_picture(panel.attempt), f"panels/ch01/{panel.id}.png"
        sha = hashlib.sha256(picture).hexdigest()
        attempt = panel.attempt
        self.append(ev.PictureReceived(attempt, panel.id, file, len(picture), sha, 4, 4))
        try:
            anyio.run(self.store.commit)
            self.durable = len(self.happened)
            anyio.run(self.store.keep_take, file, picture)
        except DiskError:
            return
        self.append(ev.PanelFinished(attempt, panel.id, 1.0))

    @rule()
    def commit(self) -> None:
        try:
            anyio.run(self.store.commit)
        except DiskError:
            assert self.full
        else:
            self.durable = len(self.happened)

    @rule()
    def write_checkpoint(self) -> None:
        try:
            anyio.run(self.store.checkpoint, self.store.state)
        except DiskError:
            assert self.full
        else:
            self.durable = len(self.happened)

    @rule()
    def fill_or_free_the_disk(self) -> None:
        self.full = not self.full

    # --- what befalls it ---

    @precondition(lambda self: not self.full)
    @rule()
    def kill(self) -> None:
        self.machine = self.again(self.machine.image())
        self.open()

    @precondition(lambda self: not self.full)
    @rule(data=st.data())
    def cut_the_power(self, data: st.DataObject) -> None:
        came = data.draw(st.integers(0, 10_000))
        disks = list(self.machine.after_power_cut(lambda n: iter([came % n] if n else [])))
        self.machine = self.again(data.draw(st.sampled_from(disks)))
        self.open()

    def again(self, image: dict[Path, bytes]) -> Machine:
        machine = Machine(image)
        machine.fails = self.machine.fails
        return machine

    @precondition(lambda self: not self.full)
    @rule(name=st.sampled_from((checkpoint.NAME, checkpoint.PREVIOUS)), data=st.data())
    def damage_a_checkpoint(self, name: str, data: st.DataObject) -> None:
        """One byte of a checkpoint changes while nobody looks: another way back is found."""
        image = self.machine.image()
        whole = image.get(KEPT / name)
        if whole:
            at = data.draw(st.integers(0, len(whole) - 1))
            image[KEPT / name] = whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]
        self.machine = self.again(image)
        self.open()

    # --- what always holds ---

    @invariant()
    def the_present_is_the_fold_of_the_past(self) -> None:
        assert self.store.state == fold(self.happened)

    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        if self.durable:
            seq = data.draw(st.integers(1, self.durable))
            assert state_at(PROJECT, seq=seq, disk=Disk(self.machine)) == fold(self.happened[:seq])


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 600)


def play(examples: int, steps: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        StoreMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_the_store_is_a_list_of_events() -> None:
    play(examples=60, steps=30)


@pytest.mark.long
def test_the_store_is_a_list_of_events_at_length() -> None:
    play(examples=2000, steps=60)
