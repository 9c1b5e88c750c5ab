"""The full screen of one run: what is shown is folded from events, what is pressed becomes commands."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from core.collecting import take_up
from core.commands import AnyCommand, Stop
from core.crash import kept
from core.state import RunState
from tui.alerts import Alerts
from tui.follow import Follower, PortSource
from tui.options import ScreenOptions
from tui.past import Past
from tui.pictures import Pictures
from tui.screens.main import MainScreen
from tui.screens.reading import ReadingScreen
from tui.terminal.graphics import Graphics
from tui.terminal.pixels import USUAL_CELL, Placement
from tui.terminal.signs import Signs
from tui.themed import ThemedApp

BEAT = 0.6
"""Seconds between two beats of what is under way, where the screen may move."""

TOGETHER = 0.15
"""Seconds in which pictures that are ready are shown together."""

SAID_FOR = 6.0
"""Seconds an answer stays in the footer."""


@dataclass(frozen=True)
class CockpitResult:
    """How the screen was left. ``error`` is what opening or following the run raised, for the caller to tell;
    ``terminal``: the screen went and the run stays, and why."""

    state: RunState | None
    error: BaseException | None = None
    terminal: Literal["", "hung up", "detached"] = ""


class Cockpit(ThemedApp[CockpitResult]):
    """The full screen for one run, here or elsewhere; its keys are ``tui.app``'s.

    Args:
        source: the run, or an async function that opens it; the first frame does not wait for it.
        title: shown until the run says its own.
        options: what the caller decides about the screen.
    """

    CSS_PATH = "screens/main.tcss"
    NOTIFICATION_TIMEOUT = SAID_FOR

    def __init__(self, source: PortSource, *, title: str = "", options: ScreenOptions | None = None) -> None:
        options = options or ScreenOptions()
        super().__init__(options, title)
        self.animation_level = "none"
        self._follower = Follower(source, self.view, self._opened, self._changed)
        self._pictures = Pictures(options.folder, self._picture_made, self._fetched if options.attached else None)
        self._graphics = Graphics()
        self._choose_graphics()
        self.show_pictures(options.pictures != "off")
        self._made: Timer | None = None
        self._said: Timer | None = None
        self._leaving = False
        self._signs = Signs()
        self._alerts = Alerts(options.notify.command, options.folder)
        self.main = MainScreen(self.view)
        self.past = Past(self.view, self.main, self.say, self._follower.history)
        self.use_theme(self.view.palette.name)

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        self.call_after_refresh(self._follow)
        self.run_worker(self._pictures.work(), name="pictures", exit_on_error=False)
        self._ticks = self.set_interval(self.view.tick, self.paint)
        self.set_interval(BEAT, self._beat)
        if complaints := (*self.view.options.complaints, *self._complaints):
            self.say(complaints[0], "bad")

    # --- the run ---

    def _follow(self) -> None:
        """Behind the first frame: opening a run loads much and reads much."""
        self.run_worker(self._follower.run(), name="follow", exit_on_error=False)

    def _opened(self) -> None:
        take_up()  # the book is there for good, too
        self.main.paint(rebuilt=True)
        self.paint()
        if self.view.options.recording:
            self.run_worker(self.past.begin(), name="replay", exit_on_error=False)

    def _give_back(self) -> None:
        """The terminal's title and bar are its own again."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(self._signs.gone())

    def _outside(self) -> None:
        """What the terminal shows around the screen, and what a person who looks elsewhere should hear."""
        if self.view.stage == "opening" or self.view.travel is not None or self._driver is None:
            return
        state = self.view.state
        told = self._signs.standing(state)
        alert = self._alerts.look(state)
        if alert is not None and self.view.options.notify.bell:
            told += self._signs.alert(alert)
        if told and not self.is_headless:
            self._driver.write(told)

    def _changed(self, panels: set[int], rebuilt: bool) -> None:
        self._outside()
        if self._seen is self.main:
            self.main.paint(panels, rebuilt)
        else:
            self.paint()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.name == "follow" and event.state in (WorkerState.SUCCESS, WorkerState.ERROR):
            self.leave(event.worker.error)
        elif event.state is WorkerState.ERROR and event.worker.error is not None:
            self._mistaken(event.worker.error)

    def _mistaken(self, error: BaseException) -> None:
        """Something beside the run went wrong on the screen: the screen stays, and so does the run."""
        where = kept(error, self.view.options.folder)
        self.say(f"That failed by a mistake of ours ({type(error).__name__}){where}", "bad")

    def ask(self, *commands: AnyCommand) -> None:
        """Send commands, one after the other; the answer comes in the footer."""
        if self.view.travel is not None:
            self.say("This is the past: nothing in it can be changed. t comes back to now.", "wait")
            return
        self.run_worker(self._ask_all(commands), name="ask", exit_on_error=False)

    async def _ask_all(self, commands: tuple[AnyCommand, ...]) -> None:
        for command in commands:
            await self._ask(command)

    def unmark(self) -> None:
        """Take all marks off."""
        if self.view.marked:
            self.view.marked.clear()
            self.main.marks_changed()

    async def _ask(self, command: AnyCommand) -> None:
        try:
            reply = await self._follower.send(command)
        except OSError as error:
            self.say(f"The run did not answer: {error}", "bad")
        else:
            self.say(reply.sentence, "text" if reply.ok else "wait")

    def stop(self, command: Stop) -> None:
        """End the run, whatever moment is looked at; the screen goes when the run has let go."""
        self.run_worker(self._ask_all((command,)), name="ask", exit_on_error=False)

    def leave_now(self) -> None:
        """Leave in order without asking; asked again, leave the screen at once."""
        if self.view.stage != "live" or self.view.options.attached or self._leaving:
            self.leave()
        else:
            self._leaving = True
            self.stop(Stop())

    def leave(self, error: BaseException | None = None) -> None:
        """Leave the screen, whatever the run does."""
        self._give_back()
        self.exit(CockpitResult(self._state, error))

    def detach(self) -> None:
        """Give the shell its prompt; the run goes on."""
        if self.view.options.attached:
            self.leave()
        elif self.view.options.detachable:
            self._give_back()
            self.exit(CockpitResult(self._state, terminal="detached"))
        else:
            self.say("There is no prompt to give back here.")

    def terminal_lost(self) -> None:
        self.exit(CockpitResult(self._state, terminal="hung up"))

    @property
    def _state(self) -> RunState | None:
        return None if self.view.stage == "opening" else self.view.live

    # --- pictures and motion ---

    def show_pictures(self, shown: bool) -> None:
        """Show finished pictures, or their signs alone."""
        self.view.pictures = self._pictures if shown else None

    def graphics_found(self, graphics: Graphics) -> None:
        self._graphics = graphics
        self._choose_graphics()
        self._paint_pictures()

    def _choose_graphics(self) -> None:
        """The best the terminal has, or what the person said; half blocks over a thin link."""
        found, said = self._graphics, self.view.options.pictures
        self._pictures.cell = found.cell or USUAL_CELL
        if said in ("kitty", "sixel"):
            self._pictures.kind = said
        elif said != "auto" or self.view.frugal:
            self._pictures.kind = ""
        else:  # a Sixel picture is as large as its pixels are: without their size it would cover what is beside it
            self._pictures.kind = "kitty" if found.kitty else "sixel" if found.sixel and found.cell else ""

    @property
    def graphics(self) -> str:
        """How pictures are drawn, in a person's words."""
        return {"kitty": "Kitty graphics", "sixel": "Sixel graphics"}.get(self._pictures.kind, "half blocks")

    def pictures_on(self, screen: Screen[Any]) -> Collection[Placement]:
        return screen.placed if isinstance(screen, MainScreen | ReadingScreen) else ()

    async def _fetched(self, file: str) -> bytes | None:
        """The picture in ``file``, over the link; asked for by its panel, as pictures are."""
        panel = self.view.state.panels.get(PurePosixPath(file).name.split(".")[0])
        if panel is None:
            return None
        index = next((n for n, take in enumerate(panel.takes) if take.file == file), None)
        return None if index is None else await self._follower.picture(panel.id, index)

    def _picture_made(self) -> None:
        if self._made is None:  # several come at once
            self._made = self.set_timer(TOGETHER, self._paint_pictures)

    def _paint_pictures(self) -> None:
        self._made = None
        self._pictures.show_made()
        if self._seen is self.main:
            self.main.grid.pictures_made()
        self.paint()

    def be_frugal(self, frugal: bool) -> None:
        """Fewer frames and no motion, or more."""
        self.view.frugal = frugal
        self._choose_graphics()
        self.main.grid.pictures_made()
        self._ticks.stop()
        self._ticks = self.set_interval(self.view.tick, self.paint)
        self.main.grid.beat(on=True)

    def _beat(self) -> None:
        if self.view.moves and self._seen is self.main:
            self.main.grid.beat()

    # --- the screen ---

    def paint(self) -> None:
        """Draw what differs on the screen that is seen."""
        screen = self._seen
        if isinstance(screen, MainScreen | ReadingScreen):
            screen.paint()

    @property
    def _seen(self) -> Screen[Any] | None:
        """The screen on top; None before the first one and behind the last, where a clock may still tick."""
        return self.screen_stack[-1] if self.screen_stack else None

    def say(self, sentence: str, style: str = "text") -> None:
        """An answer in the footer, for a while."""
        if self._said is not None:
            self._said.stop()
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen | ReadingScreen):
                screen.footer.say(sentence, style)
        self._said = self.set_timer(SAID_FOR, lambda: self.say("")) if sentence else None

    @property
    def context(self) -> str:
        """What has the keys: a pane of the main screen, or another screen."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, MainScreen | ReadingScreen):
                return screen.context
        return ""
