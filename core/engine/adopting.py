"""A project whose journal was left behind when it was copied, or removed: its pictures are kept, not paid for again."""

from collections.abc import Iterator, Sequence
from functools import partial

from core import events as ev
from core.engine.desk import Desk
from core.engine.planning import plan
from core.made import Made
from core.offload import Offload
from core.project import PanelSpec, Project


async def adopt_and_plan(desk: Desk, project: Project, offload: Offload) -> None:
    """Plan the book where the journal knows of no attempt: panels get the ids they had, and the pictures under them.

    The sidecars beside the pictures tell which words were drawn under which id.
    """
    store = desk.recorder.store
    if not desk.state.panels:
        chapters = {panel.folder: panel.chapter for panel in project.panels}
        told = await offload(partial(store.left_behind, chapters))
        if told:
            desk.emit(ev.PanelsPlanned(tuple(_as_planned(told, project.panels, chapters))))
            await _adopt(desk, offload)
    plan(desk, project)
    await _adopt(desk, offload)
    _tell(desk)


async def _adopt(desk: Desk, offload: Offload) -> None:
    for take in await offload(partial(desk.recorder.store.unknown_takes, desk.state)):
        desk.emit(take)


def _as_planned(told: Sequence[Made], panels: Sequence[PanelSpec], chapters: dict[str, int]) -> Iterator[ev.PanelPlan]:
    """The panels as they were planned once, in the script's words where it still has them."""
    words = {panel.prompt_hash: panel.text for panel in panels}
    lines = {panel.text.partition("\n")[0]: panel.text for panel in panels}
    named = {panel.id: panel.text for panel in panels}
    for number, made in enumerate(told, start=1):
        known = (lines[line] for line in made.prompt.splitlines() if line in lines and lines[line] in made.prompt)
        text = words.get(made.prompt_hash) or next(known, made.prompt) or named.get(made.panel, "")
        folder = made.file.split("/")[1]
        yield ev.PanelPlan(made.panel, chapters[folder], 0, number, text, made.prompt_hash, folder)


def _tell(desk: Desk) -> None:
    kept = [panel for panel in desk.state.panels.values() if panel.takes]
    if not kept:
        return
    outdated = sum(panel.outdated for panel in kept)
    others = f"; {outdated} of them, drawn for other words, are outdated" if outdated else ""
    desk.emit(
        ev.Noticed(
            "warning",
            f"the journal of this project is gone or was left behind; {len(kept)} pictures in panels/ are kept "
            f"and not drawn again{others}",
        )
    )
