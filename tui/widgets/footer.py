"""The last line: the keys of the pane that has them, or the answer to the last one."""

from textual import events

from tui.action import Action, shown_key
from tui.line import Line
from tui.view import View
from tui.widgets.pane import Pane

ALWAYS = 80
"""Actions of this rank and above stand at the right edge, whatever the width."""


class Footer(Pane):
    """``show`` names the keys of a context, ``say`` a sentence in their place."""

    def __init__(self, view: View, *, id: str | None = None) -> None:
        super().__init__(view, id=id)
        self._actions: list[Action] = []
        self._said, self._style = "", "text"
        self._spots: list[tuple[int, int, Action]] = []

    def show(self, context: str) -> None:
        """Name the keys that work in ``context``."""
        found = [action for action in self.view.actions if action.footer and context in action.contexts]
        self._actions = sorted(found, key=lambda action: action.footer)
        self.update()

    def say(self, sentence: str, style: str = "text") -> None:
        """Show ``sentence`` until the next one or ``say("")``."""
        self._said, self._style = sentence, style
        self.update()

    def paint(self) -> list[Line]:
        palette, line = self.view.palette, self.line().add(" ")
        self._spots = []
        actions = [action for action in self._actions if action.label_for(self.view.state)]
        if self._said:
            return [line.add(self._said, palette[self._style])]
        always = [action for action in actions if action.footer >= ALWAYS]
        room = line.width - sum(self._cells(action) + 2 for action in always) + 1
        for action in actions:
            if action.footer < ALWAYS and line.used + self._cells(action) + 2 <= room:
                self._key(line, action)
        line.to(room)
        for action in always:
            self._key(line, action)
        return [line]

    def _shown(self, action: Action) -> str:
        return shown_key(self.view.keys_of(action))

    def _cells(self, action: Action) -> int:
        return len(self._shown(action)) + 1 + len(action.label_for(self.view.state))

    def _key(self, line: Line, action: Action) -> None:
        palette, start = self.view.palette, line.used
        line.add(f"{self._shown(action)} ", palette["accent"]).add(action.label_for(self.view.state), palette["muted"])
        self._spots.append((start, line.used, action))
        line.to(line.used + 2)

    async def on_click(self, event: events.Click) -> None:
        for first, last, action in self._spots:
            if first <= event.x < last:
                await self.app.run_action(f"do('{action.id}')")
                return
