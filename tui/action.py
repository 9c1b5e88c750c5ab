"""What an action is. The one table of them (``tui.actions``) feeds keys, footer, help and command palette."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from textual.binding import Binding

from core.state import RunState

BOOK, TABS, LOG, TIME = "book", "tabs", "log", "time"
PANEL, LOG_SCREEN, HELP, ANALYTICS = "panel", "log screen", "help", "analytics"
REPORT, DIFFERENCE = "report", "difference"
MAIN = frozenset({BOOK, TABS, LOG})
PANELS = frozenset({BOOK, PANEL})
EVERYWHERE = MAIN | {PANEL, LOG_SCREEN, ANALYTICS, REPORT, DIFFERENCE}
SHARED = EVERYWHERE | {TIME}  #: and in the past too

_SHOWN = {
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "comma": ",",
    "full_stop": ".",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
}


@dataclass(frozen=True)
class Action:
    """Something a key does.

    Attributes:
        id: stable; keys can be remapped by it.
        keys: key names, by comma; the first one is shown. "" for the command palette alone.
        label: one or two words for the footer, or a function of the state; "" keeps it out of the footer.
        help: one sentence.
        group: heading in the help.
        contexts: panes and screens it works in.
        run: what it does with the cockpit (``tui.cockpit``).
        footer: the smaller, the further left; 0 is not in the footer.
    """

    id: str
    keys: str
    label: str | Callable[[RunState], str]
    help: str
    group: str
    contexts: frozenset[str]
    run: Callable[[Any], Awaitable[None] | None]
    footer: int = 0

    def label_for(self, state: RunState) -> str:
        return self.label if isinstance(self.label, str) else self.label(state)


def shown_key(keys: str) -> str:
    """The first of ``keys`` as a person reads it."""
    first = keys.split(",")[0].strip()
    return _SHOWN.get(first, first.replace("ctrl+", "^"))


def bindings(actions: Iterable[Action]) -> list[Binding]:
    """The table as Textual wants its keys."""
    return [
        Binding(action.keys, f"do('{action.id}')", action.help, show=False, id=action.id)
        for action in actions
        if action.keys
    ]
