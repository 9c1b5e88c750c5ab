"""A small question with one key an answer."""

from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.glyphs import ASCII
from tui.line import Line, wrap
from tui.screens.over import OverScreen
from tui.view import View
from tui.widgets.pane import Pane

WIDTH = 62


class Choice(NamedTuple):
    """An answer: what is returned, its key, its words."""

    id: str
    key: str
    words: str


class Ask(OverScreen[str]):
    """Returns the id of the choice, None for escape."""

    DEFAULT_CSS = """
    Ask { align: center middle; background: $background 0%; }
    Ask > QuestionPane { width: 68; max-width: 100%; border: round $primary; padding: 0 1; }
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
        self.styles.height = len(choices) + 5 + sum(1 for _ in wrap(sentence, WIDTH, 6))
        if view.palette.glyphs is ASCII:
            self.styles.border = ("ascii", "white")

    def step(self, step: int) -> None:
        self.at = (self.at + step) % len(self.choices)
        self.update()

    def on_click(self, event: events.Click) -> None:
        nth = event.y - 1 - (self.size.height - len(self.choices))
        if 0 <= nth < len(self.choices):
            self.screen.dismiss(self.choices[nth].id)

    def paint(self) -> list[Line]:
        palette = self.view.palette
        lines = [self.line().add(self._title, palette["strong"]), self.line()]
        lines += [
            self.line().add(text, palette["text"]) for text in wrap(self._sentence, min(WIDTH, self.size.width), 6)
        ]
        lines.append(self.line())
        for nth, choice in enumerate(self.choices):
            here = nth == self.at
            line = self.line().add(palette.glyphs["here"] if here else " ", palette["accent"])
            line.add(f" {choice.key}  ", palette["accent"])
            lines.append(line.add(choice.words, palette["strong" if here else "text"]))
        return lines
