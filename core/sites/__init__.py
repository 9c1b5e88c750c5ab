"""Site profiles: how to drive a page, as data. One vocabulary for all; no Python per site."""

from core.sites.profile import SiteProfile
from core.sites.registry import SiteProfileError, find_site, known_sites, load_profile, parse_profile

__all__ = ["SiteProfile", "SiteProfileError", "find_site", "known_sites", "load_profile", "parse_profile"]
