"""The law of vain waits: a site that says «wait 0 seconds» and refuses again is believed ever less."""

from core.pacing.faults import CALM, FIRST, SLOWEST


class VainWaits:
    """Counts refusals in a row that told a wait, each after the one before was waited for."""

    def __init__(self) -> None:
        self._row = 0

    def refused(self) -> float:
        """Seconds to wait in any case, whatever was told: 0 for the first few, then doubling."""
        self._row += 1
        return 0.0 if self._row <= CALM else min(SLOWEST, FIRST * 2.0 ** min(self._row - CALM - 1, 60))

    def passed(self) -> None:
        """A send was not refused: what was told was true."""
        self._row = 0
