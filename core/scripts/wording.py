"""Lettering in cells and values: ``HOLMES: Sorry.``, ``{"who": "holmes", "say": "Sorry."}``, lists of both."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from core.scripts.lettering import lettered, lettering
from core.scripts.model import Words
from core.scripts.vocabulary import CAPTIONS, SOUNDS, SPEECHES

WORD_FIELDS = ("caption", "dialogue", "sfx", "words")
"""Fields of a row that hold lettering, in the order in which it is read."""

Cells = dict[str, list[str]]
_WHO = ("who", "speaker", "character", "name", "by")
_SAID = ("say", "text", "line", "words", "dialogue", "content", "speech")
_HOW = ("how", "type", "manner", "style", "tone", "balloon")
_KINDS = ("caption", "sfx")
_ENDS = dict.fromkeys(map(ord, ":：()（）@"))


def words_in(field: str, value: object, lang: str = "") -> Iterator[Words]:
    """The lettering in ``value``: one a line (indented lines go on with the one above), or a list."""
    for item in _items(value):
        words = item if isinstance(item, Words) else _read(field, item)
        if words.text:
            yield msgspec.structs.replace(words, lang=lang) if lang and not words.lang else words


def _items(value: object) -> list[object]:
    if isinstance(value, list):
        return [inner for item in value for inner in (_each(item) if isinstance(item, Mapping) else [item])]
    if isinstance(value, Mapping):
        return _each(value)
    found: list[str] = []
    for line in raw(value).splitlines():
        text = " ".join(line.split())
        if text and line[0] in " \t" and found:
            found[-1] += f"\n{text}"
        elif text:
            found.append(text)
    return list(found)


def _each(item: Mapping[str, Any]) -> list[object]:
    """One object is one balloon; ``{mira: "Run!", oskar: "No."}`` is one a name."""
    if "say" in item or (len(item) == 1 and ("caption" in item or "sfx" in item)):
        return [item]
    kinds = [key for key in _KINDS if key in item]
    others = set(item) - {*_KINDS, *_WHO, *_HOW, "lang", "language"}
    one = any(key in item for key in (*_SAID, *_WHO)) or (len(kinds) == 1 and not others)
    if one or not all(isinstance(said, str) for said in item.values()):
        return [item]
    return [_named(single(who), said) for who, said in item.items()]


def _named(who: str, said: str) -> Words:
    words = lettering(f"{who}: x")
    kind = words.kind if words is not None else "dialogue"
    return Words(kind, multiline(said), who=_name(who) if kind == "dialogue" else "")


def _name(who: str) -> str:
    """A speaker's name without what would end it."""
    return who.translate(_ENDS)


def _read(field: str, item: object) -> Words:
    if isinstance(item, Mapping):
        return _mapped(field, item)
    text = multiline(item)
    if field in ("caption", "sfx"):
        return Words("caption" if field == "caption" else "sfx", text)
    first, newline, rest = text.partition("\n")
    found = lettering(first) or lettering(f"@{first}") or Words("dialogue", first)
    return msgspec.structs.replace(found, text=f"{found.text}{newline}{rest}".strip())


def _mapped(field: str, item: Mapping[str, Any]) -> Words:
    """``{who: …, say: …, how: …}``, ``{caption: …}``, ``{sfx: …}``; ``lang`` with any of them."""
    kind: Literal["caption", "dialogue", "sfx"] = "dialogue"
    if len(item) == 2 and "who" in item and "say" in item and field not in _KINDS:  # nearly all there are
        return Words(kind, multiline(item["say"]), who=_name(single(item["who"])))
    if len(item) == 1 and (field := next(iter(item))) in _KINDS:
        return Words("caption" if field == "caption" else "sfx", multiline(item[field]))
    said = next((item[key] for key in _SAID if key in item), "")
    how = single(next((item[key] for key in _HOW if key in item), "")).replace("(", "").replace(")", "")
    label = how.casefold() if "how" not in item else ""  # {"type": "narration"} says what it is, not how
    if "caption" in item or field == "caption" or label in CAPTIONS:
        kind, said = "caption", item.get("caption", said)
    elif "sfx" in item or field == "sfx" or label in SOUNDS:
        kind, said = "sfx", item.get("sfx", said)
    if label in CAPTIONS or label in SOUNDS or label in SPEECHES:
        how = ""
    who = _name(single(next((item[key] for key in _WHO if key in item), ""))) if kind == "dialogue" else ""
    return Words(kind, multiline(said), who=who, how=how, lang=single(item.get("lang", item.get("language"))))


def cells(words: Sequence[Words]) -> Cells:
    """Field (``caption``, ``dialogue_fr``, …) -> lines that ``words_in`` reads back as ``words``.

    Where the usual fields would change their order or lose something, all go into the field ``words``.
    """
    simple: dict[tuple[str, str], list[str]] = {}
    for item in words:
        simple.setdefault((item.lang, item.kind), []).extend(_as_lines(item))
    again = [
        read
        for lang in sorted({lang for lang, _ in simple})
        for field in WORD_FIELDS
        for read in words_in(field, "\n".join(simple.get((lang, field), [])), lang)
    ]
    if again == list(words):
        return {f"{kind}_{lang}" if lang else kind: lines for (lang, kind), lines in simple.items()}
    return {"words": [line for item in words for line in lettered(item)]}


def _as_lines(words: Words) -> list[str]:
    """In a column of its own kind: only dialogue says who."""
    first, *more = lettered(msgspec.structs.replace(words, lang=""))
    return [first if words.kind == "dialogue" else words.text.split("\n")[0], *more]


def objects(words: Sequence[Words]) -> list[dict[str, str]]:
    """The same as plain objects, for formats that have them."""
    found = []
    for item in words:
        own: dict[str, str] = {"who": item.who, "say": item.text} if item.kind == "dialogue" else {item.kind: item.text}
        found.append({key: value for key, value in {**own, "how": item.how, "lang": item.lang}.items() if value})
    return found


def raw(value: object) -> str:
    """As it is; None is no text."""
    return "" if value is None else str(value)


def flat(value: object) -> str:
    """As one line; of lists and tables, what is in them, by commas."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return ", ".join(filter(None, map(flat, value)))
    return single(value)


def names(value: object) -> str:
    """Names by commas: a text (a name a line, or by commas), a list of texts, or of tables that have a name."""
    items = value if isinstance(value, list) else [value]
    found = (_called(item) if isinstance(item, Mapping) else ", ".join(multiline(item).split("\n")) for item in items)
    return ", ".join(filter(None, found))


def _called(item: Mapping[str, Any]) -> str:
    name = single(next((item[key] for key in ("name", "id", "who", "character") if key in item), ""))
    look = single(item.get("look", item.get("outfit")))
    return f"{name} ({look})" if name and look and "(" not in look else name


def looks_by_name(value: object) -> dict[str, str] | None:
    """``[{"name": "mira", "looks": "girl of nine"}]`` as name -> looks; None where it is no such list."""
    if not isinstance(value, list) or not all(isinstance(item, Mapping) and item.get("name") for item in value):
        return None
    return {single(item["name"]): flat(next((item[key] for key in LOOKS if item.get(key)), "")) for item in value}


LOOKS = ("looks", "look", "description", "appearance", "visual", "text", "preamble")
"""Keys that say how somebody looks."""


def single(value: object) -> str:
    """As one line with single spaces."""
    return " ".join(raw(value).split())


def multiline(value: object) -> str:
    """As lines with single spaces, empty ones left out."""
    text = raw(value)
    if text.isprintable():  # one line, then
        return " ".join(text.split())
    return "\n".join(line for part in text.splitlines() if (line := " ".join(part.split())))
