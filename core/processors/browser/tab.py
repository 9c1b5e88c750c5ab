"""A worker that is a tab: sends the prompt, and is called by the page when the picture is there."""

import contextlib
import time
from pathlib import Path

import msgspec
from playwright.async_api import Page

from core.outcomes import AttemptError, Outcome
from core.processors.base import Drawing, Job, Progress, Pulse
from core.processors.browser.asking import Answer, Asker, GivenPicture
from core.processors.browser.conversations import Conversations
from core.processors.browser.live import LivePage, Navigated, Unreachable
from core.processors.browser.script import script_for
from core.processors.browser.sending import Sender
from core.processors.browser.shown import Shown
from core.processors.browser.window import Window
from core.sites import SiteProfile

FETCHING = 60.0
"""Seconds the browser is given to fetch a picture the page itself may not."""


class NotFetched(AttemptError):
    """The page shows the picture, and its bytes cannot be had."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Outcome.RETRYABLE, sentence)


class BrowserTab:
    """``processors.base.Worker`` over one page."""

    def __init__(self, page: Page, window: Window, site: SiteProfile) -> None:
        self.endpoint, self.page, self.window = window.name, page, window
        self._site = site
        self._live = LivePage(page, window)
        self._asker = Asker(self._live, site)
        self._conversations = Conversations(self._live, self._asker, site)
        self._sender = Sender(self._live, self._asker, site)
        self._shown = Shown(self._live)
        self._says_when_done = bool(site.result.done or site.result.busy)
        self._trusted = False  # the profile has found a picture here
        self._attached: set[Path] = set()  # in the conversation that is open
        self._last_picture = (0, 0)  # its length and hash: nobody tries to make two alike

    # --- Worker ---

    async def open(self) -> None:
        """Show the site and wait until it can be written to."""
        await self._live.run(self._live.page.add_init_script(script_for(self._site)))
        await self._conversations.load("")

    async def draw(self, job: Job, progress: Progress) -> Drawing:
        anew = not self._conversations.must_move(job.conversation) and not job.references
        if not anew:
            await self._asker.ask_again("begin")
            if not job.conversation:
                self._attached = set()
            await self._conversations.enter(job.conversation)
            await self._attach(job)
        prompt = self._sender.as_written(job.prompt)
        self._conversations.touched()
        started = time.monotonic()
        conversation = await self._sender.send(prompt, anew=anew)
        await progress.sent(conversation)
        try:
            return await self._picture(prompt, conversation, started)
        except NotFetched:
            if not conversation:
                raise
            # It is made and paid for: its conversation shows it again, under an address that is good again.
            drawing = await self.harvest(msgspec.structs.replace(job, conversation=conversation))
            return msgspec.structs.replace(drawing, seconds=time.monotonic() - started)

    async def harvest(self, job: Job) -> Drawing:
        started = time.monotonic()
        await self._conversations.load(job.conversation)
        prompt = self._sender.as_written(job.prompt)
        alone = self._site.conversation.policy == "panel" and self._conversations.is_here(job.conversation)
        answer = await self._asker.ask_again("find", prompt, alone)
        if answer.absent and not self._conversations.is_here(job.conversation):
            raise AttemptError(Outcome.LOST, "its conversation is no longer there")
        if answer.absent:
            raise AttemptError(Outcome.WITHDRAWN, "its conversation does not have the prompt: it was never sent")
        return await self._picture(prompt, job.conversation, started)

    async def pulse(self) -> Pulse:
        started = time.monotonic()
        with contextlib.suppress(Navigated):  # a page that goes elsewhere lives
            await self._live.run(self._live.page.evaluate("() => document.readyState"))
        return Pulse(time.monotonic() - started)

    async def close(self) -> None:
        await self.window.close_page(self.page)

    # --- steps ---

    async def _attach(self, job: Job) -> None:
        """Every reference once in a conversation."""
        new = [path for path in job.references if path not in self._attached]
        if new:
            self._conversations.touched()
            await self._sender.attach(new)
            self._attached.update(new)

    async def _picture(self, prompt: str, conversation: str, since: float) -> Drawing:
        answer, pictures = await self._drawn(prompt)
        if answer.several:
            await self._asker.ask_again("choose")
        mark = len(pictures[0]), hash(pictures[0])
        if mark == self._last_picture and not self._site.result.same_twice:
            raise AttemptError(Outcome.RETRYABLE, "the page showed the previous picture again")
        self._last_picture, self._trusted = mark, True
        return Drawing(pictures, conversation, time.monotonic() - since)

    async def _drawn(self, prompt: str) -> tuple[Answer, tuple[bytes, ...]]:
        """The answer and its picture(s); a page that is loaded again meanwhile is searched for the prompt."""
        while True:
            try:
                answer = await self._asker.ask("picture", self._trusted)
                if answer.unloaded:
                    raise NotFetched("the picture did not load")
                if not answer.pictures:
                    raise AttemptError(Outcome.RETRYABLE, "the page's script gave no picture")
                pictures = tuple([await self._bytes(number, given) for number, given in enumerate(answer.pictures)])
            except Navigated:
                if (await self._asker.ask_again("find", prompt)).absent:
                    raise AttemptError(Outcome.LOST, "the page went elsewhere before the picture came") from None
            else:
                if all(pictures):
                    return answer, pictures

    async def _bytes(self, number: int, given: GivenPicture) -> bytes:
        """The file; none where the page has put another picture in its place meanwhile."""
        if given.shown:
            data = await self._shown.read(given.address)
            if not self._says_when_done and not (await self._asker.ask("still")).fresh:
                return b""
            if data:
                return data
            # The browser let go of it; the page can load it again.
            again = (await self._asker.ask("again", number)).pictures
            given = again[0] if again else GivenPicture(failed="the picture is no longer there")
        if given.data:
            return given.data
        if given.address.startswith(("http://", "https://")):
            return await self._fetched(given.address)
        raise NotFetched(f"the picture could not be fetched: {given.failed}")

    async def _fetched(self, address: str) -> bytes:
        """A picture of another host, which a page may show but not read."""
        try:
            response = await self._live.run(self._live.page.request.get(address, timeout=FETCHING * 1000))
            if not response.ok:
                raise NotFetched(f"the picture's address answered {response.status}")
            return await self._live.run(response.body())
        except Unreachable as error:
            raise NotFetched(f"the picture could not be fetched: {error}") from error
