"""The sample novel of ``novelgen-tui demo``: four chapters, a cast, a style, places."""

from importlib import resources
from pathlib import Path

import msgspec

from core.project import NAME, Project, check_free, load, write_project
from core.scripts.markdown import read_markdown, write_markdown
from core.scripts.model import Script, ScriptChapter, ScriptPanel

SCRIPT = "script.md"

# What a retelling changes: one of each is added to every panel's words, the first list turning fastest.
_WEATHERS = (
    "under a clear sky",
    "in fine rain",
    "in fog",
    "in falling snow",
    "in a storm",
    "in bright sunlight",
)
_HOURS = (
    "at first dawn",
    "at noon",
    "in the afternoon",
    "at dusk",
    "in moonlight",
    "at midnight",
    "before sunrise",
)
_VIEWS = (
    "seen from close by",
    "seen from further off",
    "seen from above",
    "seen from below",
    "seen from behind",
    "seen from the side",
)
_MOODS = ("calm", "merry", "uneasy", "solemn", "dreamlike", "hurried", "tender", "lonely")


def create_sample(folder: Path, panels: int | None = None) -> Project:
    """Make the sample a project in ``folder``: all of it, or exactly ``panels`` panels.

    Fewer are its first ones; more are the book told again in further chapters, each time in other light and
    weather, so that no two prompts are the same. The same number always gives the same script.
    Raises ProjectError where the folder is taken.
    """
    check_free(folder)
    text = _data(SCRIPT).decode()
    if panels is not None:
        text = write_markdown(of_length(read_markdown(text, Path(SCRIPT)), panels))
    write_project(folder, {NAME: _data(NAME), SCRIPT: text.encode()})
    return load(folder)


def of_length(script: Script, panels: int) -> Script:
    """``script`` cut or repeated to exactly ``panels`` panels (at least 1)."""
    highest = max(chapter.number for chapter in script.chapters)
    told = [_retold(script.panels[i % len(script.panels)], i // len(script.panels), highest) for i in range(panels)]
    titles = {chapter.number: chapter.title for chapter in script.chapters}
    chapters = tuple(_chapter(number, highest, titles) for number in dict.fromkeys(panel.chapter for panel in told))
    return msgspec.structs.replace(script, chapters=chapters, panels=tuple(told))


def _chapter(number: int, highest: int, titles: dict[int, str]) -> ScriptChapter:
    """A chapter of a retelling is called like the one it retells."""
    round_, original = divmod(number - 1, highest)
    again = f" (telling {round_ + 1})" if round_ else ""
    return ScriptChapter(number, titles[original + 1] + again)


def _retold(panel: ScriptPanel, round_: int, chapters: int) -> ScriptPanel:
    """The panel as telling ``round_`` (from 0, the book itself) has it."""
    if not round_:
        return panel
    index, words = round_ - 1, []
    for choices in (_WEATHERS, _HOURS, _VIEWS, _MOODS):
        index, chosen = divmod(index, len(choices))
        words.append(choices[chosen])
    weather, hour, view, mood = words
    text = f"{panel.text} {hour.capitalize()}, {weather}, {view}; the mood is {mood}."
    if index:
        text += f" Telling {round_ + 1}."
    return msgspec.structs.replace(panel, text=text, chapter=panel.chapter + round_ * chapters)


def _data(name: str) -> bytes:
    return (resources.files("core.sample") / name).read_bytes()
