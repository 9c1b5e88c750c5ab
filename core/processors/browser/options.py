"""What novel.toml says of browsers, as the processor takes it."""

from pathlib import Path

from core.processors.browser.endpoint import BrowserOptions, Endpoint
from core.processors.browser.find import find_browser
from core.project.config import BrowserTable


def browser_options(table: BrowserTable, folder: Path, *, profile: Path) -> BrowserOptions:
    """The browsers to use; ``profile`` is the folder for the sign-in where the table names none.

    Raises:
        Complaint: a browser is to be launched here and there is none.
    """
    endpoints = tuple(_endpoint(entry.cdp, entry.ws, entry.tabs) for entry in table.endpoints) or (Endpoint(),)
    launches = any(endpoint.kind == "launch" for endpoint in endpoints)
    executable = find_browser(table.path).absolute() if launches else None
    chosen = (folder / Path(table.profile).expanduser()) if table.profile else profile
    return BrowserOptions(executable, chosen.absolute(), table.headless, endpoints)


def tabs_of(options: BrowserOptions) -> int | None:
    """How many tabs the browsers hold together; None where one of them sets no bound."""
    bounds = [endpoint.tabs for endpoint in options.endpoints]
    return None if None in bounds else sum(bound or 0 for bound in bounds)


def _endpoint(cdp: str, ws: str, tabs: int | None) -> Endpoint:
    if cdp:
        return Endpoint("cdp", cdp, tabs)
    return Endpoint("ws", ws, tabs) if ws else Endpoint("launch", "", tabs)
