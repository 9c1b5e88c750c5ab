"""The words of a panel in an editor, with the prompt they make."""

from functools import partial
from typing import ClassVar

import anyio
import anyio.to_thread
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import TextArea

from core.complaint import Complaint
from core.project import Project, load, reworded
from core.state import PanelState
from tui.glyphs import ASCII
from tui.line import Line, wrap
from tui.plain import plain_lines
from tui.view import View
from tui.widgets.pane import Pane

SETTLED = 0.3
"""Seconds without a key after which the prompt is made anew."""


class WordsArea(TextArea):
    """An editor nothing can be pasted into that steers the terminal."""

    async def _on_paste(self, event: events.Paste) -> None:
        await super()._on_paste(events.Paste(plain_lines(event.text)))
        event.prevent_default()
        event.stop()


class EditScreen(ModalScreen[tuple[str, bool] | None]):
    """Returns the words and whether to draw them at once; None for escape."""

    DEFAULT_CSS = """
    EditScreen { align: center middle; background: $background 0%; }
    EditScreen > Vertical { width: 100; max-width: 100%; height: 90%; max-height: 40; border: round $primary; }
    EditScreen.ascii > Vertical { border: ascii $primary; }
    EditScreen WordsArea { height: 1fr; min-height: 4; border: none; padding: 0 1; background: $surface; }
    EditScreen WordsArea:focus { border: none; }
    EditScreen #edit-title { height: 1; }
    EditScreen #edit-prompt { height: 1fr; }
    EditScreen #edit-keys { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s", "save(False)", show=False, priority=True),
        Binding("ctrl+r", "save(True)", show=False, priority=True),
        Binding("ctrl+o", "script", show=False, priority=True),
    ]

    def __init__(self, view: View, panel: PanelState) -> None:
        super().__init__()
        self.view, self._panel = view, panel
        self.area = WordsArea(plain_lines(panel.text), soft_wrap=True, show_line_numbers=False, compact=True)
        self.prompt = PromptPane(view, id="edit-prompt")
        self._settling: Timer | None = None
        self._project: Project | None = None
        self.set_class(view.palette.glyphs is ASCII, "ascii")

    def compose(self) -> ComposeResult:
        with Vertical():
            edited = "  edited; ^o brings the script's words back" if self._panel.script_text else ""
            yield Words(self.view, (f" {self._panel.id}", "strong"), (edited, "wait"), id="edit-title")
            yield self.area
            yield self.prompt
            keys = ((" ^s ", "accent"), ("save  ", "muted"), ("^r ", "accent"), ("save and draw  ", "muted"))
            yield Words(self.view, *keys, ("esc ", "accent"), ("leave it", "muted"), id="edit-keys")

    def on_mount(self) -> None:
        self.area.cursor_blink = False
        self.area.focus()
        self.area.move_cursor(self.area.document.end)
        self.run_worker(self._compile(), exclusive=True, exit_on_error=False)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLED, self._settle)

    def _settle(self) -> None:
        self.run_worker(self._compile(), exclusive=True, exit_on_error=False)

    async def _compile(self) -> None:
        folder = self.view.options.folder
        if folder is None:
            self.prompt.tell("The prompt is made on the machine of the run.", "muted")
            return
        try:
            if self._project is None:
                self._project = await anyio.to_thread.run_sync(partial(load, folder))
            at = self._place(self._project)
            if at is None:
                self.prompt.tell("This panel is no longer in the script.", "bad")
                return
            spec = await anyio.to_thread.run_sync(partial(reworded, self._project, at, self.area.text.strip()))
        except (Complaint, OSError) as error:
            self.prompt.tell(str(error), "bad")
        else:
            self.prompt.tell(spec.prompt, "text")

    def _place(self, project: Project) -> int | None:
        """Where the panel stands in the script; its id there may differ from the run's."""
        here = (self._panel.chapter, self._panel.number)
        return next((n for n, spec in enumerate(project.panels) if (spec.chapter, spec.number) == here), None)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_script(self) -> None:
        if self._panel.script_text:
            self.area.text = plain_lines(self._panel.script_text)

    def action_save(self, draw: bool) -> None:
        self.dismiss((self.area.text.strip(), draw))


class Words(Pane):
    """One line of words that stay."""

    def __init__(self, view: View, *parts: tuple[str, str], id: str) -> None:
        super().__init__(view, id=id)
        self._parts = parts

    def paint(self) -> list[Line]:
        line = self.line()
        for text, style in self._parts:
            line.add(text, self.view.palette[style])
        return [line]


class PromptPane(Pane):
    """What will be sent."""

    _text, _style = "", "muted"

    def tell(self, text: str, style: str) -> None:
        self._text, self._style = text, style
        self.update()

    def paint(self) -> list[Line]:
        width = self.size.width - 2
        lines = [self.rule("the prompt this makes")]
        for part in self._text.splitlines():
            for piece in wrap(part, width, 40):
                lines.append(self.line().add(" ").add(piece, self.view.palette[self._style]))
        return lines
