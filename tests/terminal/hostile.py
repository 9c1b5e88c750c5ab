"""The cockpit on a run whose every word is an attack on the terminal: python -m tests.terminal.hostile"""

import random
import sys
from collections.abc import AsyncIterator, Sequence

from core import events as ev
from core.outcomes import Fault, Outcome
from core.store.lines import whole_line
from tests.unit.tui_run import FakePort, Story
from tui.app import CockpitApp
from tui.options import ScreenOptions
from tui.terminal.stage import stage

COUNT = 2000
ATTACKS = (
    "\x1b[7777m", "\x1b[2J", "\x1b]0;OWNED\x07", "\x1b]52;c;T1dORUQ=\x07", "\x1bP+q\x1b\\", "\x1bc", "\x1b[6n",
    "\x1b[?1049l", "\x9b2J", "\x9d0;OWNED\x9c", "\x90x\x9c", "\x00", "\x07", "\x08\x08", "\x0b", "\x0e", "\x0f", "\x7f",
    "\x85", "\r", "\n\n",
    "[/b]", "[link=http://evil.example]", "[@click=app.quit]x[/]", "[red on blue]", "[/", "$x", "{0}", "%s",
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u2028", "\u00ad", "\ufe0f", "\U000e0041", "e" + "\u0301" * 40,
    "漢字", "🏳️‍🌈", "\ud83d", "\udfff\ud800", "../../etc/passwd", "x" * 3000,
)  # fmt: skip


def strings() -> list[str]:
    """Always the same ones: attacks strung together with words between."""
    rng = random.Random(7)
    return ["".join(rng.choice(ATTACKS) + rng.choice(("", " a ", "word")) for _ in range(4)) for _ in range(COUNT)]


def story() -> Story:
    """Each string is a prompt, a page's error, a file's name, and more."""
    told, words = Story(), strings()
    titles = tuple(ev.ChapterPlan(n, words[n]) for n in range(1, 21))
    plans = tuple(
        ev.PanelPlan(f"p{n:04}", n // 100 + 1, 1, n % 100 + 1, text, "hash", text, text) for n, text in enumerate(words)
    )
    told.tell(ev.RunStarted(1, 1, words[0], words[1], words[2], 3), ev.BookPlanned(words[3], titles))
    for first in range(0, COUNT, 1000):
        told.tell(ev.PanelsPlanned(plans[first : first + 1000]))
    told.tell(*(ev.TabOpened(f"t{n}", words[n], 1) for n in range(3)))
    for n, text in enumerate(words):
        attempt = f"a{n}"
        told.tell(
            ev.AttemptStarted(attempt, plans[n].id, "t0", text, "hash"), ev.AttemptSent(attempt, plans[n].id, text)
        )
        if n % 2:
            told.tell(ev.AttemptFailed(attempt, plans[n].id, Outcome.REFUSED, text, "refused", 1.0, said=text))
        else:
            told.tell(
                ev.PictureReceived(attempt, plans[n].id, text, 9, text, 1, 1), ev.PanelFinished(attempt, plans[n].id, 1)
            )
        if n % 50 == 0:
            told.tell(ev.TabFaulted("t1", Fault.HUNG, text, 1.0), ev.TabChanged("t2", "recycling", 10, text))
            told.tell(ev.PacingWaiting(text, told.at + 9999, "told", text), ev.Noticed("warning", text))
    return told


class HostilePort(FakePort):
    """Says everything as it is; only what came from a journal has no halves of characters in it."""

    async def history(self, after: int = 0) -> AsyncIterator[Sequence[ev.Record]]:
        yield [whole_line(record)[0] for record in self.story.records if record.seq > after]


def main() -> int:
    told = story()
    app = CockpitApp(HostilePort(told), title=told.state.title, options=ScreenOptions(ssh=False))
    with stage() as here:
        here.show(app, app.leave)
    print("left in order")
    return 0


if __name__ == "__main__":
    sys.exit(main())
