"""The program between us and the browsers (Playwright's driver): started, found dead, started again, ended."""

import asyncio
import contextlib
from typing import Any

import anyio
import psutil
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright, async_playwright

CLOSING = 5.0
"""Seconds a driver is given to stop before it is killed."""


class Driver:
    """One driver for all browsers. ``get`` gives a living one; whoever held the dead one has to begin anew."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._process: psutil.Process | None = None
        self._lock = anyio.Lock()

    async def get(self) -> Playwright:
        """The driver, started (again) where it does not run."""
        async with self._lock:
            if self._playwright is None or not self.alive:
                await self._stop()
                await self._start()
            assert self._playwright is not None
            return self._playwright

    @property
    def alive(self) -> bool:
        """False once its process is gone. Playwright itself tells that only to calls under way."""
        if self._playwright is None:
            return False
        try:
            return self._process is None or self._process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    async def close(self) -> None:
        """Stop it, and whatever it started."""
        async with self._lock:
            await self._stop()

    async def _start(self) -> None:
        _hush(asyncio.get_running_loop())
        before = set(psutil.Process().children())
        self._playwright = await async_playwright().start()
        new = [child for child in psutil.Process().children() if child not in before and "node" in child.name()]
        self._process = new[0] if len(new) == 1 else None

    async def _stop(self) -> None:
        playwright, process = self._playwright, self._process
        self._playwright = self._process = None
        left = _descendants(process)
        if playwright is not None:
            with anyio.CancelScope(shield=True), anyio.move_on_after(CLOSING), contextlib.suppress(PlaywrightError):
                await playwright.stop()
        for orphan in left:
            with contextlib.suppress(psutil.Error):
                orphan.kill()


def _descendants(process: psutil.Process | None) -> list[psutil.Process]:
    if process is None:
        return []
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _hush(loop: asyncio.AbstractEventLoop) -> None:
    """Keep asyncio from printing across the screen that a driver died: every call under way was told already."""
    before = loop.get_exception_handler()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if "reading from the driver" in str(context.get("exception")):
            return
        if before is not None:
            before(loop, context)
        else:
            loop.default_exception_handler(context)

    if getattr(before, "__name__", "") != handle.__name__:
        loop.set_exception_handler(handle)
