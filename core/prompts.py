"""From a panel to its prompt: the same words for a style, a character and a place every time.

A prompt is built of paragraphs, each left out where it is empty:

    <style preamble>
    <what the panel shows>
    Characters: <name>: <looks>; …
    Place: <looks>
    Size: <wide, splash, …>. Aspect ratio <16:9>.
    Avoid: <avoid>. No lettering, no speech balloons.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

import msgspec


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A character or a place and how it looks, in the author's words."""

    name: str
    looks: str
    aliases: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


class Style(msgspec.Struct, frozen=True):
    """``preamble`` opens every prompt; ``avoid`` closes it."""

    preamble: str = ""
    avoid: str = ""


def named_in(text: str, looks: Sequence[Look], listed: Sequence[str] = ()) -> list[Look]:
    """The looks whose name or alias is listed, or stands in ``text`` as whole words."""
    wanted = {name.casefold() for name in listed}
    found = []
    for look in looks:
        names = (look.name, *look.aliases)
        if any(name.casefold() in wanted for name in names) or any(
            re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names
        ):
            found.append(look)
    return found


def compile_prompt(
    text: str,
    *,
    style: Style,
    cast: Sequence[Look] = (),
    place: Look | None = None,
    size: str = "",
    aspect: str = "",
) -> str:
    """The whole prompt as it is sent."""
    shape = " ".join(filter(None, [f"Size: {size}." if size else "", f"Aspect ratio {aspect}." if aspect else ""]))
    avoid = f"Avoid: {style.avoid}. " if style.avoid else ""
    paragraphs = [
        style.preamble,
        text,
        "Characters: " + "; ".join(f"{look.name}: {look.looks}" for look in cast) + "." if cast else "",
        f"Place: {place.name}: {place.looks}." if place else "",
        shape,
        f"{avoid}No lettering, no speech balloons.",
    ]
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def prompt_hash(prompt: str, extras: Mapping[str, object]) -> str:
    """Sixteen hex digits over everything that makes the picture: a changed one makes a finished panel outdated."""
    source = "\0".join([prompt, *(f"{key}={value}" for key, value in sorted(extras.items()))])
    return hashlib.sha256(source.encode()).hexdigest()[:16]
