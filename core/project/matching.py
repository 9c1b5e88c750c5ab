"""Finds each panel of an edited script among those planned before: by its words, wherever it has gone.

Exact words first, with Heckel's method for words that occur more than once (a repeated text belongs to its
neighbours), then what is nearly the same, first in place and then anywhere. Everything is linear but for the panels
that were reworded and moved at once; each of those is compared with a few that share its rarest words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

IN_PLACE = 0.34
"""Share of words two texts between the same neighbours must have in common to be one panel reworded."""

ANYWHERE = 0.6
"""The same for a text that is elsewhere now."""

FEWEST = 3
"""Words that must be shared by texts that are elsewhere."""

_RAREST = 8
_COMMONEST = 40
_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[⺀-鿿가-힯぀-ヿ]")


def matches(new: Sequence[str], old: Sequence[str], taken: Sequence[int | None] | None = None) -> list[int | None]:
    """For each text of ``new`` the index of the text of ``old`` it was, or None; no index twice.

    ``taken``: matches that are certain already (by an id), one for each of ``new``.
    """
    found: list[int | None] = [None] * len(new) if taken is None else list(taken)
    back: list[int | None] = [None] * len(old)
    for index, other in enumerate(found):
        if other is not None:
            back[other] = index
    _exact(new, old, found, back)
    if any(match is None for match in found) and any(match is None for match in back):
        words = _Words(new, old)
        _in_place(words, found, back)
        _anywhere(words, found, back)
    return found


Found = list[int | None]


def _exact(new: Sequence[str], old: Sequence[str], found: Found, back: Found) -> None:
    at_new: dict[str, list[int]] = defaultdict(list)
    at_old: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(new):
        if found[index] is None:
            at_new[text].append(index)
    for index, text in enumerate(old):
        if back[index] is None:
            at_old[text].append(index)
    for text, indices in at_new.items():
        others = at_old.get(text, [])
        if len(indices) == len(others) == 1:
            found[indices[0]], back[others[0]] = others[0], indices[0]
    for step, order in ((1, range(len(new))), (-1, range(len(new) - 1, -1, -1))):
        for index in order:  # a repeated text next to a found one is the one that was next to it
            other = found[index]
            if other is None:
                continue
            i, j = index + step, other + step
            if 0 <= i < len(new) and 0 <= j < len(old) and found[i] is None and back[j] is None and new[i] == old[j]:
                found[i], back[j] = j, i
    for text, indices in at_new.items():  # whatever is left of repeated texts: in their order
        left = [index for index in indices if found[index] is None]
        rest = (index for index in at_old.get(text, ()) if back[index] is None)
        for i, j in zip(left, rest, strict=False):
            found[i], back[j] = j, i


class _Words:
    """The words of texts, split when they are first asked for."""

    def __init__(self, new: Sequence[str], old: Sequence[str]) -> None:
        self._texts = {True: new, False: old}
        self._known: dict[tuple[bool, int], Counter[str]] = {}

    def of(self, new: bool, index: int) -> Counter[str]:
        key = (new, index)
        if key not in self._known:
            text = self._texts[new][index].casefold()
            words = _WORD.findall(text)
            if _WIDE.search(text):  # scripts without spaces: pairs of letters do instead
                words = [word[i : i + 2] for word in words for i in range(max(1, len(word) - 1))]
            self._known[key] = Counter(words)
        return self._known[key]

    def alike(self, i: int, j: int) -> tuple[float, int]:
        """(Dice's share of common words, how many they are)."""
        a, b = self.of(True, i), self.of(False, j)
        shared = sum(min(count, b[word]) for word, count in a.items() if word in b)
        return 2 * shared / max(1, a.total() + b.total()), shared


def _in_place(words: _Words, found: Found, back: Found) -> None:
    """Texts that stand where others stood, between the same neighbours."""
    for start, end in _gaps(found):
        before = found[start - 1] if start else -1
        after = found[end] if end < len(found) else len(back)
        here = _run(back, before, +1) if before is not None else []
        if not here and after is not None:
            here = _run(back, after, -1)[::-1]
        gap = list(range(start, end))
        if len(here) == len(gap):
            pairs = list(zip(gap, here, strict=True))
        elif len(here) * len(gap) <= 10_000:
            pairs = _aligned(words, gap, here)
        else:
            pairs = []
        for i, j in pairs:
            if words.alike(i, j)[0] >= IN_PLACE:
                found[i], back[j] = j, i


def _gaps(found: Found) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for index, match in enumerate([*found, 0]):
        if match is None and start is None and index < len(found):
            start = index
        elif match is not None and start is not None:
            yield start, index
            start = None


def _run(back: Found, beside: int, step: int) -> list[int]:
    """The planned texts next to ``beside`` that nobody has claimed, in the direction of ``step``."""
    run, index = [], beside + step
    while 0 <= index < len(back) and back[index] is None:
        run.append(index)
        index += step
    return run


def _aligned(words: _Words, gap: list[int], here: list[int]) -> list[tuple[int, int]]:
    """The pairs, in order, with the most words in common."""
    best = [[0.0] * (len(here) + 1) for _ in range(len(gap) + 1)]
    alike = [[words.alike(i, j)[0] for j in here] for i in gap]
    for a in range(len(gap) - 1, -1, -1):
        for b in range(len(here) - 1, -1, -1):
            together = alike[a][b] + best[a + 1][b + 1] if alike[a][b] >= IN_PLACE else 0.0
            best[a][b] = max(together, best[a + 1][b], best[a][b + 1])
    pairs, a, b = [], 0, 0
    while a < len(gap) and b < len(here):
        if best[a][b] == best[a + 1][b]:
            a += 1
        elif best[a][b] == best[a][b + 1]:
            b += 1
        else:
            pairs.append((gap[a], here[b]))
            a, b = a + 1, b + 1
    return pairs


def _anywhere(words: _Words, found: Found, back: Found) -> None:
    """Texts that were reworded and moved: the likest first, among those that share rare words."""
    left = [index for index, match in enumerate(found) if match is None]
    rest = [index for index, match in enumerate(back) if match is None]
    holders: dict[str, list[int]] = defaultdict(list)
    for j in rest:
        for word in words.of(False, j):
            holders[word].append(j)
    candidates = []
    for i in left:
        known = [word for word in words.of(True, i) if 0 < len(holders.get(word, ())) <= _COMMONEST]
        known.sort(key=lambda word: len(holders[word]))
        votes = Counter(j for word in known[:_RAREST] for j in holders[word])
        for j, _ in votes.most_common(5):
            share, count = words.alike(i, j)
            if share >= ANYWHERE and count >= FEWEST:
                candidates.append((-share, i, j))
    for _, i, j in sorted(candidates):
        if found[i] is None and back[j] is None:
            found[i], back[j] = j, i
