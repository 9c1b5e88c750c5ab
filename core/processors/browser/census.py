"""Which processes a browser has, and which of them shows which page.

The browser names its own process; its family is read from the system, and trusted only where every renderer it
names is found in it (a browser behind a forwarded port has process ids of another machine). Which renderer
shows a page is told by a trace that is started and ended at once: about 40 ms of CPU (a second where the machine
is busy), asked once in a page's life, and from the first one on the browser keeps a tracing process of some 40 MB.
Nobody waits for it: what is used in all is known without it.
"""

import asyncio
import contextlib

import anyio
import msgspec
from playwright.async_api import Browser, CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from core.processes import family
from core.processors.browser.endpoint import Endpoint

ANSWERING = 2.0
"""Seconds a browser is given to answer one question."""

_TRACE = {
    "traceConfig": {"includedCategories": ["disabled-by-default-devtools.timeline"], "excludedCategories": ["*"]},
    "transferMode": "ReturnAsStream",  # events would be taken apart value by value on their way
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

    def has(self, process: int) -> bool:
        """Whether it is one of the browser's at this moment: the number of one that is gone may be anybody's."""
        return bool(self.root and process) and process in family(self.root)

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
    """The process of the page's main frame, 0 where the trace does not tell it."""
    complete: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def ended(data: dict[str, str]) -> None:
        if not complete.done():
            complete.set_result(data.get("stream", ""))

    session.on("Tracing.tracingComplete", ended)
    await session.send("Tracing.start", _TRACE)
    await session.send("Tracing.end")
    handle = {"handle": await complete}
    parts = [await session.send("IO.read", handle)]
    while not parts[-1]["eof"]:
        parts.append(await session.send("IO.read", handle))
    await session.send("IO.close", handle)
    return _told_by("".join(part["data"] for part in parts))


def _told_by(trace: str) -> int:
    """The process id that a trace's first event tells of the first frame."""
    try:
        for event in msgspec.json.decode(trace)["traceEvents"]:
            if event["name"] == "TracingStartedInBrowser":
                return int(event["args"]["data"]["frames"][0]["processId"])
    except (msgspec.DecodeError, LookupError, TypeError):
        pass  # another browser tells it in another way, or not at all
    return 0
