"""What ``sites`` prints: the profiles known here, or their schema."""

from pathlib import Path

from core.complaint import Complaint
from core.sites import find_site, known_sites
from core.sites.plugins import plugin_folders
from core.sites.schema import profile_schema
from tui.plain import plain
from tui.printed import printed, printed_json


def print_sites(folder: Path | None) -> None:
    """A paragraph a site, those of the project in ``folder`` too; what is broken is named on stderr."""
    if folder is not None and not folder.is_dir():
        raise Complaint(f"{folder}: there is no such folder; check the name")
    for name in known_sites(folder):
        try:
            site = find_site(name, folder)
        except Complaint as complaint:
            printed(str(complaint), errors=True)
            continue
        tabs = f"; at most {site.tabs} tabs" if site.tabs else ""
        printed(f"{plain(name):12} {site.title}")
        printed(f"{'':12} {site.url}{tabs}")
        printed(f"{'':12} {'tested ' + site.tested if site.tested else 'untested'}")
        if site.terms:
            printed(f"{'':12} needs accept_site_terms = true: {site.terms}")
    for complaint in plugin_folders()[1]:
        printed(complaint, errors=True)


def print_schema() -> None:
    """The JSON schema of a profile."""
    printed_json(profile_schema())
