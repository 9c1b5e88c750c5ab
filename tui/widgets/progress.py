"""How far the book is, and what the run is doing about it: two lines, more where a sentence needs them."""

from textual.geometry import Size

from core.eta import eta_in_words
from core.state import RunState
from tui.line import Line, wrap
from tui.view import View
from tui.widgets.pane import Pane
from tui.words import moment, number

MOST_LINES = 4


class Progress(Pane):
    """A bar of the whole book by its states, then the run's state, rate and ETA."""

    _tall = 2

    def paint(self) -> list[Line]:
        return [self._bar(), *self._standing(self.size.width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + len(self._standing(width))

    def update(self) -> None:
        tall = 1 + len(self._standing(self.size.width)) if self.size.width else 2
        if tall != self._tall:
            self._tall = tall
            self.refresh(layout=True)
        super().update()

    def _sentence(self, width: int) -> list[str]:
        """What the run does, broken to lines: what a person has to do is never cut off."""
        return list(wrap(standing(self.view)[1], max(20, width - 4), MOST_LINES)) or [""]

    def _bar(self) -> Line:
        view, palette = self.view, self.view.palette
        total, glyphs = len(view.book.ids), palette.glyphs
        line = self.line().add(" ")
        if view.stage == "opening":
            return line.add(glyphs["empty"] * (line.width - 2), palette["line"])
        counted = f"  {number(view.finished)} of {number(total)}"
        share = f"  {100 * view.finished // total} %" if total else ""
        room = line.width - len(counted) - len(share) - 4
        parts = (
            ("good", view.finished),
            ("work", view.count("generating")),
            ("author", view.count("refused")),
            ("bad", view.count("failed")),
        )
        for (style, _), cells in zip(parts, _shares([count for _, count in parts], total, room), strict=True):
            line.add(glyphs["bar"] * cells, palette[style])
        line.to(1 + room, glyphs["empty"], palette["line"])
        return line.right((counted, palette["strong"]), (share + " ", palette["muted"]))

    def _standing(self, width: int) -> list[Line]:
        """The sentence, and behind it or below it how fast the run is and when it will be done."""
        palette, style = self.view.palette, self.view.palette[standing(self.view)[0]]
        lines = []
        for nth, words in enumerate(self._sentence(width)):
            sign = " " if nth else palette.glyphs["generating"]
            lines.append(self.line(width).add(" ").add(f"{sign} ", style).add(words, style))
        between = f"  {palette.glyphs['dot']}  "
        for fact in self._facts():
            if lines[-1].left >= len(between) + len(fact):
                lines[-1].add(between + fact, palette["text"])
            else:
                lines.append(self.line(width).add("   ").add(fact, palette["text"]))
        return lines

    def _facts(self) -> list[str]:
        view = self.view
        if view.stage != "live" or view.state.phase not in ("running", "pausing"):
            return []
        rate = view.state.metrics.figures(view.now()).images_per_minute
        facts = [] if rate is None else [f"{rate:.1f} a minute"]
        if view.state.phase == "running":
            facts.append(eta_in_words(view.state.eta, view.now()))
        return facts


def standing(view: View) -> tuple[str, str]:
    """What the run does now, as a meaning (for its colour) and a sentence."""
    state = view.state
    if view.stage == "opening":
        return "work", "opening …"
    if view.stage == "over":
        return "muted", "the run has ended"
    until = view.waiting_until
    if state.phase == "running" and until is not None:
        return "wait", f"waiting until {moment(until)}{_why(view, until)}"
    if state.phase == "running":
        return "work", "running"
    if state.phase in ("pausing", "paused"):
        style = "person" if view.needs_person else "wait"
        under_way = f" ({len(state.under_way())} under way)" if state.phase == "pausing" else ""
        return style, f"{state.phase}{under_way}: {state.sentence}"
    return _over(state)


def _why(view: View, until: float) -> str:
    wait = next(p for p in view.state.pacing.values() if p.until == until)
    return f" ({wait.source}: {wait.sentence})" if wait.sentence else f" ({wait.source})"


def _over(state: RunState) -> tuple[str, str]:
    if state.phase == "done":
        if state.result == "finished":
            return "good", "every panel is finished; w goes through the pictures, q leaves"
        return "author", "done, but some panels need you; q leaves"
    return "muted", "not running" if state.phase == "idle" else "the run has ended"


def _shares(counts: list[int], total: int, room: int) -> list[int]:
    """Cells for each count: what there is is seen, and all of it only when there is nothing else."""
    if not total or room <= 0:
        return [0] * len(counts)
    cells, used, seen = [], 0, 0
    for count in counts:
        seen += count
        upto = room * seen // total
        wide = max(upto - used, 1 if count and used < room else 0)
        cells.append(wide)
        used += wide
    return cells
