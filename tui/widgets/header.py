"""The first line: which book, on which site, since which run."""

from tui.line import Line
from tui.widgets.pane import Pane

LOST = "link lost, trying again"


class Header(Pane):
    """No clock: what does not change costs nothing."""

    def paint(self) -> list[Line]:
        view, palette = self.view, self.view.palette
        state, dot = view.state, f" {palette.glyphs['dot']} "
        line = self.line().add(" ").add(state.title or view.title or "novelgen-tui", palette["strong"])
        if view.stage == "opening":
            return [line]
        if not view.link.up:
            return [line.right((f"{LOST} ", palette["wait"]))]
        how = "attached by polling" if view.link.way == "polling" else "attached"
        pieces = [
            state.site,
            f"run {state.run}" if state.run else "",
            how if view.options.attached else "",
        ]
        return [line.right((dot.join(filter(None, pieces)) + " ", palette["muted"]))]
