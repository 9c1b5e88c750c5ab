"""Actions on the past of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.action import MAIN, TIME, Action

if TYPE_CHECKING:
    from tui.cockpit import Cockpit


async def travel(app: Cockpit) -> None:
    """Into the past, or back."""
    if app.view.travel is None:
        await app.past.enter()
    else:
        leave(app)


def leave(app: Cockpit) -> None:
    """Back to now; a recording has no now."""
    if app.view.options.recording:
        app.say("This is a recording; q leaves it.")
    else:
        app.past.leave()


def play(app: Cockpit) -> None:
    past = app.view.travel
    if past is not None:
        past.playing = not past.playing
        app.main.grid.follows = past.playing or app.main.grid.follows
        if past.playing and past.n == len(past.history):
            past.go(0)
        app.past.changed()


def quicker(app: Cockpit) -> None:
    _speed(app, 1)


def slower(app: Cockpit) -> None:
    _speed(app, -1)


def _speed(app: Cockpit, step: int) -> None:
    past = app.view.travel
    if past is not None:
        past.quicker(step)
        app.say(f"One second is {past.speed} of the run's.")
        app.past.changed()


def next_failure(app: Cockpit) -> None:
    _jump(app, "failures", 1)


def failure_before(app: Cockpit) -> None:
    _jump(app, "failures", -1)


def next_chapter(app: Cockpit) -> None:
    _jump(app, "chapters", 1)


def chapter_before(app: Cockpit) -> None:
    _jump(app, "chapters", -1)


def _jump(app: Cockpit, kind: str, direction: int) -> None:
    past = app.view.travel
    if past is not None:
        places = past.history.failures if kind == "failures" else past.history.chapters
        if not past.jump(places, direction):
            app.say("There is none.")
        app.past.changed()


ONLY_TIME = frozenset({TIME})

TRAVEL = (
    Action("time.travel", "t", "time travel", "Look at any past moment of the run; come back.", "time", MAIN | {TIME},
           travel, 45),
    Action("time.play", "space", "play", "Let the past run; stop it.", "time", ONLY_TIME, play, 10),
    Action("time.failure", "n", "failure", "To the next failure.", "time", ONLY_TIME, next_failure, 20),
    Action("time.failure-before", "N", "failure before", "To the failure before.", "time", ONLY_TIME, failure_before),
    Action("time.chapter", "pagedown,right_square_bracket", "chapter", "To where the next chapter began.", "time",
           ONLY_TIME, next_chapter, 21),
    Action("time.chapter-before", "pageup,left_square_bracket", "chapter before", "To where the chapter began.", "time",
           ONLY_TIME, chapter_before),
    Action("time.quicker", "plus,equals_sign", "quicker", "Play quicker, up to 3600 times.", "time", ONLY_TIME,
           quicker, 22),
    Action("time.slower", "minus", "slower", "Play slower.", "time", ONLY_TIME, slower, 23),
    Action("time.leave", "escape", "now", "Back to now.", "time", ONLY_TIME, leave, 15),
)  # fmt: skip
