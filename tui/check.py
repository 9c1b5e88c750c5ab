"""What ``check`` prints: a table of what was found where."""

import sys
from pathlib import Path

from core.check import Finding, check
from tui.plain import plain

SIGNS = {"good": "✓", "doubtful": "!", "bad": "✗", "later": "·"}
WORDS = {"good": "ok", "doubtful": "see", "bad": "BAD", "later": "-"}
"""For terminals that have no signs."""

PART = 18
"""Letters of the column that names the part."""


def run_check(folder: Path, *, draw_one: bool) -> int:
    """Print the table as it grows; the process's exit code."""
    ready = check(folder, _print, draw_one=draw_one)
    print("Ready: novelgen-tui run " + plain(str(folder)) if ready else "Not ready; see the lines marked above.")
    return 0 if ready else 2


def _print(finding: Finding) -> None:
    print(f"{_sign(finding.verdict)} {finding.part:{PART}} {plain(finding.what)}", flush=True)
    blank = " " * (len(_sign(finding.verdict)) + PART + 2)
    if finding.suggestion:
        print(f"{blank}would fit: {plain(finding.suggestion)}")
    if finding.screenshot is not None:
        print(f"{blank}as it looked: {plain(str(finding.screenshot))}")


def _sign(verdict: str) -> str:
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return SIGNS[verdict] if unicode else f"{WORDS[verdict]:3}"
