"""Site profiles: how to drive a page, as data. One vocabulary for all; no Python per site."""

import re
import tomllib
from importlib import resources
from typing import Annotated

import msgspec

from core.complaint import Complaint
from core.outcomes import Outcome


class SiteProfileError(Complaint):
    """A site is unknown or its profile cannot be used."""


Selectors = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Saying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the page and what they mean. ``pattern``: a regular expression, case ignored (JavaScript and Python)."""

    pattern: str
    outcome: Outcome


class SiteProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Selectors are CSS, tried in order; the first that is there counts.

    ``own_turn`` and ``answer`` are the turns of the conversation (ours and the site's); ``done`` marks a complete
    answer ("" in ``done``: a loaded picture is enough). ``speech``: where the page talks to us, besides the newest
    answer (dialogs, toasts). ``conversation``: a regular expression the path of a conversation's url matches.
    """

    name: str
    url: str
    prompt: Selectors
    send: Selectors
    answer: Selectors
    picture: Selectors
    own_turn: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    speech: tuple[str, ...] = ()
    dismiss: tuple[str, ...] = ()
    upload: tuple[str, ...] = ()
    signed_out: tuple[str, ...] = ()
    challenge_title: str = ""
    conversation: str = ""
    min_pixels: int = 64
    same_picture_twice: bool = False  #: whether equal bytes twice in a row are to be believed
    terms: str = ""  #: why the user has to accept something first
    tabs: int | None = None  #: the most tabs that make sense there
    sayings: tuple[Saying, ...] = ()
    choice: str = ""  #: words by which the page offers several pictures


def known_sites() -> list[str]:
    """Names of the built-in profiles."""
    folder = resources.files("core.sites") / "profiles"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def find_site(name: str) -> SiteProfile:
    """The profile ``name``. Raises SiteProfileError."""
    file = resources.files("core.sites") / "profiles" / f"{name}.toml"
    if name not in known_sites():
        raise SiteProfileError(f'site = "{name}" is not known; known sites are {", ".join(known_sites())}')
    return parse_profile(file.read_text(encoding="utf-8"), str(file))


def parse_profile(text: str, where: str) -> SiteProfile:
    """A profile from its TOML. Raises SiteProfileError naming ``where``."""
    try:
        profile = msgspec.convert(tomllib.loads(text), SiteProfile)
        for pattern in (profile.conversation, profile.challenge_title, *(s.pattern for s in profile.sayings)):
            re.compile(pattern)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
        raise SiteProfileError(f"{where}: {error}; see core/sites/README.md for the vocabulary") from error
    return profile
