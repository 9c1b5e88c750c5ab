"""Ids stay with their panels while a script is edited.

What was planned before is known by id from the run's state (its journal); nothing else keeps ids. A panel found again
keeps its id wherever it stands now; a new one gets the number after the panel before it, or, where that is taken,
the id before it with a letter: ``ch01-p003a``. The author's own ids always hold.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Protocol

import msgspec

from core.collecting import no_collecting
from core.project.matching import matches
from core.project.panels import PanelSpec

_POSITIONAL = re.compile(r"(?P<root>.+-p[0-9]{3,})[a-z]*")


class Planned(Protocol):
    """What has to be known of a panel planned before."""

    id: str
    text: str


class Identified(msgspec.Struct, frozen=True):
    """Panels under the ids they have from now on. ``renamed``: (id before, id the author gave it since)."""

    panels: tuple[PanelSpec, ...]
    renamed: tuple[tuple[str, str], ...] = ()


def identified(panels: Sequence[PanelSpec], planned: Sequence[Planned], dropped: Iterable[Planned] = ()) -> Identified:
    """``panels`` of the script as it reads now, with the ids they had.

    ``planned``: the panels planned before, in book order. ``dropped``: those that left the script once; one that
    comes back word for word is the same again.
    """
    gone = tuple(dropped)
    if not planned and not gone:
        return Identified(tuple(panels))
    with no_collecting():
        found = _found(panels, planned)
    found_gone = _returned(panels, found, gone)
    ids: list[str] = [""] * len(panels)
    renamed = []
    for index, panel in enumerate(panels):
        other = found[index]
        before = planned[other].id if other is not None else found_gone.get(index, "")
        ids[index] = panel.id if panel.given else before
        if panel.given and other is not None and before != panel.id:
            renamed.append((before, panel.id))
    known = {item.id.casefold() for item in (*planned, *gone)} | {id.casefold() for id in ids if id}
    for index, id in _fresh(panels, ids, known):
        ids[index] = id
    kept = (
        panel if panel.id == id else msgspec.structs.replace(panel, id=id)
        for panel, id in zip(panels, ids, strict=True)
    )
    return Identified(tuple(kept), tuple(renamed))


def _found(panels: Sequence[PanelSpec], planned: Sequence[Planned]) -> list[int | None]:
    """Which planned panel each panel is: by the author's id, else by its words."""
    by_id = {item.id: index for index, item in enumerate(planned)}
    certain = [by_id.get(panel.id) if panel.given else None for panel in panels]
    found = matches([panel.text for panel in panels], [item.text for item in planned], certain)
    for index, panel in enumerate(panels):
        other = found[index]
        # A new id on other words is a new panel; on the same words it is the old one under a new name.
        if panel.given and certain[index] is None and other is not None and planned[other].text != panel.text:
            found[index] = None
    return found


def _returned(panels: Sequence[PanelSpec], found: Sequence[int | None], gone: Sequence[Planned]) -> dict[int, str]:
    """Index -> id of panels that left the script and are back."""
    by_text: dict[str, list[str]] = {}
    for item in gone:
        by_text.setdefault(item.text, []).append(item.id)
    own = {panel.id for panel in panels if panel.given}
    back: dict[int, str] = {}
    for index, panel in enumerate(panels):
        if found[index] is None and not panel.given and (ids := by_text.get(panel.text)):
            id = ids.pop(0)
            if id not in own:
                back[index] = id
    return back


def _fresh(panels: Sequence[PanelSpec], ids: Sequence[str], known: set[str]) -> Iterator[tuple[int, str]]:
    """(index, id) for every panel that has none yet."""
    last: dict[int, int] = {}  # chapter -> index of its last panel that was there before
    for index, panel in enumerate(panels):
        if ids[index] and not panel.given:
            last[panel.chapter] = index
    prefixes = {id.rpartition("-p")[0] for id in known}
    prefix_of: dict[int, str] = {}
    root_of: dict[int, str] = {}  # chapter -> id before, without letters
    letters: dict[str, Iterator[str]] = {}
    for index, panel in enumerate(panels):
        chapter = panel.chapter
        id = ids[index]
        if not id:
            if chapter not in prefix_of:
                plain = f"ch{chapter:02d}"
                # A chapter of new panels only, whose number others had before: it gets a prefix of its own.
                prefix_of[chapter] = plain if chapter in last else next(_lettered(plain, prefixes))
                prefixes.add(prefix_of[chapter])
            id = _next(prefix_of[chapter], root_of.get(chapter, ""), panel.number)
            if index < last.get(chapter, -1) or id in known:
                root = root_of.get(chapter, f"{prefix_of[chapter]}-p000")
                id = next(letters.setdefault(root, _behind(root, known)))
            known.add(id)
            yield index, id
        if found := _POSITIONAL.fullmatch(id):
            root_of[chapter] = found["root"]


def _next(prefix: str, root: str, place: int) -> str:
    """The id after ``root``; where that is none of this chapter's own, the one its place implies."""
    before = root.removeprefix(f"{prefix}-p")
    return f"{prefix}-p{int(before) + 1 if before.isdecimal() else place:03d}"


def _lettered(root: str, known: set[str]) -> Iterator[str]:
    """``root`` if nobody has it, then the free ones with letters behind it."""
    if root not in known:
        yield root
    yield from _behind(root, known)


def _behind(root: str, known: set[str]) -> Iterator[str]:
    """The free ids among ``root`` with a, b, … z, aa, … behind it."""
    for number in count(1):
        letters, rest = "", number
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("a") + letter) + letters
        if root + letters not in known:
            yield root + letters
