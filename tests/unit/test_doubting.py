"""Pictures are judged beside the drawing, which goes on meanwhile."""

import random
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from core import events as ev
from core.engine.bus import Bus
from core.engine.clock import RunClock
from core.engine.desk import Desk
from core.engine.doubting import AGAIN, Doubting
from core.engine.recorder import Recorder
from core.engine.settings import EngineSettings
from core.offload import T, in_thread
from core.pacing.governor import Governor
from core.pictures import Look
from core.store.store import Store
from tests.unit.run_events import begun, drawn

LOOK = Look(64, 64, 40.0, 6.0, bytes(16), bytes(48))


@pytest.mark.anyio
async def test_a_picture_that_comes_while_the_book_is_judged_anew(tmp_path: Path) -> None:
    """It was looked at, but the judge has not heard of it yet."""
    late = "p-late"
    ids = [f"p{number:03d}" for number in range(AGAIN)]
    desk: Desk

    def finish(id: str) -> None:
        for event in (*drawn(id, attempt=f"a-{id}"), ev.PictureSeen(id, f"panels/ch01/{id}.png", LOOK)):
            desk.emit(event)

    async def offload(work: Callable[[], T]) -> T:
        if desk.state.panels[late].look is None:
            finish(late)
        return await in_thread(work)

    store = Store.open(tmp_path)
    desk = Desk(
        recorder=Recorder(store, Bus(), lambda error: pytest.fail(str(error))),
        governor=Governor("easel", None, random.Random(1)),
        clock=RunClock(),
        settings=EngineSettings("easel", "easel", doubts=True),
        panels={},
        offload=offload,
    )
    for event in begun(*ids, late):
        desk.emit(event)
    doubting = Doubting(desk)
    async with anyio.create_task_group() as group:
        group.start_soon(doubting.run)
        await anyio.wait_all_tasks_blocked()  # it listens from now on
        for id in ids:
            finish(id)
        await doubting.catch_up()
        await doubting.catch_up()
        group.cancel_scope.cancel()
    await store.close()
    assert "nearly the same picture" in desk.state.panels[late].doubts[0]
