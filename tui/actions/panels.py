"""Actions on the panel under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.commands import AnyCommand, HoldPanels, MoveFirst, RejectPanels, RetryPanels, SkipPanels
from core.state import PanelState
from tui.actions.registry import BOOK, LOG, PANELS, TABS, Action

if TYPE_CHECKING:
    from tui.app import CockpitApp


def open_panel(app: CockpitApp) -> None:
    """The panel's own screen."""
    from tui.screens.panel import PanelScreen

    if app.view.panel is not None:
        app.push_screen(PanelScreen(app.view))


def go_to_panel(app: CockpitApp) -> None:
    """Put the book's cursor on the panel of the chosen tab or event."""
    id = app.main.chosen_panel()
    if id in app.view.book.index:
        app.main.go_to(app.view.book.index[id])
    else:
        app.say("There is no panel here to go to.")


def _panel(app: CockpitApp) -> PanelState | None:
    if app.view.panel is None:
        app.say("There is no panel here yet.")
    return app.view.panel


def retry(app: CockpitApp) -> None:
    _ask(app, lambda id: RetryPanels((id,)))


def reject(app: CockpitApp) -> None:
    _ask(app, lambda id: RejectPanels((id,)))


def skip(app: CockpitApp) -> None:
    _ask(app, lambda id: SkipPanels((id,)))


def first(app: CockpitApp) -> None:
    _ask(app, lambda id: MoveFirst((id,)))


def hold(app: CockpitApp) -> None:
    panel = _panel(app)
    if panel is not None:
        app.ask(HoldPanels((panel.id,), not panel.held))


def _ask(app: CockpitApp, command: object) -> None:
    panel = _panel(app)
    if panel is not None:
        made: AnyCommand = command(panel.id)  # type: ignore[operator]
        app.ask(made)


def next_problem(app: CockpitApp) -> None:
    _problem(app, 1)


def previous_problem(app: CockpitApp) -> None:
    _problem(app, -1)


def _problem(app: CockpitApp, step: int) -> None:
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
    Action("panel.next-problem", "n", "next problem", "Go to the next failed or refused panel.", "panel", PANELS,
           next_problem, 25),
    Action("panel.previous-problem", "N", "previous problem", "Go to the failed or refused panel before.", "panel",
           PANELS, previous_problem),
)  # fmt: skip
