"""Actions on the screen itself: zoom, find, folding, themes, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.action import (
    ANALYTICS,
    BOOK,
    DIFFERENCE,
    HELP,
    LOG_SCREEN,
    MAIN,
    PANEL,
    REPORT,
    SHARED,
    TIME,
    Action,
)
from tui.words import moment

if TYPE_CHECKING:
    from tui.cockpit import Cockpit


def zoom(app: Cockpit) -> None:
    app.main.grid.toggle_zoom()
    app.paint()


def find(app: Cockpit) -> None:
    app.main.open_finder()


def show_all(app: Cockpit) -> None:
    if app.view.marked:
        app.unmark()
    elif app.view.filter:
        app.main.filter("")
    else:
        app.main.grid.follows = True
        app.main.grid.follow()


def fold_side(app: Cockpit) -> None:
    app.main.toggle_class("folded-side")


def fold_log(app: Cockpit) -> None:
    app.main.toggle_class("folded-log")


def log(app: Cockpit) -> None:
    from tui.screens.log import LogScreen

    app.push_screen(LogScreen(app.view))


def analytics(app: Cockpit) -> None:
    from tui.screens.analytics import AnalyticsScreen

    app.push_screen(AnalyticsScreen(app.view))


def report(app: Cockpit) -> None:
    from tui.screens.report import ReportScreen

    app.push_screen(ReportScreen(app.view))


def difference(app: Cockpit) -> None:
    from tui.screens.difference import DifferenceScreen

    app.push_screen(DifferenceScreen(app.view))


def worst_by(app: Cockpit) -> None:
    from tui.screens.analytics import AnalyticsScreen

    if isinstance(app.screen, AnalyticsScreen):
        app.say(f"The worst panels by {app.screen.next_order()}.")


def export_report(app: Cockpit) -> None:
    from tui import exporting

    exporting.export_report(app)


def export(app: Cockpit) -> None:
    from tui import exporting

    exporting.export_figures(app)


def help(app: Cockpit) -> None:
    from tui.screens.help import HelpScreen

    app.push_screen(HelpScreen(app.view, app.context))


def next_theme(app: Cockpit) -> None:
    names = sorted(app.themes)
    app.use_theme(names[(names.index(app.view.palette.name) + 1) % len(names)])
    app.say(f"Theme: {app.view.palette.file.title or app.view.palette.name}")


def pictures(app: Cockpit) -> None:
    shown = app.view.pictures is None
    app.show_pictures(shown)
    app.main.grid.rebuild()
    app.paint()
    off = "Pictures are turned off: fewer bytes over a slow link."
    app.say(f"Pictures are shown as {app.graphics}." if shown else off)


def frugal(app: Cockpit) -> None:
    app.be_frugal(not app.view.frugal)
    how = "Frugal: few frames, nothing moves" if app.view.frugal else "Rich: more frames; what is drawn now beats"
    app.paint()
    app.say(f"{how}; pictures as {app.graphics}." if app.view.pictures is not None else f"{how}.")


def back(app: Cockpit) -> None:
    app.pop_screen()


def lane_limit(app: Cockpit) -> None:
    until = app.view.waiting_until
    if until is None:
        app.say("No limit is being waited for.", "good")
        return
    waits = [f"{account}: {p.sentence} ({p.source})" for account, p in app.view.state.pacing.items() if p.until]
    app.say(f"Nothing is sent before {moment(until)}. {'; '.join(waits)}", "wait")


def lane_author(app: Cockpit) -> None:
    _lane(app, "refused", "No panel was refused.")


def lane_person(app: Cockpit) -> None:
    if app.view.needs_person:
        app.say(f"{app.view.state.sentence}  Then press space.", "person")
    else:
        app.say("Nothing waits for a person.", "good")


def lane_retry(app: Cockpit) -> None:
    _lane(app, "failed", "No panel has failed.")


def _lane(app: Cockpit, state: str, none: str) -> None:
    if app.view.count(state):
        app.main.filter(f"state:{state}")
    else:
        app.say(none, "good")


LOOK = (
    Action("look.find", "slash", "find", "Show only some panels: state:failed chapter:3 or any words.", "screen", MAIN,
           find, 30),
    Action("look.all", "escape", "show all", "Take the marks off; show all panels again; go along with the tabs.",
           "screen", MAIN, show_all),
    Action("look.zoom", "z", "zoom", "Cells, or lines with the panels' words.", "screen", frozenset({BOOK}), zoom, 31),
    Action("lane.limit", "1", "limit", "What limit is waited for.", "trouble", MAIN, lane_limit),
    Action("lane.author", "2", "refused", "Show the panels that need the author.", "trouble", MAIN, lane_author),
    Action("lane.person", "3", "person", "What a person has to do.", "trouble", MAIN, lane_person),
    Action("lane.retry", "4", "failed", "Show the failed panels.", "trouble", MAIN, lane_retry),
    Action("look.fold-side", "comma", "fold tabs", "Fold the panes at the side, or unfold them.", "screen", MAIN,
           fold_side),
    Action("look.fold-log", "full_stop", "fold events", "Fold the events, or unfold them.", "screen", MAIN, fold_log),
    Action("look.log", "L,l", "log", "All events.", "screen", MAIN | {PANEL}, log, 70),
    Action("look.analytics", "a", "analytics", "How the run has gone: charts, tabs, what cost the most.", "screen",
           MAIN | {TIME}, analytics, 46),
    Action("look.export", "E", "export", "Write the figures as JSON and CSV into the project's folder.", "screen",
           frozenset({ANALYTICS}), export, 20),
    Action("look.worst", "o", "order", "The worst panels by time, attempts, refusals, failures or time lost.",
           "screen", frozenset({ANALYTICS}), worst_by, 21),
    Action("look.report", "p", "report", "The production report: what was drawn, what needs somebody.", "screen",
           MAIN | {TIME}, report, 47),
    Action("look.export-report", "E", "export", "Write the report as HTML and JSON into the project's folder.",
           "screen", frozenset({REPORT}), export_report, 20),
    Action("look.difference", "D", "script", "What the script as it reads now would change.", "screen", MAIN,
           difference),
    Action("look.theme", "T", "theme", "The next colour theme.", "screen", SHARED, next_theme),
    Action("look.pictures", "P", "pictures", "Show pictures, or turn them off.", "screen", SHARED, pictures),
    Action("look.frugal", "B", "frugal", "Few bytes for a slow link, or more frames.", "screen", SHARED, frugal),
    Action("look.help", "question_mark", "help", "What the keys do here.", "screen", SHARED, help, 80),
    Action("look.close", "q,question_mark", "back", "Back to the book.", "screen", frozenset({HELP}), back),
    Action("look.back", "escape", "back", "Back to the book.", "screen",
           frozenset({PANEL, LOG_SCREEN, HELP, ANALYTICS, REPORT, DIFFERENCE}), back, 5),
)  # fmt: skip
