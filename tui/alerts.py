"""What a person who looks elsewhere should hear of: a limit, somebody needed, a stop, the end."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from core.outcomes import Cause
from core.state import RunState
from tui.plain import plain

WORTH = 60.0
"""Seconds; a shorter wait for a limit is nobody's business."""

LONGEST = 2000
"""Letters of a sentence for the command; a system takes only so many, and a page may say more."""

NEEDED = (Cause.LOGIN, Cause.HUMAN, Cause.SITE)
"""Causes of a pause that only a person can mend."""


class Alert(NamedTuple):
    """``kind``: limit, person, stopped or done. ``sentence`` may hold the site's words: untrusted."""

    kind: str
    sentence: str


def alert_of(state: RunState) -> Alert | None:
    """What there is to hear of a run that stands at ``state``."""
    if state.phase in ("done", "ended") and state.result is not None:
        return Alert("done", "every panel is finished" if state.result == "finished" else "done; some panels need you")
    if state.phase in ("paused", "pausing") and state.cause not in (None, Cause.PERSON):
        return Alert("person" if state.cause in NEEDED else "stopped", state.sentence)
    for wait in state.pacing.values():
        if wait.until is not None and wait.until - state.at > WORTH:
            return Alert("limit", wait.sentence)
    return None


class Alerts:
    """Tells each alert once, and runs the person's command for it. What stands at the first look is no news."""

    def __init__(self, command: Sequence[str] = (), project: Path | None = None) -> None:
        self._command, self._project = list(command), project
        self._last: Alert | None = None
        self._looked = False
        self._running: list[subprocess.Popen[bytes]] = []

    def look(self, state: RunState) -> Alert | None:
        """The alert that is new since the last look, if there is one."""
        alert = alert_of(state)
        kind = None if alert is None else alert.kind
        news = self._looked and kind is not None and kind != (self._last.kind if self._last else None)
        self._looked, self._last = True, alert
        self._running = [process for process in self._running if process.poll() is None]
        if not news or alert is None:
            return None
        self._run(alert, state)
        return alert

    def _run(self, alert: Alert, state: RunState) -> None:
        if not self._command:
            return
        told = {
            "NOVELGEN_EVENT": alert.kind,
            "NOVELGEN_SENTENCE": plain(alert.sentence)[:LONGEST],
            "NOVELGEN_TITLE": plain(state.title)[:LONGEST],
            "NOVELGEN_PROJECT": str(self._project or ""),
        }
        quiet = subprocess.DEVNULL
        try:
            self._running.append(
                subprocess.Popen(
                    self._command, env={**os.environ, **told}, stdin=quiet, stdout=quiet, stderr=quiet,
                    start_new_session=True,
                )
            )  # fmt: skip
        except OSError:
            self._command = []  # no such program: nothing is worth stopping a run for
