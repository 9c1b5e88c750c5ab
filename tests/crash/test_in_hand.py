"""A picture in hand is paid for: whoever ends the attempt meanwhile, and whatever becomes of its folder, it is kept."""

import errno
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.link.local import LocalRun
from core.outcomes import AttemptError, Cause, Outcome
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.processors.base import Drawing, Job, Progress, Worker
from core.state import PanelStatus, RunState
from core.store.calls import Calls
from core.store.disk import Disk
from core.store.store import Store
from tests.link.runs import SteadySite, _measure, project
from tests.simulation.site import tiny_picture
from tests.terminal.terminals import until

LAST = "ch01-p003"


class OnceSite(SteadySite):
    """Shows pictures once, when it is told to, and never again; the last panel's by itself."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.sent = 0  #: prompts, and that is on disk
        self.show, self.show_last = threading.Event(), threading.Event()

    async def __aenter__(self) -> "OnceSite":
        return self

    async def open_worker(self) -> Worker:
        return self

    async def draw(self, job: Job, progress: Progress) -> Drawing:
        await progress.sent("")
        self.sent += 1
        shown = self.show_last if job.panel == LAST else self.show
        while not shown.is_set():  # noqa: ASYNC110  # set on the test's thread
            await anyio.sleep(0.01)
        self.drawn += 1
        return Drawing((tiny_picture(job.attempt),), "", 0.1)

    async def harvest(self, job: Job) -> Drawing:
        raise AttemptError(Outcome.LOST, "nothing is shown twice here")


class BusyDisk(Calls):
    """Takes its time to make a journal durable while it is ``busy``; takes nothing at all while it is ``full``."""

    def __init__(self) -> None:
        self.idle, self.asked = threading.Event(), threading.Event()
        self.idle.set()
        self.full = False

    def sync_data(self, handle: int) -> None:
        if not self.idle.is_set():
            self.asked.set()
            self.idle.wait()
        super().sync_data(handle)

    def write(self, handle: int, data: memoryview, at: int) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(handle, data, at)

    def allocate(self, handle: int, size: int) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().allocate(handle, size)


@dataclass
class Running:
    """A run of three panels in three tabs; ``state`` is the engine's own."""

    run: LocalRun
    site: OnceSite
    disk: BusyDisk
    state: RunState

    def status(self, panel: str) -> PanelStatus:
        return self.state.panels[panel].status

    def received(self) -> int:
        return sum(len(panel.takes) for panel in list(self.state.panels.values()))


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    site, disk = OnceSite(), BusyDisk()
    settings = EngineSettings("once", "once", PoolSettings(tabs=3), disk_interval=0.1)
    store = Store.open(folder, disk=Disk(disk))
    engine = Engine(project(folder, 3), store, site, settings, judge=MemoryJudge(16 * 2**30), measure=_measure)
    with ExitStack() as stack:
        run = stack.enter_context(LocalRun(engine))
        stack.callback(disk.idle.set)  # whatever fails, nothing waits for it
        there = Running(run, site, disk, engine.state)
        until(lambda: site.sent == 3, "three prompts are sent")
        yield there


def whole(folder: Path, panels: Sequence[str]) -> bool:
    return all((folder / "panels" / "ch01" / f"{panel}.png").stat().st_size for panel in panels)


def test_the_run_is_left_while_pictures_wait_for_the_journal(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        there.disk.idle.clear()
        there.site.show.set()
        until(lambda: there.received() == 2 and there.disk.asked.is_set(), "two pictures are in hand")
        there.run.stop()
        until(lambda: there.status(LAST) is PanelStatus.QUEUED, "what is under way is cut off")
        there.disk.idle.set()
        there.run.wait()
    assert [there.status(f"ch01-p00{n}") for n in (1, 2)] == [PanelStatus.FINISHED] * 2
    assert whole(tmp_path, ("ch01-p001", "ch01-p002")) and there.site.drawn == 2


def test_a_disk_that_is_full_keeps_nobody_who_wants_to_leave(tmp_path: Path) -> None:
    with running(tmp_path) as there:
        there.disk.full = True
        there.site.show.set()
        until(lambda: there.received() == 2 and there.state.cause is Cause.DISK, "two pictures find a full disk")
        there.run.stop()
        ended = threading.Thread(target=there.run.wait)
        ended.start()
        ended.join(30)
        assert not ended.is_alive(), "the run waits for its disk for ever"
        assert {there.status(f"ch01-p00{n}") for n in (1, 2, 3)} == {PanelStatus.QUEUED}


@pytest.mark.parametrize("taken", ["panels", "panels/ch01"])
def test_a_folder_that_is_taken_away_is_made_again(tmp_path: Path, taken: str) -> None:
    with running(tmp_path) as there:
        there.site.show.set()
        for panel in ("ch01-p001", "ch01-p002"):
            until(lambda: there.status(panel) is PanelStatus.FINISHED, f"{panel} is there")  # noqa: B023
        (tmp_path / taken).rename(tmp_path / "elsewhere")
        there.site.show_last.set()
        until(lambda: there.status(LAST) is PanelStatus.FINISHED, "the next picture has a folder again", 20.0)
    assert whole(tmp_path, [LAST])
