"""What an edited script would change, told before it is applied."""

from pathlib import Path

from core.status import difference
from tui.printed import printed

MOST = 60
"""Panels named of one kind; the rest is counted."""


def print_difference(folder: Path, *, everything: bool = False) -> int:
    """Print it; returns how many panels differ. Changes nothing. Raises ProjectError and ScriptError."""
    found = difference(folder)
    if not found:
        printed("The script says what it said when it was last planned.")
        return 0
    outdated = set(found.outdated)
    told = list(found.groups())
    for name, lines in told:
        printed(f"{name}: {len(lines)}")
        for line in lines if everything else lines[:MOST]:
            printed(f"  {line}")
        if not everything and len(lines) > MOST:
            printed(f"  … and {len(lines) - MOST} more")
    if outdated:
        printed(f"{len(outdated)} finished pictures no longer fit their prompts: they are marked outdated and kept.")
        printed("Draw them anew with: novelgen-tui run --redraw-outdated")
    return sum(len(lines) for _, lines in told)
