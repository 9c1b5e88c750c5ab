"""What goes into a book: the chosen takes in reading order, with their words in one language."""

from pathlib import Path

import msgspec

from core.complaint import Complaint, command
from core.made import made
from core.project import PanelSpec, Project
from core.scripts.model import Words
from core.state import PanelState, PanelStatus, RunState


class BookError(Complaint):
    """No book can be made of this. ``str()`` says why and what to do."""


class BookPanel(msgspec.Struct, frozen=True):
    """A panel with its picture. ``made``: what made the picture, as text one can print beside it."""

    id: str
    chapter: int
    page: int
    file: Path
    width: int
    height: int
    size: str = ""  #: wide, splash, … as the script says
    text: str = ""
    words: tuple[Words, ...] = ()
    prompt: str = ""
    made: dict[str, str] = {}

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / max(1, self.height)


class Book(msgspec.Struct, frozen=True):
    """``missing``: panels without a picture. ``unsaid``: panels whose words are not there in ``language``."""

    title: str
    language: str
    chapters: dict[int, str]
    panels: tuple[BookPanel, ...]
    missing: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    credits: dict[str, str] = {}  #: author, artist, series, number, … from the script's front matter


def collect(project: Project, state: RunState, language: str = "") -> Book:
    """The book as it stands. Raises BookError where there is no picture at all."""
    said = dict(zip((spec.id for spec in project.panels), project.script.panels, strict=True))
    panels, missing, unsaid = [], [], []
    for spec in project.panels:
        written = said[spec.id]
        panel = state.panels.get(spec.id)
        take = None if panel is None else panel.take
        if panel is None or take is None or panel.status is PanelStatus.SKIPPED:
            missing.append(spec.id)
            continue
        words, complete = words_in(written.words, language)
        if not complete:
            unsaid.append(spec.id)
        panels.append(
            BookPanel(
                spec.id, spec.chapter, spec.page, project.folder / take.file, take.width, take.height,
                size=written.size, text=spec.text, words=words, prompt=_prompt(spec, panel, state),
                made=_made(panel, state),
            )
        )  # fmt: skip
    if not panels:
        folder = project.folder
        raise BookError(f"{folder}: no panel has a picture yet; draw some with: {command('run', folder)}")
    titles = {chapter.number: chapter.title for chapter in project.script.chapters}
    language = language or project.config.language or project.script.front.get("language", "")
    return Book(
        project.config.title, language, titles, tuple(panels), tuple(missing), tuple(unsaid), project.script.front
    )


def words_in(words: tuple[Words, ...], language: str) -> tuple[tuple[Words, ...], bool]:
    """The words in ``language`` ("" is the script's own), and whether nothing is missing in it.

    A panel that says nothing is complete in every language; one that says something only in another language
    falls back to the script's own words, and is told.
    """
    own = tuple(word for word in words if not word.lang)
    if not language:
        return own, True
    wanted = tuple(word for word in words if word.lang.casefold() == language.casefold())
    if wanted or not own:
        return wanted, True
    return own, False


def _prompt(spec: PanelSpec, panel: PanelState, state: RunState) -> str:
    take = panel.take
    attempt = state.attempts.get(take.attempt) if take is not None else None
    return attempt.prompt if attempt is not None and attempt.prompt else spec.prompt


def _made(panel: PanelState, state: RunState) -> dict[str, str]:
    take = panel.take
    assert take is not None
    how = made(panel, take, state)
    known = {
        "panel": how.panel,
        "site": how.site,
        "attempt": how.attempt,
        "take": str(how.take),
        "at": how.at,
        "sha256": how.sha256,
        "prompt_hash": how.prompt_hash,
        **how.told,
    }
    return {name: value for name, value in known.items() if value}
