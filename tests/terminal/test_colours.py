"""Only the colours a terminal has are said to it; without any, and in plain ASCII, everything is still told apart."""

import re
import sys
from pathlib import Path

import pytest

from tests.terminal.album import paint
from tests.terminal.terminals import environment, on_pty

pytestmark = pytest.mark.terminal

ATTRIBUTES = {"0", "1", "2", "3", "4", "7", "9"}
SIXTEEN = {str(n) for first in (30, 40, 90, 100) for n in range(first, first + 8)}
KINDS = {
    "none": ({"TERM": "xterm-256color", "NO_COLOR": "1"}, r"", set()),
    "16": ({"TERM": "screen"}, r"", {*SIXTEEN, "39", "49"}),
    "256": ({"TERM": "xterm-256color"}, r"[34]8;5;\d+", {"39", "49"}),
    "true": ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, r"[34]8;2;\d+;\d+;\d+", {"39", "49"}),
}
KEYS = ("z", "z", "z", "n", "\r", "l", "\x1b", "\t", "?", "q", "a", "\x1b[6~", "\x1b", "p", "\x1b", "L", "\x1b", "v",
        "X", "\x1b", "/", "\x1b", "\x10", "\x1b", "t", "\x1b[D", "t")  # fmt: skip


@pytest.mark.parametrize("theme", ["ink", "paper"])
@pytest.mark.parametrize("kind", KINDS)
def test_only_the_colours_that_were_announced(tmp_path: Path, kind: str, theme: str) -> None:
    more, long, short = KINDS[kind]
    seen = walk(tmp_path, more, theme)
    said = set(re.findall(r"\x1b\[([\d;]*)m", seen))
    left = {code for codes in said for code in (re.sub(long, "", codes) if long else codes).split(";") if code}
    assert left <= ATTRIBUTES | short, sorted(left - ATTRIBUTES - short)
    assert kind == "none" or any(re.search(long or r"(^|;)3[1-6]|9[1-6]", codes) for codes in said), "no colour at all"
    if kind == "16":
        assert all({f"3{hue}", f"9{hue}"} & left for hue in (1, 2, 3, 4)), "the states have hues of their own"


def test_plain_ascii_is_plain_ascii(tmp_path: Path) -> None:
    seen = walk(tmp_path, {"TERM": "xterm-256color"}, "ink", "ascii")
    strange = {found for found in re.findall(r"[^\x00-\x7f]", re.sub(r"\x1b\]2;[^\x07]*\x07", "", seen))}
    assert not strange


def walk(folder: Path, more: dict[str, str], *options: str) -> str:
    """Everything the terminal is told on a walk through the screens."""
    paint(folder)
    kind = "off" if "ascii" in options else "auto"
    command = [sys.executable, "-m", "tests.terminal.album", str(folder), kind, *options]
    with on_pty(command, environment(folder, **more)) as terminal:
        terminal.until("26 of 60")
        for keys in KEYS:
            terminal.answer(keys)
        terminal.answer("\x1b")
        terminal.press("\x03")
        assert terminal.wait() == 0
        terminal.until("\x1b[?1049l")
        return terminal.seen.decode()
