"""``novelgen-tui attach --web``: an attached cockpit in a page of a browser on this machine."""

import sys
from pathlib import Path

from core.complaint import Complaint
from tui.printed import printed
from tui.web.place import web_at


def show_in_browser(words: str, arguments: list[str], title: str) -> int:
    """Serve the screen of ``novelgen-tui attach`` with these ``arguments`` until it is ended; returns the exit code.

    ``words`` say where, as ``web_at`` reads them. Every visitor's screen is a process that attaches by itself: pages
    may come and go, and so may the server; the run does not notice.
    """
    host, port = web_at(words)
    try:
        from tui.web.server import PageServer, serve
    except ImportError as error:
        raise Complaint('the page needs textual-serve; install it with: pip install "textual-serve<2"') from error
    argv = [sys.executable, "-P", "-c", "from tui.cli import main; main()", "attach", *arguments]
    serve(PageServer(argv, title, _told), host, port, _ready)
    return 0


def _ready(address: str) -> None:
    printed(f"The cockpit is at {address}")
    printed("Whoever has this address steers the run. Ctrl+C ends the page, not the run.")


def _told(words: str) -> None:
    printed(f"novelgen-tui: {words}", errors=True)


def attach_arguments(where: str, token_file: Path | None, ca: Path | None) -> list[str]:
    """The command line that attaches to the same run; what is named is never taken for an option."""
    found = []
    if token_file is not None:
        found.append(f"--token-file={token_file}")
    if ca is not None:
        found.append(f"--ca={ca}")
    return [*found, "--", where]
