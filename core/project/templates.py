"""Scene templates: words that a kind of scene adds to its pictures' prompts. Data in ``themes/templates``, and the
project's own under ``[templates]`` in novel.toml, which go before those."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of ``themes/templates``: what ``words`` a kind of scene adds to its prompts."""

    name: str
    words: str


@cache
def known_templates() -> Mapping[str, str]:
    """Name -> words of those that come with the program."""
    folder = resources.files("themes") / "templates"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    found = [msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Template) for file in files]
    return {template.name: template.words for template in found}


class Templates:
    """Those of one project. ``own``: name -> words."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self._words = {name.casefold(): words for name, words in {**known_templates(), **own}.items()}

    def words(self, name: str) -> str:
        """What the template ``name`` adds; "" where none is named. Raises KeyError."""
        return self._words[name.casefold()] if name else ""

    def names(self) -> list[str]:
        return sorted(self._words)
