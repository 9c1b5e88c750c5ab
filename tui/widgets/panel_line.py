"""The cursor's panel by name and in the author's words."""

from core.state import PanelState, PanelStatus
from tui.book import look_of
from tui.glyphs import PANELS
from tui.line import Line, wrap
from tui.widgets.pane import Pane
from tui.words import ago, plural


class PanelLine(Pane):
    """A rule with the panel's id, where it stands, and its words on the lines that are left."""

    def paint(self) -> list[Line]:
        view, palette = self.view, self.view.palette
        panel = view.panel
        if panel is None:
            return [self.rule("panel")]
        look = PANELS[look_of(panel)]
        chapter = next((c.title for c in view.state.chapters if c.number == panel.chapter), "")
        top = self.rule(panel.id, (f" {', '.join(filter(None, (chapter, f'page {panel.page}')))} ", "muted"))
        line = self.line().add(" ").add(palette.glyphs[look] + " ", palette[f"panel-{look}"])
        line.add(standing_of(panel, view.now(), view.state.tabs.get(panel.tab)), palette["text"])
        words = wrap(panel.text, self.size.width - 4, max(1, self.size.height - 2))
        return [top, line, *(self.line().add("   ").add(text, palette["muted"]) for text in words)]


def standing_of(panel: PanelState, now: float, tab: object = None) -> str:
    """Where ``panel`` stands, as a sentence."""
    look = PANELS[look_of(panel)]
    tries = f", attempt {panel.attempts}" if panel.attempts > 1 else ""
    if panel.status is PanelStatus.GENERATING:
        since = getattr(tab, "since", None)
        return f"generating in {panel.tab}" + (f" for {ago(now - since)}" if since else "") + tries
    if look == "finished":
        return f"finished in {panel.seconds:.0f} s" + _takes(panel)
    if look == "outdated":
        return "finished, but its prompt has changed since: x draws it again" + _takes(panel)
    if look == "doubtful":
        return f"finished, but {'; '.join(panel.doubts)}: y keeps it, x draws it again" + _takes(panel)
    if look == "in-doubt":
        return "asked for already: its picture is fetched from its conversation first"
    if look == "held":
        return "held: passed over until H releases it"
    if look == "redraw":
        return "queued for a new take" + _takes(panel)
    if look in ("failed", "refused"):
        said = f": {panel.message}" if panel.message else ""
        return f"{look} after {plural(panel.attempts, 'attempt')}{said}"
    return look + (f": {panel.message}" if panel.message else "")


def _takes(panel: PanelState) -> str:
    return f", {plural(len(panel.takes), 'take')}" if len(panel.takes) > 1 else ""
