"""``novel.toml``: its shape, and reading it. Unknown keys are mistakes; every mistake names file, line and key."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from core.complaint import command
from core.project.errors import ProjectError, line_of
from core.project.expected import ASPECT, CDP, HTTP, MEMORY, WS, complaint_about
from core.prompts import Look, check_template

NAME = "novel.toml"
VERSION = 1
MOST_BYTES = 4 * 2**20
"""A larger novel.toml is none."""

Text = Annotated[str, msgspec.Meta(min_length=1)]
Aspect = Annotated[str, msgspec.Meta(pattern=ASPECT)]
Count = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Tabs = Annotated[int, msgspec.Meta(ge=1, le=200)]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the tables below."""


class StyleTable(Table, frozen=True):
    """A style of ``themes/styles`` by name, one's own words, or its own words over a named one."""

    name: str = ""
    preamble: str = ""
    avoid: str = ""
    references: tuple[Text, ...] = ()


class PoolTable(Table, frozen=True):
    """``memory``: the budget of browsers and this program together. Times in seconds."""

    tabs: Tabs | Literal["auto"] = 5
    memory: Annotated[str, msgspec.Meta(pattern=MEMORY)] = "auto"
    pictures_per_tab: Count = 100  #: then its page is opened anew
    heartbeat: Annotated[float, msgspec.Meta(gt=0, le=20)] = 15.0  #: within which a page that hangs is found
    timeout: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 300.0  #: a picture that takes longer is overdue


class Endpoint(Table, frozen=True):
    """A browser: one to launch here, or one that is running, by its DevTools (``cdp``) or Playwright (``ws``) url."""

    launch: bool = False
    cdp: Annotated[str, msgspec.Meta(pattern=CDP)] = ""
    ws: Annotated[str, msgspec.Meta(pattern=WS)] = ""
    tabs: Tabs | None = None


class BrowserTable(Table, frozen=True):
    """Where the tabs are."""

    path: str = ""  #: of the program; "" finds one
    headless: bool = True
    profile: str = ""  #: folder that keeps the sign-in; "" is one inside the project
    endpoints: tuple[Endpoint, ...] = ()


class OutputTable(Table, frozen=True):
    """Pictures always go to ``panels/``, as the site gave them."""

    formats: tuple[Literal["cbz", "pdf", "html"], ...] = ()  #: the books wanted
    post: tuple[Text, ...] = ()  #: post-processors every finished picture goes through


class RunTable(Table, frozen=True):
    """How a run behaves."""

    on_start: Literal["resume", "paused"] = "resume"
    on_hangup: Literal["continue", "stop"] = "continue"
    on_edit: Literal["apply", "ask"] = "apply"  #: what an edit of the script does while the run goes on
    max_tries: Annotated[int, msgspec.Meta(ge=1, le=100)] = 4
    doubts: bool = True  #: look at finished pictures and tell which are doubtful


class ProcessorTable(Table, frozen=True):
    """How a panel becomes a picture: ``browser`` drives ``site``; others (``images-api``, plugins) have options."""

    name: Text = "browser"
    options: dict[str, Any] = {}


class PromptTable(Table, frozen=True):
    """How a prompt is put together."""

    template: str = ""  #: see ``core.prompts``; "" is the built-in one


class Config(Table, frozen=True):
    """All of novel.toml. ``conversation``: which pictures share one; None leaves it to the site."""

    title: Text
    script: Text
    novelgen: int = VERSION  #: version of this format
    site: Text = "easel"
    site_url: Annotated[str, msgspec.Meta(pattern=HTTP)] = ""
    accept_site_terms: bool = False
    account: str = ""  #: pacing is kept by account; "" is the site's name
    language: str = ""
    aspect: Aspect = ""
    conversation: Literal["panel", "page", "scene", "chapter"] | Count | None = None
    style: StyleTable = StyleTable()
    cast: tuple[Look, ...] = ()
    places: tuple[Look, ...] = ()
    templates: dict[str, Text] = {}  #: scene templates of one's own: name -> words they add to the prompt
    prompt: PromptTable = PromptTable()
    processor: ProcessorTable = ProcessorTable()
    pool: PoolTable = PoolTable()
    browser: BrowserTable = BrowserTable()
    output: OutputTable = OutputTable()
    run: RunTable = RunTable()


class Settings(msgspec.Struct, frozen=True):
    """A Config with what is needed to complain about it."""

    path: Path
    text: str
    config: Config

    def error(self, key: str, sentence: str) -> ProjectError:
        """A mistake in the value of ``key``."""
        return ProjectError(self.path, sentence, line=line_of(self.text, key), key=key)


def read_settings(folder: Path) -> Settings:
    """The settings in ``folder/novel.toml``. Raises ProjectError."""
    path = folder / NAME
    return parse_settings(_text(folder, path), path)


def parse_settings(text: str, path: Path) -> Settings:
    """The settings in ``text``, which is (or will be) the file ``path``. Raises ProjectError."""
    if not text.strip():
        raise ProjectError(path, 'it is empty; it needs at least title = "…" and script = "…"')
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        said = str(error)[: line.start()].strip() if line else str(error)
        at = int(line[1]) if line and line[1] else text.count("\n") + 1
        raise ProjectError(path, f"this is no TOML: {said[:1].lower()}{said[1:]}", line=at) from error
    except RecursionError as error:
        raise ProjectError(path, "this is no TOML: nested too deep") from error
    try:
        settings = Settings(path, text, msgspec.convert(table, Config))
    except msgspec.ValidationError as error:
        key, sentence = complaint_about(error, table, Config)
        raise ProjectError(path, sentence, line=line_of(text, key), key=key) from error
    _check(settings)
    return settings


def _text(folder: Path, path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ProjectError(path, "it is far too large for a project's settings")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        what = "it is missing" if folder.is_dir() else "there is no such folder"
        raise ProjectError(path, f"{what}; make a project with: {command('new', folder)}") from None
    except OSError as error:
        raise ProjectError(path, f"it cannot be read: {error.strerror}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ProjectError(path, "it is not UTF-8 there; save it as UTF-8", line=line) from error


def _check(settings: Settings) -> None:
    """What no type can say."""
    config = settings.config
    if config.novelgen != VERSION:
        raise settings.error("novelgen", f"expected {VERSION}, got {config.novelgen}; is this program too old for it?")
    for index, endpoint in enumerate(config.browser.endpoints):
        if endpoint.launch + bool(endpoint.cdp) + bool(endpoint.ws) != 1:
            key = f"browser.endpoints[{index}]"
            raise settings.error(key, 'give exactly one of launch = true, cdp = "http://…" or ws = "ws://…"')
    if config.prompt.template and (wrong := check_template(config.prompt.template)):
        raise settings.error("prompt.template", wrong)
    for kind, looks in (("cast", config.cast), ("places", config.places)):
        first: dict[str, int] = {}
        for index, look in enumerate(looks):
            key = f"{kind}[{index}].name"
            if not look.name.strip():
                raise settings.error(key, "expected a name, got an empty text")
            if (before := first.setdefault(look.name.casefold(), index)) != index:
                line = line_of(settings.text, f"{kind}[{before}].name")
                raise settings.error(key, f'"{look.name}" is on line {line} already; names must differ')
