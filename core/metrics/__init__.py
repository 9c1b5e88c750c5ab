"""The figures of a run, folded from its events.

``Metrics`` is plain data inside the state: it goes into every checkpoint, so it is bounded whatever the size
of the book, and folding a record costs about a microsecond, since recovery folds a million of them.

Active time is what rates are measured in: the time between records while a run is on (from ``RunStarted`` or
``RunResumed`` to ``RunPaused``, ``RunDone`` or ``RunEnded``; «pausing» still counts, pictures are being
finished). Pauses and the time between runs do not count; waits for a limit do. A gap of more than ``GAP``
between two records (a machine asleep, a clock that was set) counts as ``GAP``.
"""

from core.metrics.accumulators import Metrics
from core.metrics.figures import Figures, TabFigures
from core.metrics.series import Moment, Series

__all__ = ["Figures", "Metrics", "Moment", "Series", "TabFigures"]
