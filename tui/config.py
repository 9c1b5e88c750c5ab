"""What a person decides once for every run: ``config.toml`` and ``themes/`` in the configuration folder.

    theme = "paper"
    pictures = "auto"        # as the terminal can: "kitty", "sixel" or "blocks"; "off" for a slow link
    ascii = false
    frugal = true            # fewer frames and no motion; without this line: true over SSH
    motion = true            # false: nothing on the screen moves by itself

    [notify]                 # at a limit, when somebody is needed, at a stop and at the end
    bell = true
    command = ["notify-send", "novelgen"]    # finds NOVELGEN_EVENT, NOVELGEN_SENTENCE, … in its environment

    [keys]                   # an action's name and its keys, by comma; README.md beside this file has the names
    "run.pause" = "p"

A mistake in it is a sentence on the screen, never a run that does not start.
"""

import difflib
import os
from pathlib import Path

from tui.actions import BY_ID
from tui.options import ScreenOptions, over_ssh
from tui.plain import plain
from tui.settings import NAME, folder, read_config
from tui.themes import DEFAULT, load_themes

ASCII_ONLY = "NOVELGEN_ASCII"
"""Set by ``--ascii``."""


def screen_options(home: Path | None = None) -> ScreenOptions:
    """The options of every screen: those of ``config.toml`` in ``home``, else the usual ones."""
    home = folder() if home is None else home
    file, complaints = read_config(home / NAME)
    themes, broken = load_themes((home / "themes",))
    theme = file.theme
    if theme and theme not in themes:
        complaints.append(f"{NAME}: there is no theme {plain(theme)!r}; there are {', '.join(sorted(themes))}.")
        theme = ""
    keymap = {}
    for id, keys in file.keys.items():
        if id in BY_ID:
            keymap[id] = keys
        else:
            near = ", ".join(difflib.get_close_matches(id, BY_ID, n=3, cutoff=0.4)) or "names such as run.pause"
            complaints.append(f"{NAME}, keys: there is no action {plain(id)!r}; there is {near}.")
    return ScreenOptions(
        theme="mono" if os.environ.get("NO_COLOR") else theme or DEFAULT,
        ascii=file.ascii or bool(os.environ.get(ASCII_ONLY)),
        ssh=over_ssh() if file.frugal is None else file.frugal,
        motion=file.motion,
        pictures=file.pictures,
        theme_folders=(home / "themes",),
        keymap=keymap,
        notify=file.notify,
        complaints=(*complaints, *broken),
    )
