"""The vocabulary of a site profile: how to drive a page, as data. One vocabulary for all sites, no Python per site.

``README.md`` beside this file explains every word with a worked example.
"""

import re
from typing import Annotated, Literal

import msgspec

from core.outcomes import Outcome

Selectors = tuple[str, ...]
"""Ways to find an element, tried in order: CSS, ``role=button[name="Send"]``, ``text=Got it`` or ``label=Prompt``."""

Some = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Place = Literal["turn", "dialog", "toast", "title"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every table of a profile: strict, so that a misspelt key is told instead of ignored."""


class Step(Part, frozen=True):
    """Something to click before the first prompt of a conversation: a menu, a toggle, a model.

    ``unless``: not where one of these is there already. ``optional``: go on where it is not found ``within`` seconds.
    """

    click: Some
    unless: Selectors = ()
    optional: bool = False
    within: Seconds = 5.0


class Prompt(Part, frozen=True):
    """The prompt box. ``how``: ``insert`` as an editor's paste, ``fill`` a form field's value, ``type`` key by key.

    ``newlines``: ``keep`` them, or write a ``space`` where a newline would submit.
    """

    box: Some
    how: Literal["insert", "fill", "type"] = "insert"
    newlines: Literal["keep", "space"] = "keep"


class Send(Part, frozen=True):
    """``button``, or else ``key`` (``Enter``, ``Control+Enter``). ``within``: seconds for the prompt to be taken."""

    button: Selectors = ()
    key: str = ""
    within: Seconds = 20.0


class Upload(Part, frozen=True):
    """Reference pictures. ``done``: what is there once for each picture that has arrived."""

    input: Selectors = ()
    done: Selectors = ()
    within: Seconds = 60.0


class Result(Part, frozen=True):
    """Where the picture comes, and when it is whole.

    Attributes:
        mode: ``appended`` to a conversation, or ``replaced`` in place.
        own: our own turns; the newest with our words in it proves that the prompt was taken.
        answer: the site's turns (``appended``) or the frame the picture is in (``replaced``, "" for the page).
        picture: ``<img>``, ``<canvas>`` or ``<a href>``; of several showing one picture the largest counts.
        busy: there as long as the site works.
        done: there, inside the answer, once it is complete.
        working: pattern of words of an answer that is not complete yet.
        settle: seconds for which address and size must not have changed: unless said, none where ``done`` tells that
            the answer is complete, else one.
        min_pixels: shorter edges are icons and previews.
        choice: pattern of the words by which several pictures are offered; all are kept.
        choose: pressed after that, so that the conversation can go on.
        same_twice: believe equal bytes twice in a row.
    """

    picture: Some
    mode: Literal["appended", "replaced"] = "appended"
    own: Selectors = ()
    answer: Selectors = ()
    busy: Selectors = ()
    done: Selectors = ()
    working: str = ""
    settle: Seconds | None = None
    min_pixels: int = 64
    choice: str = ""
    choose: Selectors = ()
    same_twice: bool = False


class Conversation(Part, frozen=True):
    """Conversations with an address of their own.

    ``pattern``: what the path of such an address matches ("" where there are none); ``loaded``: there once a
    conversation is shown whole; ``new``: pressed for a new one (else ``start`` or the site's url is opened);
    ``policy``: when a new one is due, with ``pictures`` for ``pictures``.
    """

    pattern: str = ""
    loaded: Selectors = ()
    start: str = ""
    new: Selectors = ()
    policy: Literal["panel", "page", "chapter", "pictures"] = "panel"
    pictures: Annotated[int, msgspec.Meta(ge=1)] = 6


class Saying(Part, frozen=True):
    """Words of the page and what they mean.

    ``pattern``: regular expression, case ignored; named groups ``days``, ``hours``, ``minutes``, ``seconds`` and
    ``clock`` tell a wait (without them the usual English wordings are understood). ``where`` it is listened for.
    """

    pattern: str
    outcome: Outcome
    where: tuple[Place, ...] = ("turn", "dialog", "toast")


class Sign(Part, frozen=True):
    """How a state of the page shows: its url, its title (patterns) or an element; any one is enough."""

    url: str = ""
    title: str = ""
    present: Selectors = ()


class SiteProfile(Part, frozen=True):
    """One page we can drive. ``terms``: why the user has to accept something first. ``tabs``: the most that make sense.

    ``dismiss``: buttons that close dialogs lying over the page. ``dialogs`` and ``toasts``: where the page talks.
    """

    name: str
    url: str
    prompt: Prompt
    result: Result
    send: Send = Send(key="Enter")
    title: str = ""
    terms: str = ""
    tabs: int | None = None
    tested: str = ""  #: against what this profile was tried; "" says it never was
    before: tuple[Step, ...] = ()
    dismiss: Selectors = ()
    dialogs: Selectors = ("[role=dialog]", "[role=alertdialog]", "dialog[open]")
    toasts: Selectors = ("[role=alert]", "[role=status]", "[data-sonner-toast]")
    upload: Upload = Upload()
    conversation: Conversation = Conversation()
    says: tuple[Saying, ...] = ()
    signed_out: Sign = Sign()
    challenge: Sign = Sign()

    def patterns(self) -> list[tuple[str, str]]:
        """Every regular expression with the key it stands under."""
        found = [
            ("result.working", self.result.working),
            ("result.choice", self.result.choice),
            ("conversation.pattern", self.conversation.pattern),
        ]
        for name, sign in (("signed_out", self.signed_out), ("challenge", self.challenge)):
            found += [(f"{name}.url", sign.url), (f"{name}.title", sign.title)]
        return found + [("says.pattern", saying.pattern) for saying in self.says]

    def selectors(self) -> list[tuple[str, str]]:
        """Every selector with the key it stands under."""
        found: list[tuple[str, str]] = []
        _collect(msgspec.to_builtins(self), "", found)
        return found


def incomplete(site: SiteProfile) -> bool:
    """Whether it lacks what a picture cannot be found without, and only a drawn picture tells."""
    return site.result.mode == "appended" and not site.result.answer


_SELECTOR_KEYS = frozenset(
    {"box", "button", "input", "done", "own", "answer", "picture", "busy", "choose", "loaded", "new", "present"}
    | {"click", "unless", "dismiss", "dialogs", "toasts"}
)


def _collect(value: object, key: str, found: list[tuple[str, str]]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _collect(inner, f"{key}.{name}".lstrip("."), found)
    elif isinstance(value, list | tuple):
        for inner in value:
            if isinstance(inner, str) and key.rpartition(".")[2] in _SELECTOR_KEYS:
                found.append((key, inner))
            else:
                _collect(inner, key, found)


def javascript_pattern(pattern: str) -> str:
    """The same expression in JavaScript's spelling (``(?P<name>…)`` is ``(?<name>…)`` there)."""
    return pattern.replace("(?P<", "(?<")


def python_pattern(pattern: str) -> str:
    """The same expression in Python's spelling."""
    return re.sub(r"\(\?<(?![=!])", "(?P<", pattern)
