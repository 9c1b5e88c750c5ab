"""Figures over time, in steps of a minute that grow where a run is long."""

import msgspec

MOMENTS = 720
"""Steps kept at most; then neighbours are joined and a step is twice as long."""


class Moment(msgspec.Struct, array_like=True):
    """One step of the series over time, for charts and export."""

    at: float  #: its beginning, wall clock
    finished: int = 0
    failures: int = 0
    memory: int = 0  #: most bytes measured in it; 0 where nothing was measured
    waiting: float = 0.0  #: active seconds under a limit


class Series(msgspec.Struct):
    """Moments in order, each ``step`` seconds long; those in which nothing happened are left out."""

    step: float = 60.0
    moments: list[Moment] = []

    def at(self, at: float) -> Moment:
        """The moment that ``at`` (wall clock) falls into, to be counted in."""
        begins = at - at % self.step
        if self.moments and self.moments[-1].at >= begins:  # a clock set back writes on where it was
            return self.moments[-1]
        if len(self.moments) >= MOMENTS:
            self._join()
            return self.at(at)
        self.moments.append(Moment(begins))
        return self.moments[-1]

    def _join(self) -> None:
        self.step *= 2
        joined: list[Moment] = []
        for moment in self.moments:
            begins = moment.at - moment.at % self.step
            if joined and joined[-1].at == begins:
                last = joined[-1]
                last.finished += moment.finished
                last.failures += moment.failures
                last.memory = max(last.memory, moment.memory)
                last.waiting += moment.waiting
            else:
                moment.at = begins
                joined.append(moment)
        self.moments = joined
