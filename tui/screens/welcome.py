"""What one sees without a project: the recent ones, a new one, the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.line import Line
from tui.options import ScreenOptions
from tui.terminal.discreet import DiscreetApp
from tui.themes import DEFAULT, Palette, load_themes
from tui.view import View
from tui.widgets.pane import Pane
from tui.widgets.typed_line import TypedLine
from tui.words import ago

SHORT = 8
"""Cells below which the end of a folder's name says nothing."""

Verb = Literal["open", "new", "demo"]


@dataclass(frozen=True)
class Recent:
    """A project one worked on. ``note``: how far it is; ``at``: when, seconds since the epoch."""

    folder: Path
    title: str = ""
    note: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Chosen:
    """What to do, and where; the folder of the demo is the caller's choice. ``script``: what a new one begins with."""

    verb: Verb
    folder: Path | None = None
    script: Path | None = None


class WelcomeApp(DiscreetApp[Chosen]):
    """Asks what to do; ends with the answer, or None."""

    CSS_PATH = "welcome.tcss"

    def __init__(self, recent: Sequence[Recent] = (), *, options: ScreenOptions | None = None) -> None:
        options = options or ScreenOptions()
        themes, _ = load_themes(options.theme_folders)
        theme = themes[options.theme if options.theme in themes else DEFAULT]
        self._view = View(options, Palette(theme, ascii=options.ascii))
        self._recent = recent
        super().__init__()
        self.animation_level = "none"
        self.register_theme(self._view.palette.textual)
        self.theme = theme.name

    def get_default_screen(self) -> Screen[None]:
        return WelcomeScreen(self._view, self._recent)


class WelcomeScreen(Screen[None]):
    """A list to choose from; opening asks for a folder, a new project for its script and a folder."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
        Binding("enter", "choose", show=False),
        Binding("o", "verb('open')", show=False),
        Binding("n", "verb('new')", show=False),
        Binding("d", "verb('demo')", show=False),
        Binding("q,escape", "leave", show=False),
        Binding("ctrl+c,ctrl+q", "gone", show=False, priority=True),
    ]
    AUTO_FOCUS = ""  # the keys are the menu's until a folder is asked for

    def __init__(self, view: View, recent: Sequence[Recent]) -> None:
        super().__init__()
        self.menu = Menu(view, recent)
        self._script: Path | None = None
        self._asks_script = False

    def compose(self) -> ComposeResult:
        yield self.menu
        yield TypedLine(placeholder="folder")

    def on_mount(self) -> None:
        self.query_one(TypedLine).display = False
        self.set_focus(None)

    def action_step(self, step: int) -> None:
        self.menu.step(step)

    def action_choose(self) -> None:
        chosen = self.menu.chosen
        if chosen.verb == "demo" or chosen.folder is not None:
            self.app.exit(chosen)
        else:
            self.action_verb(chosen.verb)

    def action_verb(self, verb: Verb) -> None:
        if verb == "demo":
            self.app.exit(Chosen("demo"))
            return
        self.menu.point(verb)
        self._asks_script = verb == "new"
        self._ask()

    def _ask(self, value: str = "") -> None:
        line = self.query_one(TypedLine)
        line.display, line.value = True, value
        line.placeholder = (
            "its script; leave it empty to begin with none"
            if self._asks_script
            else "a folder for the new project"
            if self.menu.chosen.verb == "new"
            else "folder of the project"
        )
        line.focus()

    def action_leave(self) -> None:
        folder = self.query_one(TypedLine)
        if folder.display:
            folder.display = False
            self.menu.say("")
            self.set_focus(None)
        else:
            self.app.exit(None)

    def action_gone(self) -> None:
        self.app.exit(None)

    @on(TypedLine.Submitted)
    def _named(self, event: TypedLine.Submitted) -> None:
        said = event.value.strip()
        path = Path(said).expanduser()
        if self._asks_script:
            self._take_script(path if said else None)
        elif said:
            self.app.exit(Chosen(self.menu.chosen.verb, path, self._script))

    def _take_script(self, script: Path | None) -> None:
        """Then ask where the project goes; beside its script, unless somebody says otherwise."""
        if script is not None and not script.is_file():
            self.menu.say(f"There is no file {script}.")
            return
        self._script, self._asks_script = script, False
        self.menu.say("" if script is None else f"Its script: {script}")
        self._ask("" if script is None else str(script.with_suffix("")))


class Menu(Pane):
    """The recent projects and the three things one can always do."""

    def __init__(self, view: View, recent: Sequence[Recent]) -> None:
        super().__init__(view)
        self._recent = list(recent)[:9]
        self._entries = [Chosen("open", project.folder) for project in self._recent]
        self._entries += [Chosen("open"), Chosen("new"), Chosen("demo")]
        self._at = 0 if recent else len(self._entries) - 1
        self._first: dict[int, int] = {}
        self._said = ""

    @property
    def chosen(self) -> Chosen:
        return self._entries[self._at]

    def say(self, sentence: str) -> None:
        """Below the entries, until something else is said."""
        self._said = sentence
        self.update()

    def step(self, step: int) -> None:
        self._at = (self._at + step) % len(self._entries)
        self.update()

    def point(self, verb: Verb) -> None:
        """Put the cursor on the entry that asks for a folder."""
        self._at = self._entries.index(Chosen(verb))
        self.update()

    def on_click(self, event: events.Click) -> None:
        if event.y in self._first:
            self._at = self._first[event.y]
            self.update()
            self.call_later(self.screen.run_action, "choose")

    def paint(self) -> list[Line]:
        palette = self.view.palette
        strip = [palette.glyphs[look] for look in ("finished",) * 7 + ("generating",) * 3 + ("queued",) * 9]
        banner = self.line()
        for glyph, look in zip(strip, ("finished",) * 7 + ("generating",) * 3 + ("queued",) * 9, strict=True):
            banner.add(glyph + " ", palette[f"panel-{look}"])
        lines = [self.line(), banner, self.line(), self.line().add("novelgen-tui", palette["strong"])]
        lines += [self.line().add("A script becomes pictures, overnight.", palette["muted"]), self.line()]
        self._first = {}
        if self._recent:
            lines.append(self.rule("recent projects"))
            for nth, project in enumerate(self._recent):
                self._first[len(lines)] = nth
                lines.append(self._project(project, nth == self._at))
            lines.append(self.line())
        else:
            words = "No projects yet. The demo draws a short novel on a practice site."
            lines += [self.line().add(words, palette["text"]), self.line()]
        always = (("o", "open a project"), ("n", "new project from a script"), ("d", "try the demo"))
        for nth, (key, words) in enumerate(always, start=len(self._recent)):
            self._first[len(lines)] = nth
            here = nth == self._at
            line = self.line().add(palette.glyphs["here"] if here else " ", palette["accent"])
            lines.append(line.add(f" {key}  ", palette["accent"]).add(words, palette["strong" if here else "text"]))
        said = [self.line(), self.line().add(f"  {self._said}", palette["wait"])] if self._said else []
        return [*lines, self.line().add("  q  leave", palette["muted"]), *said]

    def _project(self, project: Recent, here: bool) -> Line:
        palette = self.view.palette
        line = self.line().add(palette.glyphs["here"] if here else " ", palette["accent"])
        line.add(f" {project.title or project.folder.name}", palette["strong" if here else "text"])
        line.add(f"  {project.note}" if project.note else "", palette["good"])
        since = f"  {ago(self.view.now() - project.at)} ago" if project.at else ""
        folder, room = str(project.folder), max(0, line.left - len(since) - 3)
        if len(folder) > room:  # its end says more than its beginning
            folder = palette.glyphs["more"] + folder[len(folder) - room + 1 :] if room > SHORT else ""
        return line.right((folder, palette["muted"]), (since, palette["muted"]))
