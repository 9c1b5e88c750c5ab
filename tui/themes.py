"""Colour themes are data: TOML files in ``themes/`` and in the user's configuration folder."""

import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import msgspec
from rich.style import Style
from textual.theme import Theme

import themes
from tui.glyphs import ASCII, PANELS, UNICODE
from tui.plain import plain

DEFAULT = "ink"
_STYLE = re.compile(r"(?:(?:bold|dim|italic|underline|reverse) )*#[0-9a-fA-F]{6}")


class ThemeError(Exception):
    """A theme file cannot be used. ``str()`` is one sentence: file, key, what is wrong."""


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    background: str
    surface: str  #: of dialogs and the line under the cursor
    text: str
    strong: str
    muted: str
    line: str
    accent: str  #: of the pane that has the keys


class Meanings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a colour says, the same on every pane."""

    good: str
    work: str
    wait: str
    author: str
    person: str
    bad: str


class ThemeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme as written. ``panels`` has a style for every look of a panel."""

    name: str
    base: Base
    meanings: Meanings
    panels: dict[str, str]
    title: str = ""
    dark: bool = True
    glyphs: str = "unicode"


class Palette:
    """The styles and glyphs of one theme, ready to draw with."""

    def __init__(self, file: ThemeFile, *, ascii: bool = False) -> None:
        self.file, self.name = file, file.name
        self.glyphs = ASCII if ascii or file.glyphs == "ascii" else UNICODE
        names = {
            **msgspec.structs.asdict(file.base),
            **msgspec.structs.asdict(file.meanings),
            **{f"panel-{look}": style for look, style in file.panels.items()},
        }
        background = Style(bgcolor=file.base.background)
        self._styles = {name: background + Style.parse(style) for name, style in names.items()}
        self._styles["cursor"] = Style.parse(f"bold {_colour(file.base.background)} on {_colour(file.base.accent)}")
        self._styles["lit"] = Style.parse(f"bold {_colour(file.base.text)} on {_colour(file.base.surface)}")
        self._styles["marked"] = Style(underline=True, bgcolor=_colour(file.base.surface))
        self.panel_styles = tuple(self._styles[f"panel-{look}"] for look in PANELS)
        self.panel_glyphs = tuple(self.glyphs[look] for look in PANELS)

    def __getitem__(self, name: str) -> Style:
        return self._styles[name]

    @cached_property
    def textual(self) -> Theme:
        """The theme for what Textual draws itself: scroll bars, inputs, the command palette."""
        base, mean = self.file.base, self.file.meanings
        colours = {name: _colour(style) for name, style in msgspec.structs.asdict(base).items()}
        return Theme(
            name=self.name,
            primary=colours["accent"],
            secondary=colours["muted"],
            accent=colours["accent"],
            foreground=colours["text"],
            background=colours["background"],
            surface=colours["surface"],
            panel=colours["surface"],
            success=_colour(mean.good),
            warning=_colour(mean.wait),
            error=_colour(mean.bad),
            dark=self.file.dark,
            variables={
                "scrollbar": colours["line"],
                "scrollbar-hover": colours["muted"],
                "scrollbar-active": colours["accent"],
                "scrollbar-background": colours["background"],
                "scrollbar-background-hover": colours["background"],
                "scrollbar-background-active": colours["background"],
                "scrollbar-corner-color": colours["background"],
                "line": colours["line"],
                "muted": colours["muted"],
            },
        )


def load_themes(folders: Iterable[Path] = ()) -> tuple[dict[str, ThemeFile], list[str]]:
    """All themes by name, those of later folders winning, and a sentence for every file that is no theme."""
    found: dict[str, ThemeFile] = {}
    complaints: list[str] = []
    for folder in (Path(themes.__file__).parent, *folders):
        for path in sorted(folder.glob("*.toml")):
            try:
                theme = read_theme(path)
            except ThemeError as error:
                complaints.append(str(error))
            else:
                found[theme.name] = theme
    return found, complaints


def read_theme(path: Path) -> ThemeFile:
    """Read one file.

    Raises:
        ThemeError: it cannot be read, is no TOML, or a key is missing, unknown or no style.
    """
    try:
        theme = msgspec.convert(tomllib.loads(path.read_text("utf-8")), ThemeFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ThemeError(f"{plain(path.name)}: {error}") from error
    styles = {**msgspec.structs.asdict(theme.base), **msgspec.structs.asdict(theme.meanings), **theme.panels}
    if missing := [look for look in PANELS if look not in theme.panels]:
        raise ThemeError(f"{plain(path.name)}: [panels] lacks {', '.join(missing)}")
    for key, style in styles.items():
        if not _STYLE.fullmatch(style):
            raise ThemeError(f"{plain(path.name)}: {key} = {plain(style)!r} is no style; write #rrggbb or bold #rrggbb")
    if theme.glyphs not in ("unicode", "ascii"):
        raise ThemeError(f'{plain(path.name)}: glyphs is "unicode" or "ascii", not {plain(theme.glyphs)!r}')
    return theme


def _colour(style: str) -> str:
    return style.split()[-1]
