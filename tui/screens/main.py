"""The main screen: the book, the tabs, the memory, what happened."""

from collections.abc import Collection
from typing import ClassVar

import anyio.lowlevel
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from tui.book import Narrowing
from tui.find import FindError, parse
from tui.screens.over import CLOSING, copied
from tui.terminal.pixels import Placement
from tui.view import View
from tui.widgets.book_rule import BookRule
from tui.widgets.figures import FiguresPane
from tui.widgets.footer import Footer
from tui.widgets.grid import PanelGrid
from tui.widgets.header import Header
from tui.widgets.lanes import Lanes
from tui.widgets.log import LogPane
from tui.widgets.memory import MemoryGauge
from tui.widgets.pane import Pane
from tui.widgets.panel_line import PanelLine
from tui.widgets.progress import Progress
from tui.widgets.tabs import TabsPane
from tui.widgets.timeline import Timeline
from tui.widgets.typed_line import TypedLine

SLICE, FIND_SLICE = 2000, 20_000
"""Panels whose words are made ready, and panels that are looked through, before the keys get a turn."""

Breakpoints = list[tuple[int, str]] | None
"""(cells at least, style class)."""


class MainScreen(Screen[None]):
    """Puts the panes in their places; ``main.tcss`` says which by the terminal's size."""

    HORIZONTAL_BREAKPOINTS: ClassVar[Breakpoints] = [(0, "-tiny"), (66, "-narrow"), (100, "-medium"), (160, "-wide")]
    VERTICAL_BREAKPOINTS: ClassVar[Breakpoints] = [(0, "-flat"), (20, "-low"), (30, "-tall"), (50, "-high")]

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self.rule = BookRule(view, id="book-rule")
        self.panel_line = PanelLine(view, id="panel")
        self.grid = PanelGrid(view, self.panel_line.update, id="grid")
        self.tabs = TabsPane(view, id="tabs")
        self.timeline = Timeline(view, id="timeline")
        self.finder = TypedLine(id="finder", placeholder="words, state:failed, chapter:3")
        self.finder.display = False
        self.footer = Footer(view, id="footer")
        self._typed: tuple[str, Narrowing | None] = ("", None)  #: into the finder, and what it means

    def compose(self) -> ComposeResult:
        view = self.view
        yield Header(view, id="header")
        yield Progress(view, id="progress")
        with Horizontal(id="upper"):
            with Vertical(id="book"):
                yield self.rule
                yield self.grid
            with Vertical(id="side"):
                yield self.tabs
                yield MemoryGauge(view, id="memory")
                yield Lanes(view, id="lanes")
                yield FiguresPane(view, id="figures")
                yield LogPane(view, id="log-beside")
        yield self.timeline
        yield self.panel_line
        yield LogPane(view, id="log-below")
        yield self.finder
        yield self.footer

    def on_mount(self) -> None:
        self.grid.focus()

    # --- painting ---

    @property
    def placed(self) -> Collection[Placement]:
        """Its pictures in the terminal's own graphics."""
        return self.grid.placed

    def paint(self, changed: set[int] | None = None, rebuilt: bool = False) -> None:
        """Draw what differs; ``changed`` are panels that look different, ``rebuilt``: the book has others."""
        if rebuilt:
            if self.view.filter:
                self._apply(self.view.filter)
            self.grid.rebuild()
        elif changed and self.view.book.look_again(changed):  # a panel has come into the filter, or left it
            self.grid.rebuild()
        elif changed:
            self.grid.changed(changed)
        if rebuilt:
            self.call_after_refresh(self.grid.follow)
        elif changed:
            self.grid.follow()
        for pane in self.query(Pane):
            pane.update()

    def repaint(self) -> None:
        """Draw everything again."""
        self.grid.rebuild()
        for pane in self.query(Pane):
            pane.repaint()

    def on_screen_resume(self) -> None:
        self.repaint()
        self._footer()

    # --- focus ---

    @property
    def context(self) -> str:
        """Which pane has the keys, by its name in the key table."""
        return getattr(self.focused, "context", "book")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._footer()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self._footer()

    def _footer(self) -> None:
        self.footer.show(self.context)
        self.rule.lit = self.grid.has_focus
        self.rule.update()

    # --- the cursor ---

    def chosen_panel(self) -> str:
        """The panel of the tab or event under the cursor, "" where there is none."""
        focused = self.focused
        if isinstance(focused, TabsPane):
            return focused.tab.panel if focused.tab else ""
        chosen = focused.chosen if isinstance(focused, LogPane) else None
        return chosen.panel if chosen else ""

    def go_to(self, panel: int) -> None:
        """Put the cursor on a panel, in the book."""
        if self.view.book.filtered and not self.view.book.is_shown(panel):
            self.filter("")
        self.grid.focus()
        self.grid.move_to(panel)

    def time_changed(
        self, changed: Collection[int] = (), rebuilt: bool = True, *, begins: bool = False, ends: bool = False
    ) -> None:
        """Another moment is shown; ``changed`` and ``rebuilt`` as for ``paint``."""
        self.set_class(self.view.travel is not None, "past")
        if begins:
            self.grid.follows = True
            self.call_after_refresh(self.timeline.focus)
        elif ends:
            self.grid.focus()
        self.paint(set(changed), rebuilt)

    def marks_changed(self) -> None:
        """Show what is marked now."""
        self.grid.refresh()
        self.rule.update()

    @on(PanelGrid.Opened)
    async def _panel_opened(self) -> None:
        await self.app.run_action("do('panel.open')")

    # --- finding ---

    def open_finder(self) -> None:
        self.finder.display = True
        self.footer.display = False
        self.finder.value = self.view.filter
        self.finder.focus()
        self.run_worker(self._read(), name="read", exclusive=True)

    async def _read(self) -> None:
        """Make the book's words ready while somebody types what to look for, and find it before he is done."""
        while self.view.book.read(SLICE):
            await anyio.lowlevel.checkpoint()
        wanted = self._typed[1]
        while wanted is not None and self.view.book.find(wanted, FIND_SLICE):
            await anyio.lowlevel.checkpoint()

    @on(TypedLine.Changed, "#finder")
    def _typing(self, event: TypedLine.Changed) -> None:
        search = event.value.strip()
        try:
            self._typed = (search, parse(search))
        except FindError:  # which is said when it is meant: it may only be half a word
            self._typed = ("", None)
        self.run_worker(self._read(), name="read", exclusive=True)

    @on(TypedLine.Submitted, "#finder")
    def _found(self, event: TypedLine.Submitted) -> None:
        self._close_finder()
        self.filter(event.value)

    def on_key(self, event: events.Key) -> None:
        if event.key in ("escape", *CLOSING.split(",")) and isinstance(self.focused, TypedLine):
            event.stop()
            if event.key == "escape" or not copied(self.focused):
                self._close_finder()

    def _close_finder(self) -> None:
        self.finder.display = False
        self.footer.display = True
        self.grid.focus()

    def filter(self, search: str) -> None:
        """Show only the panels that ``search`` finds; "" shows all."""
        try:
            self._apply(search.strip())
        except FindError as error:
            self.footer.say(str(error), "bad")
            return
        shown = self.view.book.shown
        if len(shown) and not self.view.book.is_shown(self.view.cursor):
            self.view.cursor = shown[0]
        self.grid.rebuild()
        self.grid.focus()
        self.paint()

    def _apply(self, search: str) -> None:
        typed, wanted = self._typed
        self.view.book.show(wanted if typed == search else parse(search))
        self.view.filter = search
