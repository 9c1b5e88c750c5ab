"""The link's end in the running app: watchers are told what happens, and what they ask is done.

It lives on a thread and an event loop of its own beside the engine's, so that twenty watchers cost the engine
hardly more than one.
"""

import asyncio
import secrets
import ssl
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
from aiohttp import web

from core.commands import Reply
from core.link import crowd, protocol, shelf
from core.link.crowd import Crowd
from core.link.endpoint import TOKEN, Door, Endpoint, LinkError, Listen, new_token, private_file
from core.link.feed import Feed
from core.link.gate import RefusalLog, knows_token, refusal
from core.link.local import LocalRun, RunOver
from core.link.protocol import Ask, Malformed
from core.link.watcher import Watcher
from core.store.folder import FOLDER

REMEMBERED = 1000
"""Answers kept for a watcher that asks again because the link broke before it heard."""

LAST_WORD = 2.0
"""Seconds watchers are given, when the run is over, to hear so."""

MOST_HISTORY = 2000
"""Records in one answer about the past."""


class LinkServer:
    """Serves one run; a context manager that is entered before the run and left after it.

    Args:
        folder: the project's, locked by this process.
        listen: a port besides the Unix socket.
        beat: seconds between signs of life.

    Raises LinkError on entering where socket or port cannot be had.
    """

    def __init__(self, folder: Path, listen: Listen | None = None, *, beat: float = protocol.BEAT) -> None:
        self._folder, self._listen, self._beat = folder, listen, beat
        self._session, self._token = secrets.token_hex(8), ""
        self._thread = threading.Thread(target=self._serve, name="link", daemon=True)
        self._started = threading.Event()
        self._error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self.feed: Feed | None = None
        self._run: LocalRun | None = None
        self._feeding: asyncio.Task[None] | None = None
        self._feed_there: asyncio.Event | None = None
        self._answers: OrderedDict[str, asyncio.Future[Reply]] = OrderedDict()
        self._refusals = RefusalLog(self._note)
        self._watchers: set[Watcher] = set()
        self._port: asyncio.Server | None = None
        self._crowd: Crowd | None = None
        self.endpoint = Endpoint()  #: the Unix socket
        self.port_endpoint: Endpoint | None = None  #: the port, with its token

    def __enter__(self) -> "LinkServer":
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self

    def serve(self, run: LocalRun) -> None:
        """From now on, ``run`` is the one that is watched and steered."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._follow(run), self._loop).result()

    def __exit__(self, *reason: object) -> None:
        assert self._loop is not None and self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._error is not None and reason[1] is None:
            raise self._error

    @property
    def watchers(self) -> int:
        """How many watch over a WebSocket."""
        return len(self._watchers)

    # --- the thread ---

    def _serve(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
            self._error = error
        finally:
            self._started.set()

    async def _live(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._feed_there = asyncio.Event()
        door = Door(self._folder)
        token = self._folder / FOLDER / TOKEN
        runner: web.AppRunner | None = None
        try:
            runner = web.AppRunner(
                self._application(), access_log=None, shutdown_timeout=0.1, handler_cancellation=True
            )
            await runner.setup()
            await web.SockSite(runner, door.socket).start()
            self.endpoint = Endpoint(socket=str(door.path))
            if self._listen is not None:
                await self._open_port(runner, self._listen, token)
            self._started.set()
            await self._stop.wait()
            await self._say_goodbye()
        finally:
            if self._feeding is not None:
                self._feeding.cancel()
            if self._port is not None:
                self._port.close()
            if runner is not None:
                await runner.cleanup()
            door.close()
            if self._token:
                token.unlink(missing_ok=True)

    async def _open_port(self, runner: web.AppRunner, listen: Listen, token: Path) -> None:
        context = _tls(listen)
        assert runner.server is not None
        self._crowd = Crowd(runner.server)
        try:
            self._port = await asyncio.get_running_loop().create_server(
                self._crowd,
                listen.host,
                listen.port,
                ssl=context,
                ssl_handshake_timeout=crowd.PATIENCE if context else None,
            )
        except OSError as error:
            where = f"{listen.host}:{listen.port}"
            raise LinkError(f"the link cannot listen on {where}: {error.strerror or error}; choose another") from error
        self._token = new_token()
        private_file(token, self._token.encode() + b"\n")
        port = self._port.sockets[0].getsockname()[1]  # the one it was given, where any was asked for
        host = f"[{listen.host}]" if ":" in listen.host else listen.host
        self.port_endpoint = Endpoint(url=f"{'https' if context else 'http'}://{host}:{port}", token=self._token)

    async def _follow(self, run: LocalRun) -> None:
        assert self._feed_there is not None
        self._run, self.feed = run, Feed(run)
        self._feeding = asyncio.create_task(self.feed.run(), name="feed")
        await self.feed.ready.wait()
        self._feed_there.set()

    async def _say_goodbye(self) -> None:
        """The run is over: what was last said reaches whoever listens."""
        try:
            async with asyncio.timeout(LAST_WORD):
                if self._feeding is not None:
                    await self._feeding
                await asyncio.gather(*(watcher.gone.wait() for watcher in self._watchers))
        except TimeoutError:
            pass  # whoever takes nothing now is not waited for

    # --- requests ---

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._let_in], client_max_size=protocol.MOST_ASKED)
        application.add_routes(
            [
                web.get("/v1/link", self._link),
                web.get("/v1/poll", self._poll),
                web.post("/v1/command", self._command),
                web.get("/v1/snapshot", self._snapshot),
                web.get("/v1/picture", self._picture),
                web.get("/v1/history", self._history),
            ]
        )
        return application

    @web.middleware
    async def _let_in(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if "Origin" in request.headers:  # a page in a browser; no watcher of ours is one
            return self._no(403, "a request from a web page")
        if self._crowd is not None:
            self._crowd.heard(request.protocol)
        name = None if request.transport is None else request.transport.get_extra_info("sockname")
        if not isinstance(name, str) and not knows_token(request.headers.get("Authorization", ""), self._token):
            return self._no(401, "a request without the right token")
        assert self._feed_there is not None
        try:
            await asyncio.wait_for(self._feed_there.wait(), 2 * self._beat)
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            return self._no(413, f"a request of more than {protocol.MOST_ASKED} bytes")
        except web.HTTPException as error:
            return self._no(error.status, f"a request ({error.reason})")
        except (TimeoutError, RunOver):
            return web.Response(status=503, text="The run is not there (yet, or any more).")

    def _no(self, status: int, why: str) -> web.Response:
        self._refusals.tell(why)
        return web.Response(status=status, text=f"The run refused {why}.")

    def _note(self, text: str) -> None:
        if self._run is not None:
            self._run.note("warning", text)

    @property
    def _there(self) -> tuple[LocalRun, Feed]:
        assert self._run is not None and self.feed is not None
        return self._run, self.feed

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(status=426, headers={"Upgrade": "websocket"}, text="This is for WebSockets.")
        watcher = Watcher(self._there[1], self._session, self._beat, self._obey, self._refusals.tell)
        self._watchers.add(watcher)
        try:
            return await watcher.attend(request)
        finally:
            watcher.gone.set()
            self._watchers.discard(watcher)

    async def _poll(self, request: web.Request) -> web.Response:
        """The messages that follow, each with its length (4 bytes, big-endian) before it."""
        _, feed = self._there
        if _number(request, "version") != protocol.VERSION:
            return self._no(400, f"another version of the link than {protocol.VERSION}")
        after = _number(request, "after")
        session = request.query.get("session", "")
        found = [protocol.encode(protocol.Welcome(protocol.VERSION, self._session, feed.last, self._beat))]
        if after is None or session != self._session or not feed.follows(after):
            after, packed = await feed.snapshot()
            found.append(protocol.encode_snapshot(protocol.Snapshot(after, 0, 1, packed)))
        elif request.query.get("wait") != "no":
            await feed.wait(after, self._beat)
        if feed.last > after:
            message, after = feed.records(after)
            found.append(message)
        if feed.ended and feed.last == after:
            found.append(protocol.encode(protocol.End()))
        body = b"".join(len(message).to_bytes(4, "big") + message for message in found)
        return web.Response(body=body)

    async def _command(self, request: web.Request) -> web.Response:
        try:
            message = protocol.from_watcher(await request.read())
        except Malformed as error:
            return self._no(400, f"a malformed message ({error})")
        if not isinstance(message, Ask):
            return self._no(400, "a message that asks for nothing")
        return web.Response(body=protocol.encode(protocol.Answer(message.id, await self._obey(message))))

    async def _obey(self, ask: Ask) -> Reply:
        """Once for each id, however often it is asked."""
        found = self._answers.get(ask.id)
        if found is None:
            found = self._answers[ask.id] = asyncio.ensure_future(self._pass_on(ask))
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return await asyncio.shield(found)

    async def _pass_on(self, ask: Ask) -> Reply:
        why = refusal(ask.command)
        if why is not None:
            self._refusals.tell(why)
            return Reply(False, f"The run refused {why}.")
        run, _ = self._there
        try:
            return await run.send(ask.command, by="link")
        except RunOver:
            return Reply(False, "The run has ended.")

    async def _snapshot(self, request: web.Request) -> web.Response:
        """The state, zlib over MessagePack; the number of its last record in a header."""
        seq, packed = await self._there[1].snapshot()
        return web.Response(body=packed, headers={"X-Seq": str(seq), "X-Session": self._session})

    async def _picture(self, request: web.Request) -> web.Response:
        run, _ = self._there
        data = await run.picture(request.query.get("panel", ""), _number(request, "take"))
        if data is None:
            return web.Response(status=404, text="There is no such picture.")
        return web.Response(body=data, headers={"X-Content-Type-Options": "nosniff"})

    async def _history(self, request: web.Request) -> web.Response:
        """A message with the next journaled records after ``after``, ``limit`` of them at most; none at the end."""
        after, limit = _number(request, "after") or 0, _number(request, "limit") or MOST_HISTORY
        most = max(1, min(MOST_HISTORY, limit))
        found = await asyncio.to_thread(shelf.page, self._folder, after, most)
        return web.Response(body=protocol.encode_records(found))


def _number(request: web.Request, name: str) -> int | None:
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return msgspec.convert(text, int, strict=False)
    except msgspec.ValidationError:
        raise web.HTTPBadRequest(reason=f"{name} is no number") from None


def _tls(listen: Listen) -> ssl.SSLContext | None:
    if listen.cert is None or listen.key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(listen.cert, listen.key)
    except OSError as error:
        raise LinkError(f"the certificate {listen.cert} and its key cannot be used: {error}") from error
    return context
