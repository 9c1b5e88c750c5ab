"""Signing in by hand, once: a visible browser with the project's profile, and the session as a file one can carry.

The profile keeps what the browser keeps. Cookies that end with the browser it does not keep, so the session is
also written down (0600) beside it and given to every browser that is opened later.
"""

import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import msgspec
from playwright.async_api import BrowserContext, Route, async_playwright
from playwright.async_api import Error as PlaywrightError

from core.complaint import Complaint
from core.processors.browser.endpoint import BrowserOptions, Endpoint, reach
from core.processors.browser.profile import STATE, held, write_private

Enough = Callable[[], Awaitable[None]]
"""Waits until the person says that they are signed in."""


def has_display() -> bool:
    """Whether a visible browser can be shown from here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


async def sign_in(url: str, options: BrowserOptions, enough: Enough) -> Path:
    """Show ``url`` until the person is done (``enough``, or the browser is closed); returns the session's file.

    Raises Complaint: the profile is in use, or the browser does not start.
    """
    visible = msgspec.structs.replace(options, headless=False)
    async with _context(visible) as context:
        state = await context.storage_state()
        page = context.pages[0] if context.pages else await context.new_page()
        closed = anyio.Event()
        context.on("close", lambda _context: closed.set())
        with contextlib.suppress(PlaywrightError):
            await page.goto(url)
        async with anyio.create_task_group() as group:

            async def asked() -> None:
                await enough()
                group.cancel_scope.cancel()

            group.start_soon(asked)
            while not closed.is_set():
                with contextlib.suppress(PlaywrightError):
                    state = await context.storage_state()
                with anyio.move_on_after(1.0):
                    await closed.wait()
            group.cancel_scope.cancel()
        with contextlib.suppress(PlaywrightError):
            state = await context.storage_state()
    return _keep(state, options)


async def bring_in(file: Path, options: BrowserOptions) -> Path:
    """Take the session in ``file`` (a Playwright ``storage_state``) into the profile. Raises Complaint."""
    state = read_state(file)
    hidden = msgspec.structs.replace(options, headless=True)
    async with _context(hidden) as context:
        await context.add_cookies(state.get("cookies", []))
        page = await context.new_page()

        async def blank(route: Route) -> None:
            await route.fulfill(body="<!doctype html>", content_type="text/html")

        await page.route("**/*", blank)
        for origin in state.get("origins", []):
            with contextlib.suppress(PlaywrightError):  # an origin that cannot be shown keeps nothing we need
                await page.goto(origin["origin"])
                await page.evaluate(
                    "items => items.forEach(({name, value}) => localStorage.setItem(name, value))",
                    origin.get("localStorage", []),
                )
    return _keep(state, options)


def read_state(file: Path) -> dict[str, Any]:
    """A ``storage_state`` from disk. Raises Complaint."""
    try:
        state = msgspec.json.decode(file.read_bytes())
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise Complaint(f"{file} is no session: {error}; it is what login --state writes") from error
    if not isinstance(state, dict) or not isinstance(state.get("cookies"), list):
        raise Complaint(f'{file} is no session: it has no list of "cookies"; it is what login --state writes')
    return state


def _keep(state: Any, options: BrowserOptions) -> Path:
    file = options.profile / STATE
    write_private(file, msgspec.json.encode(state))
    return file


@contextlib.asynccontextmanager
async def _context(options: BrowserOptions) -> AsyncIterator[BrowserContext]:
    """The browser with the profile, which is ours alone meanwhile."""
    lock = held(options.profile)
    try:
        async with async_playwright() as playwright:
            try:
                opened = await reach(Endpoint(), options, playwright)
            except PlaywrightError as error:
                said = str(error).strip().splitlines()[0]
                raise Complaint(f"{options.executable} does not start: {said}") from error
            context = opened.context
            try:
                yield context
            finally:
                with contextlib.suppress(PlaywrightError):
                    await context.close()
    finally:
        lock.release()
