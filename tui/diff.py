"""What an edited script would change, told before it is applied."""

from collections.abc import Iterator
from pathlib import Path

from core.project import Difference
from core.status import difference
from tui.plain import plain

MOST = 60
"""Panels named of one kind; the rest is counted."""


def print_difference(folder: Path, *, everything: bool = False) -> int:
    """Print it; returns how many panels differ. Changes nothing. Raises ProjectError and ScriptError."""
    found = difference(folder)
    if not found:
        print("The script says what it said when it was last planned.")
        return 0
    outdated = set(found.outdated)
    told = list(groups(found))
    for name, lines in told:
        print(f"{name}: {len(lines)}")
        for line in lines if everything else lines[:MOST]:
            print(plain(f"  {line}"))
        if not everything and len(lines) > MOST:
            print(f"  … and {len(lines) - MOST} more")
    if outdated:
        print(f"{len(outdated)} finished pictures no longer fit their prompts: they are marked outdated and kept.")
        print("Draw them anew with: novelgen-tui run --redraw-outdated")
    return sum(len(lines) for _, lines in told)


def groups(found: Difference) -> Iterator[tuple[str, list[str]]]:
    """What differs, by how: a heading, and a line a panel."""
    outdated = set(found.outdated)

    def mark(id: str) -> str:
        return ", outdated" if id in outdated else ""

    kinds = {
        "new": [f"{p.id} (line {p.line}): {_short(p.text)}" for p in found.added],
        "reworded": [
            f"{p.id} (line {p.line}{mark(p.id)}): {_short(old.text)} -> {_short(p.text)}" for p, old in found.reworded
        ],
        "changed around their words (style, looks, place, size, template)": [
            f"{p.id} (line {p.line}{mark(p.id)}): {_short(p.text)}" for p in found.changed
        ],
        "moved": [f"{p.id} (line {p.line}): {_short(p.text)}" for p in found.moved],
        "no longer in the script (pictures are kept)": [f"{p.id}: {_short(p.text)}" for p in found.removed],
        "under another id": [f"{before} is {after} now" for before, after in found.renamed],
    }
    yield from ((name, lines) for name, lines in kinds.items() if lines)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
