"""A small question with one key an answer."""

from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size

from tui.glyphs import ASCII
from tui.line import Line, wrap
from tui.screens.over import OverScreen
from tui.view import View
from tui.widgets.pane import Pane

WIDTH, KEY = 62, 5
"""Cells of the sentence at most, and cells before a choice's words."""


class Choice(NamedTuple):
    """An answer: what is returned, its key, its words."""

    id: str
    key: str
    words: str


class Ask(OverScreen[str]):
    """Returns the id of the choice, None for escape."""

    DEFAULT_CSS = """
    Ask { align: center middle; background: $background 0%; }
    Ask > QuestionPane { width: 68; max-width: 100%; height: auto; border: round $primary; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,left", "step(-1)", show=False),
        Binding("down,j,right,tab", "step(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, view: View, title: str, sentence: str, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self._question = QuestionPane(view, title, sentence, choices)

    def compose(self) -> ComposeResult:
        yield self._question

    def on_key(self, event: events.Key) -> None:
        for choice in self._question.choices:
            if event.character == choice.key:
                event.stop()
                self.dismiss(choice.id)
                return

    def action_step(self, step: int) -> None:
        self._question.step(step)

    def action_choose(self) -> None:
        self.dismiss(self._question.choices[self._question.at].id)


class QuestionPane(Pane):
    """Title, sentence, and a line a choice."""

    def __init__(self, view: View, title: str, sentence: str, choices: tuple[Choice, ...]) -> None:
        super().__init__(view)
        self.choices, self.at = choices, 0
        self._title, self._sentence = title, sentence
        self._rows: list[int] = []  # of each line below the sentence, the choice it is of
        if view.palette.glyphs is ASCII:
            self.styles.border = ("ascii", "white")

    def step(self, step: int) -> None:
        self.at = (self.at + step) % len(self.choices)
        self.update()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y - (self.size.height - len(self._rows))
        if 0 <= row < len(self._rows):
            self.screen.dismiss(self.choices[self._rows[row]].id)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._written(width))

    def paint(self) -> list[Line]:
        return self._written(self.size.width)

    def _written(self, width: int) -> list[Line]:
        palette, lines = self.view.palette, [self.line(width), self.line(width)]
        lines[0].add(self._title, palette["strong"])
        lines += [self.line(width).add(text, palette["text"]) for text in wrap(self._sentence, min(WIDTH, width), 6)]
        lines.append(self.line(width))
        self._rows = []
        for nth, choice in enumerate(self.choices):
            here = nth == self.at
            for piece in wrap(choice.words, max(1, width - KEY), 4):
                first = nth not in self._rows
                line = self.line(width).add(palette.glyphs["here"] if here and first else " ", palette["accent"])
                line.add(f" {choice.key if first else ' '}  ", palette["accent"])
                lines.append(line.add(piece, palette["strong" if here else "text"]))
                self._rows.append(nth)
        return lines
