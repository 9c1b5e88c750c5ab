"""A run behind a socket: the same ``RunPort`` to a screen as a run in its own process."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

import aiohttp

from core.commands import AnyCommand, Reply
from core.events import Record
from core.fold import apply
from core.link.backoff import Backoff
from core.link.endpoint import Endpoint, LinkError
from core.link.port import LinkState, Watch, Way
from core.link.protocol import (
    Answer,
    Ask,
    Beat,
    End,
    Records,
    Snapshot,
    Welcome,
    from_run,
    state_of,
)
from core.link.wires import LOST, LinkLost, Place, Wire, connect, http_session
from core.state import RunState

FIRST_TRY = 5.0
"""Seconds in which the first connection must come about."""

ANSWER_WITHIN = 30.0
"""Seconds a command may take, a broken link included."""

WAITING = 64
"""Batches that may wait for the screen; then nothing more is read, and the run gathers what we miss."""

Item = Sequence[Record] | RunState


class RemoteRun:
    """Follows a run over the link and comes back whenever it breaks, with no record missing and none twice.

    Args:
        endpoint: where the run listens.
        gone: says, in a sentence, that the run's process is no more; None while it may come back.
        backoff: how long to wait between two tries.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        gone: Callable[[], str | None] = lambda: None,
        backoff: Backoff | None = None,
    ) -> None:
        self._endpoint, self._gone = endpoint, gone
        self._backoff = backoff or Backoff()
        self._link = LinkState(up=False, way="websocket", sentence="not connected yet")
        self._changed: Callable[[LinkState], None] = lambda state: None
        self._http: aiohttp.ClientSession | None = None
        self._wire: Wire | None = None
        self._place = Place()
        self._parts: list[bytes] = []
        self._goal = 0  #: the run's newest record when it last greeted us
        self._inbox: asyncio.Queue[Item | None] = asyncio.Queue(WAITING)
        self._failure: LinkError | None = None
        self._asked: dict[str, tuple[Ask, asyncio.Future[Reply]]] = {}
        self._name, self._numbers = secrets.token_hex(8), count(1)
        self.connections = 0  #: how often a connection came about

    # --- RunPort ---

    @property
    def link_state(self) -> LinkState:
        return self._link

    def on_link(self, changed: Callable[[LinkState], None]) -> None:
        self._changed = changed

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        """Connect and follow.

        Raises LinkError on entering where the run cannot be reached or does not want us, on leaving where it was
        lost for good.
        """
        async with self._followed():
            yield Watch(await self._first_state(), self._batches())

    @asynccontextmanager
    async def follow(self, session: str, after: int) -> AsyncIterator[AsyncIterator[Item]]:
        """Like ``watch``, for whoever has the state after record ``after`` of ``session`` already: the batches."""
        self._place.session, self._place.after = session, after
        async with self._followed():
            yield self._batches()

    @asynccontextmanager
    async def _followed(self) -> AsyncIterator[None]:
        async with http_session(self._endpoint) as self._http:
            follows = asyncio.create_task(self._follow(), name=f"link to {self._endpoint}")
            try:
                yield
            finally:
                follows.cancel()
                (ended,) = await asyncio.gather(follows, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended  # a mistake of ours
        if self._failure is not None:
            raise self._failure

    async def send(self, command: AnyCommand) -> Reply:
        if self._wire is None:
            return Reply(False, "The link to the run is down; try again when it is back.")
        ask = Ask(f"{self._name}-{next(self._numbers)}", command)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[ask.id] = (ask, answer)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._say(self._wire, ask)
                return await answer
        except TimeoutError:
            return Reply(False, "The link broke before the run answered; when it is back you see what became of it.")
        finally:
            del self._asked[ask.id]

    async def picture(self, panel: str, take: int | None = None) -> bytes | None:
        wanted = {"panel": panel} if take is None else {"panel": panel, "take": str(take)}
        return await self._get("/v1/picture", wanted)

    async def history(self, after: int = 0) -> AsyncIterator[Sequence[Record]]:
        while True:
            body = await self._get("/v1/history", {"after": str(after)})
            message = None if body is None else from_run(body)
            if not isinstance(message, Records) or not message.records:
                return
            yield message.records
            after = message.records[-1].seq

    async def _get(self, path: str, wanted: dict[str, str]) -> bytes | None:
        if self._http is None or self._http.closed:
            return None
        try:
            async with asyncio.timeout(ANSWER_WITHIN), self._http.get(path, params=wanted) as response:
                return await response.read() if response.status == 200 else None
        except LOST:
            return None

    # --- what is heard ---

    async def _first_state(self) -> RunState:
        """The state as the run stood when it greeted us."""
        item = await self._inbox.get()
        while not isinstance(item, RunState) or item.seq < self._goal:
            following = await self._inbox.get() if isinstance(item, RunState) else None
            if following is None:
                break
            if isinstance(following, RunState):
                item = following
                continue
            assert isinstance(item, RunState)
            for record in following:
                apply(item, record)
        if not isinstance(item, RunState):
            raise self._failure or LinkError("the run ended while it was being opened")
        if self._failure is not None and self.connections == 0:
            raise self._failure
        return item

    async def _batches(self) -> AsyncIterator[Item]:
        while (item := await self._inbox.get()) is not None:
            yield item

    async def _follow(self) -> None:
        """Follow to the end, and say so. Let go of before that, nobody reads any more, and the inbox may be full."""
        try:
            await self._connect_again_and_again()
        except LinkError as error:
            self._failure = error
            self._set(up=False, sentence=str(error))
        except Exception:
            await self._inbox.put(None)
            raise
        await self._inbox.put(None)

    async def _connect_again_and_again(self) -> None:
        """Until the run ends. Raises LinkError where it does not want us or is gone."""
        assert self._http is not None
        give_up = asyncio.get_running_loop().time() + FIRST_TRY
        while True:
            try:
                await self._one_connection(self._http)
                return
            except LOST as error:
                words = _in_words(error)
                first = self.connections == 0 and self._place.after is None
                hopeless = isinstance(error, aiohttp.ClientConnectorError) and bool(self._endpoint.socket)
                if first and (hopeless or asyncio.get_running_loop().time() > give_up):
                    raise LinkError(f"no run answers at {self._endpoint}: {words}") from error
                gone = self._gone()
                if gone is not None:
                    raise LinkError(gone) from error
                self._set(up=False, sentence=words)
            await asyncio.sleep(self._backoff.next())

    async def _one_connection(self, http: aiohttp.ClientSession) -> None:
        """Follow until the run ends. Raises LinkError or LOST."""
        wire = await connect(http, self._place)
        try:
            self.connections += 1
            self._greeted(wire)
            self._wire = wire
            async with asyncio.timeout(ANSWER_WITHIN):  # a line that stalls already is no line
                for ask, _ in list(self._asked.values()):
                    await wire.ask(ask)  # once more: whoever has done it already only answers again
            async for message in wire.messages():
                if isinstance(message, End):
                    return
                await self._hear(message)
        finally:
            self._wire = None
            with suppress(*LOST):
                await wire.close()

    def _greeted(self, wire: Wire) -> None:
        self._parts = []
        self._meet(wire.welcome)
        self._goal = wire.welcome.seq
        self._set(up=True, way=wire.way)

    def _meet(self, welcome: Welcome) -> None:
        if welcome.session != self._place.session:  # another process: begin again
            self._place.session, self._place.after = welcome.session, None

    async def _hear(self, message: object) -> None:
        if isinstance(message, Records):
            await self._records(message.records)
        elif isinstance(message, Snapshot):
            await self._part(message)
        elif isinstance(message, Answer):
            _, answer = self._asked.get(message.id, (None, None))
            if answer is not None and not answer.done():
                answer.set_result(message.reply)
        elif isinstance(message, Welcome):
            self._meet(message)
        elif isinstance(message, Beat):
            self._backoff.worked()

    async def _records(self, records: list[Record]) -> None:
        after = self._place.after
        if after is None:
            raise LinkLost("records came before a state")
        new = [record for record in records if record.seq > after]
        if not new:
            return
        if [record.seq for record in new] != list(range(after + 1, after + 1 + len(new))):
            self._place.after = None
            raise LinkLost("records are missing; beginning again from a snapshot")
        self._place.after = new[-1].seq
        self._backoff.worked()
        await self._inbox.put(new)

    async def _part(self, part: Snapshot) -> None:
        if part.part != len(self._parts):
            raise LinkLost("a part of the snapshot is missing")
        self._parts.append(part.data)
        if part.part + 1 < part.parts:
            return
        packed, self._parts = b"".join(self._parts), []
        state = await asyncio.to_thread(state_of, packed)
        self._place.after = state.seq
        self._backoff.worked()
        await self._inbox.put(state)

    # --- what is said ---

    async def _say(self, wire: Wire, ask: Ask) -> None:
        with suppress(*LOST):  # it is said again on the next connection
            await wire.ask(ask)

    def _set(self, *, up: bool, way: Way | None = None, sentence: str = "") -> None:
        state = LinkState(up, self._link.way if way is None else way, sentence)
        if state != self._link:
            self._link = state
            self._changed(state)


def _in_words(error: BaseException) -> str:
    """What befell the connection, for a person."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "nobody listens there"
    return str(error) or type(error).__name__
