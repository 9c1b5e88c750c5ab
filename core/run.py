"""Opens a project for a run: everything that can go wrong before the first panel goes wrong here, with a
sentence, and before anything on disk is touched."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from core.easel import EaselOptions, EaselThread
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.link.local import LocalRun
from core.pool.keeper import MeasureMemory
from core.pool.memory import MemoryJudge, MemorySample, parse_budget
from core.pool.pool import PoolSettings
from core.pool.tab import Tab
from core.processors.base import Processor
from core.project import Project, load


class RunOptions(msgspec.Struct, frozen=True):
    """What the command line may override; None leaves it to novel.toml."""

    tabs: int | None = None
    headless_browser: bool | None = None
    retry_failed: bool = False
    linger: bool = False
    easel_latency: float | None = None


@contextmanager
def open_run(folder: Path, options: RunOptions) -> Iterator[LocalRun]:
    """Yield the run of the project in ``folder``; leaving the context ends it in order.

    Raises:
        ProjectError: novel.toml or the script is not usable.
        SiteProfileError: the site is not known, or its profile is not usable.
        BrowserMissing: there is no browser to open tabs in.
        EaselError: the practice site cannot be served.
        ProjectBusy: another process runs the project.
        StoreError: what is on disk cannot be used.
    """
    raise NotImplementedError
