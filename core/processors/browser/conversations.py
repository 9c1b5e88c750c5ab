"""Being in the right conversation: an old one by its address, a new one by a button or by loading the page."""

from urllib.parse import urljoin, urlsplit

import anyio

from core.outcomes import Cause, RunBlocked
from core.processors.browser.asking import Asker
from core.processors.browser.live import LivePage, Navigated, Unreachable
from core.processors.browser.script import to_be_read
from core.sites import SiteProfile

ARRIVING = 30.0
"""Seconds a page is given to show its prompt box before its profile is doubted."""

BROKEN_ARRIVING = 3.0
"""The same where the server answered with an error: a challenge shows at once."""


class Conversations:
    """Moves one page between conversations."""

    def __init__(self, live: LivePage, asker: Asker, site: SiteProfile, arriving: float | None = None) -> None:
        self._live, self._asker, self._site, self._arriving = live, asker, site, arriving
        self._opened = False
        self._untouched = False  # nothing was sent or attached since the page was loaded new

    def touched(self) -> None:
        """Something was attached or sent: the next new conversation has to be made."""
        self._untouched = False

    def must_move(self, conversation: str) -> bool:
        """Whether ``enter`` has anything to do."""
        if conversation:
            return not self.is_here(conversation)
        return not self._untouched and not self._is_always_new()

    async def enter(self, conversation: str) -> None:
        """Be in ``conversation``; "" is a new one. Raises RunBlocked where the page is not as it should be."""
        if not self.must_move(conversation):
            return
        if conversation:
            await self.load(conversation)
        else:
            await self._begin_new()

    def is_here(self, conversation: str) -> bool:
        """True where the page shows ``conversation``, an address relative to the site's."""
        here, there = urlsplit(self._live.page.url), urlsplit(urljoin(self._site.url, conversation))
        return (here.netloc, here.path, here.query) == (there.netloc, there.path, there.query)

    def _is_always_new(self) -> bool:
        return self._site.result.mode == "replaced" and not self._site.conversation.pattern and self._opened

    async def _begin_new(self) -> None:
        if self._opened and self._site.conversation.new:
            try:
                if (await self._asker.ask("anew")).fresh:
                    return await self._prepare()
            except Navigated:
                pass  # the button loads the page; so do we
        await self.load("")

    async def load(self, conversation: str) -> None:
        """Load ``conversation`` ("" for a new one) and wait until it can be written to."""
        address = urljoin(self._site.url, conversation or self._site.conversation.start)
        self._untouched = False
        status = await self._go(address)
        patience = BROKEN_ARRIVING if status >= 500 else self._arriving or ARRIVING
        try:
            with anyio.fail_after(patience):
                await self._asker.ask_again("ready", to_be_read(self._site))
        except TimeoutError:
            if status >= 500:
                raise RunBlocked(Cause.NETWORK, f"{address} answers {status}", retry_after=30.0) from None
            raise await self._asker.missing("prompt.box") from None
        answer = await self._asker.ask_again("free")
        if answer.covered is not None:
            raise self._asker.covered(answer)
        self._opened = True
        if not conversation:
            await self._prepare()

    async def _go(self, address: str) -> int:
        """Returns the HTTP status, 0 where there is none."""
        try:
            call = self._live.page.goto(address, wait_until="domcontentloaded", timeout=ARRIVING * 1000)
            response = await self._live.run(call)
        except Unreachable as error:
            raise RunBlocked(
                Cause.NETWORK, f"{self._site.url} cannot be reached ({error}); is it running?", retry_after=15.0
            ) from error
        except Navigated:
            return 0  # it sent us on; where we have arrived is seen next
        return response.status if response else 0

    async def _prepare(self) -> None:
        """The steps before the first prompt of a conversation."""
        for index, step in enumerate(self._site.before):
            try:
                await self._asker.ask_again("step", index)
            except RunBlocked as error:
                if not (step.optional and error.cause is Cause.SITE):
                    raise
        self._untouched = True
