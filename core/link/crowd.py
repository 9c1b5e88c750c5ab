"""Who stands at the port's door: strangers who say nothing, or come in crowds, take no room from the run.

Every connection takes a file descriptor, and those are what a browser, a journal and pictures need as well.
"""

import asyncio

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

MOST_CONNECTIONS = 100
"""Connections at the same time, watchers among them; the next ones are closed at once."""

PATIENCE = 10.0
"""Seconds in which a connection has to bring a whole request, and to agree on TLS."""


class Crowd:
    """Makes the handler of every connection, and closes what is too many or says too little."""

    def __init__(self, server: web.Server) -> None:
        self._server = server
        self._unheard: dict[RequestHandler, asyncio.TimerHandle] = {}

    def __call__(self) -> RequestHandler:
        handler = self._server()
        loop = asyncio.get_running_loop()
        if len(self._server.connections) >= MOST_CONNECTIONS:
            loop.call_soon(loop.call_soon, _drop, handler)  # the next turn but one: it has its transport then
        else:
            self._unheard[handler] = loop.call_later(PATIENCE, self._give_up, handler)
        return handler

    def heard(self, handler: RequestHandler) -> None:
        """A whole request came over this connection."""
        if timer := self._unheard.pop(handler, None):
            timer.cancel()

    def _give_up(self, handler: RequestHandler) -> None:
        del self._unheard[handler]
        _drop(handler)


def _drop(handler: RequestHandler) -> None:
    if handler.transport is not None:
        handler.transport.abort()
