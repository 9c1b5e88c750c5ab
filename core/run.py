"""Opens a project for a run: everything that can go wrong before the first panel goes wrong here, with a
sentence, and before anything on disk is touched."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from core.complaint import Complaint
from core.engine.commander import MOST_TABS
from core.engine.engine import Engine
from core.engine.settings import EngineSettings
from core.link.endpoint import Listen
from core.link.local import LocalRun
from core.link.server import LinkServer
from core.pool import measure
from core.pool.autosize import FIRST
from core.pool.awake import kept_awake
from core.pool.memory import MemoryJudge, parse_budget
from core.pool.pool import PoolSettings
from core.processes import share_arenas
from core.processors.base import Processor
from core.processors.browser.options import browser_options, tabs_of
from core.processors.browser.processor import BrowserProcessor
from core.processors.post import PostProcessor, find_postprocessor
from core.processors.registry import Context, find_processor
from core.project import Policy, Project, blaming, load, pictures_together
from core.project.edits import ProjectEdits
from core.sites import SiteProfile, find_site
from core.sites.profile import incomplete
from core.store.folder import FOLDER
from core.store.store import Store

TabCount = int | Literal["auto"]


class RunOptions(msgspec.Struct, frozen=True):
    """What the command line may override; None leaves it to novel.toml."""

    tabs: TabCount | None = None
    linger: bool = False
    retry_failed: bool = False
    redraw_outdated: bool = False
    easel_latency: float = 2.0
    listen: Listen | None = None  #: a port for watchers, besides the project's own socket


@contextmanager
def open_run(folder: Path, options: RunOptions) -> Iterator[LocalRun]:
    """Yield the run of the project in ``folder``; leaving the context ends it in order.

    Raises:
        Complaint: project, site, browser, easel or disk are not as they have to be, or another process runs it.
    """
    share_arenas()
    project = load(folder)
    post = post_of(project)
    drawer = _drawer(project, folder)
    project = project.with_conversations(drawer.policy)
    budget = parse_budget(project.config.pool.memory, measure.available_bytes(), measure.cgroup_limit())
    with ExitStack() as stack:
        store = Store.open(folder)
        stack.callback(store.let_go)  # the run does so itself, unless there comes none
        if drawer.own_easel:
            drawer = _drawer(project, folder, easel=_own_easel(stack, folder, options))
        engine = Engine(
            project,
            store,
            drawer.processor,
            _settings(project, drawer, options),
            judge=MemoryJudge(budget),
            measure=measure.surroundings,
            postprocessors=post,
            edits=ProjectEdits(folder, project, lambda edited: edited.with_conversations(drawer.policy)),
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
    places: int | None = None  #: how many tabs its browsers hold together, where every one sets a bound


def _drawer(project: Project, folder: Path, easel: str = "") -> _Drawer:
    config = project.config
    if config.processor.name != "browser":
        return _Drawer(processor_of(project), config.processor.name)
    site = site_of(project)
    if incomplete(site):
        raise Complaint(
            f'the site profile "{site.name}" lacks result.answer, which mode = "appended" needs; '
            "to see what would fit: novelgen-tui check --draw-one"
        )
    browser = browser_options(config.browser, folder, profile=folder / FOLDER / "browser")
    site = msgspec.structs.replace(site, url=easel or site.url)
    own_easel = config.site == "easel" and not config.site_url
    policy = _policy(site)
    if (config.conversation or policy) != "panel" and policy == "panel":  # a tab knows of its site what holds here
        site = msgspec.structs.replace(site, conversation=msgspec.structs.replace(site.conversation, policy="chapter"))
    return _Drawer(BrowserProcessor(site, browser), site.name, site.tabs, policy, own_easel, tabs_of(browser))


def post_of(project: Project) -> dict[str, PostProcessor]:
    """What the project wants done with finished pictures, by name. Raises ProjectError where it is not there."""
    with blaming(project.folder, "output.post"):
        return {name: find_postprocessor(name) for name in project.config.output.post}


def processor_of(project: Project) -> Processor:
    """The processor of a project that does not draw in browser tabs. Raises ProjectError."""
    wanted = project.config.processor
    with blaming(project.folder, "processor.name"):
        make = find_processor(wanted.name)
    with blaming(project.folder, "processor.options"):
        return make(Context(project.folder, wanted.options))


def site_of(project: Project) -> SiteProfile:
    """The project's site, at its address. Raises SiteProfileError, and Complaint where its terms are not accepted."""
    config = project.config
    with blaming(project.folder, "site"):
        site = find_site(config.site, project.folder)
    if site.terms and not config.accept_site_terms:
        raise Complaint(f"{site.terms} If you decide to go on, write accept_site_terms = true into novel.toml.")
    return msgspec.structs.replace(site, url=config.site_url or site.url)


def _policy(site: SiteProfile) -> Policy:
    """Which pictures share a conversation, in the project's words."""
    conversation = site.conversation
    return conversation.pictures if conversation.policy == "pictures" else conversation.policy


def _own_easel(stack: ExitStack, folder: Path, options: RunOptions) -> str:
    """Serve the practice site from this process; its conversations live in the project and survive us."""
    from core.easel import EaselOptions, EaselThread  # half of all imports, and most runs draw elsewhere

    state = folder / FOLDER / "easel"
    easel = stack.enter_context(EaselThread(EaselOptions(latency=options.easel_latency, state=state)))
    return easel.url


def _settings(project: Project, drawer: _Drawer, options: RunOptions) -> EngineSettings:
    pool = project.config.pool
    tabs, auto = _tabs(options.tabs, pool.tabs, drawer)
    return EngineSettings(
        site=drawer.site,
        account=project.config.account or drawer.site,
        pool=PoolSettings(
            tabs=tabs,
            auto=auto,
            heartbeat=pool.heartbeat,
            pictures_per_tab=pool.pictures_per_tab,
        ),
        timeout=pool.timeout,
        harvest_timeout=min(60.0, pool.timeout),
        max_tries=project.config.run.max_tries,
        scene_pictures=pictures_together(project.config.conversation or drawer.policy) or 1,
        start_paused=project.config.run.on_start == "paused",
        stop_on_hangup=project.config.run.on_hangup == "stop",
        ask_about_edits=project.config.run.on_edit == "ask",
        linger=options.linger,
        retry_failed=options.retry_failed,
        doubts=project.config.run.doubts,
        redraw_outdated=options.redraw_outdated,
    )


def _tabs(asked: TabCount | None, configured: TabCount, drawer: _Drawer) -> tuple[int, int | None]:
    """How many tabs to begin with, and the most to try where the number is to be found.

    The command line comes first; then, unless it is to be found, what the browsers hold together where every
    one of them says so; then the project's number. Never more than the site or the browsers bear.
    """
    bounds = [bound for bound in (drawer.tabs, drawer.places) if bound is not None]
    if (configured if asked is None else asked) == "auto":
        most = min([MOST_TABS, *bounds])
        return min(FIRST, most), most
    number = asked or drawer.places or configured
    assert isinstance(number, int)
    return min([number, *bounds]), None
