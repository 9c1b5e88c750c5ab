"""From a panel to its prompt: the same words for a style, a character and a place every time.

A prompt is a template with its fields filled in; a line whose fields are all empty is left out. The template
(``TEMPLATE``, or ``template`` under ``[prompt]`` in novel.toml) may use these fields:

    {style}       how every picture looks
    {characters}  "Gerda: girl of eight, red cloak; Kay: …" of those listed or named in the text
    {place}       "Attic: bare room under the tiles"
    {scene}       what the panel's scene template adds: "Dynamic action shot: strong diagonals, …"
    {picture}     what the panel shows, in the author's words; names in capitals are set in the usual way
    {shape}       "wide panel, aspect ratio 16:9"
    {avoid}       what should not be seen
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

TEMPLATE = """\
{style}
Characters: {characters}.
Place: {place}.
Picture:
{picture}
{scene}
Format: {shape}.
No lettering, no captions, no speech balloons.
No {avoid}.
"""
"""Used where the project gives none. Looks come before the picture, so that a name is known when it is read."""

FIELDS = ("style", "characters", "place", "picture", "scene", "shape", "avoid")

_FIELD = re.compile(r"\{(\w*)\}")
_CAPITALS = re.compile(r"[^\W\d_a-z]{2}")
_CONTROL = {code: " " for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A}


_CHOSEN = re.compile(r"(?P<name>.*?)\s*\((?P<look>[^()]+)\)\s*")

_WORDS = """
will may mark bill art hope faith grace rose dawn frank pat rob drew rich sue chase grant chip ray sky april june august
summer autumn iris lily daisy violet ivy jasmine olive pearl ruby amber crystal jade robin joy guy dean miles wade cliff
dale glen heath penny ginger hazel holly melody harmony max al gene harry don jack jimmy nick peg reed rusty sandy skip
stew tad bob bud buck carol charity dot eve fern gay
"""
WORDS = frozenset(_WORDS.split())
"""Names that are words as well: written small, nobody is meant."""

DEFAULT = "default"
"""The look of those who have several, where none is chosen."""


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A character or a place and how it looks, in the author's words: one look, or several by name.

    ``references``: files of the project.
    """

    name: str
    looks: str | dict[str, str] = ""
    aliases: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The name as a prompt writes it: ``match_girl`` -> ``Match Girl``."""
        return " ".join(word[:1].upper() + word[1:] for word in self.name.replace("_", " ").split())

    def has(self, look: str) -> bool:
        """Whether there is a look of this name."""
        return isinstance(self.looks, dict) and look.casefold() in (name.casefold() for name in self.looks)

    def wearing(self, look: str = "") -> "Look":
        """The same with one look: the one called ``look``, else the default (or first) one."""
        if not isinstance(self.looks, dict):
            return self
        by_name = {name.casefold(): words for name, words in self.looks.items()}
        usual = by_name.get(DEFAULT, next(iter(by_name.values()), ""))
        return msgspec.structs.replace(self, looks=by_name.get(look.casefold(), usual))

    def described(self) -> str:
        looks = self.wearing().looks
        return f"{self.shown}: {looks.rstrip('. ')}" if isinstance(looks, str) and looks else self.shown


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How every picture looks. ``avoid``: what should not be seen, "borders, watermark"."""

    name: str = ""
    preamble: str = ""
    avoid: str = ""


class Cast:
    """Recognises who is in a picture: by the panel's list, or by name or alias as whole words in its text."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self.looks = tuple(looks)
        self._by_name: dict[str, int] = {}
        self._spelled: dict[str, str] = {}
        for index, look in enumerate(self.looks):
            for name in (look.name, look.shown, *look.aliases):
                self._by_name.setdefault(_plain(name), index)
                if name != name.lower() and not name.isupper():
                    self._spelled.setdefault(_plain(name), name)
        # Longer names first: "match girl" is not "girl".
        names = sorted(filter(None, self._by_name), key=len, reverse=True)
        every = "|".join(map(_expression, names))
        self._names = re.compile(every, re.IGNORECASE) if names else None
        self._shouted = re.compile(rf"(?P<name>{every})(?P<of>['’]S(?!\w))?", re.IGNORECASE) if names else None

    def find(self, name: str) -> Look | None:
        """Who goes by ``name``, case and underscores aside; ``Mira (armour)`` is Mira with that look."""
        index, look = self._chosen(name)
        return None if index is None else self.looks[index].wearing(look)

    def knows(self, name: str) -> bool:
        """Whether somebody goes by ``name`` and has the look it chooses."""
        index, look = self._chosen(name)
        return index is not None and (not look or self.looks[index].has(look))

    def named(self, text: str, listed: Sequence[str] = (), usual: Sequence[str] = ()) -> tuple[Look, ...]:
        """Those listed or named, in the cast's own order; then the listed ones it does not know, by name alone.

        ``usual``: ``Mira (armour)`` chooses a look for whoever is in the picture without a chosen one.
        """
        found = dict.fromkeys((self._by_name[_plain(name)] for name in self._in_text(text)), "")
        strangers = []
        for name in listed:
            index, look = self._chosen(name)
            if index is None:
                strangers.append(Look(name))
            else:
                found[index] = look or found.get(index, "")
        for name in usual:
            index, look = self._chosen(name)
            if index is not None and found.get(index) == "":
                found[index] = look
        return (*(self.looks[index].wearing(found[index]) for index in sorted(found)), *strangers)

    def _in_text(self, text: str) -> list[str]:
        if self._names is None:
            return []
        found: list[str] = self._names.findall(_composed(text))
        return [name for name in found if not (name.islower() and self._is_word(name))]

    def _is_word(self, name: str) -> bool:
        """``will`` in small letters is none of the cast, where he is called ``Will``."""
        return name in WORDS and _plain(name) in self._spelled

    def _chosen(self, name: str) -> tuple[int | None, str]:
        """(who goes by that name, the look chosen)."""
        index = self._by_name.get(_plain(name))
        if index is None and (found := _CHOSEN.fullmatch(name)):
            return self._by_name.get(_plain(found["name"])), found["look"].strip()
        return index, ""

    def in_usual_case(self, text: str) -> str:
        """``ALICE sits`` -> ``Alice sits``: capitals are a convention of scripts and no part of the picture."""

        def usual(match: re.Match[str]) -> str:
            name, of = match["name"], match["of"] or ""
            if not name.isupper() or len(name) < 2:
                return match[0]
            return self._spelled.get(_plain(name), name.title()) + of.lower()

        if self._shouted is None or not _CAPITALS.search(text):
            return text
        return self._shouted.sub(usual, _composed(text))


def _plain(name: str) -> str:
    """As names are compared: case, underscores, dots and the kind of apostrophe aside."""
    name = _composed(name).replace("_", " ").replace("’", "'").replace(".", " ")
    return " ".join(name.casefold().split())


def _composed(text: str) -> str:
    """``e`` with an accent behind it is the same letter as ``é``."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _expression(name: str) -> str:
    """Matches ``name`` (plain) as a whole word, or where words are not parted, as far as its letters go."""
    body = re.escape(name).replace("'", "['’]").replace(r"\ ", r"(?:[\s_]|\.\s?)+")
    before = rf"(?<!{_same_word(name[0])})"
    after = "" if _is_hangul(name[-1]) else rf"(?!{_same_word(name[-1])})"  # Korean names take endings
    return f"{before}{body}{after}"


def _same_word(letter: str) -> str:
    """An expression for letters beside ``letter`` that would make it part of another word."""
    if "ぁ" <= letter <= "ヿ":
        return "[ァ-ヶー]"
    if "㐀" <= letter <= "鿿":
        return r"[^\s\S]"  # anything may stand beside it
    return r"\w"


def _is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣"


def compile_prompt(
    picture: str,
    *,
    style: Style,
    cast: Sequence[Look] = (),
    place: Look | None = None,
    setting: str = "",
    scene: str = "",
    size: str = "",
    aspect: str = "",
    template: str = TEMPLATE,
) -> str:
    """The whole prompt as it is sent. ``template`` has passed ``check_template``.

    ``setting``: what a scene heading adds to the place; ``scene``: what a scene template adds to the picture.
    """
    values = {
        "style": style.preamble,
        "characters": "; ".join(look.described() for look in cast),
        "place": ", ".join(filter(None, [place.described() if place else "", setting])),
        "picture": picture if "{scene}" in template or not scene else f"{picture}\n{scene}",
        "scene": scene,
        "shape": ", ".join(filter(None, [f"{size} panel" if size else "", f"aspect ratio {aspect}" if aspect else ""])),
        "avoid": style.avoid.rstrip(". "),
    }
    lines = []
    for first, rest in _parsed(template):
        line, filled = first, not rest
        for field, behind in rest:
            value = values[field]
            filled = filled or value != ""
            line += value + behind
        if filled and (line := line.strip()):
            lines.append(line)
    prompt = "\n".join(lines)
    if prompt.replace("\n", "").isprintable():
        return prompt
    return "\n".join(filter(None, (line.translate(_CONTROL).strip() for line in lines)))


@lru_cache(maxsize=8)
def _parsed(template: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Each line of a template: what it begins with, then its fields, each with what stands behind it.

    A line is left out where all its fields are empty.
    """
    parts = (_FIELD.split(line) for line in template.splitlines())  # text, field, text, field, text, …
    return tuple((first, tuple(zip(rest[::2], rest[1::2], strict=True))) for first, *rest in parts)


def check_template(template: str) -> str | None:
    """What is wrong with a template, or None."""
    for field in _FIELD.findall(template):
        if field not in FIELDS:
            return f"there is no field {{{field}}}; known are {', '.join(f'{{{name}}}' for name in FIELDS)}"
    return None if "{picture}" in template else "it needs the field {picture}: what the panel shows"


def prompt_hash(prompt: str, *, references: Sequence[str] = (), aspect: str = "", seed: int | None = None) -> str:
    """Sixteen hex digits over everything that makes the picture: a changed one makes a finished panel outdated.

    ``references`` are names relative to the project, so that moving its folder changes nothing.
    """
    source = msgspec.json.encode([prompt, list(references), aspect, seed])
    return hashlib.sha256(source).hexdigest()[:16]
