"""Faults on demand: a table of small named things, the spec that asks for them, and the seeded dice."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.easel.options import EaselError

#: What can befall a prompt. Asked for as NAME=0.05 (a chance), NAME=@30 (the 30th
#: prompt) or NAME=%7 (every 7th).
FAULTS: Mapping[str, str] = {
    "refuse": "refused in words: it may violate the content policy",
    "soft": "words instead of a picture",
    "error": "the turn ends in «experienced an error» or «Something went wrong»",
    "full": "«maximum length for this conversation»; the conversation takes nothing more",
    "quota": "the quota is used up for quotaseconds: «You've hit your limit. Try again in …»",
    "burst": "for burstseconds every prompt is told «generating images too quickly … wait for …»",
    "throttle": "the whole account is slowed: «Too many requests» everywhere until throttleseconds of quiet",
    "toast": "a limit is told by a toast that vanishes, and the prompt stays in the box",
    "http500": "the send is answered 500; nothing is accepted",
    "http503": "the send is answered 503; nothing is accepted",
    "drop": "the connection breaks before the send is accepted",
    "lostreply": "the connection breaks after the send was accepted: the page is not told, the picture comes",
    "uncommitted": "the page clears its box as if sent, but no turn appears and nothing is accepted",
    "hang": "the picture never arrives",
    "late": "the picture takes ten times as long",
    "picture500": "the first fetch of the picture is answered 500",
    "picturedrop": "the first fetch of the picture breaks off half-way",
    "blank": "the picture is one plain colour",
    "previous": "the bytes of the last picture come again instead of a new one",
    "choice": "two pictures: «Which image do you like more?»",
    "stacked": "three <img> stacked for the one picture",
    "preview": "a small blurred preview first, in the same <img>, then the picture",
    "webid": "the new conversation's address is /c/WEB:… for a second, then /c/<uuid>",
    "dialog": "«What's new» covers the page after the send",
    "hangpage": "the page's main thread is blocked for hangseconds",
    "signout": "every session ends with this prompt, which is not accepted",
    "challenge": "«Just a moment» instead of every page until a person clicks; the prompt is not accepted",
    "upload": "a file upload is turned away: «reached our limit of file uploads» (counts uploads)",
}

#: How the faults are sized, and standing habits of the page. Asked for as NAME=NUMBER.
AMOUNTS: Mapping[str, tuple[float, str]] = {
    "bloat": (0, "MB each picture leaves behind in the page"),
    "fullafter": (0, "pictures a conversation holds before it is full (0: no end)"),
    "quotaseconds": (240, "seconds the fault quota lasts"),
    "burstseconds": (120, "seconds the fault burst lasts"),
    "throttleseconds": (60, "seconds of quiet that end a throttle"),
    "hangseconds": (30, "seconds the fault hangpage blocks the page"),
    "signseconds": (300, "seconds a picture's signed address lasts"),
    "newline": (0, "1: a newline put into the box submits what stands before it"),
    "unmount": (0, "1: pictures off screen are taken out of the page"),
    "redesign": (0, "1: the page's ids and test ids are other ones today"),
}

#: Never on a die: these words in a prompt are always refused, so that a test can ask for it.
FORBIDDEN_WORD = "forbidden"


@dataclass(frozen=True)
class Trigger:
    """When a fault strikes: by ``chance`` (0 to 1), ``at`` exact prompt numbers, or ``every`` Nth prompt."""

    chance: float = 0.0
    at: frozenset[int] = frozenset()
    every: int = 0


@dataclass(frozen=True)
class Faults:
    """A parsed spec: the triggers asked for, and every amount with its default filled in."""

    triggers: Mapping[str, Trigger] = field(default_factory=dict)
    amounts: Mapping[str, float] = field(default_factory=lambda: {n: d for n, (d, _) in AMOUNTS.items()})

    def strike(self, number: int, prompt: str, times: int, seed: int) -> frozenset[str]:
        """Which faults befall the ``number``-th prompt (from 1).

        Chances are drawn from (seed, fault, prompt, times), not from the order in which tabs happen to send:
        a rehearsal meets the same faults however many tabs it has. ``times`` counts earlier askings of the
        same words, so that trying again is a new draw; but what was refused once is refused for ever.
        """
        return frozenset(
            name
            for name, trigger in self.triggers.items()
            if number in trigger.at
            or (trigger.every and number % trigger.every == 0)
            or (trigger.chance and dice(seed, name, prompt, 0 if name == "refuse" else times) < trigger.chance)
        )


def dice(seed: int, *what: object) -> float:
    """A number in [0, 1) that is always the same for the same arguments."""
    digest = hashlib.blake2b(repr((seed, *what)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def parse_faults(spec: str) -> Faults:
    """Read ``"refuse=0.02,signout=@30,http500=%7,bloat=8"``; several @N of one name add up.

    EaselError names the part that cannot be read.
    """
    triggers: dict[str, Trigger] = {}
    amounts = {name: default for name, (default, _) in AMOUNTS.items()}
    for part in filter(None, (p.strip() for p in spec.split(","))):
        name, equals, value = (bit.strip() for bit in part.partition("="))
        if name in FAULTS:
            triggers[name] = _merge(triggers.get(name), _trigger(part, value if equals else "1"))
        elif name in AMOUNTS:
            amounts[name] = _amount(part, value if equals else "1")
        else:
            raise EaselError(f"There is no fault named {name!r} (in {part!r}): `--faults help` lists them.")
    return Faults(triggers, amounts)


def faults_help() -> str:
    """The table, for ``--faults help``."""
    width = max(map(len, [*FAULTS, *AMOUNTS]))
    lines = ["NAME=0.05 a chance for each prompt, NAME=@30 at the 30th prompt, NAME=%7 at every 7th:"]
    lines += [f"  {name:<{width}}  {text}" for name, text in FAULTS.items()]
    lines += ["NAME=NUMBER:"]
    lines += [f"  {name:<{width}}  {text} (default {default:g})" for name, (default, text) in AMOUNTS.items()]
    return "\n".join(lines)


def _trigger(part: str, value: str) -> Trigger:
    if value[:1] in "@%" and value:
        if not value[1:].isdecimal() or int(value[1:]) < 1:
            raise EaselError(f"The fault {part!r} cannot be read: after {value[0]} comes a count, such as 30.")
        number = int(value[1:])
        return Trigger(at=frozenset({number})) if value[0] == "@" else Trigger(every=number)
    chance = _number(value)
    if chance is None or not 0 <= chance <= 1:
        raise EaselError(f"The fault {part!r} cannot be read: give a chance from 0 to 1, @N or %N.")
    return Trigger(chance=chance)


def _amount(part: str, value: str) -> float:
    amount = _number(value)
    if amount is None or amount < 0:
        raise EaselError(f"The fault {part!r} cannot be read: it takes a number, 0 or more.")
    return amount


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _merge(old: Trigger | None, new: Trigger) -> Trigger:
    if old is None:
        return new
    return Trigger(new.chance or old.chance, old.at | new.at, new.every or old.every)
