"""Which processes a browser has, and which of them shows which page.

The browser names its own process; its family is read from the system, and trusted only where every renderer it
names is found in it (a browser behind a forwarded port has process ids of another machine). Which renderer
shows a page is told by a trace that is started and ended at once: about 50 ms (a second where the machine is
busy), asked once in a page's life, and from the first one on the browser keeps a tracing process of some 40 MB.
Nobody waits for it: what is used in all is known without it.
"""

import asyncio
import contextlib
from typing import Any

import anyio
from playwright.async_api import Browser, CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from core.processes import family
from core.processors.browser.endpoint import Endpoint

ANSWERING = 2.0
"""Seconds a browser is given to answer one question."""

_TRACE = {
    "traceConfig": {"includedCategories": ["disabled-by-default-devtools.timeline"], "excludedCategories": ["*"]},
    "transferMode": "ReportEvents",
}


class Census:
    """Of one browser."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.root = 0  #: the browser's own process, 0 where unknown
        self._renderers: dict[Page, int] = {}
        self._looking = False

    async def begin(self, browser: Browser | None) -> None:
        """A browser was reached: find its process."""
        self.root, self._renderers = 0, {}
        if browser is None or not self._endpoint.here:
            return
        with anyio.move_on_after(ANSWERING), contextlib.suppress(PlaywrightError):
            session = await browser.new_browser_cdp_session()
            answer = await session.send("SystemInfo.getProcessInfo")
            told = {int(process["id"]): str(process["type"]) for process in answer["processInfo"]}
            root = next((pid for pid, kind in told.items() if kind == "browser"), 0)
            renderers = {pid for pid, kind in told.items() if kind == "renderer"}
            if renderers <= set(family(root)):
                self.root = root
            await session.detach()

    def forget(self, page: Page) -> int:
        """The process that showed ``page``, 0 where unknown."""
        return self._renderers.pop(page, 0)

    def renderers(self, pages: list[Page]) -> list[int]:
        """The process of each page, 0 where unknown (yet)."""
        return [self._renderers.get(page, 0) for page in pages]

    async def look_up(self, pages: list[Page], running: set[int]) -> None:
        """Find out the process of every page that is in none of the ``running`` ones; never twice at a time."""
        if not self.root or self._looking:
            return
        self._looking = True
        try:
            for page in pages:
                if self._renderers.get(page) not in running and not page.is_closed():
                    with anyio.move_on_after(ANSWERING), contextlib.suppress(PlaywrightError):
                        self._renderers[page] = await _renderer_of(page)
        finally:
            self._looking = False


async def _renderer_of(page: Page) -> int:
    session = await page.context.new_cdp_session(page)
    try:
        return await _traced(session)
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(ANSWERING), contextlib.suppress(PlaywrightError):
            await session.detach()


async def _traced(session: CDPSession) -> int:
    """The process id that a trace's first event tells of the main frame."""
    found: list[int] = []
    complete = asyncio.Event()

    def collect(data: dict[str, Any]) -> None:
        for event in data.get("value", []):
            if event.get("name") == "TracingStartedInBrowser":
                frames = event["args"]["data"]["frames"]
                found.extend(int(frame["processId"]) for frame in frames[:1] if "processId" in frame)

    session.on("Tracing.dataCollected", collect)
    session.on("Tracing.tracingComplete", lambda _data: complete.set())
    await session.send("Tracing.start", _TRACE)
    await session.send("Tracing.end")
    await complete.wait()
    return found[0] if found else 0
