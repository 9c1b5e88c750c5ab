"""The panels of a project: a script's panels with their ids, places on disk and compiled prompts."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec

from core import events as ev
from core.project.config import Settings
from core.project.expected import ASPECT
from core.project.looks import merged
from core.project.paths import Inside, Misplaced
from core.project.scenes import Scenes
from core.project.templates import Templates
from core.prompts import TEMPLATE, Cast, Look, Style, compile_prompt, prompt_hash
from core.scripts.building import listed
from core.scripts.model import Script, ScriptChapter, ScriptError, ScriptPanel, Words
from core.scripts.slug import setting_of

LONGEST_ID = 64
"""Letters in a panel's id: it becomes the name of a file."""

BATCH = 1000
"""Panels in one PanelsPlanned event."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_ASPECT = re.compile(ASPECT)


class PanelSpec(msgspec.Struct, frozen=True):
    """A panel ready to be drawn; its picture is ``panels/<folder>/<id>.png``."""

    id: str
    chapter: int
    page: int
    number: int  #: within its chapter, from 1
    folder: str
    text: str  #: the author's words for the picture
    caption: str
    prompt: str  #: what is sent
    prompt_hash: str
    scene: str = ""  #: panels of one scene may share a conversation
    references: tuple[Path, ...] = ()
    aspect: str = ""
    seed: int | None = None
    script_text: str = ""  #: the script's words where ``text`` is a person's edit of them
    cast: tuple[str, ...] = ()  #: names of those in the picture
    size: str = ""  #: wide, splash, … as written
    place: str = ""
    words: tuple[Words, ...] = ()  #: lettering in reading order, in every language the script itself has
    line: int = 0  #: where the script has it
    given: bool = False  #: whether its id is the author's own


class PanelBuilder:
    """Makes a script's panels. ``path`` is the script, for complaints; ``files`` the folder references lie in."""

    def __init__(self, settings: Settings, script: Script, style: Style, path: Path, files: Inside) -> None:
        self.settings, self._config, self.script = settings, settings.config, script
        self._style, self._path, self._files = style, path, files
        self._template = self._config.prompt.template or TEMPLATE
        self._templates = Templates(self._config.templates)
        self.cast = Cast(merged(self._config.cast, script.cast, script.aliases))
        self.places = Cast(merged(self._config.places, script.places, script.aliases))
        self.strangers: dict[str, int] = {}  #: names in ``cast:`` and ``place:`` nobody described -> first line
        self.missing: dict[str, str] = {}  #: sheets of the script that are not there -> what is wrong

    def build(self) -> tuple[PanelSpec, ...]:
        """Every panel in book order. Raises ScriptError and ProjectError."""
        scenes = Scenes(self._config.conversation)
        numbers: dict[int, int] = {}
        lines: dict[str, int] = {}
        specs = []
        for panel in self.script.panels:
            number = numbers[panel.chapter] = numbers.get(panel.chapter, 0) + 1
            id = panel.id or f"ch{panel.chapter:02d}-p{number:03d}"
            self._check_id(id, panel, lines)
            self._note_strangers(panel)
            specs.append(self._made(panel, id, number, scenes.of(panel)))
        return tuple(specs)

    def reword(self, spec: PanelSpec, panel: ScriptPanel, text: str) -> PanelSpec:
        """``spec`` (made of ``panel``) with a person's words for its picture: who is in it and its prompt follow."""
        made = self._made(msgspec.structs.replace(panel, text=text), spec.id, spec.number, spec.scene)
        return msgspec.structs.replace(made, script_text="" if text == panel.text else panel.text)

    def _made(self, panel: ScriptPanel, id: str, number: int, scene: str) -> PanelSpec:
        chapter = self._chapters[panel.chapter]
        own, listed = self._own_files(panel)
        named = self.cast.named(panel.text, (*panel.cast, *listed), chapter.looks)
        of_cast = (path for look in named for path in self._of_cast.get(look.name, ()))
        references = tuple(dict.fromkeys((*self._shared, *of_cast, *own)))
        return self._spec(panel, chapter, id, number, named, references, scene)

    @cached_property
    def _chapters(self) -> dict[int, ScriptChapter]:
        return {chapter.number: chapter for chapter in self.script.chapters}

    @cached_property
    def _shared(self) -> tuple[Path, ...]:
        return self._config_files(self._config.style.references, "style.references") + self._sheets("style")

    @cached_property
    def _of_cast(self) -> dict[str, tuple[Path, ...]]:
        found = {look.name: self._sheets(look.name) for look in self.cast.looks}
        for index, look in enumerate(self._config.cast):
            own = self._config_files(look.references, f"cast[{index}].references")
            found[look.name] = own or self._sheets(look.name)
        return found

    def _spec(
        self,
        panel: ScriptPanel,
        chapter: ScriptChapter,
        id: str,
        number: int,
        named: tuple[Look, ...],
        references: tuple[Path, ...],
        scene: str,
    ) -> PanelSpec:
        aspect = panel.aspect or self.script.aspect or self._config.aspect
        if not _ASPECT.match(aspect):
            line = panel.line if panel.aspect else None
            raise ScriptError(self._path, line, f'an aspect is written 16:9 or 1:1, not "{aspect}"')
        place = (self.places.find(panel.place) or Look(panel.place)) if panel.place else None
        prompt = compile_prompt(
            self.cast.in_usual_case(panel.text),
            style=self._style,
            cast=named,
            place=place,
            setting=setting_of(panel.slug) if panel.slug else "",
            scene=self._scene(panel, chapter),
            size=panel.size,
            aspect=aspect,
            template=self._template,
        )
        names = [path.relative_to(self._files.folder).as_posix() for path in references]
        return PanelSpec(
            id=id,
            chapter=panel.chapter,
            page=panel.page,
            number=number,
            folder=f"ch{panel.chapter:02d}",
            text=panel.text,
            caption=next((words.text for words in panel.words if words.kind == "caption" and not words.lang), ""),
            prompt=prompt,
            prompt_hash=prompt_hash(prompt, references=names, aspect=aspect, seed=panel.seed),
            scene=scene,
            references=references,
            aspect=aspect,
            seed=panel.seed,
            cast=tuple(look.name for look in named),
            size=panel.size,
            place=panel.place,
            words=panel.words,
            line=panel.line,
            given=bool(panel.id),
        )

    def _scene(self, panel: ScriptPanel, chapter: ScriptChapter) -> str:
        name = panel.template or chapter.template
        try:
            return self._templates.words(name)
        except KeyError:
            known = ", ".join(self._templates.names())
            sentence = f'there is no scene template "{name}"; known are {known}; one\'s own go under [templates]'
            raise ScriptError(self._path, panel.line, sentence) from None

    def _check_id(self, id: str, panel: ScriptPanel, lines: dict[str, int]) -> None:
        if len(id) > LONGEST_ID:
            raise ScriptError(
                self._path, panel.line, f'the id "{id[:20]}…" has {len(id)} letters; use at most {LONGEST_ID}'
            )
        if not _ID.fullmatch(id):
            raise ScriptError(
                self._path,
                panel.line,
                f'the id {id!a} may hold only letters a to z, digits, "-" and "_"',
            )
        # Case aside: on some disks "A1.png" and "a1.png" are one file.
        first = lines.setdefault(id.casefold(), panel.line)
        if first != panel.line:
            raise ScriptError(
                self._path,
                panel.line,
                f'the id "{id}" is taken by the panel on line {first}; ids must differ',
            )

    def _note_strangers(self, panel: ScriptPanel) -> None:
        for names, known in ((panel.cast, self.cast), ((panel.place,) if panel.place else (), self.places)):
            for name in names:
                if known.looks and not known.knows(name):
                    self.strangers.setdefault(name, panel.line)

    def _config_files(self, names: tuple[str, ...], key: str) -> tuple[Path, ...]:
        try:
            return tuple(self._files.file(name) for name in names)
        except Misplaced as error:
            raise self.settings.error(key, str(error)) from error

    def _own_files(self, panel: ScriptPanel) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """(files, characters) that ``refs:`` names; a name that is no file may be one of the cast, or a place."""
        paths: list[Path] = []
        listed: list[str] = []
        for name in panel.refs:
            try:
                paths.append(self._files.file(name))
            except Misplaced as error:
                if set(name) & set("./\\"):
                    raise ScriptError(self._path, panel.line, f"refs: {error}") from error
                if self.cast.find(name) is not None:
                    listed.append(name)
                elif (place := self.places.find(name)) is not None:
                    paths += self._sheets(place.name)
                else:
                    self.strangers.setdefault(name, panel.line)
        return tuple(paths), tuple(listed)

    def _sheets(self, name: str) -> tuple[Path, ...]:
        """Reference pictures the script itself names for ``name``; those that are not there are told, not needed."""
        found = []
        for file in listed(self.script.sheets.get(name, "")):
            try:
                found.append(self._files.file(file))
            except Misplaced as error:
                self.missing[file] = str(error)
        return tuple(found)


def plans(title: str, script: Script, panels: tuple[PanelSpec, ...]) -> tuple[ev.BookPlanned, list[ev.PanelsPlanned]]:
    """The book as events."""
    chapters = tuple(ev.ChapterPlan(chapter.number, chapter.title) for chapter in script.chapters)
    return ev.BookPlanned(title, chapters), [ev.PanelsPlanned(batch) for batch in _batches(panels)]


def _batches(panels: tuple[PanelSpec, ...]) -> Iterator[tuple[ev.PanelPlan, ...]]:
    for start in range(0, len(panels), BATCH):
        yield tuple(
            ev.PanelPlan(p.id, p.chapter, p.page, p.number, p.text, p.prompt_hash, p.folder, p.caption, p.script_text)
            for p in panels[start : start + BATCH]
        )
