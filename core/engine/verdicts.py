"""What an attempt's end means for its panel: pure judgement over the closed set of outcomes.

Every outcome has its own law and its own counter. A limit costs a panel nothing; a refusal goes back to the
author; only faults of its own bring a panel nearer to «failed».
"""

from typing import Literal

import msgspec

from core.engine.settings import EngineSettings
from core.outcomes import Cause, Outcome
from core.state import PanelState


class Verdict(msgspec.Struct, frozen=True):
    """``then``: where the panel goes. ``pause``: the run cannot go on. ``rest``: the panel waits first."""

    then: Literal["queued", "failed", "refused"]
    pause: Cause | None = None
    rest: bool = False


def judge(outcome: Outcome, panel: PanelState, settings: EngineSettings) -> Verdict:
    """The verdict on an attempt that ended with ``outcome``, given the panel before that."""
    match outcome:
        case Outcome.REFUSED:
            return Verdict("refused")
        case Outcome.SOFT_REFUSED:
            return Verdict("refused" if panel.soft_refusals + 1 >= settings.max_soft_refusals else "queued")
        case Outcome.LOGIN:
            return Verdict("queued", pause=Cause.LOGIN)
        case Outcome.HUMAN:
            return Verdict("queued", pause=Cause.HUMAN)
        case Outcome.RETRYABLE:
            done = panel.tries + 1 >= settings.max_tries
            return Verdict("failed") if done else Verdict("queued", rest=True)
        case _:
            return Verdict("queued")
