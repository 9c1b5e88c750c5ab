"""The command line. Commands and exit codes are stable: people script them.

Heavy imports live inside the commands, so that ``--help`` stays quick.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui.streams import make_good

if TYPE_CHECKING:
    from core.complaint import Complaint


class Exit(IntEnum):
    """What the process says when it ends."""

    FINISHED = 0  #: every panel finished
    INTERNAL = 1  #: our mistake
    USAGE = 2  #: bad usage or project; the message names file, line and key
    INCOMPLETE = 3  #: ended with failed or refused panels
    STOPPED = 4  #: stopped early; the next run goes on
    BUSY = 5  #: another process runs the project


class Color(StrEnum):
    """What ``--color`` takes."""

    AUTO = "auto"
    SIXTEEN = "16"
    MANY = "256"
    TRUE = "truecolor"


COLOR_SYSTEMS = {Color.SIXTEEN: "standard", Color.MANY: "256", Color.TRUE: "truecolor"}
"""What Textual calls them."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Draws the pictures of a graphic novel overnight, through a pool of browser tabs.",
)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")]
MOST_TABS = 200
"""As in novel.toml."""


def _tabs(word: str) -> int | str:
    """A number of tabs as it is typed."""
    if word == "auto" or (word.isdecimal() and 1 <= int(word) <= MOST_TABS):
        return "auto" if word == "auto" else int(word)
    raise typer.BadParameter(f'expected a whole number from 1 to {MOST_TABS} or "auto", got "{word}"')


Tabs = Annotated[
    Any, typer.Option(parser=_tabs, metavar="N|auto", help="How many tabs to use; auto finds out how many pay.")
]
Headless = Annotated[bool, typer.Option("--headless", help="No screen: a progress bar, or plain lines.")]


def main() -> None:
    """The entry point of ``novelgen-tui``."""
    make_good()
    with _said_plainly():
        app()


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Every mistake a person can mend is one sentence and an exit code; no traceback shows prompts or keys."""
    from tui.printed import printed

    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(Exit.STOPPED) from None
    except Exception as error:  # noqa: BLE001  # the last door: whatever comes here is our mistake
        if (complaint := _complaint_in(error)) is not None:
            printed(f"novelgen-tui: {complaint}", errors=True)
            raise SystemExit(complaint.exit_code) from None
        from core.crash import kept

        where = kept(error, _folder_named(sys.argv[1:])) or "; and it could not be written down"
        printed(f"novelgen-tui: an internal error ({type(error).__name__}){where}", errors=True)
        raise SystemExit(Exit.INTERNAL) from None


def _complaint_in(error: Exception) -> "Complaint | None":
    """What a person can mend: ``error`` itself, or all there is in a group of errors that tasks ended with."""
    from core.complaint import Complaint

    if not isinstance(error, ExceptionGroup):
        return error if isinstance(error, Complaint) else None
    found = [_complaint_in(one) for one in error.exceptions]
    return found[0] if None not in found else None


def _folder_named(arguments: list[str]) -> Path | None:
    """The project the command line is about, if there is one."""
    return next((Path(word) for word in arguments if (Path(word) / "novel.toml").is_file()), None)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from tui.printed import printed

        printed(f"novelgen-tui {version('novelgen-tui')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def welcome(
    context: typer.Context,
    ascii: Annotated[bool, typer.Option("--ascii", help="Draw with plain ASCII signs.")] = False,
    color: Annotated[Color, typer.Option("--color", help="How many colours the terminal has.")] = Color.AUTO,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print which version this is.")
    ] = False,
) -> None:
    """Without a command: recent projects, open one, or try the demo."""
    if ascii:
        os.environ["NOVELGEN_ASCII"] = "1"  # tui.config reads it, and a process split off inherits it
    if color is not Color.AUTO:
        os.environ["TEXTUAL_COLOR_SYSTEM"] = COLOR_SYSTEMS[color]
    if context.invoked_subcommand is None:
        from tui.run import run_welcome

        raise typer.Exit(run_welcome())


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the sample goes.")] = Path("novelgen-demo"),
    panels: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="How many panels; all of the sample otherwise.")
    ] = None,
    tabs: Tabs = None,
    headless: Headless = False,
) -> None:
    """Draw a sample novel on the built-in practice site, from nothing to pictures."""
    from tui.run import run_demo

    raise typer.Exit(run_demo(folder, panels=panels, tabs=tabs, headless=headless))


@app.command()
def new(
    folder: Folder,
    script: Annotated[Path | None, typer.Option("--from", help="A script to begin with.")] = None,
) -> None:
    """Make a project from a script, and say what was read."""
    from tui.new import make_project

    make_project(folder, script)


@app.command()
def run(
    folder: Folder,
    tabs: Tabs = None,
    headless: Headless = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Queue failed panels again first.")] = False,
    redraw_outdated: Annotated[
        bool, typer.Option("--redraw-outdated", help="Draw panels anew whose prompt has changed since.")
    ] = False,
    listen: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Let watchers in by a port too; they need .novelgen/link.token."),
    ] = None,
    cert: Annotated[Path | None, typer.Option("--listen-cert", help="TLS certificate for that port.")] = None,
    key: Annotated[Path | None, typer.Option("--listen-key", help="Its key.")] = None,
    unencrypted: Annotated[
        bool, typer.Option("--listen-unencrypted", help="Listen beyond this machine without TLS: I mean it.")
    ] = False,
) -> None:
    """Draw the panels of a project, going on where it stopped."""
    from tui.run import run_project

    at = None
    if listen is not None:
        from core.link.endpoint import listen_at

        at = listen_at(listen, cert, key, unencrypted)
    raise typer.Exit(
        run_project(
            folder,
            tabs=tabs,
            headless=headless,
            retry_failed=retry_failed,
            redraw_outdated=redraw_outdated,
            listen=at,
        )
    )


@app.command()
def attach(
    where: Annotated[
        str, typer.Argument(metavar="DIR|SOCKET|URL", help="The project's folder, its link.sock, or http://HOST:PORT.")
    ],
    token_file: Annotated[Path | None, typer.Option("--token-file", help="The run's link.token, for a URL.")] = None,
    ca: Annotated[Path | None, typer.Option("--ca", help="The certificate to trust, for https.")] = None,
    web: Annotated[
        str | None,
        typer.Option(metavar="PORT", help="Show it in this machine's web browser, at this port; 0 takes a free one."),
    ] = None,
) -> None:
    """Watch and steer a run that is going on."""
    from tui.attach import attach as attach_to

    raise typer.Exit(attach_to(where, token_file=token_file, ca=ca, web=web))


@app.command()
def replay(
    folder: Folder,
    at: Annotated[str, typer.Option("--at", help="The moment to begin with: 22:41, or a date and time.")] = "",
) -> None:
    """Look at any past moment of a project's runs; works while another process runs it."""
    from tui.replay import replay as show

    raise typer.Exit(show(folder, at))


@app.command()
def diff(
    folder: Folder,
    everything: Annotated[bool, typer.Option("--all", help="Name every panel, however many there are.")] = False,
    agree: Annotated[
        bool, typer.Option("--agree", help='Let it count in the run that goes on and asks first (on_edit = "ask").')
    ] = False,
) -> None:
    """What the edited script would change: new, reworded, moved and removed panels. Changes nothing by itself."""
    from tui.diff import print_difference

    print_difference(folder, everything=everything, agree=agree)


@app.command()
def login(
    folder: Folder,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Carry a sign-in: taken from FILE where it exists, else written there (0600)."
        ),
    ] = None,
) -> None:
    """Sign in, in a visible browser; the session is kept for the tabs."""
    from tui.login import sign_in_by_hand

    sign_in_by_hand(folder, state)


@app.command()
def status(
    folder: Folder,
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="List failed and refused panels, and why.")] = False,
    find: Annotated[str, typer.Option(metavar="WORDS", help="List panels that have all these words.")] = "",
) -> None:
    """Counts and figures of a project; works while another process runs it."""
    from tui.status import print_panels, print_status

    if failed or find:
        print_panels(folder, failed=failed, words=find, as_json=json)
    else:
        print_status(folder, as_json=json)


@app.command()
def export(
    folder: Folder,
    format: Annotated[
        str, typer.Option(metavar="cbz|pdf|html", help="What kind of book; those named in novel.toml otherwise.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="The file; in the project's folder otherwise.")] = None,
    layout: Annotated[
        str, typer.Option(metavar="panel|page", help="One panel a page, or the script's pages.")
    ] = "panel",
    lang: Annotated[str, typer.Option(help="Words in another language of the script.")] = "",
    letter: Annotated[bool | None, typer.Option(help="Write the words onto the pictures.")] = None,
    rtl: Annotated[bool, typer.Option("--rtl", help="Read from right to left.")] = False,
    comicinfo: Annotated[str, typer.Option(metavar="2.0|2.1", help="Version of ComicInfo.xml in a CBZ.")] = "2.0",
    font: Annotated[list[Path] | None, typer.Option(help="A font file for the words; again for more.")] = None,
) -> None:
    """Make a book of the pictures there are."""
    from tui.books import export_book

    raise typer.Exit(
        export_book(
            folder, format=format, out=out, layout=layout, language=lang, letter=letter, rtl=rtl,
            comicinfo=comicinfo, fonts=font or [],
        )
    )  # fmt: skip


@app.command()
def report(
    folder: Folder,
    format: Annotated[str, typer.Option(metavar="text|html|json", help="How it is written.")] = "text",
    out: Annotated[Path | None, typer.Option(help="A file instead of the terminal.")] = None,
) -> None:
    """What was drawn, what needs you, which limits were met, where the time went."""
    from tui.report import print_report

    print_report(folder, format=format, out=out)


@app.command()
def check(
    folder: Folder,
    draw_one: Annotated[bool, typer.Option("--draw-one", help="Have one picture drawn, to see it all.")] = False,
) -> None:
    """Is everything ready? Script, disk, memory, browser, sign-in, and the site's profile against its page."""
    from tui.check import run_check

    raise typer.Exit(run_check(folder, draw_one=draw_one))


@app.command()
def sites(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A project with sites of its own.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a site profile.")] = False,
) -> None:
    """List the site profiles known here: title, address, what they were tested against, terms."""
    from tui.sites import print_schema, print_sites

    if schema:
        print_schema()
    else:
        print_sites(folder)


@app.command()
def prompts(
    folder: Folder,
    panel: Annotated[str | None, typer.Option(metavar="ID", help="Only this panel's.")] = None,
) -> None:
    """Print every prompt as it will be sent, by panel."""
    from tui.prompts import print_prompts

    print_prompts(folder, panel)


@app.command()
def easel(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8765,
    latency: Annotated[float, typer.Option(min=0.0, help="Seconds a picture takes, in the middle.")] = 4.0,
    limit: Annotated[str | None, typer.Option(metavar="N/SECONDS", help="A quota: so many pictures a window.")] = None,
    faults: Annotated[str, typer.Option(help='Faults on demand; "help" lists them.')] = "",
    seed: Annotated[int, typer.Option(help="Of every random choice.")] = 0,
) -> None:
    """Serve the practice site by itself."""
    from tui.easel import serve_easel

    serve_easel(port=port, latency=latency, limit=limit, faults=faults, seed=seed)
