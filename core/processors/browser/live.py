"""The border to Playwright: every call is awaited no longer than the page lives, every error becomes one of ours."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import anyio
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from core.outcomes import AttemptError, Fault, Outcome, TabLost
from core.processors.browser.window import Window

T = TypeVar("T")

ANSWERING = 1.0
"""Seconds a page whose loading was cut off is given to show that it lives."""


class Unreachable(AttemptError):
    """The page's address did not answer; ``str()`` is the browser's reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(Outcome.RETRYABLE, reason)


class Navigated(AttemptError):
    """The page went elsewhere under a call; whatever it waited for is unknown now.

    Where nobody knows better, the attempt has simply failed and is tried again.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(Outcome.RETRYABLE, f"the page went elsewhere under the attempt ({reason})")


class LivePage:
    """A Playwright page that may die at any moment."""

    def __init__(self, page: Page, window: Window) -> None:
        self.page, self._window = page, window
        self._gone: asyncio.Future[Fault] = asyncio.get_running_loop().create_future()
        page.on("crash", lambda _page: self._is_gone(Fault.CRASHED))
        page.on("close", lambda _page: self._is_gone(Fault.CLOSED))

    def _is_gone(self, fault: Fault) -> None:
        if not self._gone.done():
            self._gone.set_result(fault)

    async def run(self, call: Awaitable[T]) -> T:
        """Await a call of Playwright's. Raises TabLost, Unreachable, Navigated or AttemptError."""
        task = asyncio.ensure_future(call)
        waiting: list[asyncio.Future[Any]] = [task, self._gone]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not self._gone.done():
                return task.result()
        except PlaywrightError as error:
            raise await self._mapped(error) from error
        finally:
            if not task.done():
                task.cancel()
            elif not task.cancelled():
                task.exception()  # looked at, so that asyncio does not complain of it
        raise await self._window.befell(self._gone.result())

    async def _mapped(self, error: PlaywrightError) -> Exception:
        text = str(error).strip()
        line = text.splitlines()[0] if text else type(error).__name__
        if "Connection closed" in text or "Pipe closed" in text:
            return TabLost(Fault.DRIVER, "the program that drives the browser is gone")
        if "Target crashed" in text or "Page crashed" in text:
            return TabLost(Fault.CRASHED, "its page crashed")
        if "has been closed" in text or "Target closed" in text:
            return await self._window.befell(Fault.CLOSED)
        if "context was destroyed" in text or "because of a navigation" in text or "interrupted by another" in text:
            return Navigated(line)
        if "net::ERR_ABORTED" in text and await self._has_crashed():
            return TabLost(Fault.CRASHED, "its page crashed while it was loading")
        if "net::ERR" in text or "Timeout" in text:
            return Unreachable(line.removeprefix("Page.goto: "))
        return AttemptError(Outcome.RETRYABLE, f"the page failed: {line}")

    async def _has_crashed(self) -> bool:
        """A renderer that dies under a navigation shows only as an aborted one: ask the page itself."""
        try:
            with anyio.fail_after(ANSWERING):
                await self.page.evaluate("0")
        except TimeoutError:
            return False
        except PlaywrightError as error:
            return "crashed" in str(error)
        return False
