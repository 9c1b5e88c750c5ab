"""The fan-out of records to everybody who watches, without ever waiting for them."""

from collections import deque
from collections.abc import Callable

import anyio

from core.events import Event, Record


class Mailbox:
    """One watcher's records since it last looked. A slow watcher gets larger batches, not a slower engine.

    ``wake`` is called (on the engine's thread) after every delivery; ``drain`` may be called on any thread.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.closed = False
        self._wake = wake
        self._records: deque[Record] = deque()

    def put(self, record: Record) -> None:
        """Deliver a record; whoever waits is woken."""
        self._records.append(record)
        self._wake()

    def close(self) -> None:
        self.closed = True
        self._wake()

    def drain(self) -> list[Record]:
        """Everything delivered since the last call, in order."""
        found: list[Record] = []
        while self._records:
            found.append(self._records.popleft())
        return found


class Letterbox(Mailbox):
    """A mailbox of one of the engine's own tasks, which waits for mail beside its work.

    It takes events of these ``kinds`` only: a task woken for every one would cost more than what it waits for.
    """

    def __init__(self, *kinds: type[Event]) -> None:
        self._news, self._kinds = anyio.Event(), kinds
        super().__init__(lambda: self._news.set())

    def put(self, record: Record) -> None:
        """Deliver a record if it is of a kind that is waited for."""
        if isinstance(record.event, self._kinds):
            super().put(record)

    async def mail(self) -> None:
        """Until something was delivered since the last time."""
        await self._news.wait()
        self._news = anyio.Event()


class Bus:
    """Everybody who listens."""

    def __init__(self) -> None:
        self._mailboxes: set[Mailbox] = set()
        self._closed = False

    def publish(self, record: Record) -> None:
        """Into every mailbox, at once and without waiting."""
        for mailbox in self._mailboxes:
            mailbox.put(record)

    def add(self, mailbox: Mailbox) -> None:
        self._mailboxes.add(mailbox)
        if self._closed:
            mailbox.close()

    def remove(self, mailbox: Mailbox) -> None:
        self._mailboxes.discard(mailbox)

    def close(self) -> None:
        self._closed = True
        for mailbox in self._mailboxes:
            mailbox.close()
