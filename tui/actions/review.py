"""Going through new and doubtful pictures quickly: keep one, or have it drawn again, and see the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.commands import KeepPanels
from tui.action import BOOK, MAIN, PANEL, PANELS, Action

if TYPE_CHECKING:
    from tui.cockpit import Cockpit


def keep(app: Cockpit) -> None:
    """The picture is good; on the panel's own screen the next one follows."""
    ids = app.view.targets
    if not ids:
        app.say("There is no panel here yet.")
        return
    app.ask(KeepPanels(ids))
    app.unmark()
    if app.context == PANEL:
        _next(app)


def review(app: Cockpit) -> None:
    """Every new picture, one after the other."""
    _through(app, "is:new", "No new picture: every one has been kept.")


def review_doubtful(app: Cockpit) -> None:
    """Only what there is some doubt about."""
    _through(app, "is:doubtful", "No picture is doubtful.")


def _through(app: Cockpit, search: str, none: str) -> None:
    from tui.screens.panel import PanelScreen

    app.main.filter(search)
    if not len(app.view.book.shown):
        app.main.filter("")
        app.say(none, "good")
        return
    app.main.go_to(app.view.book.shown[0])
    app.push_screen(PanelScreen(app.view))


def _next(app: Cockpit) -> None:
    """The next panel that is shown in the book; back to the whole book after the last."""
    cursor = app.view.cursor
    after = next((index for index in app.view.book.shown if index > cursor), None)
    if after is None:
        app.pop_screen()
        app.main.filter("")
        return
    app.main.go_to(after)
    app.paint()


REVIEW = (
    Action("review.keep", "y", "keep", "Keep this picture: it is no longer new or doubtful.", "review", PANELS, keep,
           45),
    Action("review.new", "w", "review", "Go through the new pictures: y keeps, x draws again.", "review",
           frozenset({BOOK}), review, 46),
    Action("review.doubtful", "W", "doubtful", "Go through the doubtful pictures.", "review", MAIN, review_doubtful),
)  # fmt: skip
