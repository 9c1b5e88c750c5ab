"""Telling open pages what happened: one WebSocket a page, each watching one conversation."""

import asyncio
from typing import Any

import msgspec
from aiohttp import web

#: A page that lets this many messages pile up (it hangs, say) is told one thing instead: look again.
BACKLOG = 256


class Page:
    """One open page: its socket, the conversation it shows ("" for a new one), the messages not yet sent."""

    def __init__(self, socket: web.WebSocketResponse, session: str) -> None:
        self.socket = socket
        self.session = session
        self.conversation = ""
        self.outbox: asyncio.Queue[str] = asyncio.Queue(BACKLOG)

    def tell(self, message: dict[str, Any]) -> None:
        """Queue one message; never waits."""
        try:
            self.outbox.put_nowait(msgspec.json.encode(message).decode())
        except asyncio.QueueFull:
            self.outbox = asyncio.Queue(BACKLOG)
            self.tell({"type": "stale"})

    async def send_all(self) -> None:
        """Send what is queued, for ever; cancelled when the page goes away."""
        while True:
            await self.socket.send_str(await self.outbox.get())


class Hub:
    """Every page that is open now."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()

    def tell_all(self, message: dict[str, Any]) -> int:
        """Queue ``message`` for every page; how many there are."""
        for page in self.pages:
            page.tell(message)
        return len(self.pages)

    def tell_watchers(self, conversation: str, message: dict[str, Any]) -> None:
        """Queue ``message`` for the pages that show ``conversation``."""
        for page in self.pages:
            if page.conversation == conversation:
                page.tell(message)

    async def close_all(self, code: int, reason: bytes) -> None:
        """Close every socket; 4401 tells a page that it is signed out."""
        await asyncio.gather(*(page.socket.close(code=code, message=reason) for page in list(self.pages)))
