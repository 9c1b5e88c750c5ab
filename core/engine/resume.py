"""What happens between recovery and the first panel: the script is compared with what was planned, pictures on
disk are compared with the journal, and attempts cut off by the last end are put in doubt."""

from functools import partial

from core import events as ev
from core.engine.desk import Desk
from core.engine.planning import plan
from core.offload import Offload
from core.project import Project
from core.state import PanelStatus


async def resume(desk: Desk, project: Project, offload: Offload) -> None:
    """Bring the state up to date with script and disk, and rebuild the queue."""
    plan(desk, project)
    store = desk.recorder.store
    await _adopt_unknown(desk, offload)
    for found in await offload(partial(store.adoptable, desk.state)):
        desk.emit(found)
    for lost in await offload(partial(store.lost_takes, desk.state)):
        desk.emit(lost)
    for panel in list(desk.state.panels.values()):
        if panel.status is PanelStatus.GENERATING:
            desk.emit(
                ev.AttemptInDoubt(
                    panel.attempt, panel.id, "cut off by the end of the run before; looking for its picture"
                )
            )
    failed = tuple(p.id for p in desk.state.panels.values() if p.status is PanelStatus.FAILED)
    if desk.settings.retry_failed and failed:
        desk.emit(ev.PanelsQueued(failed, "asked to retry"))
    outdated = tuple(p.id for p in desk.state.panels.values() if p.status is PanelStatus.FINISHED and p.outdated)
    if desk.settings.redraw_outdated and outdated:
        desk.emit(ev.PanelsQueued(outdated, "outdated: drawn anew", redraw=True))
    desk.queue.rebuild()
    await desk.unless_stopping(desk.recorder.durable)  # on a disk that fails it may take for ever


async def _adopt_unknown(desk: Desk, offload: Offload) -> None:
    """The journal was left behind when the project was copied, or removed: the pictures are kept all the same."""
    adopted = await offload(partial(desk.recorder.store.unknown_takes, desk.state))
    for take in adopted:
        desk.emit(take)
    panels = [desk.state.panels[id] for id in dict.fromkeys(take.panel for take in adopted)]
    if panels:
        outdated = sum(panel.outdated for panel in panels)
        others = f"; {outdated} of them, drawn for other words, are outdated" if outdated else ""
        desk.emit(
            ev.Noticed(
                "warning",
                f"the journal of this project is gone or was left behind; {len(panels)} pictures in panels/ are kept "
                f"and not drawn again{others}",
            )
        )
