"""Files that belong to a script and lie beside it."""

import re
from pathlib import Path

from core.scripts import FORMATS
from core.scripts.lettering import LANGUAGE

_ENDINGS = frozenset(ending for known in FORMATS for ending in known.endings)


def translations(script: Path) -> dict[str, Path]:
    """Language -> its file, of those beside ``script``."""
    found = {}
    try:
        beside = sorted(script.parent.iterdir())
    except OSError:
        return {}
    for path in beside:
        lang = path.name.removeprefix(f"{script.stem}.").removesuffix(path.suffix)
        named = path.name == f"{script.stem}.{lang}{path.suffix}" and re.fullmatch(LANGUAGE, lang)
        if named and path.suffix.lower() in _ENDINGS and path != script:
            found[lang] = path
    return found
