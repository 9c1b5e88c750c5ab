"""Signing in to a project's site: the door of the command ``login``."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio

from core.complaint import Complaint
from core.processors.browser.endpoint import BrowserOptions
from core.processors.browser.options import browser_options
from core.processors.browser.profile import write_private
from core.processors.browser.signin import bring_in, has_display, sign_in
from core.project import Project, blaming, load
from core.sites import find_site
from core.store.folder import FOLDER

NO_DISPLAY = (
    "there is no display here to show a browser on. Either come with one (ssh -X), or sign in on another machine "
    "with: novelgen-tui login DIR --state session.json, copy that file here and give it to the same command, or use "
    'your own signed-in Chrome, started with --remote-debugging-port=9222, by [[browser.endpoints]] cdp = "http://…"'
)


async def log_in(folder: Path, state: Path | None, enough: Callable[[], Awaitable[None]]) -> str:
    """Sign in to the site of the project in ``folder``; returns what was done, in a sentence.

    Args:
        folder: the project's.
        state: a session to take over where the file exists, else where to write it to.
        enough: waits until the person says that they are signed in.

    Raises:
        Complaint: no display, no browser, a profile in use, a file that is no session.
    """
    project = load(folder)
    options = _options(project, folder)
    if state is not None and await anyio.Path(state).exists():
        await bring_in(state, options)
        return f"The sign-in of {state} is kept for the tabs of {folder}."
    if not has_display():
        raise Complaint(NO_DISPLAY)
    url = project.config.site_url or _address(project)
    kept = await sign_in(url, options, enough)
    if state is None:
        return f"The session is kept for the tabs of {folder}."
    write_private(state, kept.read_bytes())
    return f"The session is kept for the tabs of {folder}, and written to {state}: whoever has that file is you."


def _address(project: Project) -> str:
    with blaming(project.folder, "site"):
        return find_site(project.config.site, project.folder).url


def _options(project: Project, folder: Path) -> BrowserOptions:
    options = browser_options(project.config.browser, folder, profile=folder / FOLDER / "browser")
    if all(endpoint.kind == "cdp" for endpoint in options.endpoints):
        names = ", ".join(endpoint.name for endpoint in options.endpoints)
        raise Complaint(f"the tabs of this project live in your own browser ({names}): sign in there")
    if options.executable is None:  # Playwright servers only: the sign-in is made here and sent there
        table = project.config.browser
        local = browser_options(type(table)(table.path, profile=table.profile), folder, profile=options.profile)
        return local
    return options
