"""One watcher on a WebSocket: greeted, brought up to date, told what happens at its own pace."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import WSCloseCode, WSMsgType, web

from core.commands import Reply
from core.link.feed import Feed
from core.link.local import RunOver
from core.link.protocol import (
    MOST_ASKED,
    VERSION,
    Answer,
    Ask,
    Beat,
    End,
    Hello,
    LinkMessage,
    Malformed,
    Refused,
    Welcome,
    encode,
    from_watcher,
)

GOODBYE = 1.0
"""Seconds for a close in order."""

Obey = Callable[[Ask], Awaitable[Reply]]


class Watcher:
    """Talks with one peer until it goes, is silent for two beats, or the run is over.

    A peer that takes nothing keeps nobody waiting but its own task: meanwhile the records gather, and it gets them
    in one piece, or a new snapshot where they are too many.
    """

    def __init__(self, feed: Feed, session: str, beat: float, obey: Obey, refused: Callable[[str], None]) -> None:
        self._feed, self._session, self._beat = feed, session, beat
        self._obey, self._refused = obey, refused
        self.socket = web.WebSocketResponse(max_msg_size=MOST_ASKED, compress=False, timeout=1.0, heartbeat=None)
        self._heard = 0.0
        self.gone = asyncio.Event()
        self._sending = asyncio.Lock()

    async def attend(self, request: web.Request) -> web.WebSocketResponse:
        """Serve the request's WebSocket to its end."""
        await self.socket.prepare(request)
        loop = asyncio.get_running_loop()
        self._heard = loop.time()
        try:
            async with asyncio.timeout(2 * self._beat):
                hello = await self._greeted()
            if hello is None:
                return self.socket
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(task) for task in (self._tell(hello), self._watchdog())]
                await self._listen(group)
                for task in tasks:
                    task.cancel()
        except* (ConnectionError, TimeoutError, RunOver):
            pass  # gone: nobody to tell
        finally:
            await self._close(request)
        return self.socket

    async def _greeted(self) -> Hello | None:
        message = await self._receive()
        if message is None:
            return None
        if not isinstance(message, Hello):
            await self._refuse("a watcher that does not say hello first")
            return None
        if message.version != VERSION:
            why = f"version {message.version} of the link; this run speaks version {VERSION}"
            await self._refuse(why, f"This run speaks version {VERSION} of the link and you speak version "
                                    f"{message.version}: attach with the novelgen-tui that runs it.")  # fmt: skip
            return None
        await self._send(encode(Welcome(VERSION, self._session, self._feed.last, self._beat)))
        return message

    # --- what it says ---

    async def _receive(self) -> Hello | Ask | Beat | None:
        """The next message; None when there will be no more."""
        received = await self.socket.receive()
        self._heard = asyncio.get_running_loop().time()
        if received.type is WSMsgType.BINARY:
            try:
                return from_watcher(received.data)
            except Malformed as error:
                await self._refuse(f"a malformed message ({error})")
        elif received.type is WSMsgType.TEXT:
            await self._refuse("a text message")
        elif received.type is WSMsgType.ERROR:
            self._refused(f"a broken or oversized message ({self.socket.exception()})")
        return None

    async def _listen(self, group: asyncio.TaskGroup) -> None:
        while True:
            message = await self._receive()
            if message is None:
                return
            if isinstance(message, Ask):
                group.create_task(self._answer(message))

    async def _answer(self, ask: Ask) -> None:
        await self._send(encode(Answer(ask.id, await self._obey(ask))))

    async def _watchdog(self) -> None:
        """Drop a peer that has been silent for more than two beats."""
        loop = asyncio.get_running_loop()
        while (silent := loop.time() - self._heard) <= 2 * self._beat:  # noqa: ASYNC110  # by the clock, not an event
            await asyncio.sleep(2 * self._beat - silent + 0.01)
        raise TimeoutError

    # --- what it is told ---

    async def _tell(self, hello: Hello) -> None:
        feed = self._feed
        known = hello.after if hello.session == self._session else None
        while True:
            if known is None or not feed.follows(known):
                known, parts = await feed.snapshot_messages()
                for part in parts:
                    await self._send(part)
            if feed.last > known:
                message, known = feed.records(known)
                await self._send(message)
            elif feed.ended:
                await self._send(encode(End()))
                await self.socket.close()
                return
            elif not await feed.wait(known, self._beat):
                await self._send(encode(Beat()))

    async def _send(self, data: bytes) -> None:
        async with self._sending:  # a command's answer comes between two messages, not inside one
            await self.socket.send_bytes(data)

    async def _refuse(self, why: str, told: str = "") -> None:
        self._refused(why)
        message: LinkMessage = Refused(told or f"The run refused {why}.")
        await self._send(encode(message))
        await self.socket.close(code=WSCloseCode.POLICY_VIOLATION)

    async def _close(self, request: web.Request) -> None:
        if self.socket.closed:
            return
        try:
            async with asyncio.timeout(GOODBYE):
                await self.socket.close(code=WSCloseCode.GOING_AWAY)
        except (ConnectionError, TimeoutError):  # it takes nothing any more
            if request.transport is not None:
                request.transport.abort()
