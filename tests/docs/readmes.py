"""Every README of the repository, taken apart: its code, its names in backticks, its links."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*(\w*)")


@dataclass(frozen=True)
class Code:
    """``language`` is "" where the text does not say; ``line`` counts from 1."""

    readme: str
    line: int
    text: str
    language: str = ""
    inline: bool = False

    def __str__(self) -> str:
        return f"{self.readme}:{self.line}: {self.text.strip().partition(chr(10))[0]}"


@cache
def readmes() -> tuple[Path, ...]:
    """The guide at the top and the page of every folder."""
    folders = ("core", "tui", "themes", "tests")
    return (ROOT / "README.md", *sorted(path for name in folders for path in (ROOT / name).rglob("README.md")))


def blocks() -> Iterator[Code]:
    """Every block of code, fenced or indented, without its margin."""
    for path in readmes():
        yield from _blocks(path)


def spans() -> Iterator[Code]:
    """Everything in single backticks."""
    for path in readmes():
        name = path.relative_to(ROOT).as_posix()
        for number, line in _prose(path):
            for found in _SPAN.finditer(line):
                yield Code(name, number, found[1], inline=True)


def links() -> Iterator[Code]:
    """Targets of links within the repository."""
    for path in readmes():
        name = path.relative_to(ROOT).as_posix()
        for number, line in _prose(path):
            for found in _LINK.finditer(line):
                if "://" not in found[1] and not found[1].startswith("#"):
                    yield Code(name, number, found[1], inline=True)


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    inside = {line for block in _blocks(path) for line in range(block.line, block.line + block.text.count("\n") + 1)}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if number not in inside and not _FENCE.match(line):
            yield number, line


@cache
def _blocks(path: Path) -> tuple[Code, ...]:
    name, found, kept = path.relative_to(ROOT).as_posix(), [], list[str]()
    lines = path.read_text("utf-8").splitlines()
    fence, language, first, before = "", "", 0, ""

    def done() -> None:
        if text := textwrap.dedent("\n".join(kept)).rstrip():
            found.append(Code(name, first, text, language))
        kept.clear()

    for number, line in enumerate([*lines, "end"], start=1):
        opens = _FENCE.match(line)
        if fence:
            if opens and opens[1].startswith(fence) and not opens[2]:
                done()
                fence, language = "", ""
            else:
                kept.append(line)
        elif opens:
            done()
            fence, language, first = opens[1], opens[2], number + 1
        elif kept and (line.startswith("    ") or not line.strip()):
            kept.append(line)
        elif line.startswith("    ") and not before.strip():
            kept.append(line)
            first = number
        else:
            done()
        before = line
    return tuple(found)
