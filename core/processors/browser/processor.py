"""The processor that draws with browser tabs."""

from collections.abc import Sequence
from types import TracebackType

from core.processors.base import Usage, Worker
from core.processors.browser.tab import BrowserTab
from core.processors.browser.window import BrowserOptions, Window
from core.sites import SiteProfile


class BrowserProcessor:
    """Opens tabs of one site in one browser (``processors.base.Processor``); asyncio only, as Playwright is."""

    def __init__(self, site: SiteProfile, options: BrowserOptions) -> None:
        self._site = site
        self._window = Window(options)

    async def __aenter__(self) -> "BrowserProcessor":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._window.close()

    async def open_worker(self) -> Worker:
        tab = BrowserTab(await self._window.page(), self._window, self._site)
        try:
            await tab.open()
        except BaseException:
            await tab.close()
            raise
        return tab

    async def usage(self, workers: Sequence[Worker]) -> Usage:
        return Usage(0)
