"""The newest records, encoded once for all watchers, and a snapshot to begin from.

A watcher asks for what follows the record it knows. Whoever is a little behind gets it from memory; whoever is
far behind begins again from a snapshot, which costs the engine one encoding of its state, shared by everybody who
comes within the next ``STALE`` records.
"""

import asyncio
import zlib
from collections import deque

from core.events import Record
from core.link.local import LocalRun, Post
from core.link.protocol import PART, Snapshot, encode_record, encode_records, encode_snapshot

KEPT_RECORDS = 20_000
KEPT_BYTES = 16 * 2**20
"""What is kept in memory at most."""

STALE = 4_000
"""Records after which a snapshot is made anew; a watcher farther behind gets one."""

MOST_IN_ONE = 2**20
"""Bytes of records in one message, about."""

TICK, MOST_TICK = 0.2, 0.5
"""Seconds that records are gathered before they are sent, and at most where they come in floods: the engine is
disturbed less often, and nobody sees single ones then."""

FLOOD = 1000
"""Records that lengthen the gathering by a second."""


class Feed:
    """Belongs to the server's event loop."""

    def __init__(self, run: LocalRun) -> None:
        self._run = run
        self._kept: deque[bytes] = deque()
        self._bytes = 0
        self.first = 1  #: sequence number of the first record kept
        self.ended = False
        self._news = asyncio.Event()
        self._frames: dict[int, tuple[bytes, int]] = {}
        self._snapshot: tuple[int, bytes] | None = None
        self._parts: tuple[int, list[bytes]] = (-1, [])
        self._making = asyncio.Lock()
        self.ready = asyncio.Event()

    @property
    def last(self) -> int:
        """Sequence number of the newest record."""
        return self.first + len(self._kept) - 1

    async def run(self) -> None:
        """Take the engine's records in until the run is over."""
        async with self._run.listen() as (seq, post):
            self.first = seq + 1
            self.ready.set()
            await self._take_in(post)
        self.ended = True
        self._tell()

    async def _take_in(self, post: Post) -> None:
        async for batch in post.batches():
            for record in batch:
                self._keep(record)
            self._trim()
            self._tell()
            await asyncio.sleep(min(MOST_TICK, TICK + len(batch) / FLOOD))

    def _keep(self, record: Record) -> None:
        data = encode_record(record)
        self._kept.append(data)
        self._bytes += len(data)

    def _trim(self) -> None:
        while len(self._kept) > KEPT_RECORDS or (self._bytes > KEPT_BYTES and len(self._kept) > 1):
            self._bytes -= len(self._kept.popleft())
            self.first += 1

    def _tell(self) -> None:
        self._frames.clear()
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def wait(self, after: int, at_most: float) -> bool:
        """Until there is something after record ``after`` or the run is over; False where that took too long."""
        try:
            async with asyncio.timeout(at_most):
                while self.last <= after and not self.ended:
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    def follows(self, after: int) -> bool:
        """Whether the records after ``after`` are here, and few enough to be sent."""
        return self.first <= after + 1 <= self.last + 1 and self.last - after <= STALE

    def records(self, after: int) -> tuple[bytes, int]:
        """A message with the records after ``after`` (``follows`` them), and the number of its last one."""
        found = self._frames.get(after)
        if found is None:
            start, size, end = after + 1 - self.first, 0, after + 1 - self.first
            while end < len(self._kept) and size < MOST_IN_ONE:
                size += len(self._kept[end])
                end += 1
            chosen = [self._kept[index] for index in range(start, end)]
            found = self._frames[after] = (encode_records(chosen), after + end - start)
        return found

    async def snapshot(self) -> tuple[int, bytes]:
        """A state not far behind (zlib over MessagePack) and the number of its last record, which is kept here."""
        async with self._making:
            if self._snapshot is None or not self.follows(self._snapshot[0]):
                seq, state = await self._run.snapshot()
                packed = await asyncio.to_thread(zlib.compress, state, 1)
                self._snapshot = (seq, packed)
            seq, packed = self._snapshot
        await self._caught_up(seq)
        return seq, packed

    async def snapshot_messages(self) -> tuple[int, list[bytes]]:
        """A snapshot as messages, in parts small enough for a heartbeat in between; made once for all."""
        seq, packed = await self.snapshot()
        if self._parts[0] != seq:
            parts = [packed[start : start + PART] for start in range(0, len(packed), PART)]
            told = [encode_snapshot(Snapshot(seq, number, len(parts), part)) for number, part in enumerate(parts)]
            self._parts = seq, told
        return self._parts

    async def _caught_up(self, seq: int) -> None:
        """The snapshot may be ahead of what has come in."""
        while self.last < seq and not self.ended:
            await self._news.wait()
