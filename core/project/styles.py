"""Styles: data in ``themes/styles``, with the project's own words over them."""

import tomllib
from importlib import resources

import msgspec

from core.project.config import Settings
from core.prompts import Style
from core.scripts.model import Script


def known_styles() -> list[str]:
    """Names of the styles that come with the program."""
    folder = resources.files("themes") / "styles"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def named_style(name: str) -> Style:
    """The style that comes with the program as ``name``. Raises KeyError."""
    if name not in known_styles():
        raise KeyError(name)
    text = (resources.files("themes") / "styles" / f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Style)


def style_of(settings: Settings, script: Script) -> Style:
    """The style named in novel.toml, else in the script. Raises ProjectError.

    A style the script names and nobody knows is taken as words: scripts say «style: loose brush and ink» too.
    """
    table = settings.config.style
    if table.name:
        try:
            known = named_style(table.name)
        except KeyError:
            names = ", ".join(known_styles())
            raise settings.error("style.name", f'there is no style "{table.name}"; known are {names}') from None
    else:
        known = _style_in_words(script.style)
    avoid = table.avoid or known.avoid or script.front.get("avoid", "")
    return Style(known.name or table.name, table.preamble or known.preamble, avoid)


def _style_in_words(text: str) -> Style:
    try:
        return named_style(text)
    except KeyError:
        return Style(preamble=text)
