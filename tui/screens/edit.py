"""The words of a panel in an editor, with the prompt they make."""

from functools import partial
from typing import ClassVar

import anyio
import anyio.to_thread
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.timer import Timer

from core.complaint import Complaint
from core.project import Project, load, reworded
from core.state import PanelState
from tui.glyphs import ASCII
from tui.line import Line, wrap
from tui.plain import typed_lines
from tui.screens.over import OverScreen
from tui.view import View
from tui.widgets.pane import Pane
from tui.widgets.typed_lines import TypedLines
from tui.widgets.words import Words

SETTLED = 0.3
"""Seconds without a key after which the prompt is made anew."""


KEYS = (
    (" ^s ", "accent"), ("save  ", "muted"), ("^r ", "accent"), ("save and draw  ", "muted"), ("esc ", "accent"),
    ("leave it", "muted"),
)  # fmt: skip
"""(words, style) of the last line."""


class EditScreen(OverScreen[tuple[str, bool]]):
    """Returns the words and whether to draw them at once; None for escape."""

    DEFAULT_CSS = """
    EditScreen { align: center middle; background: $background 0%; }
    EditScreen > Vertical { width: 100; max-width: 100%; height: 90%; max-height: 40; border: round $primary; }
    EditScreen.ascii > Vertical { border: ascii $primary; }
    EditScreen TypedLines { height: 1fr; min-height: 4; border: none; padding: 0 1; background: $surface; }
    EditScreen TypedLines:focus { border: none; }
    EditScreen #edit-title { height: 1; }
    EditScreen #edit-prompt { height: 1fr; }
    EditScreen #edit-keys { height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save(False)", show=False, priority=True),
        Binding("ctrl+r", "save(True)", show=False, priority=True),
        Binding("ctrl+o", "script", show=False, priority=True),
    ]

    def __init__(self, view: View, panel: PanelState) -> None:
        super().__init__()
        self.view, self._panel = view, panel
        self.area = TypedLines(panel.text)
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
            yield Words(self.view, *KEYS, id="edit-keys")

    def on_mount(self) -> None:
        self.area.focus()
        self.area.move_cursor(self.area.document.end)
        self.run_worker(self._compile(), exclusive=True, exit_on_error=False)

    @property
    def unsaved(self) -> bool:
        return self.words != typed_lines(self._panel.text).strip()

    @property
    def words(self) -> str:
        """What is in the editor."""
        return self.area.text.strip()

    def warn(self, on: bool) -> None:
        keys = (*KEYS[:2], ("esc ", "accent"), ("once more: leave and lose the changes", "wait"))
        self.query_one("#edit-keys", Words).say(*(keys if on else KEYS))

    @on(TypedLines.Changed)
    def _changed(self) -> None:
        self.typed()
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
            spec = await anyio.to_thread.run_sync(partial(reworded, self._project, at, self.words))
        except (Complaint, OSError) as error:
            self.prompt.tell(str(error), "bad")
        else:
            self.prompt.tell(spec.prompt, "text")

    def _place(self, project: Project) -> int | None:
        """Where the panel stands in the script; its id there may differ from the run's."""
        here = (self._panel.chapter, self._panel.number)
        return next((n for n, spec in enumerate(project.panels) if (spec.chapter, spec.number) == here), None)

    def action_script(self) -> None:
        if self._panel.script_text:
            self.area.put(self._panel.script_text)

    def action_save(self, draw: bool) -> None:
        self.dismiss((self.words, draw))


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
