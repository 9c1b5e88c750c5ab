"""Reading a prompt: place, light, weather, nearness, who is in it, what stands about, and the caption.

No understanding, only words: enough that a storyboard made of the pictures can be read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from core.easel.painter import vocabulary as known

#: What is said or lettered: a name in it need not be in the picture.
_SPOKEN = re.compile(r"(?im)[\"“][^\"”\n]*[\"”]|^\s*(?:caption|dialogue|text)\b[^:\n]*:.*$")


@dataclass(frozen=True)
class Person:
    """Somebody in the picture. Colours are RGB or None where the prompt does not say."""

    name: str
    clothes: tuple[int, int, int] | None = None
    hair: tuple[int, int, int] | None = None
    child: bool = False
    beard: bool | None = None
    hat: bool | None = None
    skirt: bool | None = None


@dataclass(frozen=True)
class Scene:
    """What a prompt says, in the painter's few words."""

    place: str
    time: str
    weather: str
    look: str
    shot: str
    angle: str
    people: tuple[Person, ...]
    crowd: bool
    props: tuple[str, ...]
    aspect: float
    caption: str


def read(prompt: str) -> Scene:
    """The scene a prompt describes; every field has a sensible value for any text at all."""
    text = prompt.casefold()
    words = re.findall(r"[a-z][a-z'-]*", text)
    shot = _first_pattern(known.SHOTS, text, "medium")
    low, high = (
        re.search(r"low[- ]angle|from below", text),
        re.search(r"high[- ]angle|bird'?s[- ]eye|from above|aerial|overhead", text),
    )
    return Scene(
        place=_best(known.PLACES, words, "field"),
        time=_best(known.TIMES, words, "day"),
        weather=_best(known.WEATHERS, words, "clear"),
        look=_first_pattern(known.LOOKS, text, "watercolour"),
        shot=shot,
        angle="low" if low else "high" if high else "level",
        people=_people(_SPOKEN.sub(" ", prompt), words),
        crowd=bool(re.search(known.CROWD, text)),
        props=tuple(p for p, keys in known.PROPS.items() if not keys.isdisjoint(words)),
        aspect=_aspect(text),
        caption=_caption(prompt),
    )


def _best(table: Mapping[str, frozenset[str]], words: list[str], otherwise: str) -> str:
    counts = {name: sum(word in keys for word in words) for name, keys in table.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else otherwise


def _first_pattern(table: Mapping[str, str], text: str, otherwise: str) -> str:
    found = {name: m.start() for name, pattern in table.items() if (m := re.search(rf"\b(?:{pattern})\b", text))}
    return min(found, key=lambda name: found[name]) if found else otherwise


def _aspect(text: str) -> float:
    """Width over height: «aspect 16:9», «2:3», «aspect ratio: 4/5»; 1 where it does not say."""
    found = re.search(r"\baspect(?: ratio)?[ :=]*(\d{1,2})\s*[:x/]\s*(\d{1,2})\b", text) or re.search(
        r"\b(1|2|3|4|5|9|16|21):(1|2|3|4|5|9|10|16)\b", text
    )
    if not found or 0 in (int(found[1]), int(found[2])):
        return 1.0
    return min(max(int(found[1]) / int(found[2]), 0.4), 2.5)


def _people(prompt: str, words: list[str]) -> tuple[Person, ...]:
    people: dict[str, Person] = {}
    for sentence in re.split(r"(?<=[.!?;])\s+|\n+", prompt):
        for name, rest in _names(sentence):
            # What is said of somebody first is said of their looks; later mentions add nothing.
            people.setdefault(name, _person(name, rest))
    if not people:
        people = {w: _person(w, prompt) for w in words if w in known.PEOPLE}
    return tuple(people.values())[:4]


def _names(sentence: str) -> list[tuple[str, str]]:
    """(name, what follows up to the next name) for words that look like a person's name."""
    found: list[tuple[str, int]] = []
    tokens = [(m.group(), m.start(), m.end()) for m in re.finditer(r"[A-Za-zÀ-ž][A-Za-zÀ-ž'’-]*", sentence)]
    before = previous = ""
    index = 0
    while index < len(tokens):
        token, start, end = tokens[index]
        bare = re.sub(r"['’]s$", "", token)
        run = 1
        if bare[0].isupper() and len(bare) > 2 and not bare.isupper() and bare not in known.NOT_NAMES:
            if bare in known.TITLES and index + 1 < len(tokens) and tokens[index + 1][0][0].isupper():
                bare = re.sub(r"['’]s$", "", tokens[index + 1][0])
                run = 2
            while (
                index + run < len(tokens)
                and tokens[index + run][0][0].isupper()
                and _joined(sentence, tokens, index + run)
            ):
                run += 1
            after = sentence[end : end + 24]
            lone_opener = index == 0 and not re.match(r"[:,]|['’]s| \(| (?:and|is|in|at|with|[a-z]+s)\b| [A-Z]", after)
            placed = previous in known.BEFORE_A_PLACE and not (previous in ("at", "to") and before.endswith("s"))
            if not placed and not lone_opener and bare.casefold() not in known.KNOWN:
                found.append((bare, start))
        before, previous = previous, token.casefold()
        index += run
    bounds = pairwise([*found, ("", len(sentence))])
    return [(name, sentence[start:end]) for (name, start), (_, end) in bounds]


def _joined(sentence: str, tokens: list[tuple[str, int, int]], index: int) -> bool:
    return sentence[tokens[index - 1][2] : tokens[index][1]] in (" ", ". ")


def _person(name: str, said: str) -> Person:
    said = said.casefold()[:220]
    colour = "|".join(known.COLOURS)
    clothes = re.search(rf"\b({colour})\b(?:[- ]\w+)?[- ]{known.GARMENT}", said)
    hair = re.search(rf"\b({colour})\b(?:[- ]\w+)?[- ]hair|\b({colour})-haired", said)
    words = re.findall(r"[a-z]+", said)
    woman, man = not known.WOMAN.isdisjoint(words), not known.MAN.isdisjoint(words)
    return Person(
        name,
        clothes=known.COLOURS[clothes[1]] if clothes else None,
        hair=known.COLOURS[hair[1] or hair[2]] if hair else None,
        child=bool(re.search(r"\b(boy|girl|child|aged? (?:[5-9]|1[0-2])\b|little)", said)),
        beard=True if re.search(r"beard|whiskers|moustache", said) else False if woman else None,
        hat=True if re.search(r"\b(hat|cap|bonnet|bowler|hood)\b", said) else None,
        skirt=True if woman and not man else False if man and not woman else None,
    )


def _caption(prompt: str) -> str:
    """The words to letter: a caption or spoken line if there is one, else how the description begins."""
    labelled = re.search(r"(?im)^\s*(?:caption|dialogue|text)\b[^:\n]*:\s*[\"“«]?(.+?)[\"”»]?\s*$", prompt)
    quoted = re.search(r"[\"“]([^\"”]{8,})[\"”]", prompt)
    if labelled or quoted:
        return _short((labelled or quoted)[1])  # type: ignore[index]
    scene = re.search(r"(?im)^\s*(?:panel|scene|action|picture|shows?|draw)\b[^:\n]*:\s*(.+)$", prompt)
    if scene:
        return _short(scene[1])
    settings = re.compile(
        r"(?i)^(style|cast|looks|characters?|shot|aspect|place|setting|no |in the style|consistent|keep )"
        r"|\b(watercolou?r|ink wash|noir|graphic novel|palette|aspect|lettering|style)\b"
    )
    sentences = [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n+", prompt) if s.strip()]
    return _short(next((s for s in sentences if s.count(" ") > 1 and not settings.search(s)), prompt))


def _short(text: str, most: int = 96) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:") + "…"
