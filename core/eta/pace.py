"""How long panels will take, from how long they have taken: three stories of the run so far, each believed as far as
it explains what was seen.

*Steady*: one pace all along. *Changed*: the run falls into stretches, each of a pace of its own; what is to come goes
on like the latest. *Drifting*: slower or faster all the time along a straight line, which goes on. Chance alone never
speaks clearly, so a story that needs more has to explain more; where several hold, the doubt between them goes into
the error, and after a change the range is wide until the new pace has shown itself.
"""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import mul

import msgspec

from core.metrics import Metrics

ENOUGH = 4
"""Panels a tab must have settled, on average, before anything is said."""

BLOCKS = 40
"""The run so far is looked at in so many blocks at most: the stories are about their means."""

ROUNDS = 3
"""Panels in a block for each tab, at least: tabs that end together make shorter ones ragged."""

KNOWN = 10
"""How many blocks the chance in their means is worth that single pictures let expect."""

JUMP = 0.5
"""Relative: how large a change of pace usually is."""

CHANGES = 0.15
"""Changes expected in a whole run before anything of it is seen."""

AGAIN = 0.02
"""Changes still to come for each that was seen, were as much still to come as has been."""

SLOPE = 0.5
"""Relative: how much a run that drifts usually drifts from its first panel to its last."""

DRIFTS = 0.1
"""The share of runs that drift."""


class Pace(msgspec.Struct, frozen=True):
    """What a panel will take until it is settled.

    ``seconds``: of a tab's time. ``error``: relative standard error of that mean. ``spread``: relative deviation
    of one picture. ``sends``: prompts sent for each panel. ``sends_error``: relative, of what is to come.
    """

    seconds: float
    error: float
    spread: float
    sends: float = 1.0
    sends_error: float = 0.0


class PaceKeeper:
    """Tells a run's pace again and again; the stories are told anew only when there is news for them."""

    def __init__(self) -> None:
        self._heard: tuple[float, int, int] | None = None
        self._told = (0.0, 0.0)

    def pace(self, metrics: Metrics, left: int) -> Pace | None:
        """What each of the ``left`` panels will take, from what they have taken; None while too few were settled."""
        marks, stride = metrics.marks, metrics.stride
        if metrics.settled < ENOUGH * max(2, metrics.tabs_wanted) or len(marks) < 3 or marks[-1] <= marks[0]:
            return None
        spread = _spread(metrics.latencies)
        sends = max(1.0, metrics.sends / metrics.settled)
        sends_error = math.sqrt((sends - 1.0 + 0.005) * sends * (1 / left + 1 / metrics.settled))
        news = (marks[-1], len(marks), metrics.tabs_wanted)
        if news != self._heard:
            size = max(math.ceil((len(marks) - 1) / BLOCKS), math.ceil(ROUNDS * metrics.tabs_wanted / stride))
            self._told = _tell(marks, stride, min(size, len(marks) - 1), spread * math.sqrt(sends), left)
            self._heard = news
        seconds, error = self._told
        return Pace(seconds, error, spread, sends, sends_error)


def _tell(marks: Sequence[float], stride: int, size: int, spread: float, left: int) -> tuple[float, float]:
    """Seconds a panel, and the relative error of that, from blocks of ``size`` marks.

    ``spread``: relative deviation of what one panel takes.
    """
    panels = size * stride
    ends = marks[(len(marks) - 1) % size :: size]  # whole blocks, counted back from now
    means = [(late - early) / panels for early, late in pairwise(ends)]
    expected = (max(spread, 0.05) * sum(means) / len(means)) ** 2 / panels
    seconds, variance = told_forward(means, _chance(means, expected), ahead=left / panels)
    return seconds, math.sqrt(variance) / seconds


def _spread(times: Sequence[float]) -> float:
    if len(times) < 8:
        return 0.6
    mean = sum(times) / len(times)
    return math.dist(times, [mean] * len(times)) / math.sqrt(len(times)) / (mean or 1.0)


def _chance(means: Sequence[float], expected: float) -> float:
    """The variance of a block's mean by chance: what single pictures let expect, and neighbours show."""
    steps = len(means) - 1
    seen = sum((late - early) ** 2 for early, late in pairwise(means)) / 2
    return (KNOWN * expected + seen) / (KNOWN + steps)


def told_forward(means: Sequence[float], chance: float, ahead: float) -> tuple[float, float]:
    """The mean of what is ``ahead`` (in blocks), and its variance, by all stories of the blocks so far.

    Args:
        means: of the blocks, oldest first; at least one. ``chance``: the variance of each around its pace.
    """
    count = len(means)
    mean = sum(means) / count
    away = [value - mean for value in means]
    jump = (JUMP * mean) ** 2
    told = _stretches(away, chance, jump, rate=CHANGES / (count + ahead))
    line = _line(away, chance, (SLOPE * mean / (count + ahead)) ** 2, ahead)
    drifts = 1.0 / (1.0 + math.exp(min(700.0, told.evidence - told.steady - line.evidence)))
    stories = [(drifts, line.level, line.variance)]
    late, variance = 0.0, chance / count
    for length, share in enumerate(reversed(told.begins), start=1):
        late += away[-length]
        if length == count:
            stories.append(((1.0 - drifts) * share, 0.0, variance))
        else:  # nearer to the mean of all, the shorter the stretch
            sure = jump / (chance + length * jump)
            stories.append(((1.0 - drifts) * share, late * sure, chance * sure))
    level = sum(share * value for share, value, _ in stories)
    variance = sum(share * (doubt + (value - level) ** 2) for share, value, doubt in stories)
    variance += AGAIN * told.changes * ahead / count * jump / 3  # on average they come half-way: a third of the square
    return max(0.2 * mean, mean + level), variance


class _Stretches(msgspec.Struct, frozen=True):
    """``begins``: how likely the latest stretch begins with each block. ``changes``: expected so far.

    ``evidence``: logarithm of how well stretches explain the blocks; ``steady``: how well a single one does.
    """

    begins: list[float]
    changes: float
    evidence: float
    steady: float


def _stretches(away: Sequence[float], chance: float, jump: float, rate: float) -> _Stretches:
    """Every way to cut the blocks into stretches, weighed by how well each explains them.

    Block by block: the evidence for all ways to cut the first ``end`` blocks is that for the last stretch, whichever
    block it begins with, times that for what came before it.
    """
    count = len(away)
    stay, change = math.log1p(-rate), math.log(rate)
    sums = list(accumulate(away, initial=0.0))
    squares = list(accumulate((value * value / (2 * chance) for value in away), initial=0.0))
    fits = [jump / (2 * chance * (chance + length * jump)) for length in range(count + 1)]
    costs = [(length - 1) * stay - 0.5 * math.log1p(length * jump / chance) for length in range(count + 1)]
    evidence, changes = [0.0], [0.0]
    before = [0.0]  # evidence for what came before each block, and for a change there
    shares = [1.0]
    for end in range(1, count + 1):
        total = sums[end]
        logs = [
            known + (total - so_far) ** 2 * fit + cost
            for known, so_far, fit, cost in zip(before, sums, fits[end:0:-1], costs[end:0:-1], strict=False)
        ]
        most = max(logs)
        weights = [math.exp(one - most) for one in logs]
        whole = sum(weights)
        shares = [weight / whole for weight in weights]
        evidence.append(most + math.log(whole) - squares[end])
        changes.append(sum(map(mul, shares, changes)) + 1.0 - shares[0])
        before.append(evidence[end] + squares[end] + change)
    steady = sums[count] ** 2 * fits[count] + costs[count] - squares[count]
    return _Stretches(shares, changes[count], evidence[count], steady)


class _Line(msgspec.Struct, frozen=True):
    """Where a straight line leads: ``level`` of what is ahead over the mean so far, and its variance.

    ``evidence``: logarithm of how much better it explains the blocks than a level one, its rarity counted in.
    """

    level: float
    variance: float
    evidence: float


def _line(away: Sequence[float], chance: float, usual: float, ahead: float) -> _Line:
    """A straight line through the blocks. ``usual``: variance of slopes (a block) before any block is seen."""
    count = len(away)
    middle = (count - 1) / 2
    around = count * (count * count - 1) / 12
    if not around:
        return _Line(0.0, chance, -math.inf)
    slope = sum((number - middle) * value for number, value in enumerate(away)) / around
    doubt = chance / around
    reach = (count + ahead) / 2
    sure = usual / (usual + doubt)
    better = 0.5 * math.log(doubt / (doubt + usual)) + 0.5 * slope * slope * sure / doubt
    variance = chance / count + sure * doubt * reach * reach
    return _Line(sure * slope * reach, variance, better + math.log(DRIFTS))
