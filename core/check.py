"""Is everything ready for a run? Looked at in the order a run would need it, before a night is lost to it."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path

import anyio
import humanize
import msgspec

from core.easel import EaselOptions, EaselThread
from core.outcomes import Outcome, RunBlocked, TabLost
from core.pool import measure
from core.pool.memory import parse_budget
from core.processors.base import Finding
from core.processors.browser.options import browser_options
from core.processors.browser.processor import BrowserProcessor
from core.project import Project, load
from core.run import post_of, processor_of, site_of
from core.sites import SiteProfile
from core.state import PanelStatus
from core.status import stored_state
from core.store.disk import Disk
from core.store.folder import FOLDER
from core.store.lock import ProjectLock

__all__ = ["Finding", "check", "checking"]

PICTURE = 3 * 2**20
"""Bytes a picture takes on disk, more or less."""

TAB = 350 * 2**20
"""Bytes an open tab takes, more or less."""


def check(folder: Path, told: Callable[[Finding], None], *, draw_one: bool = False) -> bool:
    """``checking`` to its end, each finding told as it is made; True where nothing bad was found."""

    async def walk() -> bool:
        ready = True
        async for finding in checking(folder, draw_one=draw_one):
            told(finding)
            ready = ready and finding.verdict != "bad"
        return ready

    return anyio.run(walk)


async def checking(folder: Path, *, draw_one: bool = False) -> AsyncIterator[Finding]:
    """What is found, one after another. Holds the project meanwhile; draws nothing unless ``draw_one``.

    Raises:
        Complaint: project, script or site profile cannot be read, or another process runs the project.
    """
    project = load(folder)
    panels, chapters = len(project.panels), len(project.script.chapters)
    yield Finding("script", "good", f"{panels} panel{'s'[: panels != 1]}, {chapters} chapter{'s'[: chapters != 1]}")
    for notice in project.notices:
        yield Finding("script", "doubtful", notice)
    post_of(project)
    yield _disk(folder, project)
    yield _memory(project)
    with ExitStack() as stack:
        Disk().make_folder(folder / FOLDER)
        lock = ProjectLock(folder / FOLDER)
        lock.take(folder)
        stack.callback(lock.release)
        if project.config.processor.name != "browser":
            yield _other_processor(project)
            return
        site = _site(stack, project, folder)
        yield _profile(site)
        async for finding in _page(project, folder, site, draw_one):
            yield finding


def _disk(folder: Path, project: Project) -> Finding:
    state = stored_state(folder)
    finished = sum(panel.status is PanelStatus.FINISHED for panel in state.panels.values())
    left = max(0, len(project.panels) - finished)
    free = shutil.disk_usage(folder).free
    what = f"{_size(free)} free; {left} pictures to come take about {_size(left * PICTURE)}"
    return Finding("disk", "good" if free > left * PICTURE else "doubtful", what)


def _memory(project: Project) -> Finding:
    pool = project.config.pool
    budget = parse_budget(pool.memory, measure.available_bytes(), measure.cgroup_limit())
    tabs = pool.tabs if isinstance(pool.tabs, int) else 1
    what = f"a budget of {_size(budget)}; {tabs} tabs take about {_size(tabs * TAB)}"
    return Finding("memory", "good" if 0.8 * budget > tabs * TAB else "doubtful", what)


def _other_processor(project: Project) -> Finding:
    name = project.config.processor.name
    processor_of(project)
    return Finding("processor", "good", f"{name} takes its options; it has no page to look over")


def _site(stack: ExitStack, project: Project, folder: Path) -> SiteProfile:
    site = site_of(project)
    if project.config.site == "easel" and not project.config.site_url:
        state = folder / FOLDER / "easel"
        easel = stack.enter_context(EaselThread(EaselOptions(latency=0.5, state=state)))
        site = msgspec.structs.replace(site, url=easel.url)
    return site


def _profile(site: SiteProfile) -> Finding:
    tested = f"tested {site.tested}" if site.tested else "never tested by its makers"
    return Finding("site", "good" if site.tested else "doubtful", f"{site.title or site.name}, {site.url}; {tested}")


async def _page(project: Project, folder: Path, site: SiteProfile, draw_one: bool) -> AsyncIterator[Finding]:
    options = browser_options(project.config.browser, folder, profile=folder / FOLDER / "browser")
    async with BrowserProcessor(site, options) as processor:
        try:
            inspection = await processor.open_inspection(folder / FOLDER)
        except (RunBlocked, TabLost) as error:
            yield Finding("browser", "bad", error.sentence)
            return
        names = (str(options.executable) if e.kind == "launch" else e.name for e in options.endpoints)
        yield Finding("browser", "good", ", ".join(names))
        try:
            prompt = project.panels[0].prompt if draw_one and project.panels else ""
            async for finding in inspection.walk(
                draw=prompt, conversation=_old_conversation(folder), patience=project.config.pool.timeout
            ):
                yield finding
        finally:
            await inspection.close()


def _old_conversation(folder: Path) -> str:
    """Where a picture of this project was drawn, the newest first; "" where none is known."""
    drawn = [one for one in stored_state(folder).attempts.values() if one.outcome is Outcome.OK and one.conversation]
    return drawn[-1].conversation if drawn else ""


def _size(count: int) -> str:
    return humanize.naturalsize(count, binary=True)
