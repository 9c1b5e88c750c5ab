"""The way of the screen into the past of its run, through it, and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from core.complaint import Complaint
from core.events import Record
from tui.screens.main import MainScreen
from tui.view import View

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.travel import Travel

PATIENCE = 0.02
"""Seconds of a long way through time before the keys get a turn."""

TURN = 0.004
"""Seconds of theirs, every time."""


class Past:
    """One an app. ``say`` tells the person, ``records`` reads what the journal has."""

    def __init__(
        self,
        view: View,
        main: MainScreen,
        say: Callable[[str, str], None],
        records: Callable[[], Awaitable[Sequence[Record]]],
    ) -> None:
        self._view, self._main, self._say, self._records = view, main, say, records
        self._play: Timer | None = None
        self._under_way = False  #: to a moment far away

    async def begin(self) -> None:
        """A recording is shown from the moment asked for."""
        await self.enter()
        from tui.travel import moment_of

        view = self._view
        if view.travel is not None and view.options.at and view.travel.history.moments:
            view.travel.to(moment_of(view.options.at, view.travel.history.moments[-1]))
            self.changed()

    async def enter(self) -> None:
        """Into the past, at its latest moment."""
        if self._view.stage == "opening":
            self._say("The run is still being opened.", "text")
            return
        from core.recording import History  # the past is seldom looked at, and the first frame does not wait for it
        from tui.travel import Travel

        self._say("Reading the journal …", "text")
        try:
            history = await anyio.to_thread.run_sync(History, await self._records())
        except (OSError, Complaint) as error:
            self._say(f"The journal cannot be read: {error}", "bad")
            return
        self._say("", "text")
        self._view.show(Travel(history, PATIENCE))
        self._main.time_changed(begins=True)

    def changed(self) -> None:
        """Another moment is to be shown; at once, or when it has been reached."""
        travel = self._view.travel
        self._stop()
        if travel is not None and not travel.arrived:
            if not self._under_way:
                self._main.app.run_worker(self._approach(travel), name="way", exit_on_error=False)
            return
        self._main.time_changed(*self._view.show(travel))
        if travel is not None and travel.playing:
            self._play = self._main.app.set_timer(self._view.frame, self._played)

    async def _approach(self, travel: Travel) -> None:
        """On the way only the line of time moves: the book would have to be read anew at every look."""
        self._under_way, timeline = True, self._main.timeline
        try:
            while self._view.travel is travel and not travel.arrived:
                timeline.update()
                await anyio.sleep(TURN)
                travel.approach()
        finally:
            self._under_way = False
        if self._view.travel is travel:
            self.changed()

    def _played(self) -> None:
        travel = self._view.travel
        if travel is not None:
            travel.play(self._view.frame)
            self.changed()

    def leave(self) -> None:
        """To the run as it is now."""
        self._stop()
        self._view.show(None)
        self._main.time_changed(ends=True)

    def _stop(self) -> None:
        if self._play is not None:
            self._play.stop()
            self._play = None
