"""The tabs: how well each one is, what it does, and since when."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from core.state import TabState
from tui.line import Line
from tui.widgets.pane import Pane
from tui.words import ago, number, size

WIDE, BAR, SHORT_BAR = 44, 10, 5
LEAST_WHY = 12
"""Cells from which on there is room for why a tab does what it does."""

HEALTHY, SICK = 70, 40
"""From the first a tab is as good as new; below the second it is about to be replaced."""


class TabsPane(Pane, can_focus=True):
    """One line a tab; with the keys, a cursor that finds the tab's panel."""

    context = "tabs"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
        Binding("home,g", "step(-999)", show=False),
        Binding("end,G", "step(999)", show=False),
    ]

    class Chosen(Message):
        """A tab was clicked."""

    cursor = 0
    _count = 0

    @property
    def tab(self) -> TabState | None:
        """The tab under the cursor."""
        tabs = list(self.view.state.tabs.values())
        return tabs[min(self.cursor, len(tabs) - 1)] if tabs else None

    def action_step(self, step: int) -> None:
        self.cursor = max(0, min(len(self.view.state.tabs) - 1, self.cursor + step))
        self.update()

    def on_click(self, event: events.Click) -> None:
        if event.y >= 1 and self._top() + event.y - 1 < len(self.view.state.tabs):
            self.cursor = self._top() + event.y - 1
            self.update()
            self.post_message(self.Chosen())

    def paint(self) -> list[Line]:
        tabs = list(self.view.state.tabs.values())
        room = self.size.height - 1
        top = self._top()
        seen = tabs[top : top + room]
        lines = [self._rule(self._counted(len(tabs), len(seen)))]
        self._named = max((len(tab.panel) for tab in tabs), default=0)
        return lines + [self._tab(tab, self.has_focus and top + n == self.cursor) for n, tab in enumerate(seen)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.view.state.tabs) + 2  # a blank line below, where the height follows the tabs

    def update(self) -> None:
        if len(self.view.state.tabs) != self._count:
            self._count = len(self.view.state.tabs)
            self.refresh(layout=True)
        super().update()

    def _top(self) -> int:
        room, count = self.size.height - 1, len(self.view.state.tabs)
        return max(0, min(self.cursor - room + 1, count - room)) if count > room else 0

    def _counted(self, count: int, seen: int) -> str:
        state = self.view.state
        wanted = f" of {state.tabs_wanted}" if state.tabs_wanted != count else ""
        limit = f", memory allows {state.tabs_limit}" if state.tabs_limit is not None else ""
        return f"{count}{wanted}{limit}" + (f", {seen} seen" if seen < count else "")

    def _rule(self, counted: str) -> Line:
        """The rule with the count beside the name, and the columns' names over the columns where there is room."""
        width = self.size.width
        if width < WIDE:
            return self.rule("tabs", (f" {counted} ", "muted"))
        names = f" {'since':>6} {'done':>5} {'err':>3}"
        names += f" {'memory':>7}" if width >= 56 else ""
        names += f"  {'beat':<5}" if width >= 66 else ""
        bar = BAR if width >= 66 else SHORT_BAR
        return self.rule(f"tabs {counted}", (names + " " + f"{'health':<{bar + 5}}", "line"))

    def _tab(self, tab: TabState, here: bool) -> Line:
        palette, now = self.view.palette, self.view.now()
        glyphs, wide = palette.glyphs, self.size.width >= WIDE
        line = self.line().add(glyphs["here"] if here else " ", palette["accent"])
        line.add(f"{tab.id:<3.3} ", palette["strong" if here else "text"])
        style = _phase_style(tab)
        line.add(glyphs[tab.phase if tab.phase != "generating" else "generating"] + " ", palette[style])
        doing = tab.panel or tab.phase
        tail = self._tail(tab, now, wide)
        room = line.left - sum(len(text) for text, _ in tail) - 1
        words = self.line(room).add(doing, palette["text" if tab.panel else "muted"])
        if tab.why and not tab.panel and words.left > LEAST_WHY:
            words.add(f": {tab.why}", palette["muted"])
        line.join(words).to(line.used + room - words.used)
        for text, name in tail:
            line.add(text, palette[name])
        return line

    def _tail(self, tab: TabState, now: float, wide: bool) -> list[tuple[str, str]]:
        """The columns at the right: since, done, errors, heartbeat, memory, health."""
        tail = [(f" {ago(now - tab.since) if tab.since else '':>6}", "muted")]
        if wide:
            errors = f"{number(tab.errors)}" if tab.errors else ""
            tail += [(f" {number(tab.completed):>5}", "good"), (f" {errors:>3}", "bad")]
        if self.size.width >= 56:
            tail.append((f" {size(tab.memory) if tab.memory else '':>7}", "muted"))
        if self.size.width >= 66:
            tail.append((f"  {ago(now - tab.heartbeat) if tab.heartbeat else '':<5}", "muted"))
        return [*tail, (f" {tab.health:>3}", health_style(tab.health)), *self._bar(tab)]

    def _bar(self, tab: TabState) -> list[tuple[str, str]]:
        glyphs, cells = (
            self.view.palette.glyphs,
            BAR if self.size.width >= 66 else SHORT_BAR if self.size.width >= 36 else 0,
        )
        full = round(cells * tab.health / 100)
        return [
            (" " if cells else "", "text"),
            (glyphs["bar"] * full, health_style(tab.health)),
            (glyphs["empty"] * (cells - full), "line"),
        ]


def health_style(health: int) -> str:
    """The meaning of a health score."""
    return "good" if health >= HEALTHY else "wait" if health >= SICK else "bad"


def _phase_style(tab: TabState) -> str:
    if tab.phase == "dead":
        return "bad"
    return {"generating": "work", "cooling": "wait", "recycling": "wait"}.get(tab.phase, "muted")
