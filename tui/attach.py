"""``novelgen-tui attach``: the same cockpit on a run that goes on elsewhere, and the offer of it."""

from dataclasses import replace
from pathlib import Path

from core.attach import at_socket, find_run, of_url, remote
from core.collecting import put_aside
from core.complaint import Complaint, command
from core.link.port import RunPort
from core.running import busy
from core.state import RunState
from tui.ending import exit_code, finished, on_a_terminal
from tui.printed import printed


def attach(where: str, *, token_file: Path | None = None, ca: Path | None = None, web: str | None = None) -> int:
    """Watch and steer the run of a project's folder, or behind a socket or an address; returns the exit code.

    ``web``: where to serve the screen as a page of this machine's browser, instead of showing it here.
    """
    folder, title = None, where
    if "://" in where:
        run = remote(of_url(where, token_file, ca))
    elif Path(where).is_socket():
        run = at_socket(Path(where))
    else:
        folder = Path(where)
        run, title = find_run(folder), folder.resolve().name
    if web is not None:
        from tui.web.attached import attach_arguments, show_in_browser

        return show_in_browser(web, attach_arguments(where, token_file, ca), title)
    return _show(run, title, folder)


def offer(folder: Path) -> int:
    """Another process runs the project: ask whether to attach. Returns the exit code."""
    complaint = busy(folder)
    printed(str(complaint).split(";")[0] + ".")
    try:
        answer = input("Attach to it? [Y/n] ").strip().lower()
    except (EOFError, KeyboardInterrupt):
        answer = "n"
    if answer not in ("", "y", "yes"):
        raise complaint
    return attach(str(folder))


def _show(run: RunPort, title: str, folder: Path | None = None) -> int:
    put_aside()
    from tui.app import CockpitApp
    from tui.config import screen_options
    from tui.terminal.stage import stage

    if not on_a_terminal():
        raise Complaint(f"there is no terminal to show a screen on; try: {command('status', title)}")
    with stage() as here:
        options = replace(screen_options(), attached=True, folder=folder)
        app = CockpitApp(lambda: _opened(run), title=title, options=options)
        result = here.show(app, app.leave_now)
    if result is not None and result.error is not None:
        raise result.error
    if result is None or result.state is None or result.terminal:
        return 0
    return _said(title, result.state)


async def _opened(run: RunPort) -> RunPort:
    return run


def _said(title: str, state: RunState) -> int:
    """What is left on the terminal; a run that goes on is no failure."""
    over = state.phase == "ended"
    printed(f"{state.title or title}: {finished(state)}{'' if over else '; the run goes on'}.")
    return exit_code(state) if over else 0
