"""The figures of a run, folded from its events."""

import msgspec

from core import events as ev


class Metrics(msgspec.Struct):
    """Accumulators; see ``figures``."""

    def apply(self, record: ev.Record) -> None:
        """Fold one record in."""
