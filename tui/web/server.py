"""The server of the page: its files, and one cockpit a visitor."""

import asyncio
import html
import secrets
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import textual_serve
from aiohttp import web

from core.complaint import Complaint
from core.link.gate import RefusalLog
from tui.web.gate import HEADERS, knows, policy, refusal
from tui.web.visitor import Visitor

MOST_VISITORS = 4
"""Pages open at the same time; each has a process of its own."""

OWN = Path(__file__).parent / "page"
"""Our page; what draws a terminal in it is textual-serve's."""

THEIRS = Path(textual_serve.__file__).parent / "static"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageServer:
    """Serves the screen that ``argv`` draws, under a secret address.

    Args:
        argv: the command and its arguments, started as they are for every visitor: no shell reads them.
        title: of the page.
        refused: told of every request that was refused, in words.
    """

    def __init__(self, argv: Sequence[str], title: str, refused: Callable[[str], None]) -> None:
        self._argv, self._refusals = argv, RefusalLog(refused)
        self._page = (OWN / "index.html").read_text("utf-8").replace("{{ title }}", html.escape(title))
        self._secret = secrets.token_urlsafe(32)
        self._visitors: set[Visitor] = set()
        self._stop = asyncio.Event()

    async def serve(self, host: str, port: int, ready: Callable[[str], None]) -> None:
        """Serve until ``stop``; ``ready`` is told the address first. Raises Complaint where the port cannot be had."""
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            try:
                await site.start()
            except OSError as error:
                words = error.strerror or str(error)
                raise Complaint(f"the page cannot be served at {host}:{port} ({words}); try --web 0") from error
            _, at, *_ = runner.addresses[0]
            ready(f"http://{f'[{host}]' if ':' in host else host}:{at}/{self._secret}/")
            await self._stop.wait()
            await asyncio.gather(*(visitor.leave() for visitor in self._visitors), return_exceptions=True)
        finally:
            await runner.cleanup()

    def stop(self) -> None:
        """End serving; on the server's loop."""
        self._stop.set()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._let_in])
        inside = f"/{self._secret}"
        application.add_routes(
            [
                web.get(f"{inside}/", self._index),
                web.get(f"{inside}/ws", self._join),
                web.static(f"{inside}/page", OWN),
                web.static(f"{inside}/static", THEIRS),
            ]
        )
        application.on_response_prepare.append(_headed)
        return application

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        asks = request.headers.get("Upgrade", "").lower() == "websocket"
        why = refusal(request.headers, websocket=asks)
        if why is None and not knows(request.path, self._secret):
            why = "a request without the page's secret address"
        if why is None:
            return await handler(request)
        self._refusals.tell(why)
        return web.Response(status=403, text="Nothing is shown here: open the whole address, as it was printed.")

    async def _index(self, request: web.Request) -> web.Response:
        host = request.headers["Host"]
        page = self._page.replace("{{ websocket }}", html.escape(f"ws://{host}{request.path}ws"))
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy(host)})

    async def _join(self, request: web.Request) -> web.StreamResponse:
        if len(self._visitors) >= MOST_VISITORS:
            return web.Response(status=503, text=f"{MOST_VISITORS} pages are open already; close one.")
        visitor = Visitor(self._argv)
        self._visitors.add(visitor)
        try:
            return await visitor.attend(request)
        finally:
            self._visitors.discard(visitor)


async def _headed(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def serve(server: PageServer, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl+C, a signal to end, or a hang-up."""
    asyncio.run(_serve(server, host, port, ready))


async def _serve(server: PageServer, host: str, port: int, ready: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, server.stop)
    await server.serve(host, port, ready)
