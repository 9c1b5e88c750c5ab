"""What ``check`` prints: a table of what was found where."""

import sys
from pathlib import Path

from core.check import Finding, check
from core.complaint import command
from tui.printed import printed

SIGNS = {"good": "✓", "doubtful": "!", "bad": "✗", "later": "·"}
WORDS = {"good": "ok", "doubtful": "see", "bad": "BAD", "later": "-"}
"""For terminals that have no signs."""

PART = 18
"""Letters of the column that names the part."""


def run_check(folder: Path, *, draw_one: bool) -> int:
    """Print the table as it grows; the process's exit code."""
    ready = check(folder, _print, draw_one=draw_one)
    printed(f"Ready: {command('run', folder)}" if ready else "Not ready; see the lines marked above.")
    return 0 if ready else 2


def _print(finding: Finding) -> None:
    printed(f"{_sign(finding.verdict)} {finding.part:{PART}} {finding.what}")
    blank = " " * (len(_sign(finding.verdict)) + PART + 2)
    if finding.suggestion:
        printed(f"{blank}would fit: {finding.suggestion}")
    if finding.screenshot is not None:
        printed(f"{blank}as it looked: {finding.screenshot}")


def _sign(verdict: str) -> str:
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return SIGNS[verdict] if unicode else f"{WORDS[verdict]:3}"
