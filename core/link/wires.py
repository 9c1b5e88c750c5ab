"""The two ways a watcher reaches a run: a WebSocket, or asking over HTTP again and again."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar, Protocol

import aiohttp

from core.link.endpoint import Endpoint, LinkError
from core.link.port import Way
from core.link.protocol import (
    MOST_POLLED,
    MOST_TOLD,
    VERSION,
    Answer,
    Ask,
    Beat,
    FromRun,
    Hello,
    Malformed,
    Refused,
    Welcome,
    from_run,
    split,
    to_run,
)

PATIENCE = 10.0
"""Seconds a connection may take to come about."""


class LinkLost(Exception):
    """The connection is gone; another try may help. ``str()`` is what befell it."""


class NoWebSocket(Exception):
    """The other end, or a proxy before it, does not let a WebSocket through."""


LOST = (LinkLost, Malformed, OSError, aiohttp.ClientError, TimeoutError)
"""What ends a connection without ending the watch."""


class Wire(Protocol):
    """One connection."""

    way: ClassVar[Way]
    welcome: Welcome

    def messages(self) -> AsyncIterator[FromRun]:
        """Everything the run says; ends only by an exception of LOST or LinkError."""
        ...

    async def ask(self, ask: Ask) -> None:
        """Send a command; its answer is among the messages."""
        ...

    async def close(self) -> None: ...


class Place:
    """What the run already told us, to go on from."""

    def __init__(self) -> None:
        self.session = ""
        self.after: int | None = None


@asynccontextmanager
async def http_session(endpoint: Endpoint) -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client that reaches ``endpoint`` and nothing else. Raises LinkError for a certificate it cannot read."""
    connector: aiohttp.BaseConnector
    if endpoint.socket:
        connector = aiohttp.UnixConnector(endpoint.socket)
    else:
        connector = aiohttp.TCPConnector(ssl=_trust(endpoint))
    headers = {"Authorization": f"Bearer {endpoint.token}"} if endpoint.token else {}
    timeout = aiohttp.ClientTimeout(total=None, connect=PATIENCE)
    async with aiohttp.ClientSession(endpoint.base, connector=connector, headers=headers, timeout=timeout) as http:
        yield http


def _trust(endpoint: Endpoint) -> ssl.SSLContext | bool:
    if not endpoint.ca:
        return True
    try:
        return ssl.create_default_context(cafile=endpoint.ca)
    except OSError as error:
        raise LinkError(f"the certificate {endpoint.ca} cannot be read: {error}") from error


async def connect(http: aiohttp.ClientSession, place: Place) -> Wire:
    """A WebSocket where one can be had, else polling. Raises LinkError for a run that does not want us, else LOST."""
    try:
        return await WebSocketWire.open(http, place)
    except NoWebSocket:
        return await PollingWire.open(http, place)
    except aiohttp.ClientConnectorCertificateError as error:
        words = f"the run's certificate is not trusted here ({error.certificate_error}); name it with --ca"
        raise LinkError(words) from error


class WebSocketWire:
    """A link over a WebSocket; it beats by itself."""

    way: ClassVar[Way] = "websocket"

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, welcome: Welcome) -> None:
        self._socket, self.welcome = socket, welcome
        self._beating = asyncio.create_task(self._beat(), name="link beat")

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, place: Place) -> "WebSocketWire":
        try:
            async with asyncio.timeout(PATIENCE):
                socket = await http.ws_connect("/v1/link", max_msg_size=MOST_TOLD, autoping=True)
        except aiohttp.WSServerHandshakeError as error:
            _wanted(error.status, "")
            raise NoWebSocket from error
        try:
            async with asyncio.timeout(PATIENCE):
                await socket.send_bytes(to_run(Hello(VERSION, place.after, place.session)))
                welcome = await _next(socket, PATIENCE)
            if not isinstance(welcome, Welcome):
                raise LinkLost("the run did not greet us")
        except BaseException:
            await socket.close()
            raise
        return cls(socket, welcome)

    async def messages(self) -> AsyncIterator[FromRun]:
        while True:
            yield await _next(self._socket, 2 * self.welcome.beat + 0.5)

    async def ask(self, ask: Ask) -> None:
        await self._socket.send_bytes(to_run(ask))

    async def close(self) -> None:
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        async with asyncio.timeout(1.0):
            await self._socket.close()

    async def _beat(self) -> None:
        try:
            while True:
                await asyncio.sleep(self.welcome.beat)
                await self._socket.send_bytes(to_run(Beat()))
        except LOST:
            return  # whoever reads hears of it


async def _next(socket: aiohttp.ClientWebSocketResponse, patience: float) -> FromRun:
    try:
        received = await socket.receive(timeout=patience)
    except TimeoutError:
        raise LinkLost(f"nothing was heard for {patience:.0f} s") from None
    if received.type is aiohttp.WSMsgType.BINARY:
        message = from_run(received.data)
        if isinstance(message, Refused):
            raise LinkError(message.why)
        return message
    if received.type is aiohttp.WSMsgType.ERROR:
        raise LinkLost(f"the connection broke ({socket.exception()})")
    raise LinkLost("the connection was closed")


class PollingWire:
    """Every request waits at the run until there is something to tell, a beat long at most."""

    way: ClassVar[Way] = "polling"

    def __init__(self, http: aiohttp.ClientSession, place: Place, first: list[FromRun]) -> None:
        self._http, self._place = http, place
        self._ready = first
        self._news = asyncio.Event()
        self._asking: asyncio.Task[list[FromRun]] | None = None
        self._answers: list[Answer] = []
        self.welcome = _welcome_of(first)

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, place: Place) -> "PollingWire":
        # Welcome comes at once where nothing is known yet, and with the first news otherwise.
        async with asyncio.timeout(PATIENCE):
            return cls(http, place, await _poll(http, place, at_once=True))

    async def messages(self) -> AsyncIterator[FromRun]:
        while True:
            for message in self._ready:
                yield message  # the reader moves the place on before it comes back
            while self._answers:
                yield self._answers.pop(0)
            self._ready = await self._more()

    async def _more(self) -> list[FromRun]:
        """What is new: from the run, or an answer to a command meanwhile."""
        if self._asking is None:
            self._asking = asyncio.create_task(_poll(self._http, self._place), name="link poll")
        self._news.clear()
        news = asyncio.create_task(self._news.wait())
        try:
            async with asyncio.timeout(2 * self.welcome.beat + 5.0):
                await asyncio.wait({self._asking, news}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise LinkLost("the run did not answer in time") from None
        finally:
            news.cancel()
        if not self._asking.done():
            return []
        asked, self._asking = self._asking, None
        return asked.result()

    async def ask(self, ask: Ask) -> None:
        async with self._http.post("/v1/command", data=to_run(ask)) as response:
            _wanted(response.status, await response.text() if response.status != 200 else "")
            if response.status != 200:
                raise LinkLost(f"the run answered {response.status}")
            message = from_run(await response.read())
        if isinstance(message, Answer):
            self._answers.append(message)
            self._news.set()

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)


async def _poll(http: aiohttp.ClientSession, place: Place, *, at_once: bool = False) -> list[FromRun]:
    wanted = {"version": str(VERSION), "session": place.session}
    if place.after is not None:
        wanted["after"] = str(place.after)
    if at_once:
        wanted["wait"] = "no"
    async with http.get("/v1/poll", params=wanted) as response:
        if response.status != 200:
            _wanted(response.status, await response.text())
            raise LinkLost(f"the run answered {response.status}")
        body = await _read(response)
    return split(body)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(2**16):
        body += chunk
        if len(body) > MOST_POLLED:
            raise Malformed(f"an answer of more than {MOST_POLLED} bytes")
    return bytes(body)


def _welcome_of(messages: list[FromRun]) -> Welcome:
    for message in messages:
        if isinstance(message, Refused):
            raise LinkError(message.why)
        if isinstance(message, Welcome):
            return message
    raise LinkLost("the run did not greet us")


def _wanted(status: int, said: str) -> None:
    """Raise LinkError where trying again is no use."""
    if status == 401:
        raise LinkError("the run does not know this token; it makes a new one at every start: fetch it again")
    if status in (400, 403, 413):
        raise LinkError(said or f"the run refused us ({status})")
