"""What ``sites`` prints: the profiles known here, or their schema."""

import json
import sys
from pathlib import Path

from core.complaint import Complaint
from core.sites import find_site, known_sites
from core.sites.plugins import plugin_folders
from core.sites.schema import profile_schema
from tui.plain import plain


def print_sites(folder: Path | None) -> None:
    """A paragraph a site, those of the project in ``folder`` too; what is broken is named on stderr."""
    for name in known_sites(folder):
        try:
            site = find_site(name, folder)
        except Complaint as complaint:
            print(plain(str(complaint)), file=sys.stderr)
            continue
        tabs = f"; at most {site.tabs} tabs" if site.tabs else ""
        print(f"{plain(name):12} {plain(site.title)}")
        print(f"{'':12} {plain(site.url)}{tabs}")
        print(f"{'':12} {'tested ' + plain(site.tested) if site.tested else 'untested'}")
        if site.terms:
            print(f"{'':12} needs accept_site_terms = true: {plain(site.terms)}")
    for complaint in plugin_folders()[1]:
        print(plain(complaint), file=sys.stderr)


def print_schema() -> None:
    """The JSON schema of a profile."""
    print(json.dumps(profile_schema(), indent=2, ensure_ascii=False))
