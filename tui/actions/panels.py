"""Actions on the panel under the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.commands import (
    AnyCommand,
    ChooseTake,
    EditPanel,
    HoldPanels,
    MoveFirst,
    RejectPanels,
    RetryPanels,
    SkipPanels,
)
from core.state import PanelState, PanelStatus
from tui.action import BOOK, LOG, PANEL, PANELS, TABS, Action
from tui.plain import typed_lines
from tui.words import plural

if TYPE_CHECKING:
    from tui.cockpit import Cockpit


def open_panel(app: Cockpit) -> None:
    """The panel's own screen."""
    from tui.screens.panel import PanelScreen

    if app.view.panel is not None:
        app.push_screen(PanelScreen(app.view))


def go_to_panel(app: Cockpit) -> None:
    """Put the book's cursor on the panel of the chosen tab or event."""
    id = app.main.chosen_panel()
    if id in app.view.book.index:
        app.main.go_to(app.view.book.index[id])
    else:
        app.say("There is no panel here to go to.")


def edit(app: Cockpit) -> None:
    """Other words for the panel, then perhaps a take of them."""
    from tui.screens.edit import EditScreen

    panel = _panel(app)
    if panel is None:
        return
    before, status = typed_lines(panel.text).strip(), panel.status

    def edited(answer: tuple[str, bool] | None) -> None:
        if answer is None:
            return
        text, draw = answer
        commands: list[AnyCommand] = [EditPanel(panel.id, text)] if text != before else []
        if draw and status is PanelStatus.FINISHED:
            commands.append(RejectPanels((panel.id,)))
        elif draw and status is not PanelStatus.QUEUED:
            commands.append(RetryPanels((panel.id,)))
        app.ask(*commands)

    app.push_screen(EditScreen(app.view, panel), edited)


def reject_with_note(app: Cockpit) -> None:
    """Say what the next take should have."""
    from tui.screens.note import NoteScreen

    ids = app.view.targets
    if not ids:
        app.say("There is no panel here yet.")
        return

    def noted(note: str | None) -> None:
        if note is not None:
            app.ask(RejectPanels(ids, note))
            app.unmark()

    title = f"Draw {ids[0] if len(ids) == 1 else plural(len(ids), 'panel')} again"
    app.push_screen(NoteScreen(app.view, title, "What should the next take have? It is added to the words."), noted)


def mark(app: Cockpit) -> None:
    if app.view.panel is not None:
        app.view.mark((app.view.panel.id,))
        app.main.grid.action_step(1, 0)
        app.main.marks_changed()


def mark_chapter(app: Cockpit) -> None:
    panel = app.view.panel
    if panel is not None:
        book = app.view.book
        span = next(span for span in book.spans() if span.number == panel.chapter)
        app.view.mark([book.ids[n] for n in span.panels])
        app.main.marks_changed()


def choose_take(app: Cockpit) -> None:
    from tui.screens.panel import PanelScreen

    panel, screen = app.view.panel, app.screen
    if panel is not None and panel.takes and isinstance(screen, PanelScreen):
        app.ask(ChooseTake(panel.id, screen.takes.seen(panel)))
    else:
        app.say("There is no take to choose.")


def next_take(app: Cockpit) -> None:
    _take(app, 1)


def previous_take(app: Cockpit) -> None:
    _take(app, -1)


def _take(app: Cockpit, step: int) -> None:
    from tui.screens.panel import PanelScreen

    if isinstance(app.screen, PanelScreen) and not app.screen.takes.step(step):
        app.say("There is no take after this one." if step > 0 else "There is no take before this one.")


def _panel(app: Cockpit) -> PanelState | None:
    if app.view.panel is None:
        app.say("There is no panel here yet.")
    return app.view.panel


def retry(app: Cockpit) -> None:
    _ask(app, RetryPanels)


def reject(app: Cockpit) -> None:
    _ask(app, RejectPanels)


def skip(app: Cockpit) -> None:
    _ask(app, SkipPanels)


def first(app: Cockpit) -> None:
    _ask(app, MoveFirst)


def hold(app: Cockpit) -> None:
    panels = app.view.state.panels
    held = all(panels[id].held for id in app.view.targets)
    _ask(app, lambda ids: HoldPanels(ids, not held))


def _ask(app: Cockpit, command: Callable[[tuple[str, ...]], AnyCommand]) -> None:
    """Send a command for the marked panels, or the cursor's."""
    ids = app.view.targets
    if not ids:
        app.say("There is no panel here yet.")
        return
    app.ask(command(ids))
    app.unmark()


def next_problem(app: Cockpit) -> None:
    _problem(app, 1)


def previous_problem(app: Cockpit) -> None:
    _problem(app, -1)


def _problem(app: Cockpit, step: int) -> None:
    found = app.view.book.next_problem(app.view.cursor, step)
    if found is None:
        app.say("No panel has failed or was refused.", "good")
    else:
        app.main.go_to(found)
        app.paint()


PANEL_ACTIONS = (
    Action("panel.open", "enter", "panel", "Show the panel: prompt, attempts, takes.", "panel", frozenset({BOOK}),
           open_panel, 20),
    Action("panel.go", "enter", "its panel", "Go to this panel in the book.", "panel", frozenset({TABS, LOG}),
           go_to_panel, 20),
    Action("panel.retry", "r", "retry", "Try this failed, refused or skipped panel again.", "panel", PANELS, retry, 41),
    Action("panel.reject", "x", "redraw", "Reject the picture and draw a new take; the old one is kept.", "panel",
           PANELS, reject, 42),
    Action("panel.skip", "s", "skip", "Skip this panel.", "panel", PANELS, skip, 64),
    Action("panel.first", "f", "first", "Draw this panel before all others.", "panel", PANELS, first, 63),
    Action("panel.hold", "H", "hold", "Hold this panel back, or release it.", "panel", PANELS, hold, 65),
    Action("panel.edit", "e", "edit", "Give this panel other words.", "panel", PANELS, edit, 43),
    Action("panel.note", "X", "redraw with a note", "Draw a new take, with a note of what it should have.", "panel",
           PANELS, reject_with_note, 66),
    Action("panel.mark", "v", "mark", "Mark this panel: what you do next is for all marked ones.", "panel",
           frozenset({BOOK}), mark, 44),
    Action("panel.mark-chapter", "V", "mark chapter", "Mark the whole chapter, or take the marks off.", "panel",
           frozenset({BOOK}), mark_chapter),
    Action("panel.next-take", "right_square_bracket", "next take", "Look at the next take.", "panel",
           frozenset({PANEL}), next_take, 30),
    Action("panel.previous-take", "left_square_bracket", "take before", "Look at the take before.", "panel",
           frozenset({PANEL}), previous_take),
    Action("panel.choose", "c", "choose take", "Choose the take one looks at.", "panel", frozenset({PANEL}),
           choose_take, 31),
    Action("panel.next-problem", "n", "next problem", "Go to the next failed or refused panel.", "panel", PANELS,
           next_problem, 25),
    Action("panel.previous-problem", "N", "previous problem", "Go to the failed or refused panel before.", "panel",
           PANELS, previous_problem),
)  # fmt: skip
