"""How a run stands, for a script and in a sentence. Nothing heavy is imported here: ``attach`` needs it quickly."""

import os
import sys

from core.state import PanelStatus, RunState

FINISHED, INCOMPLETE, STOPPED = 0, 3, 4


def exit_code(state: RunState) -> int:
    """What a run that stands at ``state`` means for a script."""
    counts = state.counts()
    if counts[PanelStatus.QUEUED] or counts[PanelStatus.GENERATING]:
        return STOPPED
    if counts[PanelStatus.FAILED] or counts[PanelStatus.REFUSED]:
        return INCOMPLETE
    return FINISHED


def finished(state: RunState) -> str:
    """``7 of 12 panels finished``"""
    return f"{state.counts()[PanelStatus.FINISHED]} of {len(state.panels)} panels finished"


def on_a_terminal() -> bool:
    """Whether a full screen can be shown: keys come from a terminal, and both outputs go to one."""
    if os.environ.get("TEXTUAL_DRIVER"):  # somebody shows the screen elsewhere, in a web page for example
        return True
    if os.environ.get("TERM", "dumb") == "dumb":
        return False
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
