"""What a terminal shows outside of the screen: its title, a progress bar of its own, a bell, a notification."""

import os
from collections.abc import Mapping

from core.state import PanelStatus, RunState
from tui.alerts import Alert
from tui.plain import plain

BAR = ("ghostty", "WezTerm", "iTerm.app", "vscode")
"""Values of TERM_PROGRAM whose terminals draw OSC 9;4 as a progress bar."""

NOTES = {"iTerm.app": "9;{}", "WezTerm": "777;notify;novelgen-tui;{}", "ghostty": "777;notify;novelgen-tui;{}"}
"""Their ways to show a notification."""

LONGEST = 120
"""Letters of a notification or a title."""


class Signs:
    """Sequences to send, only when something differs; data in them is made plain first."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        program = environment.get("TERM_PROGRAM", "")
        self._bar = program in BAR or bool(environment.get("WT_SESSION") or environment.get("ConEmuANSI"))
        self._note = NOTES.get(program, "")
        self._titled = environment.get("TERM", "") not in ("linux", "dumb", "")
        self._said: tuple[str, str] = ("", "")

    def standing(self, state: RunState) -> str:
        """Title and progress bar, "" where they are as they were."""
        total = len(state.panels)
        done = state.counts()[PanelStatus.FINISHED]
        percent = 100 * done // total if total else 0
        mark = {"paused": " (paused)", "pausing": " (pausing)", "done": " (done)"}.get(state.phase, "")
        title = f"\x1b]2;{_safe(state.title)} {percent} %{mark}\x07" if self._titled else ""
        bar = f"\x1b]9;4;{_bar_state(state)};{percent}\x07" if self._bar else ""
        fresh = "".join(new for new, old in zip((title, bar), self._said, strict=True) if new != old)
        self._said = (title, bar)
        return fresh

    def alert(self, alert: Alert) -> str:
        """A bell, and a notification where the terminal has them."""
        note = f"\x1b]{self._note.format(_safe(alert.sentence).replace(';', ','))}\x07" if self._note else ""
        return "\x07" + note

    def gone(self) -> str:
        """The title and the bar given back."""
        return ("\x1b]2;\x07" if self._titled else "") + ("\x1b]9;4;0;0\x07" if self._bar else "")


def _safe(text: str) -> str:
    return plain(text)[:LONGEST]


def _bar_state(state: RunState) -> int:
    """1 goes on, 2 trouble, 4 paused, 0 nothing to show."""
    if state.phase == "running":
        return 1
    if state.phase in ("paused", "pausing"):
        return 4 if state.cause == "person" else 2
    return 0
