"""A desk over a real store, for the parts of the engine that sit at it."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.engine.bus import Bus
from core.engine.clock import RunClock
from core.engine.desk import Desk
from core.engine.recorder import Recorder
from core.engine.settings import EngineSettings
from core.offload import Offload, in_thread
from core.pacing.governor import Governor
from core.store.store import Store


@asynccontextmanager
async def desk_of(folder: Path, *, doubts: bool = False, offload: Offload = in_thread) -> AsyncIterator[Desk]:
    """That of a project in ``folder`` without panels; its disk must not fail."""
    store = Store.open(folder)
    yield Desk(
        recorder=Recorder(store, Bus(), lambda error: pytest.fail(str(error))),
        governor=Governor("easel", None, random.Random(1)),
        clock=RunClock(),
        settings=EngineSettings("easel", "easel", doubts=doubts),
        panels={},
        offload=offload,
    )
    await store.close()
