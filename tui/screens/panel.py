"""One panel: its words, the prompt as it was sent, its takes, every attempt and how it ended."""

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from core.outcomes import Outcome
from core.state import AttemptState, PanelState
from tui.action import PANEL
from tui.book import look_of
from tui.glyphs import PANELS
from tui.line import Line, wrap
from tui.screens.reading import ReadingScreen
from tui.terminal.pixels import Placement
from tui.view import View
from tui.widgets.panel_line import standing_of
from tui.widgets.takes import TakesPane
from tui.words import moment, plural, size

MOST = 4
"""Lines for how a panel stands."""


class PanelScreen(ReadingScreen):
    """Shows the panel under the book's cursor, and moves it; its takes stand beside the words."""

    context = PANEL
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "turn(-1)", "The panel before", show=False),
        Binding("right,l", "turn(1)", "The next panel", show=False),
    ]

    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-tiny"), (66, "-narrow"), (100, "-medium"),
                                                                      (160, "-wide")]  # fmt: skip
    DEFAULT_CSS = """
    PanelScreen #takes { width: 40; height: 1fr; margin-left: 1; background: $background; }
    PanelScreen.-tiny #takes { display: none; }
    PanelScreen.-medium #takes { width: 54; }
    PanelScreen.-wide #takes { width: 112; }
    PanelScreen Horizontal { height: 1fr; }
    """

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.takes = TakesPane(view, id="takes")

    def compose(self) -> ComposeResult:
        yield self._heading
        with Horizontal():
            yield self.pager
            yield self.takes
        yield self.footer

    @property
    def placed(self) -> Collection[Placement]:
        return self.takes.placed if self.takes.display else ()

    def paint(self) -> None:
        super().paint()
        self.takes.update()

    def action_turn(self, step: int) -> None:
        shown = list(self.view.book.shown)
        if self.view.cursor in shown:
            at = max(0, min(len(shown) - 1, shown.index(self.view.cursor) + step))
            self.app.main.go_to(shown[at])  # type: ignore[attr-defined]
            self.takes.at = None
            self.pager.scroll_to(y=0, animate=False)
            self.paint()

    def heading(self) -> tuple[str, str]:
        panel = self.view.panel
        if panel is None:
            return "no panel", ""
        chapter = next((c.title for c in self.view.state.chapters if c.number == panel.chapter), "")
        return panel.id, f"{chapter}, page {panel.page}, panel {panel.number}".strip(", ")

    def write(self, width: int) -> list[Line]:
        panel = self.view.panel
        if panel is None:
            return []
        state = self.view.state
        attempts = [attempt for attempt in state.attempts.values() if attempt.panel == panel.id]
        look = PANELS[look_of(panel)]
        palette = self.view.palette
        lines = [self.line(width)]
        for piece in wrap(standing_of(panel, self.view.now(), state.tabs.get(panel.tab)), max(1, width - 4), MOST):
            sign = palette.glyphs[look] if len(lines) == 1 else " "
            line = self.line(width).add(" ").add(sign + " ", palette[f"panel-{look}"])
            lines.append(line.add(piece, palette["strong"]))
        if panel.script_text:
            lines += self.section(width, "your words") + self.paragraph(width, panel.text)
            lines += self.section(width, "in the script") + self.paragraph(width, panel.script_text, "muted")
        else:
            lines += self.section(width, "in the script") + self.paragraph(width, panel.text)
        if panel.caption:
            lines += self.paragraph(width, panel.caption, "muted")
        sent = [attempt for attempt in attempts if attempt.prompt]
        lines += self.section(width, "prompt as sent" if sent else "prompt")
        lines += self.paragraph(width, sent[-1].prompt if sent else "not sent yet", "text" if sent else "muted")
        lines += self.section(width, plural(len(panel.takes), "take")) + self._takes(width, panel)
        lines += self.section(width, plural(len(attempts), "attempt"))
        for attempt in reversed(attempts):
            lines += self._attempt(width, attempt)
        return lines

    def _takes(self, width: int, panel: PanelState) -> list[Line]:
        palette, lines = self.view.palette, []
        for nth, take in enumerate(panel.takes):
            chosen = nth == panel.chosen
            line = self.line(width).add(" ").add(palette.glyphs["here"] if chosen else " ", palette["accent"])
            line.add(f" {take.file}", palette["strong" if chosen else "text"])
            lines.append(line)
            about = f"{take.width} x {take.height}, {size(take.bytes)}, {moment(take.at)}"
            if len(about) + 2 > line.left:
                line = self.line(width).add(" ")
                lines.append(line)
            line.add(f"  {about}", palette["muted"])
        return lines

    def _attempt(self, width: int, attempt: AttemptState) -> list[Line]:
        palette = self.view.palette
        line = self.line(width).add(f" {moment(attempt.started, seconds=True)}  ", palette["muted"])
        line.add(f"{attempt.tab:<4}", palette["muted"])
        if attempt.outcome is None:
            line.add("under way" if attempt.ended is None else "in doubt", palette["work"])
        else:
            line.add(attempt.outcome.words, palette[_meaning(attempt.outcome)])
            line.add(f"  {attempt.seconds:.1f} s", palette["text"])
        line.add("  fetched from its conversation" if attempt.harvested else "", palette["muted"])
        lines = [line]
        if attempt.sentence:
            lines += [self.line(width).add(" " * 10).join(part) for part in self._said(width, attempt.sentence)]
        if attempt.conversation:
            lines.append(self.line(width).add("           ").add(attempt.conversation, palette["muted"]))
        return lines

    def _said(self, width: int, text: str) -> list[Line]:
        return self.paragraph(width - 12, text, "text", most=3)


def _meaning(outcome: Outcome) -> str:
    """The colour of an outcome."""
    if outcome is Outcome.OK:
        return "good"
    if outcome in (Outcome.REFUSED, Outcome.SOFT_REFUSED):
        return "author"
    if outcome in (Outcome.LOGIN, Outcome.HUMAN):
        return "person"
    return "wait" if outcome.is_limit else "bad"
