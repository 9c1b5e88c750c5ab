"""What an edited script would change, before it does."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from core import events as ev
from core.project.ids import Identified
from core.project.panels import PanelSpec
from core.state import PanelState

_OUTDATED = ", outdated"
MOST_LINES = 60
"""Panels of an edit that are named when a person is asked."""


class Difference(msgspec.Struct, frozen=True):
    """Panels by what happened to them, in book order.

    ``reworded``: the author's words differ. ``changed``: only what surrounds them in the prompt does (a style, a
    look, a size). ``outdated``: ids of those whose picture was made from another prompt than they have now.
    """

    added: tuple[PanelSpec, ...] = ()
    reworded: tuple[tuple[PanelSpec, PanelState], ...] = ()
    changed: tuple[PanelSpec, ...] = ()
    moved: tuple[PanelSpec, ...] = ()
    removed: tuple[PanelState, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    outdated: tuple[str, ...] = ()

    def groups(self) -> Iterator[tuple[str, list[str]]]:
        """What happened, and a line for each panel it happened to."""
        outdated = set(self.outdated)

        def mark(id: str) -> str:
            return _OUTDATED if id in outdated else ""

        kinds = {
            "new": [f"{p.id} (line {p.line}): {_short(p.text)}" for p in self.added],
            "reworded": [
                f"{p.id} (line {p.line}{mark(p.id)}): {_short(old.text)} -> {_short(p.text)}"
                for p, old in self.reworded
            ],
            "changed around their words (style, looks, place, size, template)": [
                f"{p.id} (line {p.line}{mark(p.id)}): {_short(p.text)}" for p in self.changed
            ],
            "moved": [f"{p.id} (line {p.line}): {_short(p.text)}" for p in self.moved],
            "no longer in the script (pictures are kept)": [f"{p.id}: {_short(p.text)}" for p in self.removed],
            "under another id": [f"{before} is {after} now" for before, after in self.renamed],
        }
        yield from ((name, lines) for name, lines in kinds.items() if lines)

    @property
    def counts(self) -> tuple[int, int, int, int, int, int]:
        """Panels added, reworded, changed, moved, removed and outdated, as the events tell them."""
        return (
            len(self.added), len(self.reworded), len(self.changed),
            len(self.moved), len(self.removed), len(self.outdated),
        )  # fmt: skip

    def asked(self) -> ev.EditsWaiting:
        """As it is told where a person is asked before it counts."""
        lines = tuple(f"{name}: {line}" for name, lines in self.groups() for line in lines)
        return ev.EditsWaiting(*self.counts, lines[:MOST_LINES])

    def is_asked_by(self, waiting: ev.EditsWaiting | None) -> bool:
        """Whether ``waiting`` asks about just this; pictures finished since it was asked make no other edit of it."""
        return waiting is not None and _but_for_pictures(waiting) == _but_for_pictures(self.asked())

    def __bool__(self) -> bool:
        return any((self.added, self.reworded, self.changed, self.moved, self.removed, self.renamed))


def _but_for_pictures(asked: ev.EditsWaiting) -> ev.EditsWaiting:
    lines = tuple(line.replace(f"{_OUTDATED})", ")", 1) for line in asked.lines)
    return msgspec.structs.replace(asked, outdated=0, lines=lines)


def compare(now: Identified, planned: Sequence[PanelState]) -> Difference:
    """The script as it reads now beside what was planned before, in book order."""
    new_name = dict(now.renamed)
    before = {new_name.get(panel.id, panel.id): (index, panel) for index, panel in enumerate(planned)}
    here = {panel.id for panel in now.panels}
    both = [(panel, *before[panel.id]) for panel in now.panels if panel.id in before]
    stay = _longest_run([index for _, index, _ in both])
    return Difference(
        added=tuple(panel for panel in now.panels if panel.id not in before),
        reworded=tuple((panel, old) for panel, _, old in both if panel.text != old.text),
        changed=tuple(p for p, _, old in both if p.text == old.text and p.prompt_hash != old.prompt_hash),
        moved=tuple(panel for panel, index, _ in both if index not in stay),
        removed=tuple(old for id, (_, old) in before.items() if id not in here),
        renamed=now.renamed,
        outdated=tuple(panel.id for panel, _, old in both if _becomes_outdated(panel, old)),
    )


def _becomes_outdated(panel: PanelSpec, old: PanelState) -> bool:
    take = old.take
    return take is not None and not old.outdated and take.prompt_hash != panel.prompt_hash


def _longest_run(indices: Sequence[int]) -> set[int]:
    """The longest increasing run of ``indices`` (all different): those that kept their order."""
    tails: list[int] = []  # positions in ``indices``
    values: list[int] = []
    before: list[int] = []
    for position, value in enumerate(indices):
        at = bisect_left(values, value)
        before.append(tails[at - 1] if at else -1)
        if at == len(tails):
            tails.append(position)
            values.append(value)
        else:
            tails[at], values[at] = position, value
    run = set()
    position = tails[-1] if tails else -1
    while position >= 0:
        run.add(indices[position])
        position = before[position]
    return run


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
