"""What no picture depends on may break without ending the night."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from core import events as ev
from core.crash import NAME
from core.engine.beside import Beside
from core.engine.bus import Bus, Mailbox
from core.engine.clock import RunClock
from core.engine.desk import Desk
from core.engine.recorder import Recorder
from core.engine.settings import EngineSettings
from core.offload import in_thread
from core.pacing.governor import Governor
from core.store.store import Store

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = Store.open(tmp_path)
    yield Desk(
        recorder=Recorder(store, Bus(), lambda error: pytest.fail(str(error))),
        governor=Governor("easel", None, random.Random(1)),
        clock=RunClock(),
        settings=EngineSettings("easel", "easel"),
        panels={},
        offload=in_thread,
    )
    await store.close()


async def test_a_mistake_is_told_and_kept_and_the_others_go_on(desk: Desk, tmp_path: Path) -> None:
    mailbox = Mailbox(lambda: None)
    calls: list[str] = []
    desk.recorder.bus.add(mailbox)

    async def mistaken() -> None:
        calls.append("mistaken")
        raise KeyError("p-1")

    async def endless() -> None:
        calls.append("endless")
        await anyio.sleep_forever()

    beside = Beside(desk, tmp_path)
    async with anyio.create_task_group() as group:
        group.start_soon(beside.run, "counting sheep", mistaken)
        group.start_soon(beside.run, "waiting", endless)
        await anyio.wait_all_tasks_blocked()
        await beside.run("counting sheep", mistaken)
        assert not group.cancel_scope.cancel_called
        group.cancel_scope.cancel()  # and what goes on can be cancelled
    assert sorted(calls) == ["endless", "mistaken"], "what has met a mistake is left alone"
    (told,) = [record.event for record in mailbox.drain()]
    assert isinstance(told, ev.Noticed) and told.level == "error"
    assert told.text.startswith("counting sheep has stopped by a mistake of ours (KeyError); drawing goes on")
    kept = tmp_path / ".novelgen" / NAME
    assert str(kept) in told.text and "KeyError: 'p-1'" in kept.read_text("utf-8")
