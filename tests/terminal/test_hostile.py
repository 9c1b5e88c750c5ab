"""Whatever a script, a page or a file name says: no control byte of theirs reaches the terminal."""

import re
import sys
import time
from pathlib import Path

import pytest

from tests.terminal.hostile import COUNT
from tests.terminal.terminals import environment, on_pty
from tui.plain import plain
from tui.terminal import sequences

pytestmark = pytest.mark.terminal

OURS = re.compile(
    "|".join(
        [
            r"\x1b\[(\d{1,3}(;\d{1,3})?)?H",  # to a place
            r"\x1b\[\d{0,3}C",
            r"\x1b\[(\d{1,3}(;\d{1,3})*)?m",  # colours
            r"\x1b\[\?(1049|25|1004|1000|1003|1015|1006|1016|2004|7|2026|2048)[hl]",
            r"\x1b\[>25u|\x1b\[<u|\x1b\[\?2026\$p|\x1b\[\?2048\$p",
            r"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\|\x1b\[16t|\x1b\[c",  # have you graphics?
            r"\x1b\]22;[a-z-]+\x07",  # the mouse pointer's shape
            r"\x1b\]2;[^\x00-\x1f\x7f-\x9f]*\x07",  # the title
            r"\r+\n",
        ]
    )
)
"""Everything the program itself has to say to a terminal."""


def test_nothing_of_theirs_reaches_the_terminal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.terminal.hostile"]
    with on_pty(command, environment(tmp_path), (120, 40)) as terminal:
        terminal.until_bytes(lambda seen: len(seen) > 12_000, "a whole screen")
        for keys in ("z", *["\x1b[6~"] * (COUNT // 15), "\r", "\x1b", "L", "\x1b[5~", "\x1b[5~", "\x1b", "?", "\x1b",
                     "1", "2", "3", "4", "\t", "\t", "T", "a", "\x1b[6~", "\x1b[6~", "\x1b",
                     "\x10", "the", "\x1b", "\x1b", "t",
                     *["\x1b[D"] * 10, "n", "N", " ", " ", *["\x1b[H", "\x1b[C"] * 5, "\x1b"):  # fmt: skip
            before = len(terminal.seen)
            terminal.press(keys)
            end = time.monotonic() + 0.15  # long enough for a lone escape to be a key; most answers come at once
            while time.monotonic() < end and (keys == "\x1b" or len(terminal.seen) == before):
                time.sleep(0.01)
        assert terminal.process.poll() is None, bytes(terminal.seen[-3000:])
        terminal.press("\x03")
        assert terminal.wait() == 0
        terminal.until("left in order")
        seen = terminal.seen.decode("utf-8")
    assert len(seen) > 100_000, "the attacks were not drawn"
    left = OURS.sub("", seen)
    strange = [
        found for found in re.findall(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069].{0,20}", left)
    ]
    assert not strange, strange[:5]
    assert plain(left) == left
    assert "7777" in left, "an attack must be seen as what it is"
    assert sequences.LEAVE in seen
