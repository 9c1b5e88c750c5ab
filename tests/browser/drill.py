"""A real run on a practice site of its own, with every event kept, for tests that make something break.

async with drill(tmp_path, panels=8, tabs=3) as run:
    await run.until(ev.AttemptSent)
    ...  # break something
    await run.ends()
    run.check_whole()
"""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp
import anyio
import psutil
from playwright.async_api import Error as PlaywrightError

from core import events as ev
from core.commands import AnyCommand, Reply
from core.easel import EaselOptions, EaselThread
from core.events import Record
from core.fold import apply
from core.link.local import LocalRun
from core.outcomes import Fault
from core.run import RunOptions, open_run
from core.state import PanelStatus, RunState

E = TypeVar("E", bound=ev.Event)

PATIENCE = 120.0
"""Seconds a test waits for anything before it fails."""

NOTICED = 3.0
"""Seconds in which a crash is noticed, many times over."""


def make_project(folder: Path, panels: int, site_url: str = "", settings: str = "") -> Path:
    """A project of so many panels; ``settings`` is TOML after the top keys."""
    folder.mkdir(parents=True, exist_ok=True)
    where = f'site_url = "{site_url}"\n' if site_url else ""
    (folder / "novel.toml").write_text(f'title = "Drill"\nscript = "script.jsonl"\n{where}{settings}\n')
    rows = [{"chapter": 1, "page": 1 + n // 4, "prompt": f"Drill picture number {n}"} for n in range(1, panels + 1)]
    (folder / "script.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    return folder


class Drill:
    """One run being watched. ``records``: everything that happened so far; ``state``: their fold."""

    def __init__(self, easel: EaselThread, run: LocalRun, folder: Path, state: RunState) -> None:
        self.easel, self.run, self.folder, self.state = easel, run, folder, state
        self.records: list[Record] = []
        self._news = anyio.Event()
        self._ended = False

    async def collect(self, batches: AsyncIterator[list[Record]]) -> None:
        async for batch in batches:
            for record in batch:
                apply(self.state, record)
                self.records.append(record)
            self._tell()
        self._ended = True
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = anyio.Event()

    def of(self, kind: type[E]) -> list[E]:
        """Every event of this kind so far."""
        return [record.event for record in self.records if isinstance(record.event, kind)]

    async def until(
        self,
        kind: type[E],
        fits: Callable[[E], bool] = lambda event: True,
        *,
        count: int = 1,
        patience: float = PATIENCE,
    ) -> E:
        """The ``count``-th such event, past or to come."""
        with anyio.fail_after(patience):
            while True:
                news = self._news
                found = [event for event in self.of(kind) if fits(event)]
                if len(found) >= count:
                    return found[count - 1]
                assert not self._ended, f"the run ended without {kind.__name__}"
                await news.wait()

    async def until_drawing(self, panel: str, times: int = 1) -> None:
        """Until a tab has taken up ``panel`` so often (new or harvested)."""
        with anyio.fail_after(PATIENCE):
            while True:
                news = self._news
                begun = [*self.of(ev.AttemptStarted), *self.of(ev.HarvestStarted)]
                if sum(event.panel == panel for event in begun) >= times:
                    return
                assert not self._ended, f"the run ended before {panel} was drawn {times} times"
                await news.wait()

    async def ends(self) -> None:
        """Until the run has let go of its project."""
        with anyio.fail_after(PATIENCE):
            while not self._ended:
                await self._news.wait()

    async def send(self, command: AnyCommand) -> Reply:
        return await self.run.send(command)

    async def pull(self, lever: str, **body: object) -> None:
        """One of the easel's levers: signout, dialog, hang, challenge, throttle, options."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.easel.url}/_easel/{lever}", json=body) as answer,
        ):
            answer.raise_for_status()

    # --- what is behind the tabs ---

    def processes(self, what: str) -> list[psutil.Process]:
        """Living processes we started, by a word of their command line."""
        found = []
        for process in psutil.Process().children(recursive=True):
            try:
                if process.status() != psutil.STATUS_ZOMBIE and what in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    async def renderer(self) -> int:
        """The process of a tab that is drawing, as the app itself found it out by measuring."""
        windows = self.run._engine._processor._windows
        with anyio.fail_after(PATIENCE):
            while True:
                known = [pid for window in windows for pid in list(window.census._renderers.values())]
                alive = [pid for pid in known if psutil.pid_exists(pid)]
                if alive:
                    return alive[0]
                assert not self._ended, "the run ended before its tabs were measured"
                await self._news.wait()

    async def inside(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something to the app's own pages, on the event loop they live on."""
        await asyncio.wrap_future(self.run._portal.start_task_soon(act))

    async def kill_whatever_draws(self, panel: str) -> None:
        """The renderer of the tab that draws ``panel`` dies, as from a picture that is too much for it.

        A crash that comes while the page goes elsewhere hits only the one it leaves, and is dealt again.
        """
        dead = len(self.faults()) + 1
        with anyio.fail_after(PATIENCE):
            while len(self.faults()) < dead:
                news = self._news
                tab = next((tab.id for tab in self.state.tabs.values() if tab.panel == panel), None)
                if tab is None:
                    await news.wait()
                    continue
                await self._crash(tab)
                with anyio.move_on_after(NOTICED):
                    await self.until(ev.TabFaulted, count=dead)

    async def _crash(self, tab: str) -> None:
        async def crash() -> None:
            worker = self.run._engine._commander._pool.tabs[tab].worker
            if worker is None:  # it is being opened
                return
            with anyio.move_on_after(NOTICED), contextlib.suppress(PlaywrightError):  # it answers no more
                session = await worker.page.context.new_cdp_session(worker.page)
                await session.send("Page.crash")

        await self.inside(crash)

    # --- the verdict ---

    def check_whole(self, asked_again: int = 0) -> None:
        """Every panel finished with a picture on disk, no ghost tab, and at most so many prompts sent twice.

        A tab that dies between a click and the site's word leaves nothing to fetch the picture by: that panel is
        asked for again and counted as a possible duplicate. One that is not counted fails the drill.
        """
        counts = self.state.counts()
        assert counts[PanelStatus.FINISHED] == len(self.state.panels) > 0, counts
        assert not self.state.tabs, f"ghost tabs: {list(self.state.tabs)}"
        assert self.state.phase == "ended"
        for panel in self.state.panels.values():
            assert panel.take is not None
            assert (self.folder / panel.take.file).stat().st_size == panel.take.bytes
        assert all(attempt.ended is not None for attempt in self.state.attempts.values())
        accepted = len(self.easel.ledger.accepted)
        allowed = len(self.state.panels) + asked_again + self.state.metrics.possible_duplicates
        assert accepted <= allowed, f"{accepted} accepted for {len(self.state.panels)}, {allowed} accounted for"

    def faults(self) -> list[Fault]:
        return [event.fault for event in self.of(ev.TabFaulted)]

    def report(self, what: str, struck: float) -> None:
        """Print how long it took from the blow (wall clock) to its detection, and from there to the repair."""
        detected = [r.at - struck for r in self.records if isinstance(r.event, ev.TabFaulted) and r.at >= struck]
        repaired = [event.seconds for event in self.of(ev.TabRepaired)]
        words = ", ".join(f"{seconds:.2f} s" for seconds in repaired) or "none"
        first = f"{min(detected):.2f} s" if detected else "never"
        print(f"\n{what}: detected after {first} ({len(detected)} tabs), repaired in {words}")


@asynccontextmanager
async def drill(
    folder: Path,
    *,
    panels: int = 8,
    tabs: int | None = 3,
    latency: float = 1.0,
    faults: str = "",
    size: int = 128,
    settings: str = "",
    easel: EaselThread | None = None,
) -> AsyncIterator[Drill]:
    """Draw a new project (or go on with the one in ``folder``) on an easel, until it ends or the context is left."""
    options = EaselOptions(latency=latency, sigma=0, size=size, faults=faults, state=folder / "easel")
    with easel or EaselThread(options) as site:
        project = folder / "novel"
        if not (project / "novel.toml").exists():
            make_project(project, panels, site.url + "/", settings)
        with open_run(project, RunOptions(tabs=tabs)) as run:
            async with run.watch() as watch, anyio.create_task_group() as group:
                running = Drill(site, run, project, watch.state)
                group.start_soon(running.collect, watch.batches)
                yield running
                group.cancel_scope.cancel()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
