"""The licences of everything the lock files install for users, by the packages' own metadata:

    .venv/bin/python -m tests.docs.licences

Metadata speaks for the package, not for libraries a wheel may bring along inside.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.lock"


class Kind(IntEnum):
    """From harmless to not to be had beside the MIT licence of this program."""

    PERMISSIVE = 0
    FILE_OR_LIBRARY = (
        1  #: LGPL, MPL and their like: fine as an unchanged package beside ours, that anybody may exchange
    )
    STRONG = 2  #: GPL, AGPL and their like: would bind the whole program
    UNKNOWN = 3


_KINDS = (
    (Kind.FILE_OR_LIBRARY, r"\bLGPL|Lesser General Public|\bMPL\b|Mozilla Public|\bEPL\b|\bCDDL\b"),
    (Kind.STRONG, r"\bA?GPL|General Public License|\bSSPL\b|\bEUPL\b|\bOSL\b"),
    (Kind.PERMISSIVE, r"\b(MIT|BSD|Apache|PSF|ISC|0BSD|Zlib|HPND)\b|Python Software Foundation"),
)  # fmt: skip


@dataclass(frozen=True)
class Licensed:
    """``said`` as the package has it; "" where it is not installed here (another system or Python wants it)."""

    name: str
    version: str
    said: str
    installed: bool

    @property
    def kind(self) -> Kind:
        return kind_of(self.said)


def kind_of(said: str) -> Kind:
    """Of «A OR B» the better counts, of «A AND B» (or several in a row) the worse."""
    found = [[_one(part) for part in re.split(r"\s+OR\s+", every)] for every in re.split(r"\s+AND\s+|;\s*", said)]
    return max(min(parts) for parts in found)


def _one(words: str) -> Kind:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, words, re.IGNORECASE)), Kind.UNKNOWN)


def locked(lock: Path = LOCK) -> Iterator[Licensed]:
    """Every package of the lock file, once for each version in it that is (or could be) here."""
    for line in lock.read_text("utf-8").splitlines():
        if not (found := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line)):
            continue
        name, version = found[1], found[2]
        try:
            package = distribution(name)
        except PackageNotFoundError:
            yield Licensed(name, version, "", False)
            continue
        if package.version != version:
            continue  # another Python's; this one's is a line of its own
        meta = package.metadata
        said = meta.get("License-Expression") or meta.get("License") or ""
        if not said or len(said) > 80:  # some put the whole text there
            named = [c.rpartition(" :: ")[2] for c in meta.get_all("Classifier") or () if c.startswith("License ::")]
            said = "; ".join(named) or said[:80]
        yield Licensed(name, version, said, True)


def main() -> int:
    found = sorted(locked(), key=lambda one: (-one.kind if one.installed else 1, one.name))
    for one in found:
        kind = one.kind.name.lower().replace("_", " ") if one.installed else "not installed here"
        print(f"{one.name:20} {one.version:10} {kind:19} {one.said}")
    return int(any(one.installed and one.kind >= Kind.STRONG for one in found))


if __name__ == "__main__":
    sys.exit(main())
