"""What happens between recovery and the first panel: the script is compared with what was planned, pictures on
disk are compared with the journal, and attempts cut off by the last end are put in doubt."""

from functools import partial

from core import events as ev
from core.engine.adopting import adopt_and_plan
from core.engine.desk import Desk
from core.engine.planning import plan
from core.offload import Offload
from core.project import Project
from core.state import PanelStatus


async def resume(desk: Desk, project: Project, offload: Offload) -> None:
    """Bring the state up to date with script and disk, and rebuild the queue."""
    store = desk.recorder.store
    if desk.state.attempts:
        plan(desk, project)
    else:
        await adopt_and_plan(desk, project, offload)
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
