"""What must hold at every event of a night, and at its end."""

from core import events as ev
from core.fold import apply
from core.state import PanelStatus, RunState
from tests.simulation.plan import Plan
from tests.simulation.site import SimulatedSite

SHORT_OF_TABS = 1800.0
"""Seconds of drawing within which the pool must have been at its full size."""

PAST_THE_MARK = 0.83
"""Share of the memory budget past which no further panel may start: 80 %, and what may go by untold."""


class Broken(AssertionError):
    """An invariant does not hold."""


class Watcher:
    """Checks every record on a fold of its own. ``state``: what was durable when this life began."""

    def __init__(self, plan: Plan, state: RunState) -> None:
        self.plan, self.state = plan, state
        self.records = 0
        self._short_since: float | None = None

    def see(self, record: ev.Record) -> None:
        event, state = record.event, self.state
        if record.seq != state.seq + 1:
            raise Broken(f"record {record.seq} follows {state.seq}")
        if isinstance(event, ev.Noticed) and "a mistake of ours" in event.text:
            raise Broken(event.text)
        panel = state.panels.get(getattr(event, "panel", ""))
        if panel is not None and panel.status is PanelStatus.FINISHED:
            if isinstance(event, ev.AttemptStarted):
                raise Broken(f"{panel.id} is finished and is asked for again")
            if isinstance(event, ev.PanelFinished):
                raise Broken(f"{panel.id} is finished twice")
        starts = isinstance(event, (ev.AttemptStarted, ev.HarvestStarted))
        if starts and state.phase != "running":
            raise Broken(f"{event.panel} is started while the run is {state.phase}")
        if starts and panel is not None and panel.status is not PanelStatus.QUEUED:
            raise Broken(f"{panel.id} is started while it is {panel.status}")
        if (
            starts
            and state.memory.used > PAST_THE_MARK * state.memory.budget
            and any(t.panel for t in state.tabs.values())
        ):
            raise Broken(f"{event.panel} is started with memory at {state.memory.used / state.memory.budget:.0%}")
        known = len(state.panels)
        apply(state, record)
        self.records += 1
        if len(state.panels) < known:
            raise Broken(f"{known - len(state.panels)} panels are lost")
        in_flight = [tab.panel for tab in state.tabs.values() if tab.panel]
        if len(in_flight) > self.plan.tabs:
            raise Broken(f"{len(in_flight)} in flight with {self.plan.tabs} tabs")
        if len(set(in_flight)) < len(in_flight):
            raise Broken(f"two tabs draw one panel: {in_flight}")
        if panel is not None and panel.status is PanelStatus.GENERATING and panel.id not in in_flight:
            raise Broken(f"{panel.id} is {panel.status}, but no tab draws it")
        if isinstance(event, ev.RunDone) and (left := unsettled(state)):
            raise Broken(f"the run is done without {left[:5]}")

    def look_at_pool(self, now: float) -> None:
        """Called now and then: a pool that is short of tabs must be whole again after a while of drawing."""
        state = self.state
        open_ = sum(1 for tab in state.tabs.values() if tab.phase in ("idle", "generating", "cooling"))
        if state.phase != "running" or open_ >= min(state.tabs_wanted, state.tabs_limit or state.tabs_wanted):
            self._short_since = None
        elif self._short_since is None:
            self._short_since = now
        elif now - self._short_since > SHORT_OF_TABS:
            raise Broken(f"the pool had {open_} of {state.tabs_wanted} tabs for {now - self._short_since:.0f} s")


def unsettled(state: RunState) -> list[str]:
    """Panels that still wait for something."""
    return [p.id for p in state.panels.values() if p.status in (PanelStatus.QUEUED, PanelStatus.GENERATING)]


def same(durable: RunState, recovered: RunState, what: str) -> None:
    """The two must be equal; raises Broken with what differs."""
    if durable == recovered:
        return
    for field in durable.__struct_fields__:
        one, two = getattr(durable, field), getattr(recovered, field)
        if one != two and isinstance(one, dict):
            one = {key: value for key, value in one.items() if two.get(key) != value}
            two = {key: value for key, value in two.items() if key in one}
        if one != two:
            raise Broken(f"{what}: {field} {str(one)[:500]} became {str(two)[:500]}")


def check_end(plan: Plan, state: RunState, site: SimulatedSite) -> None:
    """What must hold once nothing is left to draw."""
    counts = state.counts()
    if len(state.panels) != plan.panels:
        raise Broken(f"{len(state.panels)} panels of {plan.panels}")
    if counts[PanelStatus.REFUSED] < plan.refuses:
        raise Broken(f"{counts[PanelStatus.REFUSED]} refused, {plan.refuses} expected")
    if left := unsettled(state):
        raise Broken(f"left over: {left[:5]}")
    if state.tabs:
        raise Broken(f"ghost tabs: {list(state.tabs)}")
    if site.most_in_flight > plan.tabs:
        raise Broken(f"the site saw {site.most_in_flight} at once from {plan.tabs} tabs")
    takes = [panel.take for panel in state.panels.values() if panel.status is PanelStatus.FINISHED]
    if len({take.sha256 for take in takes if take}) != len(takes):
        raise Broken("two panels share a picture")
    causes: dict[str, int] = {}  # of a further asking: attempts that ended otherwise, or died before it was known
    for attempt in state.attempts.values():
        if not attempt.sent or attempt.outcome != "ok":
            causes[attempt.panel] = causes.get(attempt.panel, 0) + 1
    for id, times in site.asked.items():
        if times > 1 + causes.get(id, 0):
            raise Broken(f"{id} was asked for {times} times without cause")
