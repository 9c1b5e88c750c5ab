"""Who and what is described where: novel.toml goes before the script, and both may give several looks."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from core.prompts import DEFAULT, Look
from core.scripts.building import listed

_ONE_LOOK = re.compile(r"(?P<name>.+?)\s*\((?P<look>[^()]+)\)")


def merged(looks: Sequence[Look], from_script: Mapping[str, str], aliases: Mapping[str, str]) -> tuple[Look, ...]:
    """Those of novel.toml, then those only the script describes (``Mira (armour)`` is one look of Mira's)."""
    found = {look.name.casefold(): look for look in looks}
    settled = set(found)
    for name, words in from_script.items():
        variant = _ONE_LOOK.fullmatch(name)
        base, look = (variant["name"], variant["look"].strip()) if variant else (name, DEFAULT)
        key = base.casefold()
        known = found.get(key, Look(base))
        by_name = known.looks if isinstance(known.looks, dict) else {DEFAULT: known.looks} if known.looks else {}
        if key in settled and (look == DEFAULT or look in by_name):
            continue
        by_name = {**by_name, look: words}
        found[key] = msgspec.structs.replace(known, looks=words if set(by_name) == {DEFAULT} else by_name)
    for name, others in aliases.items():
        if (known_as := found.get(name.casefold())) is not None and not known_as.aliases:
            found[name.casefold()] = msgspec.structs.replace(known_as, aliases=listed(others))
    return tuple(found.values())
