"""The processor that draws with browser tabs, in one browser or in many."""

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import anyio
import anyio.abc
from playwright.async_api import Page

from core.offload import in_thread
from core.outcomes import Cause, NoRoom, RunBlocked
from core.processes import Scale, families
from core.processors.base import Usage, Worker
from core.processors.browser.driver import Driver
from core.processors.browser.endpoint import BrowserOptions
from core.processors.browser.inspection import Inspection
from core.processors.browser.tab import BrowserTab
from core.processors.browser.window import EndpointLost, Window
from core.sites import SiteProfile

LOOK_AGAIN = 15.0
"""Seconds after which a browser that could not be reached is tried again."""


class BrowserProcessor:
    """Opens tabs of one site, spread over its browsers (``processors.base.Processor``); asyncio only, as Playwright is.

    A new tab goes to the emptiest browser that has room. A browser that is lost is left alone for a while; its
    tabs find room in the others or wait until it is back.
    """

    def __init__(self, site: SiteProfile, options: BrowserOptions) -> None:
        self._site = site
        self._driver = Driver()
        mark = "novelgen-" + hashlib.sha256(str(options.profile).encode()).hexdigest()[:16]
        self._windows = [Window(endpoint, options, self._driver, mark) for endpoint in options.endpoints]
        self._scale = Scale()
        self._lost: dict[Window, tuple[float, str]] = {}  # when to try again, and what was wrong
        self._opening = 0  # workers that are being opened
        self._group: anyio.abc.TaskGroup  # of what nobody waits for

    async def __aenter__(self) -> "BrowserProcessor":
        self._group = await anyio.create_task_group().__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._group.cancel_scope.cancel()
        try:
            await self._group.__aexit__(None, None, None)  # what befell whoever used us is raised as it is
        finally:
            with anyio.CancelScope(shield=True):
                for window in self._windows:
                    await window.close()
                await self._driver.close()

    async def open_worker(self) -> Worker:
        self._opening += 1
        try:
            return await self._opened()
        finally:
            self._opening -= 1

    async def _opened(self) -> BrowserTab:
        page, window = await self._page()
        tab = BrowserTab(page, window, self._site)
        try:
            await tab.open()
        except BaseException:
            await tab.close()
            raise
        return tab

    async def open_inspection(self, screenshots: Path) -> Inspection:
        """A page to be looked over step by step; what is not found there is pictured in ``screenshots``."""
        page, window = await self._page()
        return Inspection(page, window, self._site, screenshots)

    async def _page(self) -> tuple[Page, Window]:
        while True:
            window = self._emptiest()
            try:
                page = await window.page()
            except EndpointLost as error:
                self._lost[window] = (anyio.current_time() + LOOK_AGAIN, str(error))
                continue
            self._lost.pop(window, None)
            return page, window

    def _emptiest(self) -> Window:
        """Where the next tab goes. Raises NoRoom, or RunBlocked where no browser at all can be reached."""
        now = anyio.current_time()
        reachable = [window for window in self._windows if self._lost.get(window, (0.0, ""))[0] <= now]
        if not reachable:
            soonest, sentence = min(self._lost.values())
            raise RunBlocked(Cause.BROWSER, sentence, retry_after=max(1.0, soonest - now))
        roomy = [window for window in reachable if window.has_room]
        if not roomy:
            waits = [moment - now for moment, _ in self._lost.values()]
            sentences = [sentence for _, sentence in self._lost.values()]
            raise NoRoom(
                sentences[0] if sentences else "every browser has all its tabs", min(waits, default=LOOK_AGAIN)
            )
        return min(roomy, key=lambda window: window.load / (window.endpoint.tabs or 1))

    async def usage(self, workers: Sequence[Worker]) -> Usage:
        roots = {window: window.census.root for window in self._windows}
        here = os.getpid()

        def weigh() -> tuple[dict[int, list[int]], dict[int, int]]:
            found = families([here, *filter(None, roots.values())])
            return found, self._scale.weigh(set().union(*found.values()) - {here})

        kin, sizes = await in_thread(weigh)
        renderers: dict[Worker, int] = {}
        for window, root in roots.items():
            tabs = [worker for worker in workers if isinstance(worker, BrowserTab) and worker.window is window]
            pages = [tab.page for tab in tabs]
            renderers.update(zip(tabs, window.census.renderers(pages), strict=True))
            if not self._opening:  # a tab that opens is waited for, a figure is not
                self._group.start_soon(window.census.look_up, pages, set(kin.get(root, ())))
        sharing = Counter(renderers.values())  # pages of one site may share a process: each counts for its part

        def part(worker: Worker) -> int:
            pid = renderers.get(worker, 0)
            return sizes[pid] // sharing[pid] if pid in sizes else 0

        return Usage(sum(sizes.values()), tuple(part(worker) for worker in workers))
