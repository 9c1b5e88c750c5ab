"""``config.toml`` in the configuration folder, as written: what a person decides once for every run."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs

from tui.plain import plain

NAME = "config.toml"


class NotifyTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``bell``: the terminal's own, at a limit, when somebody is needed, at a stop and at the end.

    ``command``: run then, without a shell; it finds NOVELGEN_EVENT (limit, person, stopped, done), NOVELGEN_SENTENCE,
    NOVELGEN_TITLE and NOVELGEN_PROJECT in its environment.
    """

    bell: bool = True
    command: tuple[Annotated[str, msgspec.Meta(min_length=1)], ...] = ()


class ConfigFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written."""

    theme: str = ""
    pictures: Literal["auto", "kitty", "sixel", "blocks", "off"] = "auto"
    ascii: bool = False
    frugal: bool | None = None
    motion: bool = True
    keys: dict[str, str] = {}
    notify: NotifyTable = NotifyTable()


def folder() -> Path:
    """Where a person's own settings and themes live."""
    return Path(platformdirs.user_config_dir("novelgen-tui"))


def read_config(path: Path) -> tuple[ConfigFile, list[str]]:
    """The file, or the usual settings and a sentence where it cannot be used."""
    try:
        text = path.read_text("utf-8-sig")
        table = tomllib.loads(text)
    except FileNotFoundError:
        return ConfigFile(), []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return ConfigFile(), [f"{NAME}: {plain(str(error))}; the usual settings are used."]
    try:
        return msgspec.convert(table, ConfigFile), []
    except msgspec.ValidationError as error:
        from core.project.errors import line_of  # only for a mistake: most starts have none
        from core.project.expected import complaint_about

        key, sentence = complaint_about(error, table, ConfigFile)
        line = line_of(text, key)
        where = NAME + (f", line {line}" if line else "") + (f", {key}" if key else "")
        return ConfigFile(), [f"{plain(f'{where}: {sentence}')}; the usual settings are used."]
