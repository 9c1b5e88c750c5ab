"""The sample novel of ``novelgen-tui demo``: three chapters, sixty panels, a cast and a style."""

from importlib import resources
from pathlib import Path

import msgspec

from core.project import Project, load, write_project
from core.scripts.markdown import read_markdown, write_markdown
from core.scripts.model import Script, ScriptChapter

HOURS = ("at first light", "at noon", "in the long afternoon", "at dusk", "at midnight", "before dawn")
WEATHERS = ("under a clear sky", "in mist", "in fine rain", "in falling snow", "in a high wind")


def create_sample(folder: Path, panels: int | None = None) -> Project:
    """Make the sample a project in ``folder``, with its first ``panels`` panels.

    More panels than it has repeat the book in further chapters, each time at another hour and in other weather,
    so that all prompts differ. Raises ProjectError where the folder is taken.
    """
    here = resources.files("core.sample")
    text = (here / "script.md").read_text(encoding="utf-8")
    if panels is not None:
        text = write_markdown(of_length(read_markdown(text, Path("script.md")), panels))
    write_project(folder, {"novel.toml": (here / "novel.toml").read_bytes(), "script.md": text.encode()})
    return load(folder)


def of_length(script: Script, panels: int) -> Script:
    """``script`` cut or repeated to so many panels."""
    book = len(script.panels)
    chapters = len(script.chapters)
    grown = []
    for index in range(panels):
        panel, round_ = script.panels[index % book], index // book
        if round_:
            when, weather = HOURS[round_ % len(HOURS)], WEATHERS[round_ // len(HOURS) % len(WEATHERS)]
            text = f"{panel.text} {when.capitalize()}, {weather}, telling {round_ + 1}."
            panel = msgspec.structs.replace(panel, text=text, chapter=panel.chapter + round_ * chapters)
        grown.append(panel)
    numbers = dict.fromkeys(panel.chapter for panel in grown)
    titles = [ScriptChapter(n, script.chapters[(n - 1) % chapters].title) for n in numbers]
    return msgspec.structs.replace(script, chapters=tuple(titles), panels=tuple(grown))
