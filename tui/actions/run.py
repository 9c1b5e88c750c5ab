"""Actions on the run: pause, tabs, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.commands import ApplyEdits, Pause, RedrawOutdated, Resume, RetryPanels, SetTabs, Stop
from core.state import RunState
from core.telling import changes
from tui.action import EVERYWHERE, HELP, MAIN, SHARED, Action
from tui.screens.ask import Ask, Choice
from tui.words import plural

if TYPE_CHECKING:
    from tui.cockpit import Cockpit


SHOWN_EDITS = 3
"""Panels of an edit that are named in the question."""


def _pause_label(state: RunState) -> str:
    return {"running": "pause", "pausing": "stop now", "paused": "resume"}.get(state.phase, "")


def pause(app: Cockpit) -> None:
    """Pause, resume, or (while pausing) say what it costs to stop at once."""
    state = app.view.state
    if state.phase == "running":
        app.ask(Pause())
    elif state.phase == "paused":
        app.ask(Resume())
    elif state.phase == "pausing":
        _stop_at_once(app)
    else:
        app.say("Nothing to pause: the run is over. R tries the failed panels again, q leaves.")


def _stop_at_once(app: Cockpit) -> None:
    count = len(app.view.state.under_way())
    ask = Ask(
        app.view,
        "Already pausing",
        f"{plural(count, 'picture')} under way. Stopped now, they are fetched from their conversations when the run "
        "goes on; a picture the site does not keep has to be asked for again.",
        (
            Choice("wait", "w", "let them finish"),
            Choice("stop", "s", "stop them now"),
            Choice("resume", "r", "do not pause at all"),
        ),
    )

    def chosen(answer: str | None) -> None:
        if answer == "stop":
            app.ask(Pause())
        elif answer == "resume":
            app.ask(Resume())

    app.push_screen(ask, chosen)


def leave(app: Cockpit) -> None:
    """Leave; ask first where pictures are under way."""
    count = len(app.view.state.under_way())
    if app.view.stage != "live" or app.view.options.attached:
        app.leave()
    elif not count:
        app.stop(Stop())
    else:
        ask = Ask(
            app.view,
            "Leave?",
            f"{plural(count, 'picture')} under way.",
            (
                Choice("now", "n", "leave now: their pictures are fetched at the next run"),
                Choice("wait", "w", "wait for them, then leave"),
                Choice("stay", "s", "stay"),
            ),
        )
        app.push_screen(ask, lambda answer: _leave(app, answer))


def _leave(app: Cockpit, answer: str | None) -> None:
    if answer in ("now", "wait"):
        app.stop(Stop(wait=answer == "wait"))


def leave_now(app: Cockpit) -> None:
    app.leave_now()


def detach(app: Cockpit) -> None:
    app.detach()


def put_aside(app: Cockpit) -> None:
    if app.aside is not None:
        app.put_aside()
    else:
        app.say("There is no prompt to put the screen aside for.")


def more_tabs(app: Cockpit) -> None:
    app.ask(SetTabs(app.view.state.tabs_wanted + 1))


def fewer_tabs(app: Cockpit) -> None:
    if app.view.state.tabs_wanted > 1:
        app.ask(SetTabs(app.view.state.tabs_wanted - 1))
    else:
        app.say("One tab is the fewest; space pauses the run.")


def apply_edits(app: Cockpit) -> None:
    """Show what an edited script would change, and let it count."""
    waiting = app.view.state.edits
    if waiting is None:
        app.ask(ApplyEdits())  # which says that there is none
        return
    lines = list(waiting.lines[:SHOWN_EDITS])
    if len(waiting.lines) > SHOWN_EDITS:
        lines.append("… D shows them all")
    ask = Ask(
        app.view,
        "Let the edited script count?",
        f"{changes(waiting)}. " + "; ".join(lines),
        (Choice("apply", "a", "let it count"), Choice("later", "l", "not yet")),
    )
    app.push_screen(ask, lambda answer: app.ask(ApplyEdits()) if answer == "apply" else None)


def retry_all(app: Cockpit) -> None:
    app.ask(RetryPanels())


def redraw_outdated(app: Cockpit) -> None:
    """Ask first: every one of them costs a picture."""
    panels = app.view.state.panels
    marked = tuple(id for id in app.view.marked if panels[id].outdated)
    count = len(marked) if app.view.marked else app.view.count("outdated")
    if not count:
        none = "No marked panel is outdated" if app.view.marked else "No panel is outdated"
        app.say(f"{none}: every picture fits its words.", "good")
        return
    which = f"the {plural(count, 'marked outdated panel')}" if app.view.marked else plural(count, "outdated panel")
    ask = Ask(
        app.view,
        f"Draw {which} again?",
        "Their words have changed since their pictures were made. The old pictures are kept as takes.",
        (Choice("draw", "d", f"draw {plural(count, 'picture')} again"), Choice("keep", "k", "keep them as they are")),
    )

    def chosen(answer: str | None) -> None:
        if answer == "draw":
            app.ask(RedrawOutdated(marked))
            app.unmark()

    app.push_screen(ask, chosen)


RUN = (
    Action("run.pause", "space", _pause_label, "Pause the run; resume it.", "run", EVERYWHERE, pause, 10),
    Action("run.retry-failed", "R", "retry all", "Try all failed panels again.", "run", EVERYWHERE, retry_all, 40),
    Action("run.redraw-outdated", "O", "redraw outdated", "Draw all outdated panels again, or the marked ones.", "run",
           EVERYWHERE, redraw_outdated),
    Action("run.more-tabs", "plus,equals_sign", "more tabs", "Use one tab more.", "run", MAIN, more_tabs, 71),
    Action("run.fewer-tabs", "minus", "fewer tabs", "Use one tab fewer.", "run", MAIN, fewer_tabs, 72),
    Action("run.apply-edits", "A", "apply edits", "Let an edited script count that waits for your word.", "run",
           EVERYWHERE, apply_edits),
    Action("run.detach", "d", "detach", "Give the shell its prompt back; the run goes on.", "run", EVERYWHERE, detach,
           75),
    Action("run.aside", "ctrl+z", "aside", "Put the screen aside, with fg to bring it back; the run goes on.", "run",
           SHARED | {HELP}, put_aside),
    Action("run.leave", "q", "quit", "Leave; the next run goes on from here.", "run", SHARED, leave, 90),
    Action("run.leave-now", "ctrl+c,ctrl+q", "leave", "Leave at once; pictures under way are fetched at the next run.",
           "run", SHARED | {HELP}, leave_now),
)  # fmt: skip
