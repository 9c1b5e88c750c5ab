"""Opens a project for a run: everything that can go wrong before the first panel goes wrong here, with a
sentence, and before anything on disk is touched."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from core.complaint import Complaint
from core.easel import EaselOptions, EaselThread
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.link.endpoint import Listen
from core.link.local import LocalRun
from core.link.server import LinkServer
from core.offload import in_thread
from core.pool import measure
from core.pool.awake import kept_awake
from core.pool.memory import MemoryJudge, MemorySample, parse_budget
from core.pool.pool import PoolSettings
from core.pool.tab import Tab
from core.processors.base import Processor
from core.processors.browser.find import find_browser
from core.processors.browser.processor import BrowserProcessor
from core.processors.browser.window import BrowserOptions
from core.processors.post import find_postprocessor
from core.processors.registry import Context, find_processor
from core.project import Policy, Project, load, pictures_together
from core.sites import SiteProfile, find_site
from core.store.store import FOLDER, Store


class RunOptions(msgspec.Struct, frozen=True):
    """What the command line may override; None leaves it to novel.toml."""

    tabs: int | None = None
    linger: bool = False
    retry_failed: bool = False
    easel_latency: float = 2.0
    listen: Listen | None = None  #: a port for watchers, besides the project's own socket


@contextmanager
def open_run(folder: Path, options: RunOptions) -> Iterator[LocalRun]:
    """Yield the run of the project in ``folder``; leaving the context ends it in order.

    Raises:
        Complaint: project, site, browser, easel or disk are not as they have to be, or another process runs it.
    """
    project = load(folder)
    post = {name: find_postprocessor(name) for name in project.config.output.post}
    drawer = _drawer(project, folder)
    project = project.with_conversations(drawer.policy)
    budget = parse_budget(project.config.pool.memory, measure.available_bytes(), measure.cgroup_limit())
    with ExitStack() as stack:
        store = Store.open(folder)
        if drawer.own_easel:
            drawer = _drawer(project, folder, easel=_own_easel(stack, folder, options))
        engine = Engine(
            project,
            store,
            drawer.processor,
            _settings(project, drawer, options),
            judge=MemoryJudge(budget),
            measure=_measured,
            postprocessors=post,
        )
        stack.enter_context(kept_awake())
        link = stack.enter_context(LinkServer(folder, options.listen))  # left last: watchers hear how it ended
        run = stack.enter_context(LocalRun(engine))
        link.serve(run)
        yield run


class _Drawer(msgspec.Struct, frozen=True):
    """Who draws: a processor, the name its limits are kept under, and what its site says of tabs and conversations."""

    processor: Processor
    site: str
    tabs: int | None = None
    policy: Policy = "panel"
    own_easel: bool = False  #: the practice site is to be served from this process


def _drawer(project: Project, folder: Path, easel: str = "") -> _Drawer:
    config = project.config
    if config.processor.name != "browser":
        make = find_processor(config.processor.name)
        return _Drawer(make(Context(folder, config.processor.options)), config.processor.name)
    site = _site(project)
    executable = find_browser(config.browser.path)
    profile = Path(config.browser.profile or folder / FOLDER / "browser")
    browser = BrowserOptions(executable.absolute(), profile.absolute(), config.browser.headless)
    site = msgspec.structs.replace(site, url=easel or site.url)
    own_easel = config.site == "easel" and not config.site_url
    return _Drawer(BrowserProcessor(site, browser), site.name, site.tabs, _policy(site), own_easel)


def _site(project: Project) -> SiteProfile:
    config = project.config
    site = find_site(config.site)
    if site.terms and not config.accept_site_terms:
        raise Complaint(f"{site.terms} If you decide to go on, write accept_site_terms = true into novel.toml.")
    return msgspec.structs.replace(site, url=config.site_url or site.url)


def _policy(site: SiteProfile) -> Policy:
    """Which pictures share a conversation, in the project's words."""
    conversation = site.conversation
    return conversation.pictures if conversation.policy == "pictures" else conversation.policy


def _own_easel(stack: ExitStack, folder: Path, options: RunOptions) -> str:
    """Serve the practice site from this process; its conversations live in the project and survive us."""
    state = folder / FOLDER / "easel"
    easel = stack.enter_context(EaselThread(EaselOptions(latency=options.easel_latency, state=state)))
    return easel.url


def _settings(project: Project, drawer: _Drawer, options: RunOptions) -> EngineSettings:
    pool = project.config.pool
    tabs = options.tabs or (pool.tabs if isinstance(pool.tabs, int) else 5)
    return EngineSettings(
        site=drawer.site,
        account=project.config.account or drawer.site,
        pool=PoolSettings(
            tabs=min(tabs, drawer.tabs or tabs),
            heartbeat=pool.heartbeat,
            pictures_per_tab=pool.pictures_per_tab,
        ),
        timeout=pool.timeout,
        harvest_timeout=min(60.0, pool.timeout),
        max_tries=project.config.run.max_tries,
        scene_pictures=pictures_together(project.config.conversation or drawer.policy) or 1,
        start_paused=project.config.run.on_start == "paused",
        stop_on_hangup=project.config.run.on_hangup == "stop",
        linger=options.linger,
        retry_failed=options.retry_failed,
    )


async def _measured(tabs: list[Tab]) -> MemorySample:
    def sample() -> MemorySample:
        return MemorySample(measure.children_bytes(), measure.own_bytes(), measure.available_bytes())

    return await in_thread(sample)
