"""The scheduler: whenever something changes, give the next panel to the healthiest idle tab, if all agree.

Four have a say: the run's phase (a person), the pacing governor (the site), the memory keeper (the machine)
and the pool (the tabs).
"""

import anyio.abc

from core import events as ev
from core.engine.attempts import Attempts
from core.engine.desk import Desk
from core.pacing.governor import Permit
from core.pool.keeper import MemoryKeeper
from core.pool.pool import Pool
from core.state import PanelStatus


class Scheduler:
    """Runs until the desk is stopping; says when nothing is left to draw."""

    def __init__(self, desk: Desk, pool: Pool, memory: MemoryKeeper, attempts: Attempts) -> None:
        self._desk, self._pool, self._memory, self._attempts = desk, pool, memory, attempts

    async def run(self, group: anyio.abc.TaskGroup) -> None:
        """Start attempts in ``group`` until the desk is stopping."""
        desk = self._desk
        while not desk.stopping:
            wait = self._start_all_it_can(group) if desk.state.phase == "running" else desk.look_again()
            nothing_left = desk.state.phase == "running" and not desk.in_flight and desk.queue.is_empty()
            if nothing_left and not desk.verifying:
                self._done()
                continue
            await desk.wait_for_news(wait)

    def _start_all_it_can(self, group: anyio.abc.TaskGroup) -> float | None:
        """Returns the seconds after which it is worth looking again even without news."""
        desk = self._desk
        for tab in self._pool.idle():
            now = desk.clock.now()
            if not self._memory.may_start and not (desk.in_flight == 0 and self._pool.places <= 1):
                return None  # the keeper pokes when there is room
            permit = desk.governor.permit(now, desk.in_flight)
            self._tell_wait(permit)
            if not permit.allowed:
                return None if permit.until is None else max(0.0, permit.until - now)
            panel = desk.queue.take(now)
            if panel is None:
                moment = desk.queue.next_moment()
                return None if moment is None else max(0.0, moment - now)
            self._attempts.start(tab, panel, group)
        return None

    def _tell_wait(self, permit: Permit) -> None:
        """Say once that (and why) everybody waits, and once that the wait is over."""
        desk = self._desk
        until = None if permit.allowed else permit.until
        account = desk.settings.account
        shown = desk.state.pacing.get(account)
        if until is not None and permit.source is not None:
            until = desk.clock.on_the_wall(until)
            if shown is None or shown.until is None or abs(shown.until - until) > 1.0:
                desk.emit(ev.PacingWaiting(account, until, permit.source, permit.sentence))
        elif permit.allowed and shown is not None and shown.until is not None:
            desk.emit(ev.PacingOpened(account))

    def _done(self) -> None:
        states = {panel.status for panel in self._desk.state.panels.values()}
        held = any(p.status is PanelStatus.QUEUED for p in self._desk.state.panels.values())
        trouble = states & {PanelStatus.FAILED, PanelStatus.REFUSED}
        result: ev.RunResult = "stopped" if held else "incomplete" if trouble else "finished"
        self._pool.park()
        self._desk.emit(ev.RunDone(result))
        if not self._desk.lingers:
            self._desk.stop()
