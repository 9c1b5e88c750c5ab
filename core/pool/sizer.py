"""``tabs = "auto"``: watches how fast pictures come and has the pool grow or shrink (the judge is ``autosize``)."""

from collections.abc import Callable

import anyio

from core.pool.autosize import AutoSize
from core.pool.pool import Pool
from core.state import RunState

INTERVAL = 5.0
"""Seconds between two looks."""


class Sizer:
    """``busy``: whether there is work for so many tabs. A person who asks for a number takes over for good."""

    def __init__(self, pool: Pool, most: int, state: RunState, busy: Callable[[int], bool]) -> None:
        self._pool, self._state, self._busy = pool, state, busy
        self._size = AutoSize(most)
        self._disturbed = True

    async def run(self) -> None:
        """Look now and then, until cancelled or until a person chose a number."""
        while not self._pool.chosen:
            await anyio.sleep(INTERVAL)
            self.look()

    def look(self) -> None:
        """Judge once."""
        pool, before = self._pool, self._size.tabs
        open_tabs = sum(1 for tab in pool.tabs.values() if tab.worker is not None)
        fits = pool.places >= pool.target
        disturbed, self._disturbed = self._disturbed, self._is_disturbed()
        tabs = self._size.observe(
            anyio.current_time(),
            pool.completed,
            open_tabs=open_tabs,
            undisturbed=not (disturbed or self._disturbed),
            fits=fits,
        )
        if not pool.chosen and tabs != before:
            fewer = "there is no memory for more" if not fits else "the last ones brought too little"
            why = "trying whether more draw faster" if tabs > before else fewer
            pool.resize(tabs, why)

    def _is_disturbed(self) -> bool:
        """Paused, waiting for the site, short of memory, or short of work: says nothing about tabs."""
        state = self._state
        waiting = any(pacing.until is not None for pacing in state.pacing.values())
        full = state.memory.budget > 0 and state.memory.used > 0.8 * state.memory.budget
        return (
            state.phase != "running"
            or waiting
            or full
            or self._pool.limit is not None
            or not self._busy(self._size.tabs)
        )
