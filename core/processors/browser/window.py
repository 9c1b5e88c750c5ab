"""The browser behind the tabs: found, launched, relaunched when it died, measured, and gone at the end."""

import contextlib
import os
from pathlib import Path

import anyio
import msgspec
from playwright.async_api import BrowserContext, Page, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from core.outcomes import Cause, Fault, RunBlocked, TabLost

ARGUMENTS = (
    "--disable-background-timer-throttling",  # a tab in the background works as hard as the one in front
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)

CLOSING = 5.0
"""Seconds a browser is given to close before we stop waiting for it."""


class BrowserOptions(msgspec.Struct, frozen=True):
    """``profile``: the folder that keeps the sign-in, shared by all tabs."""

    executable: Path
    profile: Path
    headless: bool = True


class Window:
    """One browser with one profile. ``page()`` gives a new tab and relaunches whatever died since the last."""

    def __init__(self, options: BrowserOptions) -> None:
        self._options = options
        self._driver: Playwright | None = None
        self._context: BrowserContext | None = None
        self._alive = False
        self._lock = anyio.Lock()

    async def page(self) -> Page:
        """A new tab. Raises RunBlocked where no browser starts, TabLost where it died meanwhile."""
        async with self._lock:
            if not self._alive:
                await self._relaunch()
            assert self._context is not None
            try:
                return await self._context.new_page()
            except PlaywrightError as error:
                self._alive = False
                raise TabLost(Fault.BROWSER, f"the browser died: {_first_line(error)}") from error

    @property
    def alive(self) -> bool:
        return self._alive

    async def _relaunch(self) -> None:
        await self._close_quietly()
        options = self._options
        options.profile.mkdir(mode=0o700, parents=True, exist_ok=True)
        arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        try:
            self._driver = await async_playwright().start()
            self._context = await self._driver.chromium.launch_persistent_context(
                options.profile,
                executable_path=options.executable,
                headless=options.headless,
                args=arguments,
                viewport={"width": 1024, "height": 900},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except PlaywrightError as error:
            raise RunBlocked(
                Cause.BROWSER,
                f"{options.executable} does not start: {_first_line(error)}; check it with: novelgen-tui check",
                retry_after=60.0,
            ) from error
        self._alive = True
        self._context.on("close", lambda _context: self._died())

    def _died(self) -> None:
        self._alive = False

    async def close(self) -> None:
        await self._close_quietly()

    async def _close_quietly(self) -> None:
        """Close what is left; whatever is dead already needs no closing."""
        context, driver = self._context, self._driver
        self._context = self._driver = None
        self._alive = False
        with anyio.CancelScope(shield=True), anyio.move_on_after(CLOSING):
            if context is not None:
                with contextlib.suppress(PlaywrightError):
                    await context.close()
            if driver is not None:
                with contextlib.suppress(PlaywrightError):
                    await driver.stop()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
