"""The terminal made ready for full screens, and one app after the other shown on it."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from core.collecting import take_up
from tui.terminal import front as words
from tui.terminal.discreet import DiscreetApp
from tui.terminal.driver import TerminalDriver
from tui.terminal.front import Front
from tui.terminal.tty import Tty, taken

Result = TypeVar("Result")

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stage:
    """Where apps are shown. ``front`` and ``tty`` are None where somebody else shows the screen (in a web page)."""

    def __init__(self, front: Front | None, tty: Tty | None) -> None:
        self._front, self._tty = front, tty
        self._calls: dict[int, Callable[[], None]] = {}
        self.asked: list[int] = []  #: signals that came while nothing was shown

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Inside, signals are ours; outside they are what they were."""
        before = {number: signal.signal(number, self._signalled) for number in SIGNALS}
        try:
            yield
        finally:
            for number, call in before.items():
                signal.signal(number, call)

    def _signalled(self, number: int, frame: object) -> None:
        """Between two screens, and between the last one and whoever goes on without, no signal is lost or kills."""
        call = self._calls.get(number)
        if call is None:
            self.asked.append(number)
        else:
            call()

    @property
    def detachable(self) -> bool:
        """Whether somebody waits in a shell, who could have the prompt back."""
        return self._front is not None

    def show(self, app: DiscreetApp[Result], on_signal: Callable[[], None]) -> Result | None:
        """Run ``app``; SIGINT and SIGTERM call ``on_signal``. Returns what the app returned, None where one of them
        came before there was anything to show.

        Raises what ended the app out of order, once the terminal is given back.
        """
        try:
            result = asyncio.run(self._show(app, on_signal))
        finally:
            take_up()  # where there was no first frame
        if app.crash is not None:
            raise app.crash
        return result

    def leave(self, sentence: str = "") -> None:
        """Let go of the terminal and go on without; ``sentence`` is told to whoever waits for the prompt."""
        if self._front is not None:
            if sentence:
                self._front.detached(sentence)
            self._front.close()
        if self._tty is not None:
            self._tty.let_go()

    async def _show(self, app: DiscreetApp[Result], on_signal: Callable[[], None]) -> Result | None:
        loop = asyncio.get_running_loop()
        calls = {signal.SIGTERM: on_signal, signal.SIGINT: on_signal, signal.SIGHUP: app.terminal_lost}
        self._calls = {number: partial(loop.call_soon_threadsafe, call) for number, call in calls.items()}
        if {signal.SIGTERM, signal.SIGINT} & set(self.asked):  # while all of this was being loaded
            self._calls = {}
            return None
        if self._front is not None and self._tty is not None:
            app.driver_class = partial(  # type: ignore[assignment]
                TerminalDriver, tty=self._tty, lost=app.terminal_lost, found=app.graphics_found
            )
            app.aside = partial(self._put_aside, app)
            loop.add_signal_handler(signal.SIGTSTP, app.aside)
            loop.add_reader(self._front.fileno(), self._heard, app)
        elif os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver"):
            from tui.web.driver import PageDriver

            app.driver_class = partial(PageDriver, lost=app.terminal_lost)  # type: ignore[assignment]
        try:
            return await app.run_async()
        finally:
            self._calls = {}
            loop.remove_signal_handler(signal.SIGTSTP)
            self._stop_listening()

    def _stop_listening(self) -> None:
        if self._front is not None and self._front.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._front.fileno())

    def _hang_up_on_front(self) -> None:
        self._stop_listening()
        assert self._front is not None
        self._front.close()

    # --- what the shell does ---

    def _heard(self, app: DiscreetApp[Result]) -> None:
        assert self._front is not None
        for word in self._front.heard():
            if word == words.SUSPEND:
                self._put_aside(app)
            elif word == words.RESUME:
                self._bring_back(app)
            elif word == words.HUNG_UP:
                self._hang_up_on_front()  # its end comes next, and means nothing more
                app.terminal_lost()
            elif word == words.KILLED:  # kill -9 means the run, not the process that waits for it
                if app._driver is not None:
                    app._driver.stop_application_mode()
                os._exit(128 + signal.SIGKILL)

    def _put_aside(self, app: DiscreetApp[Result]) -> None:
        """The screen goes, the run goes on, the shell has its prompt."""
        if app._driver is not None and self._front is not None:
            app._driver.suspend_application_mode()
            self._front.suspended()

    def _bring_back(self, app: DiscreetApp[Result]) -> None:
        if app._driver is not None:
            app._driver.resume_application_mode()
            app.refresh(layout=True)


@contextmanager
def stage() -> Iterator[Stage]:
    """Make the terminal ready; inside we are the process that stays when the shell has its prompt back."""
    if os.environ.get("TEXTUAL_DRIVER"):
        here = Stage(None, None)
        with here.listening():
            yield here
        return
    front = words.enter()
    with taken() as tty:
        here = Stage(front, tty)
        with here.listening():
            yield here
