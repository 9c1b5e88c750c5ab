"""Fifty megabytes in every format, with one mistake at the very end: a sentence with its line, and memory in bounds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.scripts import FORMATS, Format
from core.scripts.model import Script, ScriptChapter, ScriptPanel, Words

PANELS = 12_500
TEXT = "a wide hill under a slow sky, " * 130
MOST_MEMORY = 10
"""Times the size of the script: its text, its lines and its panels are there at once."""

MISTAKES = {
    "strip script": ("txt", "[0001] Ada: <<words without an end", "never end"),
    "comic script": ("txt", "seed: soon", "a seed is a whole number"),
    "list of prompts": ("txt", "# Chapter 1", "chapter 1 is on line 1 already"),
    "Fountain": ("fountain", "\n[[seed: soon]]", "a seed is a whole number"),
    "Markdown": ("md", "seed: soon", "a seed is a whole number"),
    "JSON Lines": ("jsonl", '{"prompt":', "this is no JSON"),
    "table": ("csv", '"open', "this row cannot be read"),
    "structured YAML": ("yaml", "}", "this is no YAML"),
}
"""Format -> ending, last line, what is said of it."""

PROGRAM = """
import atexit
from tui.cli import main
def tell():
    with open("/proc/self/status") as lines:
        print("peak", next(line.split()[1] for line in lines if line.startswith("VmHWM")), flush=True)
atexit.register(tell)
main()
"""
"""Not getrusage's peak: that of whoever started the program counts in it."""


def book() -> Script:
    words = (Words("dialogue", "So it is.", who="MIRA"),)
    panels = tuple(
        ScriptPanel(1, n // 5 + 1, n % 5 + 1, f"{TEXT}number {n}.", 0, place="quay", words=words) for n in range(PANELS)
    )
    return Script((ScriptChapter(1, ""),), panels)


@pytest.mark.parametrize("format", FORMATS, ids=[format.name.replace(" ", "-") for format in FORMATS])
def test_fifty_megabytes_with_a_mistake_at_the_end(format: Format, tmp_path: Path) -> None:
    ending, mistake, says = MISTAKES[format.name]
    text = format.write(book()).rstrip("\n") + f"\n{mistake}\n"
    path = tmp_path / f"script.{ending}"
    path.write_text(text, encoding="utf-8")
    size = path.stat().st_size
    assert size > 48_000_000
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "new", str(tmp_path / "novel"), "--from", str(path)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 2, done.stderr
    assert says in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr
    line = text.count("\n")
    assert f"line {line}: " in done.stderr, done.stderr
    peak = re.search(r"peak (\d+)", done.stdout)
    assert peak is not None
    print(f"{format.name}: {size / 1e6:.0f} MB, {int(peak[1]) / 1024:.0f} MiB")
    assert int(peak[1]) * 1024 < MOST_MEMORY * size
    assert not (tmp_path / "novel").exists()
