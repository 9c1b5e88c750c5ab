"""What the pool does about memory: pure judgement, no measuring and no acting.

Past 80 % of the budget nothing new starts and the fattest idle tab is recycled; where that does not help the
pool shrinks by one; once there has been room for a while it grows back by one. One tab may always work: a
budget that is too small makes a run slow, never endless.
"""

import msgspec

HIGH = 0.80
"""Share of the budget past which nothing new starts."""

LOW = 0.60
"""Share of the budget below which the pool may grow back (the gap keeps it from flapping)."""

CALM = 60.0
"""Seconds below LOW before one tab is given back."""


class MemorySample(msgspec.Struct, frozen=True):
    """Bytes. ``tabs``: by tab id, 0 where unknown."""

    browser: int
    own: int
    available: int
    tabs: dict[str, int] = {}

    @property
    def used(self) -> int:
        return self.browser + self.own


class MemoryVerdict(msgspec.Struct, frozen=True):
    """``limit``: at most so many tabs, None for no limit by memory."""

    may_start: bool
    recycle: bool = False
    limit: int | None = None
    why: str = ""


class MemoryJudge:
    """Holds the hysteresis. ``budget`` in bytes."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.limit: int | None = None
        self._calm_since: float | None = None
        self._recycled_in_vain = 0

    def judge(self, sample: MemorySample, now: float, *, tabs: int, idle: int, wanted: int) -> MemoryVerdict:
        """What to do, given ``tabs`` open, ``idle`` of them idle, ``wanted`` by the user; ``now`` in seconds."""
        share = sample.used / self.budget
        if share > HIGH:
            self._calm_since = None
            return self._too_much(share, tabs, idle)
        self._recycled_in_vain = 0
        if self.limit is not None and share < LOW:
            self._calm_since = now if self._calm_since is None else self._calm_since
            if now - self._calm_since >= CALM:
                self._calm_since = now
                self.limit = None if self.limit + 1 >= wanted else self.limit + 1
                return MemoryVerdict(True, limit=self.limit, why="there is room again")
        elif share >= LOW:
            self._calm_since = None
        return MemoryVerdict(True, limit=self.limit)

    def _too_much(self, share: float, tabs: int, idle: int) -> MemoryVerdict:
        why = f"memory is at {share:.0%} of the budget"
        alone = tabs <= 1
        if not idle:
            return MemoryVerdict(alone, recycle=alone, limit=self.limit, why=why)
        self._recycled_in_vain += 1
        if self._recycled_in_vain > max(1, tabs):  # every tab had its turn and it is still too much
            self._recycled_in_vain = 0
            self.limit = max(1, tabs - 1)
        return MemoryVerdict(alone, recycle=True, limit=self.limit, why=why)


def parse_budget(text: str, available: int, limit: int | None) -> int:
    """Bytes for ``auto`` (three quarters of what is free now, within the cgroup's limit) or ``6 GiB``.

    Args:
        available: bytes the machine could give now.
        limit: the cgroup's limit in bytes, None where there is none.

    Raises:
        ValueError: the text is neither.
    """
    if text.strip() == "auto":
        return int(0.75 * min(available, limit if limit is not None else available))
    units = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
    number = text.strip().rstrip("BbiKkMmGg ")
    unit = text.strip()[len(number) :].strip().lower()
    try:
        size = int(float(number) * units[unit])
    except (ValueError, KeyError) as error:
        raise ValueError(f'expected "auto" or a size such as "6 GiB", got "{text}"') from error
    if size <= 0:
        raise ValueError(f'a memory budget must be more than nothing, got "{text}"')
    return size
