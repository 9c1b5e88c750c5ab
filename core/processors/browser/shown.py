"""Pictures a page shows, as their files came: the browser still has the bytes, and nothing is loaded again."""

from typing import Any

import msgspec
from playwright.async_api import CDPSession

from core.outcomes import AttemptError
from core.processors.browser.live import LivePage


class Shown:
    """Asks the browser of one page over a session of its own, which is opened when the first picture is there."""

    def __init__(self, live: LivePage) -> None:
        self._live = live
        self._session: CDPSession | None = None
        self._frame = ""

    async def read(self, address: str) -> bytes | None:
        """The file the page shows under ``address``; None where the browser does not have it (any more).

        Raises TabLost.
        """
        try:
            session = self._session or await self._opened()
            asked = {"frameId": self._frame, "url": address}
            answer: dict[str, Any] = await self._live.run(session.send("Page.getResourceContent", asked))
            # msgspec reads base64 many times as fast as the standard library.
            return msgspec.convert(answer["content"], bytes) if answer["base64Encoded"] else None
        except (AttemptError, KeyError, msgspec.ValidationError):
            return None  # whatever the reason, there is another way

    async def _opened(self) -> CDPSession:
        page = self._live.page
        session = await self._live.run(page.context.new_cdp_session(page))
        await self._live.run(session.send("Page.enable"))
        tree: dict[str, Any] = await self._live.run(session.send("Page.getFrameTree"))
        self._frame = tree["frameTree"]["frame"]["id"]
        self._session = session
        return session
