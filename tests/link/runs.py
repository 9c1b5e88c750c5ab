"""Real runs for the link's tests: the real engine and store, on a site that draws at a steady pace."""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
import msgspec

from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.link.endpoint import Listen
from core.link.local import LocalRun
from core.link.server import LinkServer
from core.pool.measure import Surroundings
from core.pool.memory import MemoryJudge
from core.pool.pool import PoolSettings
from core.processors.base import Drawing, Job, Progress, Pulse, Usage, Worker
from core.project import Config, PanelSpec, Project
from core.scripts.model import Script, ScriptChapter
from core.state import RunState
from core.store.store import Store
from tests.simulation.site import tiny_picture


class SteadySite:
    """Opens workers that take ``latency`` seconds a picture, give or take a fifth."""

    endpoint = "steady"

    def __init__(self, latency: float) -> None:
        self._latency, self._rng, self.drawn = latency, random.Random(1), 0

    async def __aenter__(self) -> "SteadySite":
        return self

    async def __aexit__(self, *reason: object) -> None:
        pass

    async def open_worker(self) -> Worker:
        return self

    async def usage(self, workers: Sequence[Worker]) -> Usage:
        return Usage(300_000_000)

    async def draw(self, job: Job, progress: Progress) -> Drawing:
        await progress.sent(f"/c/{job.attempt}")
        await anyio.sleep(self._latency * self._rng.uniform(0.8, 1.2))
        self.drawn += 1
        return Drawing((tiny_picture(job.attempt),), f"/c/{job.attempt}", self._latency)

    async def harvest(self, job: Job) -> Drawing:
        return Drawing((tiny_picture(job.attempt),), job.conversation, self._latency)

    async def pulse(self) -> Pulse:
        return Pulse(0.01)

    async def close(self) -> None:
        pass


async def _measure() -> Surroundings:
    return Surroundings(own=2**26, available=8 * 2**30)


def project(folder: Path, panels: int) -> Project:
    """A project of so many panels, with prompts as long as real ones."""
    specs = tuple(
        PanelSpec(
            f"ch{1 + n // 100:02d}-p{n % 100 + 1:03d}", 1 + n // 100, 1 + n % 100 // 5, n % 100 + 1,
            f"ch{1 + n // 100:02d}", f"Picture {n}: {'the rain falls on the roofs of the old town. ' * 4}", "",
            f"Ink and watercolour. {'Holmes leans over the desk; the lamp throws long shadows. ' * 8} ({n})",
            f"hash{n}",
        )
        for n in range(panels)
    )  # fmt: skip
    chapters = tuple(ScriptChapter(1 + n, f"Chapter {1 + n}") for n in range((panels + 99) // 100))
    return Project(folder, Config(title="The Speckled Band", script="script.md"), Script(chapters, ()), specs)


@dataclass
class Served:
    """A run and its link. ``state`` is the engine's own: read it after the end, or accept that it moves."""

    engine: Engine
    run: LocalRun
    link: LinkServer
    site: SteadySite

    @property
    def state(self) -> RunState:
        return self.engine.state

    def end(self) -> RunState:
        """Stop and return the engine's last state."""
        self.run.stop()
        self.run.wait()
        return self.engine.state


@contextmanager
def served(
    folder: Path,
    *,
    panels: int = 100,
    latency: float = 0.05,
    tabs: int = 4,
    beat: float = 15.0,
    listen: Listen | None = None,
    link: bool = True,
) -> Iterator[Served]:
    """A run that lingers until it is stopped, with watchers let in."""
    site = SteadySite(latency)
    settings = EngineSettings("steady", "steady", PoolSettings(tabs=tabs), linger=True, eta_interval=0.5)
    with ExitStack() as stack:
        store = Store.open(folder)
        engine = Engine(project(folder, panels), store, site, settings, judge=MemoryJudge(16 * 2**30), measure=_measure)
        server = LinkServer(folder, listen, beat=beat)
        if link:
            stack.enter_context(server)
        run = stack.enter_context(LocalRun(engine))
        if link:
            server.serve(run)
        yield Served(engine, run, server, site)


def same(one: RunState, other: RunState) -> bool:
    """Whether two states are the same in everything."""
    return msgspec.to_builtins(one) == msgspec.to_builtins(other)
