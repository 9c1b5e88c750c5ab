"""Runs a project with or without the screen, and says how it ended by an exit code."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from core.collecting import put_aside
from core.complaint import command
from core.state import PanelStatus, RunState
from tui.ending import FINISHED, INCOMPLETE, STOPPED, exit_code, finished, on_a_terminal
from tui.printed import printed

if TYPE_CHECKING:  # the engine and all it needs are imported behind the first frame
    from core.link.endpoint import Listen
    from core.link.local import LocalRun
    from core.run import TabCount
    from tui.terminal.stage import Stage

DEMO = Path("novelgen-demo")


def run_project(
    folder: Path,
    *,
    tabs: "TabCount | None" = None,
    headless: bool = False,
    retry_failed: bool = False,
    redraw_outdated: bool = False,
    listen: "Listen | None" = None,
    prepare: Callable[[], object] | None = None,
) -> int:
    """Draw the project in ``folder``, full-screen where there is a terminal; returns the exit code.

    ``prepare`` makes the project first, where that is needed.
    """
    on_screen = on_a_terminal() and not headless
    wanted = {"tabs": tabs, "retry_failed": retry_failed, "redraw_outdated": redraw_outdated, "listen": listen}
    opener = partial(_open, folder, linger=on_screen, **wanted)
    if not on_screen:
        return _headless(folder, opener, prepare)
    put_aside()
    if any((folder / ".novelgen" / trace).exists() for trace in ("link.sock", "link.json")):
        from core.running import answers

        if answers(folder):
            from tui.attach import offer

            return offer(folder)
    from tui.terminal.stage import stage

    with stage() as here:
        state = _on_screen(here, folder, opener, prepare)
    return STOPPED if state is None else _said(folder, state)


def _open(folder: Path, **options: Any) -> "AbstractContextManager[LocalRun]":
    from core.run import RunOptions, open_run

    return open_run(folder, RunOptions(**options))


def _on_screen(
    here: "Stage",
    folder: Path,
    opener: "Callable[[], AbstractContextManager[LocalRun]]",
    prepare: Callable[[], object] | None,
) -> RunState | None:
    from tui.config import screen_options
    from tui.session import run_on_screen

    return run_on_screen(here, folder, opener, screen_options(), prepare)


def _headless(
    folder: Path,
    opener: "Callable[[], AbstractContextManager[LocalRun]]",
    prepare: Callable[[], object] | None,
) -> int:
    from tui.terminal.front import enter, has_terminal
    from tui.terminal.outlet import endure

    front = enter(screen=False) if has_terminal() else None  # a hang-up reaches neither us nor the browsers
    endure()
    from tui.headless import noted, watch_headless

    with noted() as asked:
        if prepare is not None:
            prepare()
        with opener() as run:
            state = anyio.run(watch_headless, run, None, front, asked)
            run.wait()
    _remember(folder, state)
    return exit_code(state)


def run_welcome() -> int:
    """Ask what to do, then do it. Without a terminal, say what one can type."""
    from core.complaint import Complaint

    if not on_a_terminal():
        raise Complaint("there is no terminal to show a screen on; try: novelgen-tui --help")
    put_aside()
    from tui.config import screen_options
    from tui.recent import recent
    from tui.screens.welcome import Recent, WelcomeApp
    from tui.terminal.stage import stage

    with stage() as here:
        known = [Recent(Path(one.folder), one.title, one.note, one.at) for one in recent()]
        app = WelcomeApp(known, options=screen_options())
        chosen = here.show(app, app.exit)
        if chosen is None:
            return FINISHED
        folder = DEMO if chosen.folder is None else chosen.folder
        if chosen.verb != "new":
            prepare = partial(_sample, folder, None) if chosen.verb == "demo" else None
            state = _on_screen(here, folder, partial(_open, folder, linger=True), prepare)
    if chosen.verb == "new":
        from tui.new import make_project

        make_project(folder, chosen.script)
        return FINISHED
    return STOPPED if state is None else _said(folder, state)


def run_demo(folder: Path, *, panels: int | None = None, tabs: "TabCount | None" = None, headless: bool = False) -> int:
    """Draw the sample in ``folder``; made first where there is none yet."""
    return run_project(folder, tabs=tabs, headless=headless, prepare=partial(_sample, folder, panels))


def _sample(folder: Path, panels: int | None) -> None:
    from core.sample import create_sample

    if not (folder / "novel.toml").exists():
        create_sample(folder, panels)


def _said(folder: Path, state: RunState) -> int:
    """What is left on the terminal when the screen is gone."""
    code, counts = exit_code(state), state.counts()
    _remember(folder, state)
    printed(f"{state.title or folder}: {finished(state)}.")
    if code == STOPPED:
        printed(f"Go on with: {command('run', folder)}")
    elif code == INCOMPLETE:
        printed(f"{counts[PanelStatus.FAILED]} failed, {counts[PanelStatus.REFUSED]} refused. "
              f"Try the failed ones again with: {command('run', folder)} --retry-failed")  # fmt: skip
    return code


def _remember(folder: Path, state: RunState) -> None:
    from tui.recent import remember

    remember(folder, state.title, finished(state))
