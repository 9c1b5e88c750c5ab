"""What no picture depends on may break without ending the night."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from core import events as ev
from core.crash import NAME
from core.engine.beside import Beside
from core.engine.bus import Mailbox
from core.engine.desk import Desk
from tests.unit.desks import desk_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_of(tmp_path) as made:
        yield made


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
