"""What the figures are: the nine of a run, and those of a tab."""

import msgspec


class Figures(msgspec.Struct, frozen=True):
    """The nine figures. None means that nothing has been measured yet; a 0 is a measured nothing."""

    images_per_minute: float | None
    """Pictures finished per minute of active time over the latest ten active minutes (over all active time
    while that is shorter). Harvested pictures count. None before the first second of active time."""

    average_generation_seconds: float | None
    """Mean seconds from the send to the picture in hand, over all finished pictures that were not harvested
    (a harvested one includes the time nobody looked). None before the first such picture."""

    parallel_efficiency: float | None
    """Share (0 to 1) of the tabs' active time spent on attempts: seconds of attempts under way, summed over
    tabs, divided by the active seconds times the tabs wanted (or allowed by memory, where fewer) at the time.
    Waits for limits, dead tabs and idle tabs all lower it. None before the first such second."""

    success_rate: float | None
    """Pictures finished divided by all attempts judged (0 to 1). Judged are finished ones and those that ended
    retryable, refused, soft-refused, chat-full or lost; limits, sign-ins, challenges and withdrawn attempts say
    nothing about drawing and do not count, nor do attempts still in doubt. None before the first."""

    recovery_success_rate: float | None
    """Recoveries that succeeded divided by all that are decided (0 to 1). Three kinds count alike. A process
    that starts after one that did not end in order: succeeded with the first picture or orderly end after it,
    failed if the next process finds the same again first. A tab something befell: succeeded when repaired,
    failed when closed or hit again before. An attempt in doubt: succeeded when its picture was harvested, failed
    when it was lost. None before the first is decided."""

    memory_peak_bytes: int
    """Most bytes ever measured in use (browser processes and our own). 0 before the first measurement."""

    max_concurrent_operations: int
    """Most attempts (drawing or harvesting) ever under way at once. 0 before the first."""

    largest_successful_batch: int
    """Most pictures finished in a row with no judged attempt failing between them. 0 before the first."""

    longest_operation_seconds: float
    """Seconds of the longest attempt that ended: a picture's generation (harvested ones excepted) or a failed
    attempt from start to end, limits included. 0 before the first."""


class TabFigures(msgspec.Struct):
    """One tab over all runs, by its name. Seconds are of active time."""

    completed: int = 0  #: pictures, harvested ones included
    errors: int = 0  #: judged attempts that failed, and faults of the tab
    seconds: float = 0.0  #: sum of generation seconds
    timed: int = 0  #: pictures in that sum
    busy: float = 0.0  #: seconds with an attempt under way
    open: float = 0.0  #: seconds it was there

    @property
    def average_seconds(self) -> float | None:
        """Mean seconds of a picture; None before the first."""
        return self.seconds / self.timed if self.timed else None

    @property
    def busy_fraction(self) -> float | None:
        """Busy seconds by open seconds, 0 to 1; None before the first."""
        return min(1.0, self.busy / self.open) if self.open > 0 else None
