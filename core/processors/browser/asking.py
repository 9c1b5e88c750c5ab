"""Asking the page's script, and turning what it met into our outcomes."""

import json
import re
from datetime import datetime
from typing import Any, TypeVar

import anyio
import msgspec

from core.outcomes import AttemptError, Cause, Fault, Outcome, RunBlocked, TabLost
from core.processors.browser.live import LivePage, Navigated, Unreachable
from core.processors.browser.script import CALL
from core.sites import SiteProfile
from core.sites.profile import python_pattern
from core.sites.waits import seconds_in_groups, seconds_to_wait

T = TypeVar("T", bound=msgspec.Struct)

LOOK_AGAIN = 120.0
"""Seconds after which a page that is not as its profile says is looked at again: it may just have been slow."""

SUGGESTING = 3.0
"""Seconds a page is given to say what would fit."""

MOVES = 3
"""A page that goes elsewhere so often under one question is given up."""


class GivenPicture(msgspec.Struct, frozen=True):
    """One picture: its ``data``, an ``address`` only the browser may fetch, or why there is none.

    ``shown``: the page shows what is at ``address``, so the browser still has its bytes.
    """

    data: bytes = b""
    address: str = ""
    shown: bool = False
    failed: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What the script answers; see ``page/main.js``. What a page tells is checked like any stranger's words."""

    blocked: str = ""
    wrong: tuple[str, str] | None = None
    outcome: Outcome | None = None
    said: str = ""
    saying: int | None = None
    missing: str = ""
    covered: str | None = None
    button: str = ""
    typing: bool = False
    written: bool = True
    holds: str = ""
    uncommitted: bool = False
    left: bool = False
    conversation: str = ""
    absent: bool = False
    fresh: bool = False
    arrived: bool = True
    count: int = 0
    pictures: tuple[GivenPicture, ...] = ()
    several: bool = False
    unloaded: bool = False


class Seen(msgspec.Struct, frozen=True):
    """What selectors found: which of them (``index`` from 0), how many elements, the first one described."""

    count: int = 0
    index: int = 0
    selector: str = ""
    element: str = ""


class Arrived(msgspec.Struct, frozen=True):
    """A picture that came after a send, and the selectors that would fit; "" where none suggests itself."""

    size: str = ""
    picture: str = ""
    answer: str = ""
    own: str = ""
    done: str = ""


class Asker:
    """Asks one page about one site."""

    def __init__(self, live: LivePage, site: SiteProfile) -> None:
        self._live, self._site = live, site

    async def ask(self, what: str, *details: Any) -> Answer:
        """The answer, once it is none of the closed sets' troubles.

        Raises:
            AttemptError, RunBlocked, TabLost: what the page met, or said.
            Navigated: the page went elsewhere under the question.
        """
        answer = await self._asked(Answer, what, *details)
        if answer.missing:
            raise await self.missing(answer.missing)
        self._judge(answer)
        return answer

    async def ask_again(self, what: str, *details: Any) -> Answer:
        """``ask`` for a question that may be asked twice: a page that goes elsewhere meanwhile is asked there."""
        for _ in range(MOVES):
            try:
                return await self.ask(what, *details)
            except Navigated:
                await self._live.run(self._live.page.wait_for_load_state("domcontentloaded"))
        raise AttemptError(Outcome.RETRYABLE, "the page does not stay where it is")

    def _judge(self, answer: Answer) -> None:
        if answer.blocked:
            raise blocked(answer.blocked, self._site)
        if answer.wrong is not None:
            key, what = answer.wrong
            raise self.misfit(f'"{key}" in the site profile "{self._site.name}": {what}; correct it', again=None)
        if answer.outcome is not None and answer.outcome is not Outcome.OK:
            wait = self._wait(answer)
            raise AttemptError(answer.outcome, f"the site says: {answer.said}", retry_after=wait, said=answer.said)

    def _wait(self, answer: Answer) -> float | None:
        """Seconds the words ask for: by the saying's own named groups, else by the usual English wordings."""
        now = datetime.now()
        if answer.saying is not None and 0 <= answer.saying < len(self._site.says):
            pattern = python_pattern(self._site.says[answer.saying].pattern)
            if found := re.search(pattern, answer.said, re.IGNORECASE):
                told = seconds_in_groups(found.groupdict(), now)
                if told is not None:
                    return told
        return seconds_to_wait(answer.said, now)

    async def missing(self, key: str) -> RunBlocked:
        """What the profile names under ``key`` is not on the page; the sentence says what would fit."""
        fits = await self.suggest(key)
        hint = f"{fits} would fit" if fits else "see what would fit"
        if key == "prompt.box":
            if await self.suggest("signed_out.present"):
                hint = "it looks like a sign-in: novelgen-tui login"
            elif frame := await self.framed():
                hint = f'it shows another page in a frame: set url (or site_url) = "{frame}"'
        return self.misfit(
            f'{self._live.page.url} has nothing that "{key}" of the site profile "{self._site.name}" names; '
            f"{hint}; look the page over with: novelgen-tui check"
        )

    async def suggest(self, key: str, text: str = "") -> str:
        """A selector that would fit under ``key`` on the page as it is, "" where none suggests itself."""
        try:
            with anyio.fail_after(SUGGESTING):
                return (await self._look("suggest", key, text)).selector
        except (TimeoutError, AttemptError, Navigated, Unreachable):
            return ""  # the page has worse troubles than its selectors

    async def framed(self) -> str:
        """The address of a page that this one only shows in a large frame, "" where there is none."""
        return (await self._look("framed")).selector

    async def arrival(self, prompt: str, seconds: float) -> Arrived:
        """The largest picture that came after ``prompt`` was sent, wherever it is, waited for so many seconds."""
        return await self._asked(Arrived, "arrival", prompt, seconds)

    async def look(self, key: str, selectors: tuple[str, ...]) -> Seen:
        """What the selectors under ``key`` find at this moment; nothing on the page is touched."""
        return await self._look("look", key, selectors)

    async def _look(self, what: str, *details: Any) -> Seen:
        return await self._asked(Seen, what, *details)

    async def _asked(self, kind: type[T], what: str, *details: Any) -> T:
        question = json.dumps((what, details))
        raw = await self._live.run(self._live.page.evaluate(CALL, question))
        try:
            return msgspec.json.decode(raw, type=kind)
        except (msgspec.MsgspecError, TypeError) as error:
            raise AttemptError(Outcome.RETRYABLE, f"the page's script gave no sense: {error}") from error

    def misfit(self, sentence: str, *, again: float | None = LOOK_AGAIN) -> RunBlocked:
        return RunBlocked(Cause.SITE, sentence, retry_after=again)

    def covered(self, answer: Answer) -> RunBlocked:
        """A dialog that a fresh page shows and that nothing in ``dismiss`` closes."""
        hint = f"""; try dismiss = ['role=button[name="{answer.button}"]']""" if answer.button else ""
        return self.misfit(
            f'a dialog lies over {self._live.page.url} ("{answer.covered}"); '
            f'name the button that closes it under "dismiss" in the site profile "{self._site.name}"{hint}'
        )


def lost_under_cover(answer: Answer) -> TabLost:
    """A dialog came over a page that was free before."""
    return TabLost(Fault.COVERED, f'a dialog covers the page and will not go away ("{answer.covered}")')


def blocked(kind: str, site: SiteProfile) -> RunBlocked:
    """The site wants a person."""
    if kind == "login":
        return RunBlocked(Cause.LOGIN, f"{site.name} is signed out; sign in with: novelgen-tui login, then press space")
    return RunBlocked(Cause.HUMAN, f"{site.name} asks for a person: open it in a browser, answer, then press space")
