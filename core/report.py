"""The production report: what was drawn, what needs somebody, which limits were met, where the time went. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec

from core.metrics.figures import Figures
from core.outcomes import Outcome
from core.state import AttemptState, PanelState, PanelStatus, RunState


class Needing(msgspec.Struct, frozen=True):
    """A panel somebody should look at: what was said or thought of it, and its prompt."""

    panel: str
    why: str
    prompt: str


class Report(msgspec.Struct, frozen=True):
    """Seconds, bytes and counts.

    Attributes:
        today: pictures finished since midnight of the report's own clock.
        first_try: panels finished by their first attempt, of those finished.
        limits: how often a quota, a rate limit or a throttle was met.
        lost: seconds of attempts that brought no picture, by what they ended in, the most first.
        waited: seconds under a limit, of the run's active time.
        used: bytes of all takes on disk.
    """

    title: str
    at: float
    panels: dict[str, int]
    today: int
    finished: int
    first_try: int
    takes: int
    limits: dict[str, int]
    lost: dict[str, float]
    waited: float
    active: float
    used: int
    possible_duplicates: int
    figures: Figures
    refused: tuple[Needing, ...]
    failed: tuple[Needing, ...]
    doubtful: tuple[Needing, ...]


def report(state: RunState, now: float) -> Report:
    """The report of a run as it stands at ``now`` (wall clock, seconds since the epoch)."""
    midnight = datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    panels = list(state.panels.values())
    finished = [panel for panel in panels if panel.status is PanelStatus.FINISHED]
    takes = [take for panel in panels for take in panel.takes]
    return Report(
        title=state.title,
        at=now,
        panels={str(status): count for status, count in state.counts().items()},
        today=sum(1 for take in takes if take.at >= midnight),
        finished=len(finished),
        first_try=sum(1 for panel in finished if panel.attempts == 1),
        takes=len(takes),
        limits=_limits(state.attempts.values()),
        lost=_lost(state.attempts.values()),
        waited=state.metrics.waiting_seconds,
        active=state.metrics.active_seconds,
        used=sum(take.bytes for take in takes),
        possible_duplicates=state.metrics.possible_duplicates,
        figures=state.metrics.figures(now),
        refused=_needing(state, panels, PanelStatus.REFUSED),
        failed=_needing(state, panels, PanelStatus.FAILED),
        doubtful=tuple(Needing(p.id, "; ".join(p.doubts), p.text) for p in panels if p.doubtful),
    )


def _limits(attempts: Iterable[AttemptState]) -> dict[str, int]:
    met = Counter(attempt.outcome for attempt in attempts if attempt.outcome is not None and attempt.outcome.is_limit)
    return {str(outcome): count for outcome, count in met.most_common()}


def _lost(attempts: Iterable[AttemptState]) -> dict[str, float]:
    lost: Counter[str] = Counter()
    for attempt in attempts:
        if attempt.outcome is not None and attempt.outcome is not Outcome.OK:
            lost[str(attempt.outcome)] += attempt.seconds  # type: ignore[assignment]  # a Counter may count seconds
    return dict(lost.most_common())


def _needing(state: RunState, panels: Iterable[PanelState], status: PanelStatus) -> tuple[Needing, ...]:
    sent = {attempt.panel: attempt.prompt for attempt in state.attempts.values() if attempt.prompt}
    return tuple(Needing(p.id, p.message, sent.get(p.id, p.text)) for p in panels if p.status is status)
