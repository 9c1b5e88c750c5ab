"""Looking a site's page over, step by step, against its profile: what was found where, and what would fit instead."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from core.outcomes import AttemptError, Cause, RunBlocked, TabLost
from core.pictures import PictureBroken, inspect
from core.processors.base import Finding, Job
from core.processors.browser.asking import Asker
from core.processors.browser.conversations import Conversations
from core.processors.browser.live import LivePage, Navigated, Unreachable
from core.processors.browser.script import script_for
from core.processors.browser.sending import Sender
from core.processors.browser.tab import BrowserTab
from core.processors.browser.window import Window
from core.sites import SiteProfile
from core.sites.profile import incomplete

ARRIVING = 10.0
"""Seconds the prompt box is given to appear: somebody waits for what is found, and may look again."""

TRIAL = "novelgen-tui looks this page over; nothing is sent."
"""Written into the prompt box and taken out again."""


LOOKING = 10.0
"""Seconds for a picture that may be there already."""

MOST_LIKELY = 256
"""Pixels of a picture's shorter edge, at least, where nothing else tells that it is one."""

INCOMPLETE = 'not said, and mode = "appended" needs to know which turns are the site\'s'
MORE = "settle = 3.0, or what is there once an answer is complete under done"


class Inspection:
    """One page, looked over once. Nothing is generated unless asked for."""

    def __init__(self, page: Page, window: Window, site: SiteProfile, screenshots: Path) -> None:
        self._page, self._window, self._site, self._screenshots = page, window, site, screenshots
        self._live = LivePage(page, window)
        self._asker = Asker(self._live, site)
        self._conversations = Conversations(self._live, self._asker, site, ARRIVING)

    async def close(self) -> None:
        """Close the page that was looked at."""
        await self._window.close_page(self._page)

    async def walk(self, *, draw: str = "", conversation: str = "", patience: float = 300.0) -> AsyncIterator[Finding]:
        """One finding after another, in the order a run would need them.

        Args:
            draw: a prompt to have drawn, which spends one generation; "" spends none.
            conversation: an old conversation with a picture, where the parts of a result can be seen for nothing.
            patience: seconds a picture may take.
        """
        try:
            usable = False
            async for finding in self._arrive():
                yield finding
                usable = finding.verdict == "good"
            if usable:
                async for finding in self._written():
                    yield finding
                async for finding in self._results(draw, conversation, patience):
                    yield finding
        except RunBlocked as error:
            yield await self._bad(_CAUSES.get(error.cause, "the page"), error.sentence)
        except (AttemptError, TabLost) as error:
            yield await self._bad("the page", error.sentence)
        except (Navigated, Unreachable) as error:
            yield await self._bad("the page", f"it does not stay: {error}")

    # --- the page and its prompt box ---

    async def _arrive(self) -> AsyncIterator[Finding]:
        """The last finding is good only where the page can be written to."""
        await self._live.run(self._page.add_init_script(script_for(self._site)))
        try:
            await self._conversations.load("")
        except RunBlocked as error:
            name = _CAUSES.get(error.cause, "the page")
            if error.cause is not Cause.SITE:
                yield await self._bad(name, error.sentence)
                return
            yield Finding("the page", "good", f"{self._page.url} answers")
            for key in self.keys("upload.input", "send.button"):
                yield await self.looked(key, needed=False)
            box = await self.looked("prompt.box")
            yield box
            if signs := await self._asker.suggest("signed_out.present"):
                what = "it looks like a sign-in: novelgen-tui login; that a run sees it too, name what shows only there"
                yield Finding("signed_out.present", "doubtful", what, signs)
            elif frame := await self._asker.framed():
                yield Finding("url", "doubtful", "it shows another page in a frame, which is the one to name", frame)
            if box.verdict == "good":
                yield await self._bad("ready to write", error.sentence)
            return
        yield Finding("the page", "good", f"{self._page.url} answers and asks for no sign-in")
        for index, step in enumerate(self._site.before):
            yield Finding(f"before[{index}]", "good", f"done: {step.click[0]}")
        yield await self.looked("prompt.box")

    async def _written(self) -> AsyncIterator[Finding]:
        sender = Sender(self._live, self._asker, self._site)
        try:
            await sender.write(TRIAL)
        except (RunBlocked, TabLost) as error:
            yield await self._bad("prompt.how", error.sentence)
            return
        yield Finding("prompt.how", "good", f'"{self._site.prompt.how}" writes; read back as written')
        if self._site.send.button:
            yield await self.looked("send.button")
        else:
            yield Finding("send.key", "good", f"{self._site.send.key} is pressed to send; not tried")
        await self._asker.ask("clear")
        if self._site.upload.input:
            yield await self.looked("upload.input", needed=False)

    # --- the parts that only a picture shows ---

    async def _results(self, draw: str, conversation: str, patience: float) -> AsyncIterator[Finding]:
        parts = self.keys("result.own", "result.answer", "result.picture", "result.done")
        if draw:
            async for finding in self._drawn(draw, patience):
                yield finding
            if incomplete(self._site):
                return  # what would fit was told
        elif conversation and self._site.conversation.pattern:
            await self._conversations.load(conversation)
            yield Finding("conversation", "good", f"an old one opens: {self._page.url}")
        else:
            if incomplete(self._site):
                yield Finding(
                    "result.answer", "bad", f"{INCOMPLETE}; --draw-one has one drawn and tells what would fit"
                )
            for key in [*parts, *self.keys("result.busy")]:
                yield Finding(key, "later", "only a picture shows it: --draw-one has one drawn")
            return
        for key in parts:
            yield await self.looked(key, text=draw)

    async def _drawn(self, prompt: str, patience: float) -> AsyncIterator[Finding]:
        watching = _Watching(self)
        tab = BrowserTab(self._page, self._window, self._site)
        await tab.open()
        if incomplete(self._site):
            await watching.sent(await Sender(self._live, self._asker, self._site).send(prompt, anew=True))
            async for finding in self._arrived(prompt, patience):
                yield finding
            for finding in watching.findings:
                yield finding
            return
        try:
            with anyio.fail_after(patience):
                drawing = await tab.draw(Job("check", "check", prompt), watching)
            info = inspect(drawing.pictures[0])
        except TimeoutError:
            yield await self._bad("a picture", f"none came within {patience:.0f} s")
            async for finding in self._arrived(prompt, LOOKING):
                yield finding
        except AttemptError as error:
            yield await self._bad("a picture", error.sentence)
        except PictureBroken as error:
            yield await self._bad("a picture", f"the site sent {error}")
        else:
            where = f" in {drawing.conversation}" if drawing.conversation else ""
            what = f"{info.width}x{info.height} after {drawing.seconds:.1f} s{where}; is it the one?"
            yield Finding("a picture", "good", what, "", self._written_down(drawing.pictures[0], info.suffix))
            if not (await self._asker.ask_again("later")).fresh:
                yield await self._bad(
                    "result.settle", "the page changed the picture soon after: that was a preview", MORE
                )
        for finding in watching.findings:
            yield finding

    async def _arrived(self, prompt: str, seconds: float) -> AsyncIterator[Finding]:
        """What would find the picture that the profile does not find."""
        arrived = await self._asker.arrival(prompt, seconds)
        if not arrived.size:
            yield await self._bad(
                "a picture", f"nothing new of {MOST_LIKELY} pixels or more came within {seconds:.0f} s"
            )
            return
        yield Finding("a picture", "good", f"one of {arrived.size} has come")
        if incomplete(self._site):
            yield await self._bad("result.answer", INCOMPLETE, arrived.answer)
        for key, fits in (("own", arrived.own), ("picture", arrived.picture), ("done", arrived.done)):
            if fits and fits not in self._selectors(f"result.{key}"):
                yield Finding(f"result.{key}", "doubtful", "as the page shows it", fits)

    def _written_down(self, picture: bytes, suffix: str) -> Path | None:
        file = self._screenshots / f"check-picture{suffix}"
        with contextlib.suppress(OSError):
            self._screenshots.mkdir(mode=0o700, exist_ok=True)
            file.write_bytes(picture)
            return file
        return None

    async def busy(self) -> list[Finding]:
        """While the site works: what shows that it does."""
        if self.keys("result.busy"):
            return [await self.looked("result.busy", needed=False)]
        fits = await self._asker.suggest("result.busy")
        return [Finding("result.busy", "doubtful", "not said; shown while it worked", fits)] if fits else []

    # --- findings ---

    def keys(self, *keys: str) -> list[str]:
        """Those of ``keys`` that the profile sets."""
        return [key for key in keys if self._selectors(key)]

    def _selectors(self, key: str) -> tuple[str, ...]:
        table, _, name = key.partition(".")
        selectors: tuple[str, ...] = getattr(getattr(self._site, table), name)
        return selectors

    async def looked(self, key: str, *, needed: bool = True, text: str = "") -> Finding:
        """What the selectors under ``key`` find now; ``text`` is what was asked, for suggestions."""
        selectors = self._selectors(key)
        seen = await self._asker.look(key, selectors)
        if seen.count:
            which = f" (choice {seen.index + 1} of {len(selectors)})" if len(selectors) > 1 else ""
            return Finding(key, "good", f"{seen.selector}{which}: {seen.element}")
        suggestion = await self._asker.suggest(key, text)
        sentence = f"none of {', '.join(selectors)} is there"
        if not needed:
            return Finding(key, "doubtful", sentence, suggestion)
        return await self._bad(key, sentence, suggestion)

    async def _bad(self, part: str, sentence: str, suggestion: str = "") -> Finding:
        return Finding(part, "bad", sentence, suggestion, await self._screenshot(part))

    async def _screenshot(self, part: str) -> Path | None:
        file = self._screenshots / f"check-{part.replace(' ', '-')}.png"
        with contextlib.suppress(PlaywrightError, OSError, TimeoutError):
            self._screenshots.mkdir(mode=0o700, exist_ok=True)
            with anyio.fail_after(10):
                await self._page.screenshot(path=file)
            return file
        return None


class _Watching:
    """Looks for what shows only while a picture is under way (``processors.base.Progress``)."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self.findings: list[Finding] = []

    async def sent(self, conversation: str) -> None:
        self.findings = await self._inspection.busy()


_CAUSES = {
    Cause.LOGIN: "sign-in",
    Cause.HUMAN: "challenge",
    Cause.NETWORK: "the page",
    Cause.BROWSER: "browser",
    Cause.SITE: "the site profile",
}
