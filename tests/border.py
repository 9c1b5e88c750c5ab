"""Reads source and finds where data could reach the terminal without being made plain: the guard of the border.

Everything drawn goes through ``tui.line``, everything printed through ``tui.printed``. Whatever else can draw or
print is found here by what it is (the tree of the source, no words in it): names of rich and textual nobody has
looked at, properties that are drawn as markup, writers to the terminal, actions put together from words.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HARMLESS = {
    "rich.cells": {"cell_len", "get_character_cell_size", "set_cell_size"},
    "rich.color": {"Color", "ColorSystem", "ColorType"},
    "rich.style": {"Style"},
    "textual": {"constants", "events", "on"},
    "textual._compositor": {"ChopsUpdate", "CompositorUpdate", "LayoutUpdate"},
    "textual._parser": {"ParseError"},
    "textual._xterm_parser": {"XTermParser"},
    "textual.app": {"App", "ComposeResult", "RenderResult"},
    "textual.binding": {"Binding", "BindingType"},
    "textual.command": {"CommandPalette", "Provider"},
    "textual.containers": {"Horizontal", "Vertical"},
    "textual.drivers.linux_driver": {"LinuxDriver"},
    "textual.drivers.web_driver": {"WebDriver"},
    "textual.geometry": {"Region", "Size"},
    "textual.message": {"Message"},
    "textual.screen": {"ModalScreen", "Screen"},
    "textual.scroll_view": {"ScrollView"},
    "textual.theme": {"Theme"},
    "textual.timer": {"Timer"},
    "textual.widget": {"Widget"},
    "textual.worker": {"Worker", "WorkerState"},
}
"""What may be imported from the libraries that draw; everything else is asked about."""

DRAWN = {
    "title", "sub_title", "border_title", "border_subtitle", "tooltip", "placeholder", "renderable", "content",
    "TITLE", "SUB_TITLE", "BORDER_TITLE", "BORDER_SUBTITLE",
}  # fmt: skip
"""Properties and arguments that Textual draws, most of them as markup."""

HIDDEN = {"link", "meta"}
"""Arguments of a style that reach the terminal, or run an action, behind the words."""

DRAWERS = {
    "Segment", "Strip", "Text", "Content", "Markup", "Padding", "Panel", "Table", "Static", "Label", "Button", "Link",
    "Digits", "Markdown", "MarkdownViewer", "RichLog", "Log", "Pretty", "DataTable", "OptionList", "SelectionList",
    "Option", "Tree", "DirectoryTree", "ListView", "ListItem", "Select", "Collapsible", "Checkbox", "RadioButton",
    "RadioSet", "Switch", "Tabs", "TabbedContent", "TabPane", "Header", "Footer", "Tooltip", "Toast", "Placeholder",
    "Rule", "Sparkline", "ProgressBar", "Input", "MaskedInput", "TextArea", "Hit", "DiscoveryHit", "Console",
    "Notification", "Notify", "Traceback",
}  # fmt: skip
"""What makes something seen; asked about wherever it is called or fetched, however it was imported."""

OURS = {"Header", "Footer", "Panel", "Text", "Rule"}
"""Of these, names this project has for widgets of its own; from the libraries they cannot be imported unseen."""

SAYERS = {
    "notify", "update", "render_str", "from_markup", "from_rich_text", "from_meta", "open_url", "warn", "warning",
    "showwarning",
}  # fmt: skip
"""Methods that draw, print or open what they are given."""

WRITERS = {
    "write", "writelines", "log", "system", "popen", "print_json", "print_exc", "print_exception", "print_stack",
    "print_tb",
}  # fmt: skip
"""Methods that write to a terminal, whatever they are given."""

PRINTERS = {"print", "input", "echo", "secho", "pprint", "breakpoint", "eval", "exec"}
"""Functions that print what they are given, or do what they are told."""

LOGGERS = {"logging", "warnings", "curses", "syslog"}
"""Modules of Python's own that write to the terminal."""

QUIET = {"encoding", "flush", "isatty"}
"""What of a stream says nothing."""

TERMINALS = ("/dev/tty", "/dev/pts", "/dev/std", "/dev/fd")
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
RENDERS = {"render", "__rich__", "__rich_console__", "__rich_repr__", "__visual__", "get_content"}
"""Methods whose result Textual draws, a string as markup."""

PLAIN = {"plain", "plain_lines"}


@dataclass(frozen=True)
class Finding:
    """``what`` names the way round the border, for an exemption."""

    path: str
    line: int
    what: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}: {self.source}"


def findings(source: str, path: str) -> list[Finding]:
    """Every way round the border in ``source``, the file at ``path`` (from the project's top, with slashes)."""
    lines = source.splitlines()
    found = {(node.lineno, what) for node, what in _Reader().read(ast.parse(source))}
    return [Finding(path, line, what, lines[line - 1].strip()) for line, what in sorted(found)]


def everywhere(top: Path) -> Iterator[Finding]:
    """What is found in all of the room that has a screen."""
    for path in sorted((top / "tui").rglob("*.py")):
        yield from findings(path.read_text(encoding="utf-8"), path.relative_to(top).as_posix())


class _Reader:
    """Collects (node, what)."""

    def __init__(self) -> None:
        self._found: list[tuple[ast.expr | ast.stmt, str]] = []
        self._quiet: set[ast.AST] = set()

    def read(self, tree: ast.Module) -> list[tuple[ast.expr | ast.stmt, str]]:
        for node in ast.walk(tree):  # an expression comes before its parts
            match node:
                case ast.Import():
                    self._import(node)
                case ast.ImportFrom():
                    self._import_from(node)
                case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr() | ast.For() | ast.AsyncFor():
                    self._bound(node)
                case ast.Call():
                    self._call(node)
                case ast.Attribute():
                    self._attribute(node)
                case ast.Name(id=name, ctx=ast.Load()) if name in PRINTERS and node not in self._quiet:
                    self._found.append((node, name))
                case ast.Constant(value=str(words)) if words.startswith(
                    ("/dev/tty", "/dev/pts", "/dev/std", "/dev/fd")
                ):
                    self._found.append((node, words))
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._function(node)
                case ast.ClassDef():
                    if node.name in PLAIN:
                        self._found.append((node, f"another {node.name}"))
                case _:
                    pass
        return self._found

    # --- names ---

    def _import(self, node: ast.Import) -> None:
        for name in node.names:
            if _library(name.name) or name.name.split(".")[0] in LOGGERS:
                self._found.append((node, f"import {name.name}"))

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for name in node.names:
            if _library(module):
                if name.name not in HARMLESS.get(module, ()):
                    self._found.append((node, name.name if name.name != "*" else f"all of {module}"))
            elif name.name in DRAWERS - OURS or name.name == "*":
                self._found.append((node, name.name if name.name != "*" else f"all of {module}"))
            if name.name in PRINTERS | STREAMS | {"run_action"} or module in LOGGERS:
                self._found.append((node, name.name))
            if (name.asname or name.name) in PLAIN and (module != "tui.plain" or name.name not in PLAIN):
                self._found.append((node, f"another {name.asname or name.name}"))

    def _attribute(self, node: ast.Attribute) -> None:
        if node.attr in QUIET:
            self._quiet.add(node.value)
        if node.attr in DRAWERS - OURS and not (isinstance(node.value, ast.Name) and node.value.id == "typer"):
            self._found.append((node, node.attr))
        if node.attr in STREAMS and node not in self._quiet:
            self._found.append((node, node.attr))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if node.name in PLAIN:
            self._found.append((node, f"another {node.name}"))
        if node.name in DRAWN:
            self._found.append((node, node.name))
        if node.name in RENDERS:
            results = [part.value for part in ast.walk(node) if isinstance(part, ast.Return | ast.Yield)]
            if not all(result is None or _safe(result) for result in results):
                self._found.append((node, node.name))

    # --- what is given to whom ---

    def _bound(self, node: ast.stmt | ast.expr) -> None:
        value: ast.expr | None = getattr(node, "value", None) or getattr(node, "iter", None)
        targets = getattr(node, "targets", None) or [node.target]  # type: ignore[attr-defined]
        for target, given in _pairs(targets, value):
            name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
            own = isinstance(target, ast.Attribute) or name.isupper()
            if own and name in DRAWN and given is not None and not _safe(given):
                self._found.append((node, name))
            if name in PLAIN:
                self._found.append((node, f"another {name}"))

    def _call(self, node: ast.Call) -> None:
        name = _name(node.func)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        of = _name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if name in DRAWERS - OURS and of != "typer":
            self._found.append((node, f"{name}()"))
        if name == "input" and all(_safe(part) for part in given):
            self._quiet.add(node.func)
        method = isinstance(node.func, ast.Attribute)
        if ((method and name in SAYERS) or (of, name) == ("Style", "parse")) and not all(_safe(part) for part in given):
            self._found.append((node, name))
        if method and name in WRITERS | PRINTERS:
            self._found.append((node, name))
        told = {keyword.arg for keyword in node.keywords}
        if of == "subprocess" and not told & {"stdout", "capture_output"}:
            self._found.append((node, of))
        if name in ("set_reactive", "mutate_reactive") and _name(node.args[0]) in DRAWN and not _safe(node.args[-1]):
            self._found.append((node, _name(node.args[0])))
        self._action(name, node)
        if name in ("SystemExit", "exit") and any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in given):
            self._found.append((node, name))
        if name in ("setattr", "getattr", "__import__", "import_module") and not self._by_name(name, node):
            self._found.append((node, name))
        for keyword in node.keywords:
            drawn = keyword.arg in DRAWN | HIDDEN or (keyword.arg == "message" and name == "exit")
            if drawn and keyword.arg is not None and not _safe(keyword.value):
                self._found.append((node, keyword.arg))

    def _action(self, name: str, node: ast.Call) -> None:
        """What is run by name must be named there, called at once or later."""
        places = [0] if name == "run_action" else [1] if name == "Binding" else []
        places += [at + 1 for at, part in enumerate(node.args) if _name(part) == "run_action"]
        parts = [node.args[at] for at in places if at < len(node.args)]
        parts += [keyword.value for keyword in node.keywords if keyword.arg == "action"]
        if not all(_named_action(part) for part in parts) or (places and not parts):
            self._found.append((node, "action"))

    def _by_name(self, name: str, node: ast.Call) -> bool:
        """Whether something is fetched or set by a name that is written there and is harmless."""
        at = 0 if name in ("__import__", "import_module") else 1
        named = node.args[at] if len(node.args) > at else None
        if not isinstance(named, ast.Constant) or not isinstance(named.value, str):
            return False
        if name == "getattr":
            return named.value not in DRAWERS | SAYERS | STREAMS
        if name == "setattr":
            return named.value not in DRAWN or all(_safe(value) for value in node.args[2:])
        return not _library(named.value)


def _library(module: str) -> bool:
    return module.split(".")[0] in ("rich", "textual")


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _pairs(targets: list[ast.expr], value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Each target with what it gets; all of the value where it cannot be taken apart."""
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value] * len(target.elts)
            if len(parts) != len(target.elts):
                parts = [value] * len(target.elts)
            for inner, part in zip(target.elts, parts, strict=True):
                yield from _pairs([inner], part)
        else:
            yield target.value if isinstance(target, ast.Starred) else target, value


def _safe(value: ast.expr) -> bool:
    """Whether ``value`` is made of what is written there, and of what was made plain.

    A string that is made plain may still hold markup: properties are given plain words only where the widget takes
    no markup; whoever draws words of somebody else draws them with a line.
    """
    match value:
        case ast.Constant():
            return True
        case ast.JoinedStr():
            return all(_safe(part) for part in value.values)
        case ast.FormattedValue():
            return _safe(value.value)
        case ast.IfExp():
            return _safe(value.body) and _safe(value.orelse)
        case ast.BinOp():
            return _safe(value.left) and _safe(value.right)
        case _:
            return False


def _named_action(value: ast.expr) -> bool:
    """A constant, or ``do('…')`` with the id of an action of the table."""
    if isinstance(value, ast.Constant):
        return True
    if not isinstance(value, ast.JoinedStr):
        return False
    words = [part.value for part in value.values if isinstance(part, ast.Constant)]
    parts = [part.value for part in value.values if isinstance(part, ast.FormattedValue)]
    ids = [isinstance(part, ast.Attribute) and part.attr == "id" and _name(part.value) == "action" for part in parts]
    return words == ["do('", "')"] and ids == [True]
