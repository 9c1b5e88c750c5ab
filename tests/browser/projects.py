"""Whole projects for tests, run by the real command."""

import subprocess
import sys
from pathlib import Path

from PIL import Image


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from tui.cli import main; main()", *arguments]


def project(folder: Path, panels: int, settings: str) -> Path:
    """A project of ``panels`` panels; ``settings`` is the rest of its novel.toml."""
    folder.mkdir()
    (folder / "novel.toml").write_text(f'title = "Lamps"\nscript = "script.md"\n{settings}', encoding="utf-8")
    lines = ["# Chapter 1: Lamps", "", "## Page 1"]
    for number in range(1, panels + 1):
        lines += ["", f"### Panel {number}", f"Lamp number {number} on a table of its own."]
    (folder / "script.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def run(folder: Path, *options: str, timeout: float = 150) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("run", str(folder), "--headless", *options), capture_output=True, text=True, timeout=timeout
    )


def pictures(folder: Path) -> list[Path]:
    """Every picture of the project, each of which can be read; what made it lies in a folder beside it."""
    found = sorted(path for path in (folder / "panels").rglob("*") if path.is_file() and path.suffix != ".json")
    for path in found:
        with Image.open(path) as image:
            image.load()
    return found
