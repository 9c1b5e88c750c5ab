"""What the pool does about memory: pure judgement, no measuring and no acting.

Past 80 % of the budget (what the pictures under way will add counted in) nothing new starts, and pages that hold
more than when they were new are replaced, the fattest first, until what they give back makes room; it goes on
below 65 %. Where that does not help the pool shrinks by one; once there has been room for one more for a while it
grows back by one. One tab may always work: a budget that is too small makes a run slow, never endless.
"""

import msgspec

HIGH = 0.80
"""Share of the budget past which nothing new starts."""

LOW = 0.65
"""Share of the budget below which it goes on, and the pool may grow back (the gap keeps it from flapping)."""

CALM = 60.0
"""Seconds of room for one more before one tab is given back."""

SETTLING = 3.0
"""Seconds in which the memory of a page that was closed comes back."""

WORN = 1.25
"""A page that holds so many times what it held when new is worth a new one when memory is short."""

ALONE = 0.10
"""The last tab's new page takes a new browser, and has to give back this share of all that is used."""


class PageMemory(msgspec.Struct, frozen=True):
    """A tab's page. Bytes; ``memory`` is 0 where unknown, ``lean`` is what it held when it was new.

    ``leaving``: it is being replaced, or will be once its picture is there.
    """

    tab: str
    memory: int = 0
    lean: int = 0
    pictures: int = 0
    busy: bool = False
    leaving: bool = False

    @property
    def worn(self) -> bool:
        """True where a new page may be leaner than this one."""
        return self.pictures > 0 and (not self.memory or self.memory > WORN * self.lean)

    @property
    def gives_back(self) -> int:
        """Bytes a new page in its place is expected to hold less."""
        return max(0, self.memory - self.lean)


class MemorySample(msgspec.Struct, frozen=True):
    """Bytes. ``places``: tabs of the pool, those whose page is being opened included.

    ``per_picture``: what a picture is known to add to its page; ``young``: what a new page is known to hold.
    """

    browser: int
    own: int
    available: int
    pages: tuple[PageMemory, ...] = ()
    places: int = 0
    per_picture: int = 0
    young: int = 0

    @property
    def used(self) -> int:
        """Bytes of the browsers and of this program."""
        return self.browser + self.own

    @property
    def opening(self) -> int:
        """What the pages that are being opened will hold."""
        return self.young * max(0, self.places - len(self.pages))

    @property
    def coming(self) -> int:
        """That, and what the pictures under way will add, or one more where none is."""
        return self.opening + self.per_picture * max(1, sum(page.busy for page in self.pages))


class MemoryVerdict(msgspec.Struct, frozen=True):
    """``recycle``: ids of tabs to be given a new page; ``limit``: at most so many tabs, None for no limit by memory."""

    may_start: bool
    recycle: tuple[str, ...] = ()
    limit: int | None = None
    why: str = ""


class MemoryJudge:
    """Holds the hysteresis. ``budget`` in bytes."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.limit: int | None = None
        self._short = False
        self._calm_since: float | None = None
        self._acted = float("-inf")

    def bound(self, sample: MemorySample) -> int:
        """Bytes that may be used: the budget, or what there is where others on this machine left less."""
        return min(self.budget, sample.used + sample.available)

    def judge(self, sample: MemorySample, now: float, *, wanted: int) -> MemoryVerdict:
        """What to do, given that the user wants ``wanted`` tabs; ``now`` in seconds."""
        foreseen, bound = sample.used + sample.coming, self.bound(sample)
        self._short = foreseen > (LOW if self._short else HIGH) * bound
        if self._short:
            self._calm_since = None
            return self._too_much(sample, now)
        return self._room(sample, now, wanted)

    def _room(self, sample: MemorySample, now: float, wanted: int) -> MemoryVerdict:
        if self.limit is None:
            return MemoryVerdict(True)
        if sample.used + sample.coming + sample.young > LOW * self.bound(sample):
            self._calm_since = None
            return MemoryVerdict(True, limit=self.limit)
        self._calm_since = now if self._calm_since is None else self._calm_since
        if now - self._calm_since < CALM:
            return MemoryVerdict(True, limit=self.limit)
        self._calm_since = now
        self.limit = None if self.limit + 1 >= wanted else self.limit + 1
        return MemoryVerdict(True, limit=self.limit, why="there is room again")

    def _too_much(self, sample: MemorySample, now: float) -> MemoryVerdict:
        recycle = self._worn(sample)
        if recycle:
            self._acted = now
        elif self._nothing_to_wait_for(sample) and sample.places > 1 and now - self._acted >= SETTLING:
            self._acted = now
            self.limit = sample.places - 1
        return MemoryVerdict(sample.places <= 1, recycle, self.limit, self._why(sample))

    def _worn(self, sample: MemorySample) -> tuple[str, ...]:
        """Tabs whose new pages together make room: idle ones first, and of those the fattest."""
        leaving = [page for page in sample.pages if page.leaving]
        least = ALONE * sample.used if sample.places <= 1 else 0
        worn = [page for page in sample.pages if page.worn and not page.leaving and page.gives_back >= least]
        excess = sample.used + sample.coming - LOW * self.bound(sample) - sum(page.gives_back for page in leaving)
        chosen: list[str] = []
        for page in sorted(worn, key=lambda page: (page.busy, -page.memory, -page.pictures)):
            if excess <= 0 or (not page.memory and (chosen or leaving)):  # of the unknown, one at a time
                break
            chosen.append(page.tab)
            excess -= page.gives_back
        return tuple(chosen)

    @staticmethod
    def _nothing_to_wait_for(sample: MemorySample) -> bool:
        """True where some tab stands idle and no page is on its way out: waiting alone brings no room."""
        return any(not page.busy for page in sample.pages) and not any(page.leaving for page in sample.pages)

    def _why(self, sample: MemorySample) -> str:
        bound = self.bound(sample)
        if bound < self.budget:
            return f"the machine has only {sample.available / 2**20:,.0f} MiB of memory left"
        why = f"memory is at {sample.used / bound:.0%} of the budget"
        coming = sample.coming / bound
        return why if coming < 0.01 else f"{why} and what is under way will add about {coming:.0%}"


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
