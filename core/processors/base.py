"""What a processor is: the way from a panel to its picture.

A ``Processor`` owns the outside world it needs (a browser, an API session) and opens ``Worker``s in it; a
worker draws one panel at a time. The pool knows these two protocols and nothing else; browser tabs, the HTTP
images API and the simulated driver of the tests all stand behind them. Other packages add theirs by the
entry point ``novelgen.processors``.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

import msgspec

from core.outcomes import Budget


class Job(msgspec.Struct, frozen=True):
    """One panel to draw. ``conversation`` names an old conversation to go on in; "" begins a new one."""

    panel: str
    attempt: str
    prompt: str
    conversation: str = ""
    references: tuple[Path, ...] = ()
    aspect: str = ""  #: such as ``16:9``; "" where the script does not say
    seed: int | None = None


class Drawing(msgspec.Struct, frozen=True):
    """What came back: each picture's bytes as the site gave them (several where it offers a choice)."""

    pictures: tuple[bytes, ...]
    conversation: str = ""
    seconds: float = 0.0  #: from the send to the bytes in hand
    budgets: tuple[Budget, ...] = ()  #: what the site said is left, where it says so (``core.sites.budgets``)
    told: dict[str, str] = {}  #: what is known of how they were made: ``model``, ``seed``, ``revised_prompt``, …


class Pulse(msgspec.Struct, frozen=True):
    """A worker's answer to a heartbeat. ``latency``: seconds it took; ``memory``: bytes, 0 where unknown."""

    latency: float
    memory: int = 0


class Progress(Protocol):
    """What a worker tells while it draws."""

    async def sent(self, conversation: str) -> None:
        """The site took the prompt; its picture will be found at ``conversation``. Returns once durable."""
        ...


class Worker(Protocol):
    """One tab (or its like). Used by one task at a time, except for ``pulse``, which may come in between.

    Raises:
        AttemptError: this attempt ended without a picture; the worker is still good.
        TabLost: the worker is gone; close it and open another.
        RunBlocked: nothing can go on until something outside changes.
    """

    endpoint: str  #: which browser it lives in, for the screen

    async def draw(self, job: Job, progress: Progress) -> Drawing:
        """Send the prompt and wait for the picture."""
        ...

    async def harvest(self, job: Job) -> Drawing:
        """Fetch the picture of an attempt sent earlier from ``job.conversation``, without sending anything.

        Raises AttemptError with outcome ``lost`` where the conversation shows that no picture will come.
        """
        ...

    async def pulse(self) -> Pulse:
        """Touch the page. A hung page never answers: the caller sets the time limit."""
        ...

    async def close(self) -> None:
        """Let go of it; never raises, never hangs for more than a few seconds."""
        ...


class Finding(msgspec.Struct, frozen=True):
    """One line of a check. ``suggestion``: what would fit instead. ``screenshot``: how it looked where it was not.

    ``doubtful`` is worth a look and stops nothing; ``later`` cannot be seen yet.
    """

    part: str
    verdict: Literal["good", "doubtful", "bad", "later"]
    what: str
    suggestion: str = ""
    screenshot: Path | None = None


class Usage(msgspec.Struct, frozen=True):
    """Memory of the outside world in bytes. ``workers``: per worker, in the order asked, 0 where unknown."""

    browser: int
    workers: tuple[int, ...] = ()


class Processor(Protocol):
    """Opens workers. An async context manager: whatever it started is gone when it is left."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None: ...

    async def open_worker(self) -> Worker:
        """A new, ready worker; opens (again) the browser where needed. Raises RunBlocked, TabLost or NoRoom."""
        ...

    async def usage(self, workers: Sequence[Worker]) -> Usage:
        """Measure memory: all that the processor started, and each worker's share where it can be told."""
        ...
