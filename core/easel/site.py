"""The practice site itself: its life from binding the port to letting go of it."""

import asyncio
import errno
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType

from aiohttp import web

from core.easel.api import Api
from core.easel.control import Control
from core.easel.ledger import Ledger
from core.easel.options import EaselError, EaselOptions
from core.easel.pages import Pages
from core.easel.parts import Easelworks

LARGEST_UPLOAD = 32 * 2**20
LEDGER_FILE = "easel.jsonl"
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class Easel:
    """The practice site, an async context manager for asyncio.

    Attributes (inside the context):
        url: its address, such as ``http://127.0.0.1:8123``.
        port: the port it was given.
        ledger: what was asked and what was delivered; grows while it serves.

    Raises EaselError on making for options that cannot be, on entering for a port or folder it cannot have.
    """

    def __init__(self, options: EaselOptions) -> None:
        self._works = Easelworks.assemble(options)
        self._options = options
        self._runner: web.AppRunner | None = None
        self.ledger: Ledger = self._works.ledger
        self.port = 0
        self.url = ""

    def configure(
        self,
        *,
        faults: str | None = None,
        limit: str | None = None,
        latency: float | None = None,
        sigma: float | None = None,
    ) -> None:
        """Change what is given from the next prompt on (``limit=""`` takes the limit away). EaselError."""
        self._works.configure(faults=faults, limit=limit, latency=latency, sigma=sigma)

    async def __aenter__(self) -> "Easel":
        options = self._options
        if options.state:
            self.ledger.open(options.state / LEDGER_FILE)
        for entry in self.ledger.accepted:
            self._works.reception.limits.accepted(entry.asked)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, options.host, options.port).start()
        except OSError as e:
            await self._close()
            raise _cannot_serve(options, e) from e
        self.port = self._runner.addresses[0][1]
        host = f"[{options.host}]" if ":" in options.host else options.host
        self.url = f"http://{host}:{self.port}"
        self._works.studio.resume()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        self._works.studio.close()
        await self._works.hub.close_all(1001, b"the easel is closing")
        if self._runner:
            await self._runner.cleanup()
        self._works.pictures.close()
        self.ledger.close()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._only_ourselves], client_max_size=LARGEST_UPLOAD)
        pages = Pages(self._works)
        for handlers in (pages, Api(self._works, pages), Control(self._works)):
            application.add_routes(handlers.routes())
        return application

    @web.middleware
    async def _only_ourselves(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        # A stranger's page in the same browser must neither read a script nor pull a lever.
        if request.url.host not in _LOCAL_NAMES | {self._options.host}:
            return web.Response(status=403, text="this easel answers only to its own name")
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            return web.Response(status=403, text="this easel answers only its own pages")
        return await handler(request)


class EaselThread:
    """An easel on a thread and an event loop of its own, so that painting never stalls the caller.

    A context manager; ``url``, ``port`` and ``ledger`` (a snapshot) are there inside it, and the ledger still
    after it. Raises what :class:`Easel` raises, in the caller's thread.
    """

    def __init__(self, options: EaselOptions) -> None:
        self._easel = Easel(options)
        self._thread = threading.Thread(target=self._run, name="easel", daemon=True)
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._error: BaseException | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return self._easel.url

    @property
    def port(self) -> int:
        """The port it was given."""
        return self._easel.port

    @property
    def ledger(self) -> Ledger:
        """The ledger as it is at this moment."""
        return self._easel.ledger.snapshot()

    def __enter__(self) -> "EaselThread":
        self._thread.start()
        self._started.wait()
        if self._error:
            self._thread.join()
            raise self._error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop and self._stop, "entered"
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._error and error is None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as e:  # noqa: BLE001 - handed to the caller's thread, which raises it
            self._error = e
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self._easel:
            self._started.set()
            await self._stop.wait()


def _cannot_serve(options: EaselOptions, error: OSError) -> EaselError:
    where = f"{options.host}:{options.port}"
    if error.errno == errno.EADDRINUSE:
        return EaselError(f"The easel cannot use {where}: the port is taken; choose another, or 0 for any free one.")
    reason = error.strerror or error
    return EaselError(f"The easel cannot serve on {where}: {reason}; choose another host or port.")
