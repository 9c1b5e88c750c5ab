"""A loopback proxy that does to a link what trains, tunnels and corporate networks do."""

import asyncio
import random
import re
from contextlib import suppress


class BadLine:
    """Forwards bytes to a port; an async context manager. ``url`` is where to connect to instead.

    Attributes:
        delay: seconds each piece waits, at most.
        no_upgrade: headers that ask for another protocol do not pass.
        stalled: nothing passes, nothing is closed.
        connections: how many came.
    """

    def __init__(self, port: int, seed: int = 1) -> None:
        self._port, self._rng = port, random.Random(seed)
        self._lines: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.delay = 0.0
        self.no_upgrade = False
        self.connections = 0
        self.bytes = 0

    async def __aenter__(self) -> "BadLine":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *reason: object) -> None:
        self._server.close()
        self._flows.set()
        self.cut()

    def cut(self) -> int:
        """Reset every connection, in mid-message as like as not; returns how many there were."""
        lines, self._lines = self._lines, set()
        for ends in lines:
            for end in ends:
                end.transport.abort()
        return len(lines)

    @property
    def stalled(self) -> bool:
        return not self._flows.is_set()

    @stalled.setter
    def stalled(self, stalled: bool) -> None:
        self._flows.clear() if stalled else self._flows.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        line = (writer, far_writer)
        self._lines.add(line)
        with suppress(OSError):
            await asyncio.gather(
                self._pass(reader, far_writer, self._asked), self._pass(far_reader, writer, lambda data: data)
            )
        self._lines.discard(line)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, change: object) -> None:
        with suppress(OSError):
            while data := await source.read(self._rng.choice((7, 512, 65536))):
                if self.delay:
                    await asyncio.sleep(self._rng.uniform(0.0, self.delay))
                await self._flows.wait()
                self.bytes += len(data)
                target.write(change(data))  # type: ignore[operator]
                await target.drain()
        target.close()

    def _asked(self, data: bytes) -> bytes:
        """What the watcher's end sends; a stripping proxy reads requests whole, ours are short."""
        if not self.no_upgrade:
            return data
        return re.sub(rb"(?im)^(upgrade|connection): [^\r\n]*\r\n", b"", data)
