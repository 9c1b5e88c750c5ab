"""A simulated site and the tabs that drive it: real outcomes in simulated time. For simulated nights only."""

import random
import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import anyio

from core.outcomes import AttemptError, Cause, Fault, Outcome, RunBlocked, TabLost
from core.processors.base import Drawing, Job, Progress, Pulse, Usage, Worker


def tiny_picture(seed: str) -> bytes:
    """A whole 4x4 PNG whose pixels depend on ``seed``."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = random.Random(seed).randbytes(4 * 12)
    rows = b"".join(b"\0" + pixels[12 * y : 12 * y + 12] for y in range(4))
    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@dataclass
class Window:
    """At most ``count`` sends in any ``seconds``. ``told``: the refusal names its reset."""

    count: int
    seconds: float
    told: bool = True
    outcome: Outcome = Outcome.QUOTA


@dataclass
class Chances:
    """The probability of each mishap per picture."""

    crash: float = 0.0
    hang: float = 0.0
    stuck: float = 0.0
    closed: float = 0.0
    browser: float = 0.0
    driver: float = 0.0
    endpoint: float = 0.0
    covered: float = 0.0
    bloat: float = 0.0
    sign_out: float = 0.0
    network: float = 0.0
    throttle: float = 0.0
    retryable: float = 0.0
    soft_refused: float = 0.0
    chat_full: float = 0.0

    @staticmethod
    def some(rng: random.Random) -> "Chances":
        """Each kind in about half of all nights."""
        most = {"crash": 0.02, "retryable": 0.03, "browser": 0.004, "driver": 0.002, "endpoint": 0.002}
        most |= {"bloat": 0.003, "sign_out": 0.002, "network": 0.001, "throttle": 0.0005}
        names = [field.name for field in fields(Chances)]
        return Chances(**{name: rng.choice((0.0, most.get(name, 0.01) * rng.random())) for name in names})


@dataclass
class Conversation:
    panel: str
    ready: float
    picture: bytes


@dataclass
class SimulatedSite:
    """The world outside: it survives our crashes. Times are simulated seconds since the epoch of the night."""

    rng: random.Random
    latency: float = 20.0
    sigma: float = 0.4
    chances: Chances = field(default_factory=Chances)
    windows: list[Window] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()
    at_once: int | None = None  #: it draws so many at a time; what it accepts beyond waits its turn
    asked: dict[str, int] = field(default_factory=dict)  #: accepted prompts by panel
    refusals: int = 0  #: sends turned down by a window
    sends: list[float] = field(default_factory=list)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    signed_in: bool = True
    faults: Counter[str] = field(default_factory=Counter)  #: mishaps by kind
    births: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    ends: list[float] = field(default_factory=list)  #: of what it draws, where ``at_once`` counts

    def send(self, panel: str) -> str:
        """Accept a prompt or turn it down; returns the conversation."""
        now = anyio.current_time()
        for window in self.windows:
            recent = [t for t in self.sends[-window.count :] if t > now - window.seconds]
            if len(recent) >= window.count:
                self.refusals += 1
                self.faults[window.outcome.value] += 1
                wait = recent[0] + window.seconds - now
                raise AttemptError(
                    window.outcome, "the site's limit is reached", retry_after=wait if window.told else None
                )
        self.sends.append(now)
        self.asked[panel] = self.asked.get(panel, 0) + 1
        url = f"/c/{len(self.sends)}"
        seconds = self.rng.lognormvariate(0.0, self.sigma) * self.latency
        ready = self._turn(now) + seconds
        if self.at_once is not None:
            self.ends.append(ready)
        self.conversations[url] = Conversation(panel, ready, tiny_picture(f"{panel}/{url}"))
        return url

    def _turn(self, now: float) -> float:
        """When a prompt accepted now begins to be drawn."""
        if self.at_once is None:
            return now
        self.ends = sorted(end for end in self.ends if end > now)
        return now if len(self.ends) < self.at_once else self.ends[-self.at_once]

    def happens(self, kind: str) -> bool:
        """Whether a mishap of that kind (a field of ``Chances``) strikes now."""
        chance: float = getattr(self.chances, kind)
        hit = chance > 0 and self.rng.random() < chance
        self.faults[kind] += hit
        return hit


class SimulatedWorker:
    """A tab in simulated time (``processors.base.Worker``)."""

    endpoint = "simulated"

    def __init__(self, processor: "SimulatedProcessor") -> None:
        self._processor, self._site = processor, processor.site
        self._hung = False
        self._dead = anyio.Event()
        self._fault = Fault.CRASHED
        self.closed = False
        self.bytes = 80_000_000

    def die(self, fault: Fault) -> None:
        self._fault = fault
        self._dead.set()

    def _check(self) -> None:
        if self._dead.is_set():
            raise TabLost(self._fault, f"the tab is gone ({self._fault})")

    async def _wait(self, seconds: float) -> None:
        """Wait, unless the tab dies meanwhile."""
        with anyio.move_on_after(seconds):
            await self._dead.wait()
        self._check()

    async def draw(self, job: Job, progress: Progress) -> Drawing:
        self._check()
        site = self._site
        if not site.signed_in:
            raise RunBlocked(Cause.LOGIN, "signed out", retry_after=120.0)
        if site.happens("network"):
            raise RunBlocked(Cause.NETWORK, "the site cannot be reached", retry_after=60.0)
        if job.panel in site.refuses:
            raise AttemptError(Outcome.REFUSED, "the site will not draw this", said="against our policy")
        if site.happens("covered"):
            raise TabLost(Fault.COVERED, "a dialog covers the page")
        await self._wait(0.3)
        if site.happens("throttle"):
            raise AttemptError(Outcome.THROTTLE, "too many requests", said="Too many requests")
        url = site.send(job.panel)
        site.in_flight += 1
        site.most_in_flight = max(site.most_in_flight, site.in_flight)
        try:
            await progress.sent(url)
            await self._mishaps(url)
            return await self._picture(url)
        finally:
            site.in_flight -= 1

    async def _mishaps(self, url: str) -> None:
        site = self._site
        if site.happens("bloat"):
            self.bytes += site.rng.randrange(4, 15) * 10**9  # until the page is replaced
        if site.happens("sign_out"):
            site.signed_in = False
        for outcome in (Outcome.RETRYABLE, Outcome.SOFT_REFUSED, Outcome.CHAT_FULL):
            if site.happens(outcome.name.lower()):
                site.conversations.pop(url)
                raise AttemptError(outcome, f"no picture: {outcome}")
        if site.happens("stuck"):
            site.conversations.pop(url)
            await self._wait(1e9)
        if site.happens("hang"):
            self._hung = True
            await self._wait(1e9)
        for kind, fault in (("crash", Fault.CRASHED), ("closed", Fault.CLOSED)):
            if site.happens(kind):
                await self._wait(site.rng.uniform(0.0, site.latency))
                self.die(fault)
        for fault in (Fault.BROWSER, Fault.DRIVER, Fault.ENDPOINT):
            if site.happens(fault.value):
                await self._wait(site.rng.uniform(0.0, site.latency))
                self._processor.everybody_dies(fault)

    async def _picture(self, url: str) -> Drawing:
        conversation = self._site.conversations[url]
        started = anyio.current_time()
        await self._wait(max(0.0, conversation.ready - started))
        return Drawing((conversation.picture,), url, anyio.current_time() - started)

    async def harvest(self, job: Job) -> Drawing:
        self._check()
        await self._wait(0.5)
        if job.conversation not in self._site.conversations:
            raise AttemptError(Outcome.LOST, "the conversation shows no picture")
        return await self._picture(job.conversation)

    async def pulse(self) -> Pulse:
        self._check()
        if self._hung:
            await self._dead.wait()
        if self._site.rng.random() < 0.1:  # now and then a page takes its time, and things happen meanwhile
            await anyio.sleep(self._site.rng.uniform(0.01, 2.0))
            self._check()
        return Pulse(0.01)

    async def close(self) -> None:
        self.closed = True
        self._processor.workers.pop(self, None)


class SimulatedProcessor:
    """Opens simulated tabs (``processors.base.Processor``)."""

    def __init__(self, site: SimulatedSite) -> None:
        self.site = site
        self.workers: dict[SimulatedWorker, None] = {}  # in order of birth

    async def __aenter__(self) -> "SimulatedProcessor":
        return self

    async def __aexit__(self, *reason: object) -> None:
        assert not self.workers, "ghost workers were left behind"

    def everybody_dies(self, fault: Fault) -> None:
        for worker in list(self.workers):
            worker.die(fault)

    async def open_worker(self) -> Worker:
        await anyio.sleep(1.0)
        self.site.births += 1
        worker = SimulatedWorker(self)
        self.workers[worker] = None
        return worker

    async def usage(self, workers: Sequence[Worker]) -> Usage:
        bytes_ = [worker.bytes for worker in workers if isinstance(worker, SimulatedWorker)]
        return Usage(300_000_000 + sum(bytes_), tuple(bytes_))
