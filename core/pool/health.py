"""The health of a tab, 0 (replace it) to 100 (as good as new)."""

from core.state import TabState

SICK = 40
"""Below this a tab is replaced at its next idle moment."""


def score(tab: TabState, seconds_silent: float, heartbeat: float) -> int:
    """Judge a tab by its record.

    Starts at 100 and takes off:
      18  for every error in a row (at most 72): the best sign that something is wrong now;
      up to 20 for its share of errors over its life (half its attempts failing takes all 20);
      up to 20 for a slow page: a heartbeat of 2 s takes all of them, one under 0.1 s none;
      up to 20 for silence: twice as long as a heartbeat may take without an answer takes all of them.

    Args:
        tab: its record so far.
        seconds_silent: since its page last answered.
        heartbeat: seconds within which a page is to have answered.
    """
    in_a_row = 18 * min(tab.consecutive_errors, 4)
    attempts = tab.completed + tab.errors
    failing = 20 * min(1.0, 2 * tab.errors / attempts) if attempts >= 5 else 0.0
    slow = 20 * min(1.0, max(0.0, tab.latency - 0.1) / 1.9)
    silent = 20 * min(1.0, max(0.0, seconds_silent - heartbeat) / heartbeat)
    return max(0, round(100 - in_a_row - failing - slow - silent))
