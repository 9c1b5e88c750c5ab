"""Lettering in cells and values: ``HOLMES: Sorry.``, ``{"who": "holmes", "say": "Sorry."}``, lists of both."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from core.scripts.lettering import lettered, lettering
from core.scripts.model import Words

WORD_FIELDS = ("caption", "dialogue", "sfx", "words")
"""Fields of a row that hold lettering, in the order in which it is read."""

Cells = dict[str, list[str]]
_SAID = ("say", "text", "line")


def words_in(field: str, value: object, lang: str = "") -> Iterator[Words]:
    """The lettering in ``value``: one a line (indented lines go on with the one above), or a list."""
    for item in _items(value):
        words = _read(field, item)
        if words.text:
            yield msgspec.structs.replace(words, lang=lang) if lang and not words.lang else words


def _items(value: object) -> list[object]:
    if isinstance(value, list):
        return list(value)
    if isinstance(value, Mapping):
        return [value]
    found: list[str] = []
    for line in raw(value).splitlines():
        text = " ".join(line.split())
        if text and line[0] in " \t" and found:
            found[-1] += f"\n{text}"
        elif text:
            found.append(text)
    return list(found)


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
    said = next((item[key] for key in _SAID if key in item), "")
    if "caption" in item or field == "caption":
        kind, said = "caption", item.get("caption", said)
    elif "sfx" in item or field == "sfx":
        kind, said = "sfx", item.get("sfx", said)
    who = re.sub(r"[:()@]", "", single(item.get("who"))) if kind == "dialogue" else ""
    how = single(item.get("how")).replace("(", "").replace(")", "")
    return Words(kind, multiline(said), who=who, how=how, lang=single(item.get("lang")))


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


def single(value: object) -> str:
    """As one line with single spaces."""
    return " ".join(raw(value).split())


def multiline(value: object) -> str:
    """As lines with single spaces, empty ones left out."""
    text = raw(value)
    if text.isprintable():  # one line, then
        return " ".join(text.split())
    return "\n".join(line for part in text.splitlines() if (line := " ".join(part.split())))
