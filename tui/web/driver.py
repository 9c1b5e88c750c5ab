"""Textual's driver for a screen in a web page, which ends with the page's server."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.drivers.web_driver import WebDriver


class PageDriver(WebDriver):
    """Its server may be gone at any moment: then ``lost`` is called once, on the app's loop, and nothing is raised.

    A page that takes nothing holds up this process, and nobody else.
    """

    def __init__(self, app: App[Any], *, lost: Callable[[], None], **options: Any) -> None:
        super().__init__(app, **options)
        self._on_lost, self._is_lost = lost, False
        self._write = self._out  # type: ignore[assignment]

    def _out(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest and not self._is_lost:
            try:
                rest = rest[os.write(self.fileno, rest) :]
            except OSError:
                self._lost()
        return len(data)

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():  # the input came to its end by itself
            self._lost()

    def _lost(self) -> None:
        if not self._is_lost:
            self._is_lost = True
            with suppress(RuntimeError):  # the loop is at its end, and the app with it
                self._loop.call_soon_threadsafe(self._on_lost)
