"""Nothing in the room with a screen goes round the border; and the guard that says so sees every way round it."""

from pathlib import Path

import pytest

from tests.border import everywhere, findings

TOP = Path(__file__).parents[2]

EXEMPT: dict[str, dict[str, str]] = {
    "tui/line.py": {
        "Segment": "the border itself: what a line is made of has been made plain by its add",
        "Segment()": "the border itself",
        "Strip": "the border itself",
        "Strip()": "the border itself",
    },
    "tui/plain.py": {"another plain": "this is the one", "another plain_lines": "this is the one"},
    "tui/printed.py": {
        "print": "the border itself: what is printed has been made plain",
        "stdout": "the border itself",
        "stderr": "the border itself",
    },
    "tui/streams.py": {"stdout": "made good; nothing is said on it", "stderr": "made good; nothing is said on it"},
    "tui/widgets/pane.py": {"Strip": "lines that are finished, and blank ones"},
    "tui/widgets/pager.py": {"Strip": "lines that are finished, and blank ones"},
    "tui/widgets/grid.py": {"Strip": "lines that are finished"},
    "tui/widgets/typed_line.py": {
        "Input": "the one line to type in; what is typed and pasted is made harmless",
        "Text": "what is typed, drawn plain",
        "placeholder": "handed on; whoever gives words to it is asked there",
    },
    "tui/widgets/typed_lines.py": {
        "TextArea": "the one editor; what is typed and pasted is made harmless",
        "Text": "what is typed, drawn plain",
    },
    "tui/command_palette.py": {"Option": "a type only", "CommandInput": "to stop its blinking"},
    "tui/actions/palette.py": {
        "Content": "Content takes no markup, and is given plain words in one place",
        "Content()": "Content takes no markup, and is given plain words in one place",
        "Hit": "an entry, of Content",
        "Hit()": "an entry, of Content",
        "Hits": "a type only",
        "DiscoveryHit": "an entry, of Content",
        "DiscoveryHit()": "an entry, of Content",
    },
    "tui/app.py": {"title": "the view's, drawn with a line; the app has no title bar of Textual's"},
    "tui/screens/reading.py": {"title": "its heading's words, drawn with a line"},
    "tui/view.py": {
        "title": "of a view, which is no widget; drawn with a line",
        "update": "a set and a dictionary of ids",
    },
    "tui/follow.py": {"update": "a set of panels"},
    "tui/attach.py": {"title": "the view's, drawn with a line; the app has no title bar of Textual's"},
    "tui/replay.py": {"title": "the view's, drawn with a line; the app has no title bar of Textual's"},
    "tui/themes.py": {"parse": "styles of theme files: colours and attributes that have been validated"},
    "tui/cockpit.py": {"write": "the signs around the screen, which are made plain where they are made"},
    "tui/ending.py": {"stdout": "asks whether it is a terminal", "stderr": "asks whether it is a terminal"},
    "tui/headless.py": {
        "Console": "a bar, and warnings made plain, without markup",
        "Console()": "a bar, and warnings made plain, without markup",
        "BarColumn": "a bar",
        "MofNCompleteColumn": "two numbers",
        "Progress": "a bar",
        "TextColumn": "without markup; its words are made plain",
        "print": "made plain, without markup",
        "update": "numbers, and words made plain for a column without markup",
    },
    "tui/books.py": {
        "Console": "a bar",
        "Console()": "a bar",
        "BarColumn": "a bar",
        "MofNCompleteColumn": "two numbers",
        "TimeRemainingColumn": "a time",
        "Progress": "a bar",
        "update": "two numbers",
    },
    "tui/session.py": {"title": "the view's, drawn with a line; the app has no title bar of Textual's"},
    "tui/terminal/canvas.py": {"Segment": "takes finished ones apart, and makes them plain once more"},
    "tui/terminal/discreet.py": {"RenderableType": "a type only"},
    "tui/terminal/driver.py": {
        "Input": "asks whether somebody types",
        "write": "frames of the canvas and sequences of our own",
    },
    "tui/terminal/front.py": {"/dev/tty": "asks whether there is one", "write": "a sequence of our own"},
    "tui/terminal/outlet.py": {
        "write": "hands on what was printed",
        "stdout": "puts a door before it that is never stuck",
        "stderr": "puts a door before it that is never stuck",
        "__stdout__": "asks whether somebody else has",
        "__stderr__": "asks whether somebody else has",
    },
    "tui/terminal/overlay.py": {"write": "pictures, encoded"},
    "tui/terminal/tty.py": {"stdout": "turned away from the screen", "stderr": "turned away from the screen"},
    "tui/terminal/writer.py": {"write": "hands on frames"},
    "tui/web/driver.py": {"write": "hands on Textual's own packets, which a page draws"},
}
"""path -> way round -> why it is none there."""


def test_nothing_is_drawn_around_the_border() -> None:
    found = [one for one in everywhere(TOP) if one.what not in EXEMPT.get(one.path, {})]
    assert not found, "\n".join(map(str, found))


def test_no_exemption_outlives_its_reason() -> None:
    used = {(one.path, one.what) for one in everywhere(TOP)}
    stale = [(path, what) for path, ways in EXEMPT.items() for what in ways if (path, what) not in used]
    assert not stale
    assert all(reason for ways in EXEMPT.values() for reason in ways.values())


@pytest.mark.parametrize(
    "source",
    [
        # words as markup, by every door of the libraries
        "from textual.widgets import Static",
        "from textual.widgets import Static as Box",
        "from textual.widgets import OptionList",
        "from textual.widgets.option_list import Option",
        "from textual.content import Content",
        "from textual.content import Content as Words",
        "from textual import content",
        "from textual import *",
        "import textual.widgets as w",
        "import rich",
        "from rich import print",
        "from rich.text import Text",
        "from rich.segment import Segment",
        "from rich.markup import escape",
        "from rich.console import Console",
        "def later():\n    from rich.text import Text",
        "from tui.line import Segment",
        "from tui.widgets.typed_line import Input",
        "from tui.line import *",
        "import importlib\nimportlib.import_module('rich.text')",
        "__import__('textual.widgets')",
        "import importlib\nimportlib.import_module(name)",
        "Content(panel.text)",
        "Segment(panel.text)",
        "Strip([words])",
        "tui.line.Segment(panel.text)",
        "draw = line.Segment",
        "getattr(line, 'Segment')",
        "getattr(line, name)",
        "OptionList(*titles)",
        "Option(panel.text)",
        "list.add_option(Option(words))",
        # properties that are drawn
        "app.title = run.title",
        "self.title = f'{run.title} again'",
        "self.sub_title = run.title",
        "app.sub_title, other = run.title, 1",
        "app.title, app.sub_title = heading()",
        "pane.border_title = panel.id",
        "pane.border_title = plain(panel.text)",
        "pane.border_subtitle = words",
        "pane.border_title += words",
        "pane.tooltip = panel.sentence",
        "box.placeholder = words",
        "pane.border_title: str = words",
        "for pane.border_title in words: pass",
        "setattr(app, 'title', words)",
        "setattr(app, name, words)",
        "widget.set_reactive(App.title, words)",
        "class One(App):\n    TITLE = words",
        "class One(App):\n    SUB_TITLE: str = words",
        "class One(Widget):\n    @property\n    def tooltip(self):\n        return self.words",
        "TypedLine(placeholder=panel.text)",
        "Pane(tooltip=words)",
        "Style(link=panel.text)",
        "Style(meta={'@click': words})",
        "Style.parse(words)",
        "class One(Widget):\n    def render(self):\n        return self.words",
        "class One:\n    def __rich__(self):\n        return self.words",
        # words that are said
        "self.notify(panel.sentence)",
        "app.notify(f'{panel.sentence}')",
        "app.notify('gone', title=panel.id)",
        "app.notify(plain(panel.sentence))",
        "self.query_one('#words').update(panel.text)",
        "self.query_one('#words').update(f'[b]{panel.text}[/b]')",
        "self.query_one('#words').update(content=words)",
        "Content.from_markup(words)",
        "self.render_str(words)",
        "self.open_url(words)",
        # words that are printed
        "print(panel.text)",
        "print()",
        "list(map(print, words))",
        "say = print",
        "typer.echo(words)",
        "console.print(words)",
        "answer = input(words)",
        "import sys\nsys.stdout.write(words)",
        "from sys import stdout",
        "out = sys.stderr",
        "self.app._driver.write(words)",
        "os.write(1, words)",
        "open('/dev/tty', 'w')",
        "os.system('echo ' + words)",
        "subprocess.run(['echo', words])",
        "import logging",
        "from warnings import warn",
        "traceback.print_exc()",
        "raise SystemExit(f'{panel.text}')",
        "sys.exit('no ' + words)",
        "self.exit(message=panel.text)",
        # actions put together from words
        "self.run_action(words)",
        "self.run_action(f\"do('{panel.id}')\")",
        "self.run_action(f\"{action.id}\")",
        "self.call_later(self.run_action, words)",
        "partial(app.run_action, f\"do('{words}')\")",
        "Binding('a', f'find({words})')",
        "Binding('a', action=words)",
        "eval(words)",
        # another border
        "def plain(text): return text",
        "plain = str",
        "from tui.line import plain",
        "from tui.words import number as plain",
    ],
)  # fmt: skip
def test_the_guard_sees(source: str) -> None:
    assert findings(source, "tui/new.py"), source


@pytest.mark.parametrize(
    "source",
    [
        "from tui.line import Line, wrap\nline.add(panel.text, style)",
        "from tui.plain import plain, plain_lines",
        "from tui.printed import printed\nprinted(f'{panel.text}')",
        "from tui.widgets.footer import Footer\nFooter(view)",
        "from tui.widgets.header import Header",
        "from textual.app import App, ComposeResult",
        "from textual import events, on",
        "from rich.style import Style\nStyle(color='red')",
        "self.note = panel.text",
        "title = panel.text",
        "chapter.title == words",
        "said = app.title",
        "pane.border_title = 'keys'",
        "box.placeholder = 'folder' if verb == 'open' else f'{3} folders'",
        "TypedLine(placeholder='words')",
        "pane.update()",
        "app.say(panel.sentence)",
        "self.query_one('#words').say((words, 'text'))",
        "def render(self):\n    return ''",
        "def render(self):\n    return",
        "def render_line(self, y):\n    return self.strips[y]",
        "self.run_action('quit')",
        "self.run_action(f\"do('{action.id}')\")",
        "partial(app.run_action, f\"do('{action.id}')\")",
        "Binding(action.keys, f\"do('{action.id}')\", action.help)",
        "# Content(words), app.title = words",
        "'''print(words)'''",
        "sys.stdout.isatty()",
        "typer.Option(help='how many')",
        "answer = input('Attach to it? ')",
        "subprocess.Popen(command, stdout=subprocess.DEVNULL)",
        "raise SystemExit(complaint.exit_code)",
        "self.exit(Result(state))",
        "getattr(event, 'panel', None)",
        "Path(name).write_text(words)",
    ],
)  # fmt: skip
def test_the_guard_lets_pass(source: str) -> None:
    assert not findings(source, "tui/new.py"), source
