"""A run that is opened behind the first frame, and let go of when the screen is gone."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.link.local import LocalRun

Opener = Callable[[], "AbstractContextManager[LocalRun]"]


class Opening:
    """Owns the run from its opening to its end, whatever becomes of the screen.

    Args:
        opener: opens it, on a thread of its own; the engine and all it needs are imported there, too.
        prepare: done first, on the same thread (the demo writes its project there).
    """

    def __init__(self, opener: Opener, prepare: Callable[[], object] | None = None) -> None:
        self._opener, self._prepare = opener, prepare
        self._stack = ExitStack()
        self._opened: Future[LocalRun] = Future()
        self._thread = threading.Thread(target=self._open, name="opening", daemon=True)

    async def open(self) -> "LocalRun":
        """Open: loading a long script or looking for a browser holds no key up."""
        self._thread.start()
        return await asyncio.shield(asyncio.wrap_future(self._opened))

    def _open(self) -> None:
        try:
            if self._prepare is not None:
                self._prepare()
            run = self._stack.enter_context(self._opener())
        except BaseException as error:  # noqa: BLE001  # handed to whoever waits for the run
            self._opened.set_exception(error)
        else:
            self._opened.set_result(run)

    @property
    def run(self) -> "LocalRun | None":
        """The run, if it was opened; waits while it is being opened."""
        if self._thread.ident is None:
            return None
        self._thread.join()
        return None if self._opened.exception() else self._opened.result()

    def close(self) -> None:
        """End the run in order and wait for that. Raises what ended it out of order."""
        if self.run is not None:
            self._stack.close()
