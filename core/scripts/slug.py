"""Scene headings of screenplays: ``INT. VICTOR'S GARRET - NIGHT``."""

import re

_SLUG = re.compile(
    r"(?:(?P<where>int\.?/ext|ext\.?/int|i/e|int|ext|est)[. ]+)?(?P<place>.*?)(?:\s+[-–—]+\s+(?P<time>[^-–—]*))?",
    re.IGNORECASE,
)
_SAME_TIME = {"continuous", "later", "moments later", "same", "same time"}


def place_of(slug: str) -> str:
    """``INT. VICTOR'S GARRET - NIGHT`` -> ``Victor's Garret``."""
    found = _SLUG.fullmatch(slug)
    place = (found["place"] if found else slug).strip()
    return " ".join(word[:1].upper() + word[1:].lower() for word in place.split()) if place.isupper() else place


def setting_of(slug: str) -> str:
    """What else it says of the picture: ``interior, night``."""
    found = _SLUG.fullmatch(slug)
    if found is None:
        return ""
    where = {"int": "interior", "ext": "exterior"}.get((found["where"] or "").lower(), "")
    time = (found["time"] or "").strip().lower()
    return ", ".join(filter(None, [where, "" if time in _SAME_TIME else time]))
