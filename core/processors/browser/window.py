"""One browser with tabs of ours: reached, reached again when it was lost, measured, and let go at the end."""

import contextlib
import os
import signal

import anyio
from filelock import FileLock
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from core.complaint import Complaint
from core.outcomes import Cause, Fault, RunBlocked, TabLost
from core.processors.browser.census import Census
from core.processors.browser.driver import Driver
from core.processors.browser.endpoint import BrowserOptions, Endpoint, Opened, let_go, reach
from core.processors.browser.profile import held

CLOSING = 5.0
"""Seconds a browser is given to close before we stop waiting for it."""

PAGE_CLOSING = 3.0
"""Seconds a page is given to close before its process is killed."""

LOOKING = 2.0
"""Seconds a page in a browser of somebody's own is given to say whether it is ours."""

AT_ONCE = max(4, 2 * (os.cpu_count() or 1))
"""So many pages of one browser are opened side by side; more would only slow each other down."""

SETTLING = 0.25
"""Seconds in which the news that the whole browser is gone follows the news that a page is."""


class EndpointLost(Exception):
    """It cannot be reached now. ``str()`` is a sentence."""


class Window:
    """``page()`` gives a new tab and brings back whatever died since the last.

    A browser launched here is closed with its last tab: its profile is then free for a person to sign in.
    """

    def __init__(self, endpoint: Endpoint, options: BrowserOptions, driver: Driver, mark: str = "") -> None:
        self.endpoint = endpoint
        self.name = endpoint.name
        self.pages: set[Page] = set()  #: ours, open
        self.asked = 0  #: pages that are being opened
        self.census = Census(endpoint)
        self._options, self._driver, self._mark = options, driver, mark
        self._opened: Opened | None = None
        self._orphans: list[Page] = []  # open there, and nobody's yet
        self._profile: FileLock | None = None  # held while a browser of ours uses it
        self._dead = anyio.Event()
        self._lock = anyio.Lock()
        self._openings = anyio.CapacityLimiter(AT_ONCE)

    @property
    def alive(self) -> bool:
        return self._opened is not None and not self._dead.is_set() and self._driver.alive

    @property
    def has_room(self) -> bool:
        return self.endpoint.tabs is None or self.load < self.endpoint.tabs

    @property
    def load(self) -> int:
        """Tabs of ours there, those on their way included."""
        return len(self.pages) + self.asked

    async def page(self) -> Page:
        """A new tab (or one of ours that outlived us there).

        Raises:
            RunBlocked: no browser starts here.
            EndpointLost: a browser elsewhere cannot be reached.
            TabLost: it died meanwhile.
        """
        self.asked += 1
        try:
            async with self._lock:
                if not self.alive:
                    await self._reach()
                assert self._opened is not None
                opened, dead = self._opened, self._dead
                page = self._orphans.pop() if self._orphans else None
            if page is None:
                async with self._openings:
                    page = await self._new_page(opened, dead)
            page.on("close", lambda page: self.pages.discard(page))
            page.on("popup", _shut)
            self.pages.add(page)
            if page.is_closed() or dead.is_set():
                self.pages.discard(page)
                raise await self.befell(Fault.CLOSED)
        finally:
            self.asked -= 1
        return page

    async def _new_page(self, opened: Opened, dead: anyio.Event) -> Page:
        """``dead`` is the end of ``opened``."""
        try:
            page = await opened.context.new_page()
            if self.endpoint.kind == "cdp":
                await page.add_init_script(f"if (window === top) window.name = {self._mark!r}")
        except PlaywrightError as error:
            dead.set()
            raise await self.befell(Fault.CLOSED) from error
        return page

    async def _reach(self) -> None:
        await self._let_go()
        if self.endpoint.kind == "launch":
            try:
                self._profile = held(self._options.profile)
            except Complaint as error:
                raise RunBlocked(Cause.BROWSER, str(error), retry_after=15.0) from error
        try:
            playwright = await self._driver.get()
            opened = await reach(self.endpoint, self._options, playwright)
        except (PlaywrightError, OSError) as error:
            raise self._unreachable(error) from error
        self._opened, self._dead = opened, anyio.Event()
        dead = self._dead
        opened.context.on("close", lambda _context: dead.set())
        if opened.browser is not None:
            opened.browser.on("disconnected", lambda _browser: dead.set())
        await self.census.begin(opened.browser)
        if self.endpoint.kind == "cdp":
            self._orphans = [page for page in opened.context.pages if await self._is_ours(page)]
        elif self.endpoint.kind == "launch" and self._options.headless:  # a visible one ends with its last page
            self._orphans = list(opened.context.pages)

    def _unreachable(self, error: Exception) -> Exception:
        if self.endpoint.kind == "launch":
            return RunBlocked(
                Cause.BROWSER,
                f"{self._options.executable} does not start: {_first_line(error)}; check it with: novelgen-tui check",
                retry_after=60.0,
            )
        what = "start that Chrome with --remote-debugging-port" if self.endpoint.kind == "cdp" else "is it running?"
        return EndpointLost(f"the browser at {self.name} cannot be reached; {what}")

    async def _is_ours(self, page: Page) -> bool:
        """Whether a tab found there was opened by an earlier life of this project's run."""
        with anyio.move_on_after(LOOKING), contextlib.suppress(PlaywrightError):
            return bool(await page.evaluate("() => window.name") == self._mark)
        return False

    async def befell(self, fault: Fault) -> TabLost:
        """What happened to a page that reports ``fault``: its own end, or that of all around it."""
        if fault is Fault.CLOSED:
            with anyio.move_on_after(SETTLING):
                await self._dead.wait()
            if not self._driver.alive:
                return TabLost(Fault.DRIVER, "the program that drives the browser is gone")
            if not self.alive and self.endpoint.kind == "launch":
                return TabLost(Fault.BROWSER, "the whole browser is gone")
            if not self.alive:
                return TabLost(Fault.ENDPOINT, f"the browser at {self.name} can no longer be reached")
        words = {Fault.CRASHED: "its page crashed", Fault.CLOSED: "somebody closed the tab"}
        return TabLost(fault, words.get(fault, fault))

    async def close_page(self, page: Page) -> None:
        """Close one of our tabs; a page too hung to close is ended by its process, where that is here."""
        self.pages.discard(page)
        with anyio.CancelScope(shield=True):
            with anyio.move_on_after(PAGE_CLOSING) as patience, contextlib.suppress(PlaywrightError):
                await page.close()
            pid = self.census.forget(page)
            if patience.cancelled_caught and self.census.has(pid):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            async with self._lock:
                if self.endpoint.kind == "launch" and not self.load:
                    await self._let_go()

    async def close(self) -> None:
        """Let go of it: never raises, never hangs."""
        await self._let_go()

    async def _let_go(self) -> None:
        """Close what is left of ours; whatever is dead already needs no closing."""
        opened, self._opened = self._opened, None
        self.pages.clear()
        self._orphans.clear()
        if opened is not None and self._driver.alive and not self._dead.is_set():
            with anyio.CancelScope(shield=True), anyio.move_on_after(CLOSING), contextlib.suppress(PlaywrightError):
                await let_go(self.endpoint, opened)
        if self._profile is not None:
            self._profile.release()
            self._profile = None


async def _shut(popup: Page) -> None:
    """What a page opens beside itself nobody looks at, and nobody else would ever close."""
    with contextlib.suppress(PlaywrightError):
        await popup.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
