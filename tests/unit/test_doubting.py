"""Pictures are judged beside the drawing, which goes on meanwhile."""

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from core import events as ev
from core.engine.doubting import AGAIN, Doubting
from core.offload import T, in_thread
from core.pictures import Look
from tests.unit.desks import desk_of
from tests.unit.run_events import begun, drawn

LOOK = Look(64, 64, 40.0, 6.0, bytes(16), bytes(48))


@pytest.mark.anyio
async def test_a_picture_that_comes_while_the_book_is_judged_anew(tmp_path: Path) -> None:
    """It was looked at, but the judge has not heard of it yet."""
    late = "p-late"
    ids = [f"p{number:03d}" for number in range(AGAIN)]

    def finish(id: str) -> None:
        for event in (*drawn(id, attempt=f"a-{id}"), ev.PictureSeen(id, f"panels/ch01/{id}.png", LOOK)):
            desk.emit(event)

    async def offload(work: Callable[[], T]) -> T:
        if desk.state.panels[late].look is None:
            finish(late)
        return await in_thread(work)

    async with desk_of(tmp_path, doubts=True, offload=offload) as desk, anyio.create_task_group() as group:
        for event in begun(*ids, late):
            desk.emit(event)
        doubting = Doubting(desk)
        group.start_soon(doubting.run)
        await anyio.wait_all_tasks_blocked()  # it listens from now on
        for id in ids:
            finish(id)
        await doubting.catch_up()
        await doubting.catch_up()
        group.cancel_scope.cancel()
    assert "nearly the same picture" in desk.state.panels[late].doubts[0]
